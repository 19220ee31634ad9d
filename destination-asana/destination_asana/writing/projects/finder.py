"""Finds a document's own project: the one that its register task links, else the one that carries its Visma ID."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from destination_asana.board import ProjectIndex, Templates
from destination_asana.documents import Document
from destination_asana.planning import Snapshot
from destination_asana.planning.projects import Project, gid_in

logger = logging.getLogger("airbyte")


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a document's project before anything is written. `linked` by its register task means that it is
    set up; linked but without a project means that a person has deleted or hidden it."""

    project: Project | None = None
    linked: bool = False
    fresh: bool = False


class ProjectFinder:
    """Looks for projects; only reads. With `templates`, it waits for a project that Asana is still making."""

    def __init__(self, index: ProjectIndex, templates: Templates | None) -> None:
        self._index = index
        self._templates = templates

    def find(self, document: Document, current: Snapshot | None) -> Found:
        """Looks for the document's project. `current` is its register task, if there is one."""
        link = current.project_url if current else None
        gid = gid_in(link)
        if gid is not None:
            linked = self._index.get(gid)
            if linked is None:
                return self._gone(document, link)
            if linked.visma_id is None or linked.visma_id.casefold() == document.key:
                return Found(linked, linked=True)
        elif link is not None:
            # Asana may show the project's name in place of its address.
            named = self._index.find(document.visma_id)
            return Found(named, linked=True) if named is not None else self._gone(document, link)
        project = self._index.find(document.visma_id)
        if project is None and current is not None:
            project = self._index.named(document.name) or self._just_ordered(document, current)
        return Found(project)

    @staticmethod
    def _gone(document: Document, link: str | None) -> Found:
        logger.warning(
            f"{document.visma_id}: the project its register task links ({link}) is deleted or hidden from the token's user. "
            "It is not made again; to have a new one, take the link out of the register task's description."
        )
        return Found(None, linked=True)

    def _just_ordered(self, document: Document, register: Snapshot) -> Project | None:
        """A sync that was just killed may have ordered a project from the template that is not visible yet."""
        if self._templates is None:
            return None
        if self._templates.wait_until_settled(register.created_at):
            return self._index.look_again(document.visma_id)
        return None
