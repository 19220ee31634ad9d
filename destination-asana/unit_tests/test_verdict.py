"""What comes after an attempt at a request, as a table. Statuses: Asana developer docs, "Errors" and "Rate limits"."""

import pytest
import requests
from destination_asana.asana.verdict import Answer, Attempt, Patience, Step, Verdict, verdict
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ProxyError

DATE = "Sat, 07 Nov 2026 10:00:00 GMT"
REPEATABLE, CREATE = Attempt(), Attempt(repeatable=False)
LAST = Attempt(number=8)
REFUSED = {"errors": [{"message": "No."}]}


def throttled(retry_after=None):
    return Answer(429, REFUSED, {"Date": DATE} | ({} if retry_after is None else {"Retry-After": retry_after}))


def no_connection():
    return requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused")))


def broken():
    return requests.ConnectionError(ProtocolError("Connection aborted."))


CHECK = Patience(attempts=2, throttles=2, longest_pause=5.0)
NOT_WHOLE, NOT_JSON = "status 200, not whole", "an answer that is not valid JSON"


@pytest.mark.parametrize(
    ("answer", "attempt", "expected"),
    [
        # A success is taken when it is whole.
        (Answer(200, {"data": {}}), REPEATABLE, Verdict(Step.TAKE)),
        (Answer(201, {"data": {"gid": "1"}}), CREATE, Verdict(Step.TAKE)),
        (Answer(200, {"data": []}), LAST, Verdict(Step.TAKE)),
        # A success that is not whole may be a page of a proxy, or an answer that was cut off.
        (Answer(200), REPEATABLE, Verdict(Step.REPEAT, NOT_WHOLE, 0.5)),
        (Answer(200, {"error": "?"}), REPEATABLE, Verdict(Step.REPEAT, NOT_WHOLE, 0.5)),
        (Answer(200, ["data"]), REPEATABLE, Verdict(Step.REPEAT, NOT_WHOLE, 0.5)),
        (Answer(302), LAST, Verdict(Step.UNREACHABLE, NOT_JSON)),
        (Answer(200), LAST, Verdict(Step.UNREACHABLE, NOT_JSON)),
        (Answer(201), CREATE, Verdict(Step.LOOK, "an answer that is not whole")),
        # A refused token is renewed once.
        (Answer(401, REFUSED), REPEATABLE, Verdict(Step.RENEW)),
        (Answer(401, REFUSED), CREATE, Verdict(Step.RENEW)),
        (Answer(401, REFUSED), Attempt(renewed=True), Verdict(Step.REFUSED)),
        # A rate limit: the seconds or the date it names; else a second that doubles.
        (throttled("7"), REPEATABLE, Verdict(Step.WAIT, pause=7)),
        (throttled("7"), CREATE, Verdict(Step.WAIT, pause=7)),
        (throttled("7"), LAST, Verdict(Step.WAIT, pause=7)),
        (throttled("Sat, 07 Nov 2026 10:00:12 GMT"), REPEATABLE, Verdict(Step.WAIT, pause=12)),
        (throttled(), REPEATABLE, Verdict(Step.WAIT, pause=1)),
        (throttled("0"), Attempt(throttled=2), Verdict(Step.WAIT, pause=4)),
        (throttled("86400"), REPEATABLE, Verdict(Step.WAIT, pause=300)),
        (throttled("7"), Attempt(throttled=1000), Verdict(Step.REFUSED)),
        (throttled("7"), Attempt(waited=3599), Verdict(Step.WAIT, pause=7)),
        (throttled("7"), Attempt(waited=3600), Verdict(Step.REFUSED)),
        (throttled("5"), Attempt(CHECK), Verdict(Step.WAIT, pause=5)),
        (throttled("6"), Attempt(CHECK), Verdict(Step.REFUSED)),
        (throttled("1"), Attempt(CHECK, throttled=2), Verdict(Step.REFUSED)),
        # Faults of Asana that may pass, with pauses that double up to a minute.
        *[
            (Answer(status, REFUSED), REPEATABLE, Verdict(Step.REPEAT, f"status {status}", 0.5))
            for status in (500, 502)
        ],
        (Answer(503), Attempt(number=3), Verdict(Step.REPEAT, "status 503", 2)),
        (Answer(504), Attempt(Patience(attempts=20), number=9), Verdict(Step.REPEAT, "status 504", 60)),
        (Answer(503), LAST, Verdict(Step.REFUSED)),
        (Answer(500, REFUSED), Attempt(CHECK, number=2), Verdict(Step.REFUSED)),
        # After such a fault a create may have been applied, and after a slow one be applied yet.
        (Answer(500, REFUSED), CREATE, Verdict(Step.LOOK, "status 500")),
        (Answer(503), CREATE, Verdict(Step.LOOK, "status 503")),
        (Answer(504), CREATE, Verdict(Step.LOOK, "status 504", slow=True)),
        (Answer(502), Attempt(repeatable=False, seconds=5.1), Verdict(Step.LOOK, "status 502", slow=True)),
        (Answer(502), Attempt(repeatable=False, seconds=4.9), Verdict(Step.LOOK, "status 502")),
        (Answer(503), Attempt(number=8, repeatable=False), Verdict(Step.LOOK, "status 503")),
        # Everything else stays as it is, however often it is asked.
        *[(Answer(status, REFUSED), REPEATABLE, Verdict(Step.REFUSED)) for status in (400, 402, 403, 404, 422, 451)],
        *[(Answer(status, REFUSED), CREATE, Verdict(Step.REFUSED)) for status in (400, 402, 403, 404, 413, 501)],
    ],
)
def test_an_answer(answer, attempt, expected):
    assert verdict(answer, None, attempt) == expected


