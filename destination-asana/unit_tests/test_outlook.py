"""What a first load is said to cost, at the pace that the sync has learned."""

import pytest
from destination_asana.sync.outlook import Outlook


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [each.getMessage() for each in caplog.records]
    caplog.clear()
    return found


@pytest.fixture(autouse=True)
def _all_levels(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "airbyte")


def loaded(paces: list[float | None], documents: int, items: int, announced: int) -> Outlook:
    outlook = Outlook(lambda: True, lambda: paces[-1])
    outlook.announce("purchase_orders", announced)
    for _ in range(documents):
        outlook.expect(items)
    return outlook


def test_the_pace_is_said_as_soon_as_it_is_learned(caplog: pytest.LogCaptureFixture) -> None:
    paces: list[float | None] = [None]
    outlook = loaded(paces, 200, 2, 12_000)
    [first] = said(caplog)
    assert "At the 1275 calls a minute that a paid plan takes for sure, this takes about 29 minutes." in first
    outlook.show()
    assert said(caplog) == []
    paces.append(150.0)
    outlook.show()
    outlook.show()
    [learned] = said(caplog)
    assert "12000 tasks and 36000 calls take about 4 h at 150 calls a minute" in learned


def test_a_load_that_begins_with_a_learned_pace_is_said_at_it(caplog: pytest.LogCaptureFixture) -> None:
    outlook = loaded([600.0], 200, 0, 0)
    outlook.show()
    [first] = said(caplog)
    assert "about 200 tasks and 200 calls to Asana. This takes about 1 minute at 600 calls a minute" in first


def test_a_pace_that_changes_much_is_said_again(caplog: pytest.LogCaptureFixture) -> None:
    paces: list[float | None] = [1500.0]
    outlook = loaded(paces, 200, 4, 9_000)
    said(caplog)
    for pace in (1400.0, 1200.0, 500.0, 480.0):
        paces.append(pace)
        outlook.show()
    [again] = said(caplog)
    assert "about 90 minutes at 500 calls a minute" in again


@pytest.mark.parametrize("documents", [1, 199])
def test_a_small_load_is_not_spoken_of(caplog: pytest.LogCaptureFixture, documents: int) -> None:
    loaded([150.0], documents, 1, 0).show()
    assert said(caplog) == []
