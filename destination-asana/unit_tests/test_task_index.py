"""The task index against an Asana of a few lines in memory: which task is a document's, and at what price it is found."""

import datetime
from types import SimpleNamespace

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from destination_asana.asana.errors import AsanaError
from destination_asana.board.task_index import Index
from destination_asana.planning.snapshot import Snapshot

NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
LONG_AGO, JUST_NOW = "2026-01-01T00:00:00.000Z", "2026-03-01T11:59:00.000Z"
FIELD = "77"


def visma_id(number):
    return f"SupplierInvoiceId:4100251/Invoice/{number:06d}"


class Values:
    """Reads the one field that matters here."""

    def read(self, values):
        return {"Visma ID": next((value["text_value"] for value in values), None)}


class Fields:
    """A workspace with the field of the Visma IDs."""

    values = Values()
    catalog = SimpleNamespace(visma_id_gid=FIELD)


class Asana:
    """The projects of a workspace. `searchable` says what search knows, None stands for all; `search_status` is what it
    answers instead of tasks. `too_large` are the projects and sections whose listing fails after their first page."""

    def __init__(self):
        self.tasks = {}
        self.searchable = None
        self.search_status = None
        self.too_large = set()
        self.asked = []

    def add(self, number, project="100", *, gid=None, section="1", modified_at=LONG_AGO, **facts):
        gid = gid or str(1000 + len(self.tasks))
        place = {"project": {"gid": project}, "section": {"gid": section}}
        self.tasks[gid] = {
            "gid": gid,
            "name": f"Invoice {number}",
            "created_at": LONG_AGO,
            "modified_at": modified_at,
            "memberships": [place],
            "custom_fields": [{"gid": FIELD, "text_value": visma_id(number)}],
            **facts,
        }
        return gid

    def requests(self, kind):
        return sum(1 for each in self.asked if each == kind)

    # --- what the client offers ---

    def server_time(self):
        return NOW

    def list(self, path, params=None):
        return [
            {"gid": gid} for gid in sorted({task["memberships"][0]["section"]["gid"] for task in self.tasks.values()})
        ]

    def get(self, path, params=None):
        if path.endswith("/search"):
            return self._search(params)
        self.asked.append("read")
        gid = path.split("/")[2]
        if gid not in self.tasks:
            raise AsanaError(404, f"task: Unknown object: {gid}", "GET", path)
        return self.tasks[gid]

    def pages(self, path, params=None):
        if path == "/projects":
            projects = {task["memberships"][0]["project"]["gid"] for task in self.tasks.values()}
            yield [
                {"gid": gid, "custom_field_settings": [{"custom_field": {"gid": FIELD}}]} for gid in sorted(projects)
            ]
            return
        holder = params.get("section") or params.get("project") or path.split("/")[2]
        found = [task for task in self.tasks.values() if holder in self._holders(task)]
        found = [task for task in found if task["modified_at"] >= params.get("modified_since", "")]
        if params.get("completed_since") == "now":
            found = [task for task in found if not task.get("completed")]
        for start in range(0, max(1, len(found)), 100):
            self.asked.append("changes" if "modified_since" in params else "page")
            if start and holder in self.too_large:
                raise AsanaError(400, "The result is too large.", "GET", path)
            yield found[start : start + 100]

    def _holders(self, task):
        place = task["memberships"][0]
        return place["project"]["gid"], place["section"]["gid"]

    def _search(self, query):
        self.asked.append("search")
        if self.search_status is not None:
            raise AsanaError(self.search_status, "Search is only available to premium users.", "GET", "/search")
        exactly, begin = query.get(f"custom_fields.{FIELD}.value"), query.get(f"custom_fields.{FIELD}.starts_with", "")
        known = self.tasks.values() if self.searchable is None else self.searchable.values()
        ids = [(task["custom_fields"][0]["text_value"], task) for task in known]
        return [task for each, task in ids if (each == exactly if exactly else each.startswith(begin))][:100]


