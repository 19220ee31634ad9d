"""Texts of Visma's in messages stay parts of their line."""

import logging

import orjson
import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from source_visma.components.errors import give_up
from source_visma.components.words import message_of
from source_visma.quiet import Plain

FORGERIES = [
    ('No licence\n{"type": "STATE"}', 'No licence {"type": "STATE"}'),
    ("No licence\r\nERROR forged", "No licence ERROR forged"),
    ("No licence\u2028ERROR\x85forged", "No licence ERROR forged"),
    ("No licence\x1b[31mforged\x00", "No licence [31mforged"),
    ("No licence\x9b2K\u202egpj", "No licence 2K gpj"),
]


@pytest.mark.parametrize(("text", "shown"), FORGERIES)
def test_a_text_does_not_begin_a_line_of_its_own(answer, text, shown):
    assert message_of(answer(orjson.dumps({"ExceptionMessage": text}), 403)) == shown
    record = logging.LogRecord("airbyte", logging.WARNING, "x.py", 1, "%s", (text,), None)
    assert Plain().filter(record)
    assert record.getMessage().strip() == shown


def test_an_address_in_a_redirect_is_a_text_of_others_too(answer):
    moved = answer(b"", 302, Location="https://x/\x1b[31m\x9b2Kforged")
    with pytest.raises(AirbyteTracedException) as caught:
        give_up(FailureType.transient_error, message_of(moved))
    assert caught.value.message == "moved to https://x/ [31m 2Kforged"
