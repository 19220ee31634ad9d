"""Stamps and their filter: in which time, whether `>` includes the stamp itself, how exactly it compares."""

import re
from datetime import datetime, timedelta
from typing import Any

from source_visma.components.stamps import Stamp
from source_visma.probe.question import Answer, Question, UnclearError, not_asked
from source_visma.probe.service import RefusedError, Reply, Service, clock_of

LISTS = ("/v1/supplier", "/v1/purchaseorder", "/v1/supplierInvoice", "/v1/customerinvoice")
STAMP = "lastModifiedDateTime"
AHEAD = timedelta(minutes=5)  # clocks of one service may differ by less
RECENT = timedelta(minutes=15)
ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")
STEP = timedelta(milliseconds=10)


def since(service: Service, path: str, stamp: str, condition: str = ">=", size: int = 1) -> Reply:
    """The records that were modified since a stamp."""
    return service.list(path, **{STAMP: stamp, f"{STAMP}Condition": condition}, pageNumber=1, pageSize=size)


def stamp_of(row: dict[str, Any]) -> datetime | None:
    """The stamp of a record, without a zone; None if it has none that can be read."""
    try:
        return datetime.fromisoformat(Stamp.even(Stamp.plain(row.get(STAMP)))[:26])
    except ValueError:
        return None


def _filter(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def zone(service: Service) -> Answer:
    """Compares the newest stamps with the service's own clock (UTC)."""
    if any(ZONE.search(str(row.get(STAMP))) for path in LISTS for row in _rows(service, path)):
        return Answer("zoned", "the stamps name their zone")
    recent = 0
    for path in LISTS:
        try:
            clock = clock_of(service.first(path))
            if clock is None:
                raise UnclearError("the answers carry no Date, so there is no clock to compare with")
            ahead = since(service, path, _filter(clock + AHEAD), size=100)
            stamps = [
                stamp
                for stamp in map(stamp_of, ahead.rows)
                if stamp and clock + AHEAD <= stamp <= clock + timedelta(days=1)
            ]
            if stamps:
                minutes = round((max(stamps) - clock).total_seconds() / 60)
                return Answer(
                    "local",
                    f"local time: the newest stamp is {minutes} minutes ahead of UTC",
                    {"minutes_ahead": minutes, "stamps_ahead": len(stamps)},
                )
            recent += since(service, path, _filter(clock - RECENT)).total
        except RefusedError:
            continue
    if recent:
        return Answer(
            "utc",
            "probably UTC: records changed within the last quarter of an hour, and no stamp is ahead of UTC",
            {"recent_stamps": recent},
        )
    raise UnclearError(
        "no record changed within the last quarter of an hour; change the note of an order in Visma and ask again at once"
    )


def inclusive(service: Service) -> Answer:
    """Whether a row is among those after its own stamp."""
    path, stamp = _example(service)
    at_least, after = (since(service, path, stamp, condition).total for condition in (">=", ">"))
    facts = {"rows_at_least": at_least, "rows_after": after}
    if not at_least:
        raise UnclearError("the filter does not find the record whose stamp was sent", **facts)
    if after == at_least:
        return Answer("inclusive", "yes: “>” means “after and on”", facts)
    return Answer("exclusive", "no: “>” leaves out the stamp itself", facts)


def precision(service: Service) -> Answer:
    """Whether a filter a hundredth of a second later still finds the row."""
    path, stamp = _example(service)
    later = _filter(datetime.fromisoformat(stamp) + STEP)
    at_stamp, past_it = since(service, path, stamp).total, since(service, path, later).total
    facts = {"rows_at_stamp": at_stamp, "rows_past_it": past_it}
    if not at_stamp:
        raise UnclearError("the filter does not find the record whose stamp was sent", **facts)
    if past_it == at_stamp:
        return Answer("seconds", "it compares whole seconds only", facts)
    return Answer("milliseconds", "it compares milliseconds", facts)


def _rows(service: Service, path: str) -> list[dict[str, Any]]:
    try:
        return service.sample(path).rows
    except RefusedError:
        return []


def _example(service: Service) -> tuple[str, str]:
    """A list, and the stamp of one of its records in the filter's form, not at the very end of a second."""
    for path in LISTS:
        for row in _rows(service, path):
            stamp = stamp_of(row)
            if stamp and 0 < stamp.microsecond < 980_000 and stamp.microsecond % 1000 == 0:
                return path, _filter(stamp)
    raise UnclearError("no record has a stamp with milliseconds")


QUESTIONS = (
    Question(
        "V1",
        "Are the modification stamps local time or UTC?",
        "how far an incremental read must reach back when clocks change",
        "lookback_window_minutes, start_date",
        zone,
    ),
    Question(
        "V2",
        "Does the filter “>” include the stamp itself?",
        "nothing to set: the source sends “>=” and drops what it has",
        "the promise that no change is missed",
        inclusive,
    ),
    Question(
        "V3",
        "How exactly does the filter compare stamps?",
        "how many records a sync reads again",
        "lookback_window_minutes",
        precision,
    ),
    Question(
        "V23",
        "How long after a change does the filter find it?",
        "how far an incremental read must reach back",
        "lookback_window_minutes",
        not_asked("it takes somebody who changes a document while the probe waits"),
    ),
)
