"""Options of a field as accounts and cost centres want them, against an Asana of a few lines in memory."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.custom_fields import CustomFields
from destination_asana.documents.cost_centers import CostCenterSegments
from destination_asana.documents.entries import entry_of
from destination_asana.writing.options.vocabulary import Vocabulary
from destination_asana.writing.options.writer import DryRunOptionWriter, OptionWriter

FIELD, PROJECT = "Visma GL accounts", "100"


class Asana:
    """A workspace with one project and its custom fields. `refused` option names are answered with 400."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[str, Any]] = {}
        self.attached: list[str] = []
        self.writes: list[tuple[str, str]] = []
        self.refused: set[str] = set()
        self._gid = 1000

    def options(self, name: str = FIELD) -> list[tuple[str, bool]]:
        field = next(each for each in self.fields.values() if each["name"] == name)
        return [(option["name"], option["enabled"]) for option in field["enum_options"]]

    def list(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        if path.endswith("/custom_field_settings"):
            return [{"gid": f"s{gid}", "custom_field": self.fields[gid]} for gid in self.attached]
        return list(self.fields.values())

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return self.fields[path.split("/")[2]]

    def create(
        self, path: str, data: Mapping[str, Any], find: Callable[[], Any], params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        self.writes.append(("POST", path))
        if path == "/custom_fields":
            options = [self._option(each["name"]) for each in data["enum_options"]]
            made = {**data, "gid": self._new(), "enum_options": options, "is_global_to_workspace": True}
            self.fields[made["gid"]] = made
            return made
        if data["name"] in self.refused:
            raise AsanaError(400, "name: Not allowed", "POST", path)
        option = self._option(data["name"])
        self.fields[path.split("/")[2]]["enum_options"].append(option)
        return option

    def put(self, path: str, data: Mapping[str, Any], params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self.writes.append(("PUT", path))
        everything = [self.fields, *({o["gid"]: o for o in each["enum_options"]} for each in self.fields.values())]
        target = next(objects[path.split("/")[2]] for objects in everything if path.split("/")[2] in objects)
        target.update(data)
        return target

    def act(self, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        self.writes.append(("POST", path))
        self.attached.append(data["custom_field"])
        return {}

    def _option(self, name: str) -> dict[str, Any]:
        return {"gid": self._new(), "name": name, "enabled": True}

    def _new(self) -> str:
        self._gid += 1
        return str(self._gid)


@pytest.fixture
def asana():
    return Asana()


def account(code, description, *, company="4100251", **changes):
    record = {"company_id": company, "accountCD": code, "description": description, "active": True, **changes}
    entry = entry_of("accounts", record, CostCenterSegments(()))
    assert entry is not None
    return entry


def sync(asana, *batches, dry_run=False):
    """The results of one sync that brings these batches."""
    fields = CustomFields.of(asana, "1", read_only=dry_run)
    executor = DryRunOptionWriter() if dry_run else OptionWriter(fields)
    vocabulary = Vocabulary(fields, executor, FIELD, PROJECT)
    results = [vocabulary.apply(batch) for batch in batches]
    fields.options.settle_owners()
    return results


def counted(result):
    """(created, updated, unchanged)"""
    return tuple(result.counts[action] for action in ("created", "updated", "unchanged"))


def test_the_first_account_makes_the_field_and_the_others_join_it(asana):
    (result,) = sync(asana, [account("3000", "Sales"), account("6800", "Office supplies")])
    assert counted(result) == (2, 0, 0)
    assert asana.options() == [("3000 Sales", True), ("6800 Office supplies", True)]
    assert len(asana.attached) == 1


def test_a_second_sync_of_the_same_accounts_writes_nothing(asana):
    accounts = [account("3000", "Sales"), account("6800", "Office supplies")]
    sync(asana, accounts)
    asana.writes.clear()
    (result,) = sync(asana, accounts)
    assert counted(result) == (0, 0, 2)
    assert asana.writes == []


def test_a_renamed_account_renames_its_option(asana):
    sync(asana, [account("3000", "Sales"), account("6800", "Office supplies")])
    (result,) = sync(asana, [account("6800", "Stationery")])
    assert counted(result) == (0, 1, 0)
    assert asana.options() == [("3000 Sales", True), ("6800 Stationery", True)]


@pytest.mark.parametrize("end", [{"active": False}, {"status": "Inactive"}])
def test_an_inactive_account_is_disabled_and_enabled_when_it_is_active_again(asana, end):
    sync(asana, [account("3000", "Sales"), account("6800", "Office supplies")])
    sync(asana, [account("6800", "Office supplies", **end)])
    assert asana.options() == [("3000 Sales", True), ("6800 Office supplies", False)]
    (result,) = sync(asana, [account("6800", "Office supplies")])
    assert counted(result) == (0, 1, 0)
    assert asana.options() == [("3000 Sales", True), ("6800 Office supplies", True)]


def test_the_last_enabled_option_stays_enabled(asana, caplog):
    sync(asana, [account("3000", "Sales")])
    (result,) = sync(asana, [account("3000", "Sales", active=False)])
    assert counted(result) == (0, 0, 1)
    assert asana.options() == [("3000 Sales", True)]
    assert "the last enabled one" in caplog.text


def test_inactive_accounts_alone_make_no_field(asana):
    (result,) = sync(asana, [account("3000", "Sales", active=False), account("6800", "x", active=False)])
    assert counted(result) == (0, 0, 2)
    assert asana.fields == {}


def test_of_several_versions_in_a_batch_the_last_counts(asana):
    (result,) = sync(asana, [account("3000", "Sales"), account("3000", "Sales abroad")])
    assert counted(result) == (1, 0, 0)
    assert asana.options() == [("3000 Sales abroad", True)]


def test_an_option_asana_refuses_is_that_accounts_error_and_no_other_ones(asana):
    asana.refused = {"6800 Bad"}
    bad = account("6800", "Bad")
    (result,) = sync(asana, [account("3000", "Sales"), bad, account("7000", "Fuel")])
    assert counted(result) == (2, 0, 0)
    assert list(result.refused) == [bad.origin]
    assert "6800 Bad" in str(result.refused[bad.origin])
    assert asana.options() == [("3000 Sales", True), ("7000 Fuel", True)]


def test_what_finds_no_room_is_left_out_and_the_rest_goes_on(asana):
    sync(asana, [account(str(1000 + number), "x") for number in range(499)])
    fields = CustomFields.of(asana, "1")
    result = Vocabulary(fields, OptionWriter(fields), FIELD, PROJECT).apply(
        [account("8000", "Fits"), account("8001", "Does not"), account("1000", "y")]
    )
    assert counted(result) == (1, 1, 0)
    assert fields.options.left_out == {FIELD: {"8001 Does not"}}
    assert len(asana.options()) == 500


def test_a_code_that_begins_another_one_renames_only_its_own_option(asana):
    first = [account("10", "Cash"), account("10 A", "Petty cash")]
    sync(asana, first)
    (result,) = sync(asana, [account("10", "Cash at hand"), account("10 A", "Petty cash")])
    assert counted(result) == (0, 1, 1)
    assert asana.options() == [("10 Cash at hand", True), ("10 A Petty cash", True)]


def test_a_second_companys_account_of_the_same_name_shares_the_option_and_keeps_it_open(asana):
    sync(asana, [account("3000", "Sales"), account("6800", "Office")])
    (result,) = sync(asana, [account("3000", "Sales", company="77")])
    assert counted(result) == (0, 0, 1)
    sync(asana, [account("3000", "Sales", active=False)])
    assert asana.options()[0] == ("3000 Sales", True)
    sync(asana, [account("3000", "Sales", company="77", active=False)])
    assert asana.options()[0] == ("3000 Sales", False)


def test_a_second_companys_account_of_the_same_code_gets_an_option_of_its_own(asana):
    sync(asana, [account("3000", "Sales")])
    (result,) = sync(asana, [account("3000", "Salg", company="77")])
    assert counted(result) == (1, 0, 0)
    # And a new name in the first company renames the first company's option alone.
    sync(asana, [account("3000", "Sales abroad")])
    assert asana.options() == [("3000 Sales abroad", True), ("3000 Salg", True)]


def test_a_dry_run_logs_and_writes_nothing(asana, caplog):
    caplog.set_level("INFO", logger="airbyte")
    (result,) = sync(asana, [account("3000", "Sales")], dry_run=True)
    assert counted(result) == (1, 0, 0)
    assert "the option “3000 Sales” would be created" in caplog.text
    sync(asana, [account("3000", "Sales"), account("6800", "Office")])
    asana.writes.clear()
    caplog.clear()
    (result,) = sync(
        asana, [account("3000", "Sold"), account("6800", "Office", active=False), account("9", "New")], dry_run=True
    )
    assert counted(result) == (1, 2, 0)
    for words in (
        "“3000 Sales” would be renamed to “3000 Sold”",
        "“6800 Office” would be disabled",
        "“9 New” would be",
    ):
        assert words in caplog.text
    assert asana.writes == []