@pytest.fixture
def asana():
    return Asana()


@pytest.fixture
def index(asana):
    return Index(asana, Fields(), "1", "100")


def big(asana, documents=250):
    """A project of several pages; search knows all of it."""
    for number in range(documents):
        asana.add(number)


# --- a project that is listed ---


def test_what_a_listing_told_costs_no_request(asana, index):
    gid = asana.add(1)
    index.open(3)
    asana.asked.clear()
    assert index.find(visma_id(1)).gid == gid
    assert index.find(visma_id(1).upper()).gid == gid
    assert asana.asked == []


def test_a_new_document_is_looked_for_outside_once(asana, index):
    asana.add(1)
    index.open(3)
    asana.asked.clear()
    assert index.find(visma_id(2)) is None
    assert asana.requests("search") == 1
    assert index.find(visma_id(2)) is None
    assert asana.requests("search") == 1


def test_a_document_that_was_moved_to_another_project_is_found_by_search(asana, index):
    asana.add(1)
    gid = asana.add(2, "900")
    index.open(3)
    found = index.find(visma_id(2))
    assert (found.gid, found.elsewhere) == (gid, True)


def test_a_document_moved_a_moment_ago_is_found_though_search_does_not_know_it(asana, index):
    asana.add(1)
    asana.searchable = {}
    gid = asana.add(2, "900", modified_at=JUST_NOW)
    index.open(3)
    assert index.find(visma_id(2)).gid == gid


def test_from_the_eleventh_new_document_on_what_lies_outside_is_read_at_once(asana, index):
    asana.add(1)
    gid = asana.add(40, "900")
    index.open(None)
    asana.asked.clear()
    assert [index.find(visma_id(number)) for number in range(2, 40)] == [None] * 38
    assert asana.requests("search") == 11
    assert index.find(visma_id(40)).gid == gid
    assert asana.requests("search") == 11


def test_a_project_without_the_field_of_the_visma_ids_has_no_documents(asana, index):
    index.know_no_documents()
    assert index.find(visma_id(1)) is None
    assert index.of_kind("SupplierInvoiceId:") == []
    assert asana.asked == []


# --- a big project that is searched ---


def test_few_documents_of_a_big_project_are_searched_for(asana, index):
    big(asana)
    index.open(2)
    assert (asana.requests("page"), asana.requests("changes"), index.complete) == (2, 1, False)
    assert index.find(visma_id(240)).name == "Invoice 240"
    assert index.find(visma_id(999)) is None
    assert (asana.requests("page"), index.complete) == (2, False)


def test_what_search_does_not_know_yet_is_listed(asana, index):
    big(asana)
    asana.searchable = dict(asana.tasks)
    gid = asana.add(300, modified_at=JUST_NOW)
    index.open(2)
    assert index.find(visma_id(300)).gid == gid


def test_a_search_that_does_not_find_what_it_must_know_is_not_used(asana, index):
    big(asana)
    asana.searchable = {}
    index.open(2)
    assert index.complete
    assert index.find(visma_id(240)).name == "Invoice 240"


def test_a_search_that_answers_with_everything_is_not_used(asana, index):
    big(asana)
    asana._search = lambda query: list(asana.tasks.values())[:100]
    index.open(2)
    assert index.complete


@pytest.mark.parametrize("status", [402, 403])
def test_where_search_stops_working_the_project_is_listed(asana, index, status):
    big(asana)
    index.open(2)
    asana.search_status = status
    assert index.find(visma_id(240)).name == "Invoice 240"
    assert index.complete
    assert index.find(visma_id(999)) is None


def test_from_the_fifty_first_search_on_a_listing_is_cheaper(asana, index):
    big(asana)
    index.open(2)
    found = [index.find(visma_id(number)) for number in range(190, 241)]
    assert all(found)
    assert index.complete
    # One proved that search works, fifty looked a document up.
    assert asana.requests("search") == 51


