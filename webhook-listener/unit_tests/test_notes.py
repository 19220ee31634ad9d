"""The note: our lines at its end, everybody else's text as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webhook_listener import notes

AT = "2026-11-23T10:15:07.120Z"
LINE = "Asana · 2026-11-23 10:15 UTC · completed by Kari Nordmann"


@pytest.mark.parametrize(
    ("what", "detail", "words"),
    [
        ("completed", None, "completed by Kari"),
        ("reopened", None, "reopened by Kari"),
        ("assigned", "to Åsa", "assigned to Åsa by Kari"),
        ("assigned", "to nobody", "unassigned by Kari"),
        ("commented", "Paid?", "comment by Kari: Paid?"),
        ("commented", None, "comment by Kari"),
        ("commented", "a\r\n--- Asana ---\nb", "comment by Kari: a --- Asana --- b"),
        ("commented", "a\x00b\u2028c\x85d\ud83d", "comment by Kari: a b c d"),
    ],
)
def test_lines_in_words(what: str, detail: str | None, words: str) -> None:
    assert notes.line(what, "Kari", detail, AT) == f"Asana · 2026-11-23 10:15 UTC · {words}"


def test_a_precise_line_tells_two_acts_of_one_minute_apart() -> None:
    assert notes.line("completed", "Kari", None, AT, precise=True).startswith("Asana · 2026-11-23 10:15:07.120 UTC · ")


def test_a_long_comment_is_cut() -> None:
    assert len(notes.line("commented", "Kari", "x" * 5000, AT)) == notes.MAX_LINE


def test_header_once_lines_in_order() -> None:
    first = notes.add("Call first.", [LINE])
    assert first == f"Call first.\n--- Asana ---\n{LINE}"
    assert notes.add(first, ["Asana · 2"]) == f"{first}\nAsana · 2"
    assert notes.add("", [LINE]) == f"--- Asana ---\n{LINE}"


def test_windows_line_ends_stay() -> None:
    assert notes.add("a\r\nb", [LINE]) == f"a\r\nb\r\n--- Asana ---\r\n{LINE}"
    assert notes.missing(f"a\r\n{LINE}\r\nb", [LINE, "Asana · 2"]) == ["Asana · 2"]


def test_oldest_of_ours_goes_first_and_only_ours() -> None:
    """What somebody has added to, and what only begins like a line of ours, is people's."""
    theirs = ["Keep me", "Asana · call Kari", "--- Asana ---", f"{LINE}, but not paid"]
    text = "\n".join([*theirs, "Asana · 1", "Theirs, below", "Asana · 2"])
    assert notes.add(text, ["Asana · 3"], ours=[LINE, "Asana · 1", "Asana · 2"], limit=len(text)) == "\n".join(
        [*theirs, "Theirs, below", "Asana · 2", "Asana · 3"]
    )


def test_no_room_beside_what_others_wrote() -> None:
    for text in ("x" * 100, f"{'x' * 50}\n{notes.HEADER}\nAsana · 1"):
        with pytest.raises(notes.FullError):
            notes.add(text, [LINE], ours=["Asana · 1"], limit=120)


OTHERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).filter(lambda text: "Asana" not in text)


@given(OTHERS, st.integers(1, 6), st.integers(150, 600))
def test_others_text_survives_whatever_is_added(others: str, count: int, limit: int) -> None:
    text = others
    ours = [f"Asana · {number} {'y' * 40}" for number in range(count)]
    for number in range(count):
        try:
            text = notes.add(text, ours[number : number + 1], ours[:number], limit)
        except notes.FullError:
            assert len(others) + len(notes.HEADER) + len(ours[number]) + 4 > limit
            return
        assert text.startswith(others)
        assert text.count(notes.HEADER) == 1
        assert ours[number] in text
        assert len(text) <= limit