@pytest.mark.parametrize(
    ("error", "attempt", "expected"),
    [
        # What was never sent may be repeated, creates too.
        (no_connection(), REPEATABLE, Verdict(Step.REPEAT, "no connection", 0.5)),
        (no_connection(), CREATE, Verdict(Step.REPEAT, "no connection", 0.5)),
        (no_connection(), LAST, Verdict(Step.UNREACHABLE, "no connection")),
        (requests.ConnectTimeout(), CREATE, Verdict(Step.REPEAT, "it did not answer in time", 0.5)),
        (requests.ConnectTimeout(), LAST, Verdict(Step.UNREACHABLE, "it did not answer in time")),
        (
            requests.exceptions.ProxyError(ProxyError("x", OSError())),
            CREATE,
            Verdict(Step.REPEAT, "no connection", 0.5),
        ),
        # What may have been sent is repeated only where that does no harm.
        (requests.ReadTimeout(), REPEATABLE, Verdict(Step.REPEAT, "it did not answer in time", 0.5)),
        (requests.ReadTimeout(), CREATE, Verdict(Step.LOOK, "it did not answer in time", slow=True)),
        (broken(), Attempt(number=2), Verdict(Step.REPEAT, "the connection broke before the answer was whole", 1)),
        (broken(), CREATE, Verdict(Step.LOOK, "the connection broke before the answer was whole")),
        (
            broken(),
            Attempt(repeatable=False, seconds=31.0),
            Verdict(Step.LOOK, "the connection broke before the answer was whole", slow=True),
        ),
        (broken(), LAST, Verdict(Step.UNREACHABLE, "the connection broke before the answer was whole")),
        (
            requests.exceptions.ChunkedEncodingError(),
            CREATE,
            Verdict(Step.LOOK, "the connection broke before the answer was whole"),
        ),
        (
            requests.exceptions.SSLError(),
            LAST,
            Verdict(Step.UNREACHABLE, "its TLS certificate could not be verified"),
        ),
    ],
)
def test_an_error(error, attempt, expected):
    assert verdict(None, error, attempt) == expected


@pytest.mark.parametrize(
    ("ruling", "following"),
    [
        (Verdict(Step.RENEW), Attempt(renewed=True)),
        (Verdict(Step.WAIT, pause=7.0), Attempt(throttled=1, waited=7.0)),
        (Verdict(Step.REPEAT, "status 500", 0.5), Attempt(number=2)),
    ],
)
def test_only_faults_use_up_attempts(ruling, following):
    assert Attempt().after(ruling) == following
