"""The patterns of the settings: `*` and `?`, without case; every other sign stands for itself."""

import pytest
from destination_asana.documents.patterns import Pattern, normal


@pytest.mark.parametrize(
    ("value", "text", "fits"),
    [
        ("Nordic*", "NORDIC  Steel AS", True),
        ("Nordic*", "Nordic", True),
        ("Nordic*", "The Nordic", False),
        ("*steel*", "Nordic\nSteel AS", True),
        ("Nordic  Steel", " nordic\u00a0steel ", True),
        ("P100?", "P1001", True),
        ("P100?", "P100", False),
        ("P100?", "P10011", False),
        ("P.001", "P1001", False),
        ("[P]1001", "P1001", False),
        ("[P]1001", "[p]1001", True),
        ("A+B (1)", "a+b (1)", True),
        ("A+B", "AAB", False),
        ("", "", True),
        ("", "A", False),
        # “ß” is “ss” where case does not count, and one sign for a `?`.
        ("gro?handel", "Großhandel", True),
        ("GROSSHANDEL", "Großhandel", True),
        ("gro??handel", "Groß Handel", True),
        ("gro? handel*", "Groß  Handel Nord", True),
        # Wide letters, and a letter as one sign and as two.
        ("P1001", "\uff30\uff11\uff10\uff10\uff11", True),
        ("b\u00e5t?s", "Ba\u030atAS", True),
    ],
)
def test_a_pattern(value: str, text: str, fits: bool) -> None:
    assert Pattern(value).fits(text) is fits


def test_the_normal_form_of_a_name() -> None:
    assert normal("  Gro\u00dfe\u00a0\n STRASSE \uff11 ") == "grosse strasse 1"
