"""Whose options are: what the mark in a field's description keeps, and what is read back from it."""

from destination_asana.board.fields.marks import Mark, mark_in, with_mark
from destination_asana.board.fields.option_owners import UNKNOWN, Owners, scope_of
from hypothesis import given
from hypothesis import strategies as st

A, B = "4100251", "4100252"


def kept(owners):
    """The owners after a visit to a description."""
    mark = mark_in(with_mark("People's words.", Mark("Visma GL accounts", owners.facts())))
    assert mark is not None
    return Owners.read(mark.facts)


def test_one_company_needs_no_list():
    owners = Owners()
    owners.register(A)
    owners.claim(A, "12", "3000 Sales")
    assert owners.facts() == {"owners": (A,)}
    assert kept(owners).of("99", "whatever") == {A}


def test_options_of_others_are_listed():
    owners = Owners([A])
    owners.set("12", "3000 Fees", [B])
    owners.claim(B, "13", "6800 Office")
    again = kept(owners)
    assert (again.of("12", ""), again.of("13", ""), again.of("14", "")) == ({B}, {A, B}, {A})
    again.release(A, "13", "6800 Office")
    again.release(B, "12", "3000 Fees")
    assert (kept(again).of("13", ""), kept(again).of("12", "")) == ({B}, set())


def test_an_option_is_known_by_its_name_until_it_is_made_and_by_its_gid_then():
    owners = Owners([A])
    owners.intend(B, "3000 Fees")
    again = kept(owners)
    assert again.of("12", "3000 fees") == {B}
    again.settle([("12", "3000 Fees")])
    assert kept(again).of("12", "renamed by a person") == {B}
    assert kept(again).of("13", "3000 Fees") == {A}


def test_what_somebody_edited_says_nothing():
    owners = Owners([A])
    owners.set("12", "3000 Fees", [B])
    facts = owners.facts()
    [name] = [each for each in facts if each.startswith("o1")]
    for broken in ({**facts, name: ("abcde",)}, {**facts, "owners": (B, A)}, {k: facts[k] for k in ("owners", name)}):
        assert Owners.read(broken).of("12", "3000 Fees") == {UNKNOWN}
    assert Owners.read({}) is None
    assert Owners.read({"companies": (A,)}) is None


def test_capitals_and_spaces_of_people_do_not_matter():
    owners = Owners([scope_of(" AB1 ")])
    owners.set("12", "3000 Fees", [scope_of("cd2", "1")])
    text = with_mark("", Mark("Visma GL accounts", owners.facts())).upper().replace(";", " ; ")
    read = Owners.read(mark_in(text).facts)
    assert (read.of("12", ""), read.of("1", "")) == ({"cd2/1"}, {"ab1"})


scopes = st.sampled_from(["1", "2", "3/1", "3/2", "æ;=,%[]/x"])


@given(st.lists(st.tuples(st.integers(1, 40), st.lists(scopes, max_size=3)), max_size=40), scopes)
def test_whatever_is_set_is_read_back(changes, first):
    owners = Owners([first])
    for gid, of in changes:
        owners.set(str(gid), f"name {gid}", of)
    again = kept(owners)
    assert {gid: again.of(str(gid), "") for gid in range(1, 41)} == {
        gid: owners.of(str(gid), "") for gid in range(1, 41)
    }
    assert again.facts() == owners.facts()
