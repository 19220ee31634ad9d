"""Says in a field's mark whose options are that planned steps make, join or leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from destination_asana.board.fields.model import CustomField
from destination_asana.board.fields.option_owners import Owners
from destination_asana.board.fields.option_ownership import Ownership, Said
from destination_asana.writing.option_steps import Step


class OptionClaims:
    """Keeps the owners of options ahead of the options themselves: an option's owner stands in the mark before the option
    is made, and nobody leaves an option before the new one is there."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership

    def announce(self, known: CustomField, steps: Sequence[Step]) -> list[Step]:
        """Before the steps are carried out: says whose their options will be. Gives the steps that are news."""
        news = [step for step in steps if self._is_news(known, step)]
        shared = news or any(self._ownership.has_others(known, step.scope) for step in steps)
        for step in steps:
            if step.joins or (step.makes and shared):
                said = Said.MADE if step.makes else Said.JOINED
                self._ownership.say(known, step.scope, step.option.name if step.option else step.name, said)
        if news:
            self._ownership.change(known, partial(_claim, news))
        return news

    def conclude(self, known: CustomField, steps: Sequence[Step], news: Sequence[Step]) -> None:
        """After the `steps` were carried out: takes scopes off the options they leave, and keeps new options by what people
        cannot change."""
        leaving = [step for step in steps if step.leaves]
        for step in leaving:
            if step.leaves is not None:
                self._ownership.say(known, step.scope, step.leaves.name, Said.LEFT)
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
            # It was disabled since it is inactive for those who had it.
            owners.set(step.option.gid, step.option.name, [step.scope])


def _release(steps: Iterable[Step], owners: Owners) -> None:
    for step in steps:
        if step.leaves is not None:
            owners.release(step.scope, step.leaves.gid, step.leaves.name)
