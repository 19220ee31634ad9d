"""Three short episodes of the soak with fixed seeds (`make soak` plays more and longer ones), and proof that its oracle sees faults."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from integration_tests.soak import money, records
from integration_tests.soak.board import Board
from integration_tests.soak.episode import Episode, EpisodeError, Sandboxes
from integration_tests.soak.settings import draw


@pytest.fixture(scope="module")
def sandboxes(destination_server) -> Iterator[Sandboxes]:
    with ExitStack() as stack:
        yield Sandboxes(stack, destination_server)


@pytest.fixture
def play(sandboxes, tmp_path):
    """Plays the short episode of a seed."""

    def play(seed: int) -> Episode:
        settings = draw(str(seed), small=True)
        episode = sandboxes.episode(settings, tmp_path)
        try:
            episode.play()
        except EpisodeError as error:
            pytest.fail("\n".join([*settings.told(), *episode.story, str(error)]))
        return episode

    return play


@pytest.mark.parametrize("seed", [23, 36, 37])
def test_a_short_episode_ends_as_promised(play, seed):
    episode = play(seed)
    assert [line for line in episode.story if line.startswith("sync ")]
    _spoil(episode)


def _spoil(episode: Episode) -> None:
    """What nobody may do is seen: an amount, a name, a copy, a line, a lost comment."""
    asana = episode.asana
    board = Board(asana, episode.people.renamed)
    assert episode.oracle.differences(board, everything=True) == []
    shown = episode.oracle.shown(episode.companies[0])
    visma_id = next(each for each, one in shown.items() if one.entity != "project" and each in board.documents)
    gid, fields = board.documents[visma_id][0]["gid"], board.fields
    asana.as_person("PUT", f"/tasks/{gid}", data={"custom_fields": {fields["Visma amount"]["gid"]: 1.23}, "name": "?"})
    copy = {"name": "Copy", "projects": [asana.PROJECT], "custom_fields": {fields["Visma ID"]["gid"]: "ProjectId:1/2"}}
    asana.as_person("POST", "/tasks", data=copy)
    found = episode.oracle.differences(Board(asana, episode.people.renamed), everything=True)
    assert [text for text in found if text.startswith(f"{visma_id}: name '?'")]
    assert [text for text in found if text.startswith(f"{visma_id}: Visma amount is 1.23")]
    assert "ProjectId:1/2: a task for no document of Visma" in found
    assert len(found) == 3


def test_money_by_the_promises():
    """Worked out by hand: a received line of a closed order counts with what came; an invoice in NOK by the order's totals."""
    line = {"amount": 1000.0, "receivedAmt": 600.0, "completed": False, "canceled": False}
    order = {"orderType": "RegularOrder", "orderNbr": "7", "status": "Closed", "currency": "EUR", "lines": [line]}
    order |= {"lineTotal": 1000.0, "lineTotalInBaseCurrency": 11500.0}
    euros = {"poNumber": "7", "cost": 1150.0, "costInCurrency": 100.0}
    bills = [
        {"documentType": "Invoice", "status": "Open", "currencyId": "EUR", "invoiceLines": [euros]},
        {"documentType": "DebitAdj", "status": "Open", "currencyId": "NOK", "invoiceLines": [{**euros, "cost": 230.0}]},
        {"documentType": "Invoice", "status": "Hold", "currencyId": "EUR", "invoiceLines": [euros]},
    ]
    sums = money.of_order(order, [order], bills)
    assert sums == {"Visma committed": 600, "Visma received": 600, "Visma invoiced": 80, "Visma remaining": 520}
    same_number = [order, {**order, "orderType": "DropShip"}]
    assert money.of_order(order, same_number, bills)["Visma invoiced"] == 0
    assert records.kroner(records.in_company_currency(10_000, "EUR")) == 1150
