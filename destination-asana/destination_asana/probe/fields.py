"""Values of custom fields, lengths, and unknown keys. Makes tasks; fields and options stay as they are."""

from __future__ import annotations

from typing import Any

from destination_asana.documents.fields import VISMA_ID
from destination_asana.probe.outcomes import refused
from destination_asana.probe.question import Answer, Fact, Question, Subject, UnclearError, not_asked

SETTINGS = (
    "custom_field.name,custom_field.resource_subtype,custom_field.is_formula_field,custom_field.is_value_read_only,"
    "custom_field.enum_options.enabled"
)
DAY = "2026-01-02"


def subtask_fields(subject: Subject) -> Answer:
    """Writes a field of the project on a subtask, which is in no project itself."""
    trial = subject.in_project()
    field = next((field for kind in ("text", "number", "date", "enum") for field in _fields(subject, kind)), None)
    if field is None:
        raise UnclearError("the project has no field that can be written; ask again after a first sync")
    values = {"text": "probe", "number": 1, "date": {"date": DAY}, "enum": next(iter(_options(field)), None)}
    parent = trial.create()["gid"]
    made: list[dict[str, Any]] = []
    content = {"custom_fields": {field["gid"]: values[field["resource_subtype"]]}}
    status = refused(lambda: made.append(trial.subtask(parent, "1", content)))
    if status:
        return Answer("refused", f"no: it is refused with status {status}", {"status": status})
    shown = {each["gid"] for each in made[0].get("custom_fields") or ()}
    if field["gid"] in shown:
        return Answer("taken", "yes", {"status": 201})
    return Answer("ignored", "no: the value is dropped", {"status": 201})


def date_form(subject: Subject) -> Answer:
    """Writes a date as a text and as an object."""
    text = _attempt(subject, _field(subject, "date"), DAY)
    thing = _attempt(subject, _field(subject, "date"), {"date": DAY})
    word = {(False, False): "both", (True, False): "object", (False, True): "text", (True, True): "neither"}
    sentences = {
        "both": "as a text and as an object",
        "object": "as an object",
        "text": "as a text",
        "neither": "in neither form",
    }
    answer = word[bool(text), bool(thing)]
    return Answer(answer, sentences[answer], {"status_text": text or 200, "status_object": thing or 200})


def empty_list(subject: Subject) -> Answer:
    """Writes an empty list of options."""
    status = _attempt(subject, _field(subject, "multi_enum"), [])
    if status:
        return Answer("refused", f"no: it is refused with status {status}", {"status": status})
    return Answer("taken", "yes", {"status": 200})


def large_number(subject: Subject) -> Answer:
    """Writes a number beyond fifteen digits."""
    status = _attempt(subject, _field(subject, "number"), 10**15)
    if status:
        return Answer("refused", f"no: it is refused with status {status}", {"status": status})
    return Answer("taken", "yes", {"status": 200})


def long_text(subject: Subject) -> Answer:
    """Writes a text of one character more than is documented."""
    field = _field(subject, "text")
    trial = subject.in_project()
    gid = trial.create()["gid"]
    status = refused(lambda: subject.client.put(f"/tasks/{gid}", {"custom_fields": {field["gid"]: "x" * 1025}}))
    facts: dict[str, Fact] = {"status": status or 200}
    if status:
        return Answer("refused", f"it is refused with status {status}", facts)
    shown = {
        each["gid"]: each.get("text_value")
        for each in subject.client.get(f"/tasks/{gid}", {"opt_fields": "custom_fields.text_value"}).get("custom_fields")
        or ()
    }
    return _kept(shown.get(field["gid"]), 1025, facts)


def long_name(subject: Subject) -> Answer:
    """Gives a task a name of 1,025 characters."""
    trial = subject.in_project()
    return _long(subject, "name", trial.name, 1025)


def long_notes(subject: Subject) -> Answer:
    """Gives a task a description of 65,536 characters."""
    trial = subject.in_project()
    return _long(subject, "notes", trial.notes, 65_536)


