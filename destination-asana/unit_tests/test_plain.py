"""Texts of others in messages stay parts of their line."""

import logging

import pytest
from destination_asana.asana.errors import words_of
from destination_asana.plain import PlainMessages, plain
from destination_asana.protocol.report import Line, Report

FORGERIES = [
    ('Nordic\n{"type": "STATE", "state": {}}', 'Nordic {"type": "STATE", "state": {}}'),
    ("Nordic\r\nERROR forged", "Nordic ERROR forged"),
    ("Nordic\u2028ERROR\u2029forged\x85now", "Nordic ERROR forged now"),
    ("Nordic\x1b[2K\x1b[31mforged", "Nordic [2K [31mforged"),
    ("Nordic\x9b31mforged\x00", "Nordic 31mforged "),
    ("Nordic \u202egpj.exe", "Nordic  gpj.exe"),
    ("Nordic\u2066AS\u2069", "Nordic AS "),
    ("half \ud83d", "half  "),
]
HARMLESS = ["Åkre & Sønn AS", "日本語", "العربية", "עברית", "🧾 ‰ – “x”", "a\u00a0b\u200bc"]


@pytest.mark.parametrize(("text", "shown"), FORGERIES)
def test_a_text_does_not_begin_a_line_of_its_own(text, shown):
    record = logging.LogRecord("airbyte", logging.WARNING, "x.py", 1, "%s is new.", (text,), None)
    assert PlainMessages().filter(record)
    assert record.getMessage() == f"{shown} is new."
    assert words_of(400, {"errors": [{"message": text}]}, "") == " ".join(shown.split())


@pytest.mark.parametrize("text", HARMLESS)
def test_other_scripts_stay_as_they_are(text):
    assert plain(text) == text


def test_a_cell_of_the_report_turns_no_direction(tmp_path):
    report = Report(str(tmp_path / "report.csv"))
    report.add(Line("SupplierInvoiceId:4100251/Invoice/\u202e1", "created", reason="bad\x1b]0;title\x07name\x9b1m"))
    report.close()
    rows = (tmp_path / "report.csv").read_text("utf-8-sig").splitlines()
    assert rows[1] == "SupplierInvoiceId:4100251/Invoice/ 1,created,,,bad ]0;title name 1m"
