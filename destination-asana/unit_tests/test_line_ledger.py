"""What a sync and the next ones make of the notes on lines: when lines count as written, and when no more notes are written."""

from destination_asana.board import LineLedger
from destination_asana.planning.lines import LineMemory, Proof

DIGEST = "3f2a91c0d4"


def begun(ledger: LineLedger) -> LineMemory:
    memory = ledger.begin(DIGEST)
    assert memory is not None
    return memory


def test_lines_count_once_a_later_task_says_that_they_are_there() -> None:
    ours, theirs = LineLedger(), LineLedger()
    first, second = begun(ours), begun(ours)
    ours.finish(second.text, "b")
    assert not theirs.proves(first)
    theirs.note(begun(ours).text)
    assert not theirs.proves(second), "the first is still under way"
    ours.finish(first.text, "a")
    third = begun(ours)
    theirs.note(third.text)
    assert [theirs.proves(each) for each in (first, second, third)] == [True, True, False]


def test_the_last_note_of_a_sync_speaks_for_all_but_the_failed() -> None:
    ours, theirs = LineLedger(), LineLedger()
    made = [begun(ours) for _ in range(3)]
    ours.finish(made[0].text, "a")
    ours.fail(made[1].text)
    assert ours.to_conclude() == "a"
    ours.finish(made[2].text, "c")
    last = ours.concluded(made[2])
    theirs.note(last.text)
    assert [theirs.proves(each) for each in (made[0], made[1], last)] == [True, False, True]


def test_a_refused_task_keeps_nothing_back() -> None:
    ours, theirs = LineLedger(), LineLedger()
    refused, made = begun(ours), begun(ours)
    ours.withdraw(refused.text)
    ours.finish(made.text, "b")
    theirs.note(ours.concluded(made).text)
    assert theirs.proves(made)


def test_a_task_that_is_changed_still_speaks_for_others() -> None:
    kept = LineMemory(DIGEST, None, (Proof("00000001", 7),))
    memory = LineLedger().begin("0000000000", kept)
    assert memory is not None
    assert memory.proofs == (Proof("00000001", 7),)


def test_after_doubtful_refusals_no_more_notes_are_written() -> None:
    ledger = LineLedger()
    assert all(ledger.refused(named=False) for _ in range(3))
    assert ledger.begin(DIGEST) is None


def test_a_refusal_after_a_note_was_taken_is_about_something_else() -> None:
    ledger = LineLedger()
    ledger.accepted()
    assert not ledger.refused(named=False)
    assert ledger.open
