"""Records in a field's mark who owns the options that planned steps create, join or leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from destination_asana.board.fields import Claim, CustomField, Owners, Ownership
from destination_asana.writing.options.steps import Step


class OptionClaims:
    """Updates the owners of options before the options themselves: the mark names an owner before the option is created,
    and an owner leaves an option only when the new one exists."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership

    def announce(self, known: CustomField, steps: Sequence[Step]) -> list[Step]:
        """Before the steps are carried out: records the owners of their options. Returns the steps that change something."""
        news = [step for step in steps if self._is_news(known, step)]
        shared = news or any(self._ownership.has_others(known, step.scope) for step in steps)
        for step in steps:
            if step.joins or (step.makes and shared):
                claim = Claim.MADE if step.makes else Claim.JOINED
                self._ownership.claim(known, step.scope, step.option.name if step.option else step.name, claim)
        if news:
            self._ownership.change(known, partial(_claim, news))
        return news

    def conclude(self, known: CustomField, steps: Sequence[Step], news: Sequence[Step]) -> None:
        """After the steps are carried out: removes owners from the options they leave, and records new options in a form
        that people cannot change."""
        leaving = [step for step in steps if step.leaves]
        for step in leaving:
            if step.leaves is not None:
                self._ownership.claim(known, step.scope, step.leaves.name, Claim.LEFT)
        if leaving or any(step.makes for step in news):
            self._ownership.change(known, partial(_release, leaving))

    def _is_news(self, known: CustomField, step: Step) -> bool:
        if step.makes:
            return not self._ownership.is_expected(known, step.scope, step.name)
        return step.joins


def _claim(steps: Iterable[Step], owners: Owners) -> None:
    for step in steps:
        if step.option is None:
            owners.intend(step.scope, step.name)
        elif step.option.enabled:
            owners.claim(step.scope, step.option.gid, step.option.name)
        else:
            # It was disabled because it is inactive for its former owners.
            owners.set(step.option.gid, step.option.name, [step.scope])


def _release(steps: Iterable[Step], owners: Owners) -> None:
    for step in steps:
        if step.leaves is not None:
            owners.release(step.scope, step.leaves.gid, step.leaves.name)
