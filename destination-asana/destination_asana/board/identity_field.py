"""Finds the custom field that holds the Visma IDs, before the first write, because a wrong choice would duplicate every
document."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from destination_asana.asana import AsanaError, Client, Refusal
from destination_asana.board.fields import FieldCatalog
from destination_asana.board.listings import by_section
from destination_asana.board.observer import NoObserver, Observer
from destination_asana.documents.fields import VISMA_ID
from destination_asana.errors import config_error
from destination_asana.planning.descriptions import text_in

logger = logging.getLogger("airbyte")

_EVIDENCE_FIELDS = ("name", "notes", "custom_fields.name", "custom_fields.display_value")
# `PurchaseOrderId:4100251/RegularOrder/000123`, `ProjectId:4100251/17`.
_VALUE = re.compile(r"\s*[A-Za-z]+Id:[^/\s][^/]*/.*\S", re.DOTALL)
# If several fields qualify, the tasks on this many pages decide, provided that some carry Visma IDs.
ENOUGH_PAGES = 10


@dataclass
class Evidence:
    """The evidence from the tasks of a project: how many carry a Visma ID in which field (by gid), and how many carry the
    sync's own text. `whole` is False if not all tasks were read."""

    seen: set[str] = field(default_factory=set)
    values: Counter[str] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)
    texts: int = 0
    example: str = ""
    whole: bool = True


def settle_identity(
    client: Client,
    fields: FieldCatalog,
    projects: Iterable[str],
    *,
    most_pages: int | None = None,
    observer: Observer | None = None,
) -> dict[str, Evidence]:
    """Finds the field of the Visma IDs if name and mark alone do not decide. Only reads. `observer` watches the listings.

    Returns the evidence from the tasks of those projects that had to be read, complete unless `most_pages` is set. Raises
    config_error if documents are in Asana but the field that identifies them cannot be found or used.
    """
    projects = list(dict.fromkeys(projects))
    for project in projects:
        fields.look(project)
    usable = fields.may_identify()
    # A name alone proves little: somebody may have renamed a field without a mark and given its name to another.
    unsettled = len(usable) != 1 or not all(fields.is_marked(gid) for gid in usable)
    unsettled = unsettled and fields.problem(VISMA_ID) is None
    local = {project: _local_fields(fields, project) for project in projects}
    asked = projects if unsettled else [p for p in projects if local[p]]
    enough = {0: None, 1: 1}.get(len(usable), ENOUGH_PAGES) if unsettled else None
    found = {project: _read(client, project, most_pages, enough, observer or NoObserver()) for project in asked}
    for project, evidence in found.items():
        _refuse_local(project, evidence, fields.library.local_fields(project))
    if unsettled:
        _choose(fields, usable, found)
    return found


def _local_fields(fields: FieldCatalog, project: str) -> list[str]:
    local = fields.library.local_fields(project)
    return [gid for gid, name in local.items() if name.strip().casefold() == VISMA_ID.casefold()]


def _refuse_local(project: str, evidence: Evidence, local: dict[str, str]) -> None:
    for gid, count in evidence.values.items():
        if gid in local:
            raise config_error(
                f"{count} tasks of the project {project} carry Visma IDs in “{local[gid]}”, a custom field of that project "
                "alone, which other projects cannot share. Make it a field of the workspace (in Asana: edit the field, add it "
                "to the field library), or empty it, then run the sync again. Nothing was written."
            )


def _choose(fields: FieldCatalog, usable: dict[str, str], found: dict[str, Evidence]) -> None:
    """Takes the only field that holds Visma IDs. If there is none, a new one may be created, provided that no task is the
    sync's."""
    holders: dict[str, str] = {}
    for evidence in found.values():
        holders |= {gid: evidence.titles[gid] for gid in evidence.values}
    marked = {gid for gid in usable if fields.is_marked(gid)}
    if marked or not holders.keys().isdisjoint(usable):
        holders = {gid: title for gid, title in holders.items() if gid in usable}
    if not marked and fields.visma_id_gid in holders:
        return
    if len(holders) > 1:
        named = ", ".join(f"“{title}” ({gid})" for gid, title in holders.items())
        raise config_error(
            f"Tasks carry Visma IDs in several custom fields: {named}. Keep the one the sync is to use: name it “{VISMA_ID}” "
            "and take the line “[Visma sync: …]” out of the descriptions of the others, or delete them. Nothing was written."
        )
    for gid, title in holders.items():
        if fields.library.of_workspace(gid) is None:
            raise config_error(
                f"Tasks carry Visma IDs in the custom field “{title}”, which is no field of the workspace that the token's "
                "user is shown. Share it with that user, or add it to the workspace's field library. Nothing was written."
            )
        fields.take(VISMA_ID, gid)
        if title != VISMA_ID:
            logger.info(f"The Visma IDs stand in the custom field “{title}”; it is used.")
    if not (holders or usable):
        _refuse_orphans(found)


def _refuse_orphans(found: dict[str, Evidence]) -> None:
    for project, evidence in found.items():
        if evidence.texts:
            raise config_error(
                f"{evidence.texts} tasks of the project {project} carry this sync's text (“{evidence.example}”), but the workspace "
                f"shows no custom field “{VISMA_ID}” that would tell which document each of them is. It was probably deleted, "
                "or hidden from the token's user; without it every document would be made a second time. Bring the field "
                "back or share it with that user. If these tasks are to be left and made anew, move them to another "
                f"project, or make a text field “{VISMA_ID}” in the workspace yourself. Nothing was written."
            )


def _read(client: Client, project: str, most_pages: int | None, enough: int | None, observer: Observer) -> Evidence:
    """The evidence from the tasks of a project: all of them, those on `most_pages`, or those on `enough` pages with
    evidence."""
    evidence = Evidence()
    try:
        fields = ",".join(dict.fromkeys((*_EVIDENCE_FIELDS, *observer.fields)))
        for number, page in enumerate(_pages(client, project, fields), 1):
            observer.see(project, page)
            for task in page:
                _weigh(evidence, task)
            proved = enough is not None and number >= enough and evidence.values
            if (proved or (most_pages is not None and number >= most_pages)) and len(page) >= 100:
                evidence.whole = False
                break
    except AsanaError as error:
        if error.refusal is not Refusal.NOT_ACCEPTED:
            raise
        evidence.whole = False
    return evidence


def _pages(client: Client, project: str, fields: str) -> Iterator[list[dict[str, Any]]]:
    try:
        yield from client.pages("/tasks", {"project": project, "opt_fields": fields})
    except AsanaError as error:
        if error.refusal is not Refusal.NOT_ACCEPTED:
            raise
        # A late page of a listing of tens of thousands can fail; sections make smaller listings.
        yield from by_section(client, project, fields)


def _weigh(evidence: Evidence, task: dict[str, Any]) -> None:
    if task["gid"] in evidence.seen:
        return
    evidence.seen.add(task["gid"])
    for value in task.get("custom_fields") or []:
        if _VALUE.fullmatch(value.get("display_value") or ""):
            evidence.values[value["gid"]] += 1
            evidence.titles[value["gid"]] = value.get("name") or value["gid"]
    if text_in(task.get("notes")) is not None:
        evidence.texts += 1
        evidence.example = evidence.example or task.get("name") or task["gid"]
