"""Carries out moves between projects: a task joins and leaves them with one call each."""

from __future__ import annotations

import logging
from typing import Any

from destination_asana.asana import NOT_THERE, OF_CONTENT_OR_GONE, OF_ONE_OBJECT, OF_RIGHTS, AsanaError, Cause, Client
from destination_asana.board import RoutedProjects
from destination_asana.planning.routing import Membership, Moves

logger = logging.getLogger("airbyte")


class Memberships:
    """The projects of tasks beside the register. Thread-safe, as long as one thread writes each task."""

    def __init__(self, client: Client, projects: RoutedProjects) -> None:
        self._client = client
        self._projects = projects

    def prepared(self, moves: Moves) -> Moves:
        """The moves into projects that accept tasks, with their columns and sections created. Everything that needs
        separate requests happens here, so that nothing comes between the last look at the task and its write."""
        refused = []
        for each in moves.join:
            if self._projects.usable(each.project_gid):
                self._projects.add_columns(each.project_gid)
            try:
                if self._projects.usable(each.project_gid) and each.section is not None:
                    self._projects.section(each.project_gid, each.section)
            except AsanaError as error:
                self._refuse(each.project_gid, error)
            if not self._projects.usable(each.project_gid):
                refused.append(each.project_gid)
        return moves.without(refused)

    def entry(self, membership: Membership) -> dict[str, Any]:
        """A membership in Asana's form."""
        entry = {"project": membership.project_gid}
        if membership.section is not None:
            entry["section"] = self._projects.section(membership.project_gid, membership.section)
        return entry

    def carry_out(self, task: str, moves: Moves) -> Moves:
        """Joins and leaves projects, and returns the moves that Asana accepted. Raises AsanaError for a refusal that is
        not about a project."""
        # Leaving first makes room: a task may belong to 20 projects. It always stays in its register.
        refused = [gid for gid in moves.leave if not self._leave(task, gid)]
        refused += [each.project_gid for each in moves.join if not self._join(task, each)]
        return moves.without(refused)

    def _join(self, task: str, membership: Membership) -> bool:
        for attempt in (1, 2):
            try:
                # Without a position, so that a repetition after a lost answer changes nothing.
                self._client.act(f"/tasks/{task}/addProject", self.entry(membership))
                return True
            except AsanaError as error:
                self._see_to(task, membership.project_gid, error)
                if attempt == 1 and membership.section is not None and error.refusal in OF_CONTENT_OR_GONE:
                    # Somebody may have deleted the section during the sync.
                    self._projects.forget_sections(membership.project_gid)
                    continue
                if Cause.LIMIT in error.causes:
                    # This task belongs to as many projects as Asana allows. The project takes others all the same.
                    logger.warning(
                        f"The task {task} does not join the Asana project {membership.project_gid}: Asana said “{error.message}” "
                        f"({error.status}). It joins when its record comes again and there is room."
                    )
                    return False
                self._refuse(membership.project_gid, error)
        return False

    def _leave(self, task: str, gid: str) -> bool:
        try:
            self._client.act(f"/tasks/{task}/removeProject", {"project": gid})
        except AsanaError as error:
            self._see_to(task, gid, error)
            if error.refusal not in OF_ONE_OBJECT:
                raise
            # The task is no longer in the project, or the project no longer exists. Either is the wanted result.
            return error.refusal not in OF_RIGHTS
        return True

    def _see_to(self, task: str, project: str, error: AsanaError) -> None:
        """Raises AsanaError if the task itself no longer exists. Asana uses the same message for a project."""
        if error.refusal in NOT_THERE and not error.names(project):
            self._client.get(f"/tasks/{task}", {"opt_fields": "name"})

    def _refuse(self, gid: str, error: AsanaError) -> None:
        # A refusal about the task itself comes again with the task's own write.
        if error.refusal not in OF_ONE_OBJECT:
            raise error
        self._projects.refuse(gid, f"Asana said “{error.message}” ({error.status})")
