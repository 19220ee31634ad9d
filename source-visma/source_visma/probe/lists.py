"""Single lists: projects and their budgets, journals, employees, attachments."""

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from source_visma.probe.documents import INVOICES
from source_visma.probe.question import Answer, Fact, Question, UnclearError, not_asked
from source_visma.probe.service import SAMPLE, Reply, Service, clock_of

BUDGET, PROJECTS, JOURNALS = "/v1/projectbudget", "/v1/project", "/v2/journaltransaction"
NEVER = "2999-01-01T00:00:00.000"
NON_PROJECT = "X"
JOURNAL_DAYS = timedelta(days=400)


def budget_dates(service: Service) -> Answer:
    """Whether a date far ahead empties the list."""
    total = service.first(BUDGET).total
    later = service.list(
        BUDGET, lastModifiedDateTime=NEVER, lastModifiedDateTimeCondition=">=", pageNumber=1, pageSize=1
    ).total
    facts: dict[str, Fact] = {"rows": total, "rows_later": later}
    if not total:
        raise UnclearError("the company has no budget rows", **facts)
    if later:
        return Answer("ignored", "no: the date is not looked at, so that the list is read in full", facts)
    return Answer("filtered", "yes: it could be read incrementally", facts)


def commitments(service: Service) -> Answer:
    """Whether any budget row has a committed amount."""
    rows = service.sample(BUDGET).rows
    filled = sum(bool(row.get("committedAmount")) for row in rows)
    facts: dict[str, Fact] = {"rows": len(rows), "rows_with_commitment": filled}
    if not rows:
        raise UnclearError("the company has no budget rows", **facts)
    if filled:
        return Answer("on", f"yes: {filled} of {len(rows)} rows have a committed amount", facts)
    return Answer("off", "no row has one: “Internal (cost) commitment tracking” seems to be off in Visma", facts)


def project_tasks(service: Service) -> Answer:
    """The list of project tasks without a project."""
    reply = service.get("/v1/projecttask", {"pageNumber": 1, "pageSize": 5})
    facts: dict[str, Fact] = {"status": reply.status, "rows": len(reply.rows)}
    if reply.status >= 400:
        return Answer("refused", f"no: it is refused with status {reply.status}", facts)
    if not reply.rows:
        return Answer("empty", "no: the list is empty", facts)
    return Answer("listed", "yes", facts)


def non_project(service: Service) -> Answer:
    """Whether the code of “no project” is the usual one."""
    rows = service.list(PROJECTS, nonProject="true", pageNumber=1, pageSize=5).rows
    facts: dict[str, Fact] = {"rows": len(rows)}
    if len(rows) != 1:
        raise UnclearError("the list does not name exactly one such project", **facts)
    facts["is_X"] = rows[0].get("projectID") == NON_PROJECT
    if facts["is_X"]:
        return Answer("X", "yes", facts)
    return Answer("another", "no: set non_project_code to the code that Visma shows for “no project”", facts)


def journal_date(service: Service) -> Answer:
    """Whether a date without a period is enough."""
    reply = service.get(JOURNALS, {"lastModifiedDateTime": NEVER, "pageNumber": 1, "pageSize": 1})
    facts: dict[str, Fact] = {"status": reply.status}
    if reply.status >= 400:
        return Answer("refused", f"no: it is refused with status {reply.status}", facts)
    return Answer("accepted", "yes", facts)


def journal_pages(service: Service) -> Answer:
    """Whether one batch comes in two pages of one line each."""
    pages = [_journals(service, number).rows for number in (1, 2)]
    facts: dict[str, Fact] = {"first": len(pages[0]), "second": len(pages[1])}
    if not all(pages):
        raise UnclearError("there are too few journal transactions of the last 400 days", **facts)
    lines = len(pages[0][0].get("journalTransactionLines") or ())
    facts["lines_of_first"] = lines
    if _batch(pages[0][0]) == _batch(pages[1][0]):
        return Answer("split", "yes: the lines of one batch come on two pages", facts)
    if lines > 1:
        return Answer("whole", "no: a page holds whole batches, and its size counts batches", facts)
    raise UnclearError("the first batch has a single line", **facts)


def journal_number(service: Service) -> Answer:
    """Which batch the number of one of another module than the ledger's means."""
    rows = _journals(service, 1, module="AP").rows
    if not rows:
        raise UnclearError("there is no batch of the supplier ledger of the last 400 days")
    reply = service.get(f"{JOURNALS}/{quote(str(rows[0].get('batchNumber')), safe='')}")
    facts: dict[str, Fact] = {"status": reply.status}
    if reply.record is None:
        return Answer("refused", f"none: it is refused with status {reply.status}", facts)
    if reply.record.get("module") == rows[0].get("module"):
        return Answer("same module", "the batch that was meant", facts)
    return Answer("another module", "a batch of another module", facts)


