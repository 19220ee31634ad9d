"""Projects out of project templates: an asynchronous job, few at once, and nothing written before it has succeeded."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.documents.errors import RecordError
from destination_asana.errors import config_error
from destination_asana.planning.dates import shifted

# Source: Asana developer docs, "Rate limits": concurrent duplication, instantiation and export jobs per user.
MAX_JOBS = 5
JOB_PATIENCE_SECONDS = 600.0
# A project whose job is not known (the sync that ordered it was killed, or its answer was lost) counts as filled when
# it is this old; a project that does not show by then has not been ordered.
SETTLE_SECONDS = 30.0

# The template's own two dates have fixed gids; source: Asana API reference, "Instantiate a project from a template".
START_DATE, DUE_DATE = "1", "2"
_START_WORDS = ("start", "begin", "received", "document", "invoice date", "order date")


@dataclass(frozen=True, slots=True)
class Template:
    """What a project template asks for: `dates` and `roles` are pairs of gid and name."""

    gid: str
    dates: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]

    def dates_for(self, document_date: str | None, due_date: str | None, today: str) -> list[dict[str, str]]:
        """The requested dates (`YYYY-MM-DD`): a date named after a start is the document's date, any other its due date.

        A date the document does not have is left out and becomes `today`, unless the project would then not start before
        it is due, which Asana wants.
        """
        if due_date and (document_date or today) >= due_date:
            document_date = shifted(due_date, -1)
        elif due_date is None and document_date and document_date >= today:
            due_date = shifted(document_date, 1)
        asked = []
        for gid, name in self.dates:
            starts = gid == START_DATE or (gid != DUE_DATE and any(word in name.casefold() for word in _START_WORDS))
            value = document_date if starts else due_date
            if value is not None:
                asked.append({"gid": gid, "value": value})
        return asked


# Dates and roles are no objects of their own in Asana, so each part of them is asked for.
TEMPLATE_FIELDS = ",".join(f"requested_{kind}{part}" for kind in ("dates", "roles") for part in ("", ".gid", ".name"))


class Templates:
    """Makes projects of templates with one token. Thread-safe; shared by all streams, since the limit is the token's."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._slots = threading.BoundedSemaphore(MAX_JOBS)
        self._lock = threading.Lock()
        self._known: dict[str, Template] = {}

    def read(self, gid: str) -> Template:
        """A template, read once per sync. Raises config_error when the token's user cannot see it."""
        with self._lock:
            if gid not in self._known:
                self._known[gid] = self._read(gid)
            return self._known[gid]

    def _read(self, gid: str) -> Template:
        query = {"opt_fields": TEMPLATE_FIELDS}
        try:
            raw = self._client.get(f"/project_templates/{gid}", query)
        except AsanaError as error:
            if error.status in (400, 403, 404) and not error.missing_scopes:
                raise config_error(
                    f"project_template_gid: Asana does not show the project template {gid} to the token's user: "
                    f"“{error.said}”. Check the number, and that the user is a member of the template's team."
                ) from error
            raise
        dates = tuple((date["gid"], date.get("name") or "") for date in raw.get("requested_dates") or ())
        roles = tuple((role["gid"], role.get("name") or "") for role in raw.get("requested_roles") or ())
        return Template(gid, dates, roles)

    def instantiate(
        self,
        template: Template,
        name: str,
        *,
        team: str | None,
        dates: list[dict[str, str]],
        role_holder: str,
        find: Callable[[], tuple[str, str] | None],
        visma_id: str,
    ) -> str:
        """Makes a project and gives its gid once Asana has filled it.

        `role_holder` (gid or `me`) gets every role of the template. `find` looks in a new listing for a project ordered
        before and gives its gid and created_at. Raises RecordError when Asana's job fails.
        """
        data: dict[str, Any] = {"name": name, "is_strict": False, "requested_dates": dates}
        data["requested_roles"] = [{"gid": gid, "value": role_holder} for gid, _ in template.roles]
        if team:
            data["team"] = team
        with self._slots:
            ordered_at = time.monotonic()

            def find_ordered() -> dict[str, Any] | None:
                # Whether a project shows before its job has ended is not documented.
                while True:
                    found = find()
                    if found is not None:
                        return {"new_project": {"gid": found[0]}, "created_at": found[1]}
                    if time.monotonic() - ordered_at > SETTLE_SECONDS:
                        return None
                    time.sleep(3.0)

            job = self._client.create(f"/project_templates/{template.gid}/instantiateProject", data, find_ordered)
            if "created_at" in job:
                self.wait_until_settled(job["created_at"])
                return str(job["new_project"]["gid"])
            return self._wait(job, visma_id)

    def wait_until_settled(self, created_at: str) -> bool:
        """Waits until a job ordered when something was made at `created_at` (RFC 3339) must have ended; False when there
        was nothing to wait for."""
        try:
            made = datetime.datetime.fromisoformat(created_at.replace("Z", "+00:00"))
        except ValueError:
            made = self._client.server_time()
        age = (self._client.server_time() - made).total_seconds()
        if age >= SETTLE_SECONDS:
            return False
        time.sleep(min(SETTLE_SECONDS, SETTLE_SECONDS - age))
        return True

    def _wait(self, job: dict[str, Any], visma_id: str) -> str:
        deadline = time.monotonic() + JOB_PATIENCE_SECONDS
        pause = 0.5
        while job.get("status") not in ("succeeded", "failed"):
            if time.monotonic() > deadline:
                raise AirbyteTracedException(
                    message=f"Asana has not finished making the project of {visma_id} from its template within "
                    f"{JOB_PATIENCE_SECONDS / 60:.0f} minutes. Run the sync again later; it goes on with that project.",
                    internal_message=f"job {job['gid']}: {job.get('status')}",
                    failure_type=FailureType.transient_error,
                )
            time.sleep(pause)
            pause = min(5.0, pause * 1.5)
            job = self._client.get(f"/jobs/{job['gid']}", {"opt_fields": "status,new_project"})
        project = (job.get("new_project") or {}).get("gid")
        if job["status"] == "failed" or not project:
            raise RecordError(
                "the project",
                "Asana could not make it from the template (its job failed without a reason). Try to use the template by "
                "hand in Asana; dates or people it asks for may be missing",
                visma_id,
            )
        return str(project)
