"""Owners of options in a description that syncs of other companies write at the same time."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from destination_asana.board.fields import option_ownership
from destination_asana.board.fields.marks import Mark, mark_in, with_mark
from destination_asana.board.fields.model import CustomField, OptionState
from destination_asana.board.fields.option_owners import Owners
from destination_asana.board.fields.option_ownership import Claim, Ownership

OURS, THEIRS = "4100251", "4100252"
FIELD = "Visma GL accounts"


class Asana:
    """One field's description. `after_write` is what another sync does behind each write."""

    def __init__(self) -> None:
        first = Owners([THEIRS])
        self.description = with_mark("People's words.", Mark(FIELD, first.facts()))
        self.after_write: Callable[[], None] = lambda: None
        self.writes = 0

    def get(self, path: str, params: Mapping[str, Any]) -> dict[str, str]:
        return {"description": self.description}

    def put(self, path: str, data: Mapping[str, Any], params: Mapping[str, Any]) -> None:
        self.writes += 1
        self.description = data["description"]
        self.after_write()

    def owners(self) -> Owners:
        mark = mark_in(self.description)
        assert mark is not None
        found = Owners.read(mark.facts)
        assert found is not None
        return found


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(option_ownership.time, "sleep", waited.append)
    return waited


@pytest.fixture
def asana() -> Asana:
    return Asana()


def made(asana: Asana) -> tuple[Ownership, CustomField]:
    """Our company has made an option, and said so."""
    known = CustomField("7", FIELD, "multi_enum", options={"12": OptionState("12", "3000 Sales")})
    ownership = Ownership(asana, lambda _: {})  # type: ignore[arg-type]
    ownership.claim(known, OURS, "3000 Sales", Claim.MADE)
    ownership.change(known, lambda owners: owners.set("12", "3000 Sales", [OURS]))
    return ownership, known


def test_what_another_sync_writes_after_the_last_look_is_mended(asana, pauses, monkeypatch) -> None:
    before = asana.description
    ownership, known = made(asana)
    assert asana.owners().of("12", "") == {OURS}

    def wait(seconds: float) -> None:
        # Another sync had read the description before ours was written, and writes now.
        if not pauses:
            asana.description = before
        pauses.append(seconds)

    monkeypatch.setattr(option_ownership.time, "sleep", wait)
    ownership.assert_again(known)
    assert asana.owners().of("12", "") == {OURS}
    assert len(pauses) == 2, "what was written again is looked at again, too"


def test_syncs_that_overwrite_each_other_get_out_of_step(asana, pauses) -> None:
    before = asana.description

    def overwrite() -> None:
        if asana.writes < 6:
            asana.description = before

    asana.after_write = overwrite
    made(asana)
    assert asana.owners().of("12", "") == {OURS}
    assert len(pauses) == 5


def test_a_description_that_is_never_kept_is_given_up(asana, pauses, caplog) -> None:
    before = asana.description

    def overwrite() -> None:
        asana.description = before

    asana.after_write = overwrite
    ownership, known = made(asana)
    assert asana.writes == option_ownership.MOST_TRIES
    assert "does not keep it whole" in caplog.text
    assert not ownership.is_alone(known, OURS, known.options["12"])


def test_a_company_alone_does_not_wait(pauses) -> None:
    asana = Asana()
    asana.description = with_mark("", Mark(FIELD, Owners([OURS]).facts()))
    ownership, known = made(asana)
    ownership.assert_again(known)
    assert pauses == []


@pytest.mark.parametrize(("scopes", "is_ours"), [([OURS, THEIRS], False), ([OURS], True)], ids=["two", "alone"])
def test_an_option_that_comes_during_the_sync_is_taken_for_ones_own_only_without_others(asana, scopes, is_ours) -> None:
    known = CustomField(
        "7", FIELD, "multi_enum", options={"12": OptionState("12", "3000 Sales")}, owners=Owners(scopes)
    )
    known.options["13"] = OptionState("13", "4000 Goods")
    ownership = Ownership(asana, lambda _: {})
    found = {gid: ownership.is_of(known, OURS, option) for gid, option in known.options.items()}
    assert found == {"12": True, "13": is_ours}
    assert ownership.is_alone(known, OURS, known.options["13"]) is is_ours
    known.familiar.add("13")
    assert ownership.is_of(known, OURS, known.options["13"])
