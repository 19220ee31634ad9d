"""What a service said of a refusal, in one line."""

import httpx
import pytest
from webhook_listener.http import words


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"message": "Error: Terms 'TT' cannot be found in the system.\r\nTry another.\r\n"},
            "Error: Terms 'TT' cannot be found in the system. Try another.",
        ),
        ({"ExceptionType": "IPPException", "ExceptionMessage": "", "ExceptionFaultCode": "12002"}, "12002"),
        (
            {"ExceptionMessage": "No license for this company.", "ExceptionFaultCode": "12027"},
            "No license for this company.",
        ),
        ({}, "nothing but the status 400"),
    ],
)
def test_words(body: dict[str, str], said: str) -> None:
    assert words(httpx.Response(400, json=body)) == said