def unknown_key(subject: Subject) -> Answer:
    """Sends a key that no task has."""
    trial = subject.in_project()
    gid = trial.create()["gid"]
    status = refused(lambda: subject.client.put(f"/tasks/{gid}", {"visma_probe": True}))
    if status:
        return Answer("refused", f"yes: with status {status}", {"status": status})
    return Answer("ignored", "no: it is passed over", {"status": 200})


def _long(subject: Subject, key: str, beginning: str, length: int) -> Answer:
    trial = subject.in_project()
    gid = trial.create()["gid"]
    text = beginning.ljust(length, "x")
    status = refused(lambda: subject.client.put(f"/tasks/{gid}", {key: text}))
    facts: dict[str, Fact] = {"status": status or 200}
    if status:
        return Answer("refused", f"it is refused with status {status}", facts)
    return _kept(trial.get(gid).get(key), length, facts)


def _kept(shown: str | None, length: int, facts: dict[str, Fact]) -> Answer:
    facts["length"] = len(shown or "")
    if facts["length"] == length:
        return Answer("taken", "it is taken whole", facts)
    return Answer("cut", f"it is cut after {facts['length']} characters", facts)


def _attempt(subject: Subject, field: dict[str, Any], value: Any) -> int:
    gid = subject.in_project().create()["gid"]
    return refused(lambda: subject.client.put(f"/tasks/{gid}", {"custom_fields": {field["gid"]: value}}))


def _field(subject: Subject, kind: str) -> dict[str, Any]:
    found = next(iter(_fields(subject, kind)), None)
    if found is None:
        raise UnclearError(
            f"the project has no field of the type {kind} that can be written; ask again after a first sync"
        )
    return found


def _fields(subject: Subject, kind: str) -> list[dict[str, Any]]:
    """The project's fields of a type that can be written. A Visma ID is no toy."""
    trial = subject.in_project()
    settings = subject.client.list(f"/projects/{trial.project_gid}/custom_field_settings", {"opt_fields": SETTINGS})
    fields = [each["custom_field"] for each in settings]
    return [
        field
        for field in fields
        if field.get("resource_subtype") == kind
        and field.get("name") != VISMA_ID
        and not field.get("is_formula_field")
        and not field.get("is_value_read_only")
        and (kind != "enum" or _options(field))
    ]


def _options(field: dict[str, Any]) -> list[str]:
    return [option["gid"] for option in field.get("enum_options") or () if option.get("enabled")]


QUESTIONS = (
    Question(
        "A2",
        "Do subtasks take the fields of their parent's project?",
        "where the amounts of lines can stand",
        "line_items",
        subtask_fields,
    ),
    Question(
        "A3",
        "In which form does Asana take a date in a custom field?",
        "nothing to set: the sync tries both",
        "Visma due date, Visma document date",
        date_form,
    ),
    Question(
        "A7 lists",
        "Does an empty list clear a field of several values?",
        "nothing to set: the sync sends null",
        "Visma GL accounts, Visma cost centers, Visma projects",
        empty_list,
    ),
    Question(
        "A7 keys",
        "Does Asana refuse a key that it does not know?",
        "whether a mistake in a request shows",
        "all writes",
        unknown_key,
    ),
    Question(
        "A7 texts",
        "What becomes of a text above 1,024 characters in a field?",
        "nothing to set: the sync cuts at a whole item",
        "Visma line items, Visma purchase orders",
        long_text,
    ),
    Question(
        "A7 names",
        "What becomes of a name above 1,024 characters?",
        "whether a long name fails a record",
        "names of tasks and lines",
        long_name,
    ),
    Question(
        "A7 notes",
        "What becomes of a description above 65,535 characters?",
        "whether a long description fails a record",
        "line_items: description",
        long_notes,
    ),
    Question(
        "A7 numbers",
        "Does Asana take a number of sixteen digits?",
        "whether a large amount fails a record",
        "Visma amount",
        large_number,
    ),
    Question(
        "A7 options",
        "How does Asana refuse the 501st option, and a name that is taken?",
        "how options beyond the limit show",
        "Visma GL accounts, Visma cost centers",
        not_asked("options cannot be deleted, and the probe makes nothing but tasks"),
    ),
)
