"""The task writer against an Asana of a few lines in memory: what is written, and what is left out with its reason."""

import datetime
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.members import Assignees
from destination_asana.board.sections import Sections
from destination_asana.board.task_index import Index
from destination_asana.documents.errors import RecordError
from destination_asana.documents.translate import translate
from destination_asana.planning.changes import Change, LeftOut, Reason
from destination_asana.planning.descriptions import describe
from destination_asana.writing.dry_run_tasks import DryRunTaskWriter
from destination_asana.writing.mending import VanishedError
from destination_asana.writing.place import Place
from destination_asana.writing.tasks import TaskWriter

PROJECT, VISMA_ID = "100", "SupplierInvoiceId:4100251/Invoice/200123"
LANDING = "sec1"
NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


class Asana:
    """A workspace with one project. `refusals` are the answers to the next writes; `people` acts once, just before the
    next write; `loses` the answer to the next create."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[str, Any]] = {}
        self.attached: list[str] = []
        self.tasks: dict[str, dict[str, Any]] = {}
        self.sections = {LANDING: "Untitled section"}
        self.stories: list[dict[str, Any]] = []
        self.writes: list[tuple[str, str, dict[str, Any]]] = []
        self.refusals: list[AsanaError] = []
        self.people: Callable[[], None] | None = None
        self.loses = False
        self._gid = 1000

    # --- what the client offers ---

    def earliest_time(self) -> datetime.datetime:
        return NOW

    def own_gid(self) -> str:
        return "me"

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        kind, gid = path.split("/")[1:3]
        if kind == "custom_fields":
            return self.fields[gid]
        if gid not in self.tasks:
            raise AsanaError(404, f"task: Unknown object: {gid}", "GET", path)
        return self.shown(gid)

    def list(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        if path.endswith("/custom_field_settings"):
            return [{"gid": f"s{gid}", "custom_field": self.fields[gid]} for gid in self.attached]
        if path.endswith("/sections"):
            return [{"gid": gid, "name": name} for gid, name in self.sections.items()]
        if path.endswith("/stories"):
            return list(self.stories)
        if path.endswith("/custom_fields"):
            return list(self.fields.values())
        raise AssertionError(path)

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        yield [self.shown(gid) for gid in self.tasks]

    def create(
        self, path: str, data: Mapping[str, Any], find: Callable[[], Any], params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        self._written("POST", path, data)
        if path == "/tasks":
            gid = self._new()
            section = data["memberships"][0]["section"] if "memberships" in data else LANDING
            self.tasks[gid] = {**data, "gid": gid, "section": section, "custom_fields": {**data["custom_fields"]}}
            made = {"gid": gid, "created_at": "2026-03-01T12:00:00.000Z"}
        elif path == "/custom_fields":
            made = self._made_field(data)
        elif path.endswith("/enum_options"):
            made = {"gid": self._new(), "name": data["name"], "enabled": True}
            self.fields[path.split("/")[2]]["enum_options"].append(made)
        else:
            made = {"gid": self._new()}
            self.sections[made["gid"]] = data["name"]
        if self.loses:
            self.loses = False
            return find()
        return made

    def put(self, path: str, data: Mapping[str, Any], params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self._written("PUT", path, data)
        kind, gid = path.split("/")[1:3]
        if kind == "custom_fields":
            self.fields[gid].update(data)
            return self.fields[gid]
        if gid not in self.tasks:
            raise AsanaError(404, f"task: Unknown object: {gid}", "PUT", path)
        task = self.tasks[gid]
        values = {**task["custom_fields"], **data.get("custom_fields", {})}
        if "assignee" in data:
            self.tell("assigned", assignee={"gid": data["assignee"]})
        task.update({**data, "custom_fields": values})
        return {"gid": gid}

    def act(self, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        self._written("POST", path, data)
        if path.endswith("/addCustomFieldSetting"):
            self.attached.append(data["custom_field"])
        elif path.endswith("/addTask"):
            self.move(data["task"], path.split("/")[2])
        else:
            self.tasks[path.split("/")[2]]["section"] = LANDING
        return {}

    # --- what people, and Asana itself, do ---

    def tell(self, subtype: str, **facts: Any) -> None:
        self.stories.append({"gid": self._new(), "resource_subtype": subtype, **facts})

    def move(self, gid: str, section: str) -> None:
        before, self.tasks[gid]["section"] = self.tasks[gid]["section"], section
        self.tell("section_changed", old_section={"gid": before}, new_section={"gid": section})

    def shown(self, gid: str) -> dict[str, Any]:
        task = self.tasks[gid]
        text = task.get("html_notes") or ""
        place = {"project": {"gid": PROJECT}, "section": {"gid": task["section"]}}
        return {
            **task,
            "notes": html.unescape(re.sub("<[^>]*>", "", text)),
            "assignee": {"gid": task["assignee"]} if task.get("assignee") else None,
            "memberships": [place] if task["section"] else [],
            "custom_fields": [self._value(field, value) for field, value in task["custom_fields"].items()],
        }

    def _value(self, gid: str, value: Any) -> dict[str, Any]:
        kind = self.fields[gid]["resource_subtype"]
        if kind == "enum":
            return {"gid": gid, "enum_value": {"gid": value} if value else None}
        if kind == "date":
            return {"gid": gid, "date_value": value}
        return {"gid": gid, f"{kind}_value": value}

    def _made_field(self, data: Mapping[str, Any]) -> dict[str, Any]:
        options = [{"gid": self._new(), "name": each["name"], "enabled": True} for each in data.get("enum_options", ())]
        made = {**data, "gid": self._new(), "enum_options": options, "is_global_to_workspace": True}
        self.fields[made["gid"]] = made
        return made

    def _written(self, method: str, path: str, data: Mapping[str, Any]) -> None:
        if path.startswith(("/tasks", "/sections")):
            if self.people is not None:
                people, self.people = self.people, None
                people()
            self.writes.append((method, path, dict(data)))
            if self.refusals:
                raise self.refusals.pop(0)

    def _new(self) -> str:
        self._gid += 1
        return str(self._gid)


@pytest.fixture
def asana():
    return Asana()


@pytest.fixture
def place(asana):
    fields = CustomFields(asana, "1")
    fields.expect(PROJECT, None)
    fields.prepare(PROJECT)
    index = Index(asana, fields, "1", PROJECT)
    return Place(asana, fields, index, Sections(asana, PROJECT), Assignees(asana, "1", ()), PROJECT)


@pytest.fixture
def writer(place):
    return TaskWriter(place)


def block(note):
    record = {"company_id": "4100251", "documentType": "Invoice", "referenceNumber": "200123", "note": note}
    return describe(translate("supplier_invoices", record), with_lines=False)


def new(**changes):
    change = Change(
        VISMA_ID,
        "Invoice 200123",
        None,
        attributes={"name": (None, "Invoice 200123 · Nordic Office AS"), "due_on": (None, "2026-01-24")},
        fields={"Visma ID": (None, VISMA_ID), "Visma amount": (None, 1250.0), "Visma due date": (None, "2026-01-24")},
        description=block("First"),
    )
    return replace(change, **changes)


def refusal(said, status=400, path="/tasks"):
    return AsanaError(status, said, "PUT", path)


@pytest.fixture
def task(writer, asana):
    """A task as the sync has made it; the writes so far are forgotten."""
    snapshot = writer.apply(new()).snapshot
    asana.writes.clear()
    return snapshot


def update(task, **changes):
    return Change(VISMA_ID, "Invoice 200123", task, **changes)


def only_task(asana):
    (task,) = asana.tasks.values()
    return task


# --- creating ---


def test_a_new_task_gets_everything_in_one_call(writer, asana, place):
    outcome = writer.apply(new())
    ((method, path, data),) = asana.writes
    assert (method, path, data["projects"]) == ("POST", "/tasks", ["100"])
    assert data["name"] == "Invoice 200123 · Nordic Office AS"
    assert data["custom_fields"][place.fields.visma_id_gid] == VISMA_ID
    assert outcome.action == "created"
    assert outcome.left_out == ()
    assert outcome.applied["Visma amount"] == (None, 1250.0)
    assert "description" not in outcome.applied
    assert outcome.snapshot.values["Visma due date"] == "2026-01-24"
    assert place.index.find(VISMA_ID) == outcome.snapshot


def test_a_new_task_lands_in_the_section_of_its_status(writer, asana):
    outcome = writer.apply(new(section="Open"))
    assert asana.sections[only_task(asana)["section"]] == "Open"
    assert outcome.applied["section"] == (None, "Open")


def test_a_create_whose_answer_is_lost_is_found_and_not_repeated(writer, asana):
    asana.loses = True
    outcome = writer.apply(new())
    assert len(asana.tasks) == len(asana.writes) == 1
    assert outcome.snapshot.gid == only_task(asana)["gid"]
    assert outcome.action == "created"


# --- updating ---


def test_what_differs_is_written_and_told_with_its_values_before(writer, asana, task):
    outcome = writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}, description=block("Second")))
    assert [path for _, path, _ in asana.writes] == [f"/tasks/{task.gid}"]
    assert outcome.action == "updated"
    assert outcome.applied == {"Visma amount": (1250.0, 900.0), "description": ("Note: First", "Note: Second")}
    assert outcome.snapshot.values["Visma amount"] == 900.0
    assert outcome.snapshot.digest == block("Second").digest


def test_nothing_to_do_writes_nothing(writer, asana, task):
    outcome = writer.apply(update(task))
    assert (outcome.action, outcome.applied, outcome.left_out, asana.writes) == ("unchanged", {}, (), [])


@pytest.mark.parametrize(("after", "action"), [(True, "completed"), (False, "reopened")])
def test_the_action_is_of_what_was_written(writer, asana, task, after, action):
    asana.tasks[task.gid]["completed"] = not after
    assert writer.apply(update(task, attributes={"completed": (not after, after)})).action == action


def test_a_plan_is_never_edited(writer, asana, task):
    change = update(task, attributes={"assignee": (None, "8")}, fields={"Visma amount": (1250.0, 900.0)})
    asana.tasks[task.gid]["assignee"] = "9"
    outcome = writer.apply(change)
    assert change.attributes == {"assignee": (None, "8")}
    assert change.current is task
    assert "assignee" not in outcome.applied
    with pytest.raises(FrozenInstanceError):
        change.section = "Open"


# --- the last look ---


@pytest.mark.parametrize(
    ("theirs", "planned", "left_out"),
    [
        (
            {"assignee": "9"},
            {"attributes": {"assignee": (None, "8")}},
            LeftOut("assignee", "8", Reason.CHOSEN_MEANWHILE),
        ),
        (
            {"due_on": "2026-05-05"},
            {"attributes": {"due_on": ("2026-01-24", None)}},
            LeftOut("due_on", None, Reason.CHOSEN_MEANWHILE),
        ),
        (
            {"html_notes": "<body>Ours now</body>"},
            {"description": block("Second")},
            LeftOut("description", "Note: Second", Reason.TEXT_EDITED),
        ),
        (
            {"section": "sec9"},
            {"section": "Closed"},
            LeftOut("section", "Closed", Reason.CHOSEN_MEANWHILE),
        ),
    ],
)
def test_what_people_chose_since_the_plan_stays(writer, asana, task, theirs, planned, left_out):
    asana.sections["sec9"] = "Theirs"
    asana.tasks[task.gid].update(theirs)
    outcome = writer.apply(update(task, **planned))
    assert outcome.left_out == (left_out,)
    assert (outcome.action, outcome.applied) == ("unchanged", {})
    assert {name: asana.tasks[task.gid][name] for name in theirs} == theirs


def test_what_already_says_what_it_should_is_neither_written_nor_left_out(writer, asana, task):
    asana.tasks[task.gid]["name"] = "Invoice 200123 · Other AS"
    outcome = writer.apply(update(task, attributes={"name": (task.name, "Invoice 200123 · Other AS")}))
    assert (outcome.applied, outcome.left_out, asana.writes) == ({}, (), [])


def test_whom_a_person_has_unassigned_is_not_assigned_again(writer, asana, task):
    asana.tell("unassigned")
    outcome = writer.apply(update(task, attributes={"assignee": (None, "8")}))
    assert outcome.left_out == (LeftOut("assignee", "8", Reason.UNASSIGNED),)
    assert asana.writes == []


def test_an_assignee_chosen_between_the_look_and_the_write_is_put_back(writer, asana, task):
    asana.people = lambda: asana.tell("assigned", assignee={"gid": "9"})
    outcome = writer.apply(update(task, attributes={"assignee": (None, "8")}, fields={"Visma amount": (1250.0, 900.0)}))
    assert only_task(asana)["assignee"] == "9"
    assert outcome.snapshot.assignee == "9"
    assert outcome.applied == {"Visma amount": (1250.0, 900.0)}
    assert outcome.left_out == (LeftOut("assignee", "8", Reason.CHOSEN_MEANWHILE),)


def test_a_section_chosen_between_the_look_and_the_move_is_put_back(writer, asana, task):
    asana.sections["sec9"] = "Theirs"
    task = replace(task, section=LANDING)
    asana.people = lambda: asana.move(task.gid, "sec9")
    outcome = writer.apply(update(task, section="Closed", section_before="Untitled section"))
    assert only_task(asana)["section"] == "sec9"
    assert outcome.snapshot.section == "sec9"
    assert outcome.left_out == (LeftOut("section", "Closed", Reason.CHOSEN_MEANWHILE),)


# --- refusals ---


def test_an_assignee_that_asana_refuses_is_left_out_and_the_rest_written(writer, asana, task):
    asana.refusals = [refusal("assignee: Not a member of this organization")]
    outcome = writer.apply(update(task, attributes={"assignee": (None, "8")}, fields={"Visma amount": (1250.0, 900.0)}))
    said = "assignee: Not a member of this organization"
    assert outcome.left_out == (LeftOut("assignee", "8", Reason.REFUSED, said),)
    assert str(outcome.left_out[0]) == f"Asana refuses it: “{said}”"
    assert outcome.applied == {"Visma amount": (1250.0, 900.0)}
    assert only_task(asana).get("assignee") is None


def test_a_due_date_before_a_persons_start_date_is_left_out(writer, asana, task):
    asana.refusals = [refusal("due_on: Must be after start_on")]
    change = update(
        task,
        attributes={"due_on": ("2026-01-24", "2026-01-02")},
        fields={"Visma due date": ("2026-01-24", "2026-01-02")},
    )
    outcome = writer.apply(change)
    assert [(each.name, each.value, each.reason) for each in outcome.left_out] == [
        ("due_on", "2026-01-02", Reason.REFUSED)
    ]
    assert outcome.applied == {"Visma due date": ("2026-01-24", "2026-01-02")}
    assert only_task(asana)["due_on"] == "2026-01-24"


def test_a_section_that_somebody_deleted_is_made_again(writer, asana, task):
    writer.apply(update(replace(task, section=LANDING), section="Open", section_before="Untitled section"))
    gone = next(gid for gid, name in asana.sections.items() if name == "Open")
    del asana.sections[gone]
    asana.tasks[task.gid]["section"] = LANDING
    asana.refusals = [refusal("section: Unknown object")]
    outcome = writer.apply(update(replace(task, section=LANDING), section="Open", section_before="Untitled section"))
    assert asana.sections[only_task(asana)["section"]] == "Open"
    assert outcome.applied == {"section": ("Untitled section", "Open")}


def test_a_date_is_tried_in_its_other_form_before_any_was_taken(writer, asana, place):
    asana.refusals = [refusal("custom_fields: date_value: not a valid date")]
    outcome = writer.apply(new())
    due = place.fields.get("Visma due date").gid
    assert [data["custom_fields"][due] for _, _, data in asana.writes] == [{"date": "2026-01-24"}, "2026-01-24"]
    assert outcome.left_out == ()


def test_fields_that_somebody_changed_meanwhile_are_read_again(writer, asana, task):
    asana.refusals = [refusal("custom_fields: Unknown custom field")]
    outcome = writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}))
    assert len(asana.writes) == 2
    assert outcome.applied == {"Visma amount": (1250.0, 900.0)}


@pytest.mark.parametrize("said", ["name: Too long", "html_notes: is invalid"])
def test_what_cannot_be_mended_is_the_records_error(writer, asana, task, said):
    asana.refusals = [refusal(said)]
    with pytest.raises(RecordError) as caught:
        writer.apply(update(task, attributes={"name": (task.name, "x")}))
    assert (caught.value.field, caught.value.visma_id) == ("name", VISMA_ID)
    assert caught.value.problem == f"Asana refuses it: “{said}” (400)"


def test_the_same_refusal_counts_after_three_mendings(writer, asana, task):
    asana.refusals = [refusal("custom_fields: Unknown custom field")] * 9
    with pytest.raises(RecordError):
        writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}))
    assert len(asana.writes) == 4


def test_a_refusal_that_is_not_about_the_document_is_not_its_error(writer, asana, task):
    asana.refusals = [refusal("Forbidden", status=403)]
    with pytest.raises(AsanaError, match="Forbidden"):
        writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}))


def test_a_task_that_somebody_deleted_has_vanished(writer, asana, task):
    asana.tasks.clear()
    with pytest.raises(VanishedError):
        writer.apply(update(task, fields={"Visma amount": (1250.0, 900.0)}))


# --- the second executor ---


def test_a_dry_run_of_the_same_plans_writes_nothing(place, asana, task, caplog):
    caplog.set_level("INFO", logger="airbyte")
    change = update(task, fields={"Visma amount": (1250.0, 900.0)}, description=block("Second"))
    outcome = DryRunTaskWriter(place).apply(change)
    assert asana.writes == []
    assert outcome.snapshot is task
    assert (outcome.action, outcome.applied) == (
        "updated",
        {"Visma amount": (1250.0, 900.0), "description": ("Note: First", "Note: Second")},
    )
    assert caplog.messages == [
        f"Dry run, {VISMA_ID} (Invoice 200123) would be updated: Visma amount: 1250.00 → 900.00; "
        "description: Note: First → Note: Second"
    ]


def test_a_dry_run_leaves_out_what_people_unassigned(place, asana, task):
    asana.tell("unassigned")
    outcome = DryRunTaskWriter(place).apply(update(task, attributes={"assignee": (None, "8")}))
    assert (outcome.action, outcome.left_out) == ("unchanged", (LeftOut("assignee", "8", Reason.UNASSIGNED),))
