"""Projects from project templates: an asynchronous job, only a few at once, and no writes before it has succeeded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana import OF_ONE_OBJECT, AsanaError, Client, stamp_in
from destination_asana.documents import RecordError
from destination_asana.errors import config_error
from destination_asana.planning import shifted

# Source: Asana developer docs, "Rate limits": concurrent duplication, instantiation and export jobs per user.
MAX_JOBS = 5
JOB_PATIENCE_SECONDS = 600.0
# If a project's job is not known (the sync that ordered it was killed, or its answer was lost), the project counts as filled
# at this age. If it is not visible by then, it was not ordered.
SETTLE_SECONDS = 30.0

# The template's two built-in dates have fixed gids; source: Asana API reference, "Instantiate a project from a template".
START_DATE, DUE_DATE = "1", "2"
_START_WORDS = ("start", "begin", "received", "document", "invoice date", "order date")


@dataclass(frozen=True, slots=True)
class Template:
    """The requirements of a project template: `dates` and `roles` are pairs of gid and name."""

    gid: str
    dates: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]

    def dates_for(self, document_date: str | None, due_date: str | None, today: str) -> list[dict[str, str]]:
        """The requested dates (`YYYY-MM-DD`): a date named after a start gets the document's date, any other its due
        date.

        A date that the document does not have is left out, so that Asana uses `today`, unless the project would then not
        start before it is due, which Asana requires.
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


# Dates and roles are not objects in Asana, so each of their parts must be requested.
TEMPLATE_FIELDS = ",".join(f"requested_{kind}{part}" for kind in ("dates", "roles") for part in ("", ".gid", ".name"))


class Templates:
    """Makes projects from templates with one token. Thread-safe; shared by all streams, because the limit applies to the
    token."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._slots = threading.BoundedSemaphore(MAX_JOBS)
        self._lock = threading.Lock()
        self._known: dict[str, Template] = {}

    def read(self, gid: str) -> Template:
        """A template, read once per sync. Raises config_error if the token's user cannot see it."""
        with self._lock:
            if gid not in self._known:
                self._known[gid] = self._read(gid)
            return self._known[gid]

    def _read(self, gid: str) -> Template:
        query = {"opt_fields": TEMPLATE_FIELDS}
        try:
            raw = self._client.get(f"/project_templates/{gid}", query)
        except AsanaError as error:
            if error.refusal in OF_ONE_OBJECT:
                raise config_error(
                    f"project_template_gid: Asana does not show the project template {gid} to the token's user: "
                    f"“{error.message}”. Check the number, and that the user is a member of the template's team."
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
        """Makes a project and returns its gid once Asana has filled it.

        `role_holder` (gid or `me`) gets every role of the template. `find` looks in a new listing for a project that was
        ordered earlier, and returns its gid and created_at. Raises RecordError if Asana's job fails.
        """
        data: dict[str, Any] = {"name": name, "is_strict": False, "requested_dates": dates}
        data["requested_roles"] = [{"gid": gid, "value": role_holder} for gid, _ in template.roles]
        if team:
            data["team"] = team
        with self._slots:
            ordered_at = time.monotonic()

            def find_ordered() -> dict[str, Any] | None:
                # Whether a project is visible before its job has ended is not documented.
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
        """Waits until a job for something created at `created_at` (RFC 3339) must have ended. False if there is nothing
        to wait for."""
        now = self._client.server_time()
        # If Asana does not say when, it may have been this moment.
        age = (now - (stamp_in(created_at) or now)).total_seconds()
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
