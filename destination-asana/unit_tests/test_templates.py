"""What a project template is asked."""

import pytest
from destination_asana.board.templates import Template


@pytest.mark.parametrize(
    ("document_date", "due_date", "expected"),
    [
        ("2026-01-07", "2026-02-03", {"1": "2026-01-07", "2": "2026-02-03", "3": "2026-02-03", "4": "2026-01-07"}),
        ("2026-02-03", "2026-02-03", {"1": "2026-02-02", "2": "2026-02-03", "3": "2026-02-03", "4": "2026-02-02"}),
        (None, "2026-02-03", {"1": "2026-02-02", "2": "2026-02-03", "3": "2026-02-03", "4": "2026-02-02"}),
        (None, "2026-09-01", {"2": "2026-09-01", "3": "2026-09-01"}),
        ("2026-01-07", None, {"1": "2026-01-07", "4": "2026-01-07"}),
        ("2026-07-07", None, {"1": "2026-07-07", "2": "2026-07-08", "3": "2026-07-08", "4": "2026-07-07"}),
        (None, None, {}),
    ],
)
def test_a_template_gets_the_documents_dates(document_date, due_date, expected):
    dates = (("1", "Start Date"), ("2", "Due Date"), ("3", "Payment deadline"), ("4", "Invoice date"))
    asked = Template("9", dates, ()).dates_for(document_date, due_date, today="2026-06-01")
    assert {each["gid"]: each["value"] for each in asked} == expected