def employee_key(service: Service) -> Answer:
    """Which of its two numbers finds an employee."""
    rows = service.sample("/v1/employee").rows
    rows = [row for row in rows if str(row.get("employeeNumber")) != str(row.get("employeeId"))]
    if not rows:
        raise UnclearError("no employee has a number that differs from its id")
    row = secrets.choice(rows)  # another one each time: the same refused request may be sent twice in five minutes
    names = ("employeeNumber", "employeeId")
    replies = {name: service.get(f"/v1/employee/{quote(str(row.get(name)), safe='')}") for name in names}
    found = {
        name: reply.record is not None and reply.record.get(name) == row.get(name) for name, reply in replies.items()
    }
    facts: dict[str, Fact] = {f"status_{name}": reply.status for name, reply in replies.items()}
    if all(found.values()):
        return Answer("both", "either of the two", facts)
    if found["employeeNumber"]:
        return Answer("number", "by employeeNumber", facts)
    return (
        Answer("id", "by employeeId", facts) if found["employeeId"] else Answer("neither", "neither of the two", facts)
    )


def attachments(service: Service) -> Answer:
    """Whether the number of an attachment finds its description. The file itself is not read."""
    rows = service.list(INVOICES, expandAttachment="true", pageNumber=1, pageSize=SAMPLE).rows
    found = [each for row in rows for each in row.get("attachments") or () if isinstance(each, dict) and each.get("id")]
    facts: dict[str, Fact] = {"invoices": len(rows), "attachments": len(found)}
    if not found:
        raise UnclearError("no invoice among those read has an attachment", **facts)
    reply = service.get(f"/v1/blob/metadata/{quote(str(secrets.choice(found)['id']), safe='')}")
    facts |= {"status": reply.status, "has_size": isinstance(reply.body, dict) and "size" in reply.body}
    if reply.status >= 400:
        return Answer("refused", f"no: it is refused with status {reply.status}", facts)
    return Answer("found", "yes", facts)


def _journals(service: Service, number: int, **filters: Any) -> Reply:
    clock = clock_of(service.sample("/v1/supplier"))
    since = (clock - JOURNAL_DAYS).isoformat(timespec="milliseconds") if clock else "2020-01-01"
    return service.list(JOURNALS, lastModifiedDateTime=since, pageNumber=number, pageSize=1, **filters)


def _batch(row: dict[str, Any]) -> tuple[Any, Any]:
    return row.get("module"), row.get("batchNumber")


QUESTIONS = (
    Question(
        "V12",
        "Can project budgets be read by date?",
        "whether the stream is read in full at each sync",
        "the stream project_budgets",
        budget_dates,
    ),
    Question(
        "V12 commitments",
        "Does the company track commitments in its projects?",
        "whether cards show what is committed",
        "Visma committed and Visma remaining on cards",
        commitments,
    ),
    Question(
        "V13",
        "Can project tasks be listed without a project?",
        "nothing yet: no stream reads them",
        "a stream to come",
        project_tasks,
    ),
    Question(
        "V13 non-project",
        "Is Visma's code for “no project” X?",
        "whether “no project” shows as a project",
        "non_project_code of the destination",
        non_project,
    ),
    Question(
        "V18",
        "Can journal transactions be read by date alone?",
        "whether incremental reads go by period",
        "the stream journal_transactions",
        journal_date,
    ),
    Question(
        "V18 pages",
        "Does one batch come on several pages?",
        "nothing to set: the source joins the parts",
        "the promise that a batch is one record, whole",
        journal_pages,
    ),
    Question(
        "V18 number",
        "Which batch does a number mean that several modules may have?",
        "nothing to set: the source reads lists only",
        "the key of journal_transactions",
        journal_number,
    ),
    Question(
        "V19",
        "By which of its numbers is an employee found?",
        "nothing to set: the source reads lists only",
        "the key of employees",
        employee_key,
    ),
    Question(
        "V20",
        "Can attachments of invoices be looked up?",
        "whether files could come with a document",
        "nothing yet: files do not come",
        attachments,
    ),
    Question(
        "V21",
        "Does a released invoice take a note?",
        "which documents the webhook listener can write to",
        "write_back of the webhook listener",
        not_asked("the probe reads only; try it in a company for tests"),
    ),
    Question(
        "V22",
        "What do webhooks carry, and how often are they repeated?",
        "what the webhook listener relies on",
        "on_visma_event of the webhook listener",
        not_asked("it takes a receiver that Visma reaches; webhook-listener check looks at it"),
    ),
)