def test_more_documents_than_are_worth_a_search_each_are_listed_at_once(asana, index):
    big(asana)
    index.open(50)
    assert (asana.requests("page"), asana.requests("search"), index.complete) == (3, 0, True)


def test_of_a_copy_in_the_listing_and_the_older_task_in_search_the_older_counts(asana, index):
    big(asana)
    older = asana.add(5, gid="9999", created_at="2025-01-01T00:00:00.000Z")
    index.open(2)
    assert index.find(visma_id(5)).gid == older
    searches = asana.requests("search")
    assert index.find(visma_id(5)).gid == older
    assert asana.requests("search") == searches


def test_what_only_search_told_is_read_before_it_counts(asana, index):
    big(asana)
    asana.searchable = dict(asana.tasks)
    index.open(2)
    found = index.find(visma_id(240))
    asana.tasks[found.gid] = {**asana.tasks[found.gid], "name": "Renamed"}
    assert index.confirm(found).name == "Renamed"
    again = index.find(visma_id(241))
    del asana.tasks[again.gid]
    assert index.confirm(again) is None
    index.drop(visma_id(241))
    assert index.find(visma_id(241)) is None


# --- a project that Asana does not list whole ---


def test_a_project_too_large_for_one_listing_is_listed_by_section(asana, index):
    for number in range(250):
        asana.add(number, section=str(number % 3))
    asana.too_large = {"100"}
    index.open(None)
    assert index.complete
    assert index.find(visma_id(249)).name == "Invoice 249"


def test_in_a_section_that_cannot_be_listed_documents_are_searched_for_however_many(asana, index):
    big(asana)
    asana.too_large = {"100", "1"}
    index.open(None)
    assert not index.complete
    assert all(index.find(visma_id(number)) for number in range(150, 230))
    with pytest.raises(AirbyteTracedException, match="missing documents cannot be told"):
        index.all()


def test_without_listing_and_search_the_settings_are_at_fault(asana, index):
    big(asana)
    asana.too_large = {"100", "1"}
    asana.search_status = 402
    with pytest.raises(AirbyteTracedException, match="more tasks than Asana lists"):
        index.open(None)


# --- what the sync writes, and several documents at once ---


def test_what_the_sync_wrote_is_known_until_it_is_dropped(asana, index):
    index.open(1)
    index.put(Snapshot(gid="5", visma_id=visma_id(1), name="Invoice 1"))
    assert index.find(visma_id(1)).gid == "5"
    index.drop(visma_id(1))
    assert index.known(visma_id(1).casefold()) is None
    assert index.find(visma_id(1)) is None


def test_a_create_whose_answer_was_lost_is_found_among_the_changes(asana, index):
    asana.add(1)
    gid = asana.add(2, modified_at=JUST_NOW)
    since = NOW - datetime.timedelta(minutes=2)
    assert index.find_recent(visma_id(2), since)["gid"] == gid
    assert index.find_recent(visma_id(1), since) is None


def test_documents_of_a_kind_come_from_search_and_else_from_a_listing(asana, index):
    for number in range(3):
        asana.add(number)
    assert len(index.of_kind("SupplierInvoiceId:4100251/")) == 3
    assert asana.requests("page") == 0
    other = Index(asana, Fields(), "1", "100")
    asana.search_status = 402
    assert len(other.of_kind("SupplierInvoiceId:4100251/")) == 3
    assert asana.requests("page") == 1
    assert other.of_kind("PurchaseOrderId:") == []


def test_open_documents_that_nobody_works_on(asana, index):
    asana.add(1)
    asana.add(2, completed=True)
    asana.add(3, assignee={"gid": "8"})
    assert [each.visma_id for each in index.unassigned_and_open()] == [visma_id(1)]
    index.open(None)
    assert [each.visma_id for each in index.unassigned_and_open()] == [visma_id(1)]


def test_every_document_of_the_project(asana, index):
    big(asana, 120)
    assert len(list(index.all())) == 120
    assert len(index.matching(lambda each: each.name == "Invoice 7")) == 1
