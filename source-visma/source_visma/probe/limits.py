"""What the service says about its limits, and how it refuses."""

import secrets

from source_visma.probe.question import Answer, Fact, Question, not_asked
from source_visma.probe.service import Service

LIMITS = ("Limit", "Remaining", "Reset")


def limits(service: Service) -> Answer:
    """The headers with the budget of calls."""
    headers = service.first("/v1/supplier").headers
    told = {name: headers.get(f"X-RateLimit-{name}", "") for name in LIMITS}
    facts: dict[str, Fact] = {f"rate_{name.lower()}": int(text) for name, text in told.items() if text.isdigit()}
    facts["headers"] = sorted(service.headers)
    if not told["Limit"].isdigit():
        return Answer(
            "not stated", "no: answers do not name a budget, so that the source learns it from refusals", facts
        )
    return Answer("stated", f"yes: {told['Limit']} calls per window", facts)


def refusals(service: Service) -> Answer:
    """The statuses of three mistakes. Each is made once, and another time in another way, because repeated ones are limited."""
    once = secrets.token_hex(4)
    case = service.get("/v1/SUPPLIER", {"pageNumber": 1, "pageSize": 1, "probe": once})
    unknown = service.get(f"/v1/supplier/probe{once}")
    bad_date = service.get(
        "/v1/supplier",
        {"lastModifiedDateTime": f"no date {once}", "lastModifiedDateTimeCondition": ">=", "pageSize": 1},
    )
    replies = {"path_case": case, "unknown_number": unknown, "bad_date": bad_date}
    facts: dict[str, Fact] = {f"status_{name}": reply.status for name, reply in replies.items()}
    facts |= {f"json_{name}": isinstance(reply.body, dict) for name, reply in replies.items() if reply.status >= 400}
    statuses = f"unknown number {unknown.status}, bad date {bad_date.status}"
    if bad_date.status < 400:
        return Answer("dates ignored", f"not always: a date that is none is passed over; {statuses}", facts)
    if case.status < 400:
        return Answer("any case", f"yes; the case of a path does not matter; {statuses}", facts)
    return Answer("strict", f"yes; the case of a path matters ({case.status}); {statuses}", facts)


QUESTIONS = (
    Question(
        "V14",
        "Do answers name the budget of calls?",
        "how the source spreads its calls",
        "num_workers, the rate of calls",
        limits,
    ),
    Question(
        "V14 repeats",
        "How often may one request be repeated?",
        "how often the source may try again",
        "the number of attempts",
        not_asked("the answer would be a refusal that also stops a running sync"),
    ),
    Question(
        "V15",
        "Does Visma refuse what is wrong?",
        "which mistakes show as an error",
        "messages of check and sync",
        refusals,
    ),
    Question(
        "V15 scope",
        "How does Visma refuse a token with another scope?",
        "the message of a missing scope",
        "messages of check and sync",
        not_asked("the probe asks for no more than the right to read"),
    ),
)
