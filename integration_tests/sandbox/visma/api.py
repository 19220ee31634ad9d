"""The endpoints of the ERP API (lists, records by id, dimensions, the note PUT), and the checks that every call goes
through."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from integration_tests.sandbox.visma import changes, connection, notes
from integration_tests.sandbox.visma.entities import EMPLOYEE, PURCHASE_ORDER, SUPPLIER_INVOICE
from integration_tests.sandbox.visma.entity import Entity
from integration_tests.sandbox.visma.errors import RefusedError, gateway_refusal, not_found, refusal
from integration_tests.sandbox.visma.faults import below
from integration_tests.sandbox.visma.filters import boolean
from integration_tests.sandbox.visma.journals import journal_page
from integration_tests.sandbox.visma.listing import detail, page, select
from integration_tests.sandbox.visma.requestlog import Entry, json_or_text
from integration_tests.sandbox.visma.settings import CLIENT_ID, COMPANY_ID, READ, UPDATE
from integration_tests.sandbox.visma.store import Row
from integration_tests.sandbox.visma.wire import to_json
from integration_tests.sandbox.visma.world import World

_INVOICE_TYPES = ("Invoice", "DebitAdj", "CreditAdj", "Prepayment")

Handler = Callable[[World, Request], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def world_of(request: Request) -> World:
    """The world that this request belongs to."""
    world: World = request.app.state.world
    return world


def json_response(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer. Bytes are taken to be JSON already."""
    content = value if isinstance(value, bytes) else to_json(value)
    return Response(content, status, headers, media_type="application/json; charset=utf-8")


def endpoint(handler: Handler, empty: bytes | None = None, scope: str = READ) -> Endpoint:
    """Puts in front of the handler the steps of every API call: token, rate limit, headers, company, latency, faults.

    ``empty`` is the answer for another company's data; None means "no such record".
    """

    async def call(request: Request) -> Response:
        world = world_of(request)
        entry: Entry = request.scope["sandbox.entry"]
        company = request.headers.get("ipp-company-id", "")
        caller = f"{company}/{CLIENT_ID}"
        body = await request.body()
        if world.settings.record_bodies:
            entry.body = json_or_text(body)
        identity = (
            f"{request.method} {request.url.path}?{request.url.query} {company} {hashlib.sha256(body).hexdigest()}"
        )
        try:
            token = world.tokens.find(request.headers.get("authorization"))
            entry.token = token.number if token else None
            world.tokens.check(token, scope)
            world.limiter.crowd(world.log.in_flight)
            world.limiter.admit(caller, identity)
            await asyncio.sleep(_latency(world, request.url.path))
            if world.settings.strict_accept and "application/json" not in request.headers.get("accept", "").lower():
                raise refusal(406, "The Accept header must be application/json.")
            if company != COMPANY_ID and world.settings.company_mode != "ignored":
                return _foreign_company(world, empty)

            async def handled() -> Response:
                answer = await handler(world, request)
                changes.fire_triggers(world, request.url.path)
                return answer

            return await connection.with_fault(world, request, handled)
        except RefusedError as refused:
            if refused.status in (400, 403, 404, 406, 409, 412, 415):
                world.limiter.failed(identity)
            return json_response(refused.body, refused.status, refused.headers)
        finally:
            request.scope["sandbox.headers"] = world.limiter.headers(caller)

    return call


def _latency(world: World, path: str) -> float:
    latencies = world.settings.latencies
    beginnings = [beginning for beginning in latencies if below(path, beginning)]
    return latencies[max(beginnings, key=len)] if beginnings else world.settings.latency


def _foreign_company(world: World, empty: bytes | None) -> Response:
    if world.settings.company_mode == "no_license":
        raise gateway_refusal(400, "12027", "No license for this company.")
    if world.settings.company_mode == "forbidden":
        raise refusal(403, "The integration has no access to this company.")
    if empty is None:
        raise not_found()
    return json_response(empty)


def listed(request: Request, rows: bytes) -> Response:
    """A page of a list. The settings decide how an empty page looks."""
    form = world_of(request).settings.nothing
    if rows != b"[]" or form == "list":
        return json_response(rows)
    if form == "no_content":
        return Response(None, 204)
    if form == "null":
        return json_response(b"null")
    if request.query_params.get("pageNumber", "1") == "1":
        return json_response(rows)
    raise not_found() if form == "not_found" else refusal(500 if form == "error" else 400, "The page does not exist.")


def list_endpoint(entity: Entity) -> Endpoint:
    """GET of a list."""

    async def handler(world: World, request: Request) -> Response:
        query = request.query_params
        if entity is SUPPLIER_INVOICE and world.synthetic is not None:
            rows = world.synthetic.select(query, world.settings)
            return listed(request, page(entity, rows, query, world.settings))
        rows_of_table = select(entity, world.tables[entity.name], query, world.settings)
        return listed(request, page(entity, rows_of_table, query, world.settings))

    return endpoint(handler, b"[]")


async def _journals(world: World, request: Request) -> Response:
    return listed(request, journal_page(world.tables["journaltransaction"], request.query_params, world.settings))


journal_list = endpoint(_journals, b"[]")


def segment_of(request: Request, name: str) -> str:
    """A path parameter; ``b64(…)`` carries base64url for keys with reserved characters. Raises RefusedError 404."""
    text: str = request.path_params[name]
    if text.startswith("b64(") and text.endswith(")"):
        return from_base64(text[4:-1])
    return text


def from_base64(text: str) -> str:
    """Text from base64 or base64url, padded or not. Raises RefusedError 404 for anything else."""
    try:
        padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
        return base64.b64decode(padded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise not_found() from None


def find_row(world: World, entity: Entity, request: Request) -> Row:
    """The row named by a by-id path. Raises RefusedError 404, or 400 for a type that the path does not accept.

    If the path contains only the number, supplierInvoice means type Invoice (documented). For orders, customer invoices
    and journal batches, whose numbers may repeat across types, this is undocumented: the usual type comes first.
    """
    number = segment_of(request, "number")
    table = world.tables[entity.name]
    if entity is EMPLOYEE and world.settings.employees_by != "number":
        return _employee(world, number)
    if entity is PURCHASE_ORDER and world.settings.order_by_number == "other":
        return _other_order(world, number)
    kind = request.path_params.get("type", entity.default_type)
    if "type" in request.path_params and kind not in _INVOICE_TYPES:
        raise refusal(400, f"The value '{kind}' is not valid for documentType.")
    row = table.get((kind, number) if len(entity.key) > 1 else (number,))
    if row is None and entity.default_type and not entity.only_default:
        row = next((row for row in table if row.key[-1] == number), None)
    if row is None:
        raise not_found()
    return row


def _employee(world: World, number: str) -> Row:
    names = ("employeeId",) if world.settings.employees_by == "id" else ("employeeId", "employeeNumber")
    for row in world.tables["employee"]:
        if any(str(row.record[name]) == number for name in names):
            return row
    raise not_found()


def _other_order(world: World, number: str) -> Row:
    """The order with this number of the least usual type."""
    found = [row for row in world.tables["purchaseorder"] if row.key[-1] == number]
    if not found:
        raise not_found()
    return max(found, key=lambda row: ("RegularOrder", "DropShip", "Blanket", "StandardBlanket").index(row.key[0]))


def _wrapped(record: dict[str, Any]) -> dict[str, Any]:
    return {name: {"value": value} if isinstance(value, str) else value for name, value in record.items()}


def detail_endpoint(entity: Entity) -> Endpoint:
    """GET of one record, with its ETag."""

    async def handler(world: World, request: Request) -> Response:
        if entity is SUPPLIER_INVOICE and world.synthetic is not None:
            return json_response(world.synthetic.detail(segment_of(request, "number")))
        row = find_row(world, entity, request)
        headers = {"ETag": f'"{row.record["timeStamp"]}"'} if entity.etag else {}
        record = detail(entity, row, request.query_params)
        if entity is SUPPLIER_INVOICE and world.settings.note_by_number != "shown":
            record = notes.hidden(record, world.settings.note_by_number)
        if world.settings.wrapped_values:
            record = _wrapped(record)
        return json_response(record, headers=headers)

    return endpoint(handler)


async def _project_tasks(world: World, request: Request) -> Response:
    """Tasks of all projects; they carry no metadata."""
    if world.settings.project_tasks == "refused":
        raise refusal(400, "A project is mandatory.")
    found = [
        {"internalId": number, "taskId": "1", "projectId": row.record["projectID"]}
        for number, row in enumerate(world.tables["project"], 1)
    ]
    size = int(request.query_params.get("pageSize", world.settings.default_page_size))
    first = (int(request.query_params.get("pageNumber", 1)) - 1) * size
    return json_response(found[first : first + size])


async def _blob(world: World, request: Request) -> Response:
    if world.settings.blobs == "unknown":
        raise not_found()
    return json_response({"blobId": request.path_params["blob"], "contentType": "application/pdf", "size": 1024})


project_tasks = endpoint(_project_tasks, b"[]")
blob = endpoint(_blob)


async def _customer_by_internal_id(world: World, request: Request) -> Response:
    for row in world.tables["customer"]:
        if str(row.record["internalId"]) == request.path_params["internal_id"]:
            return json_response(row.record, headers={"ETag": f'"{row.record["timeStamp"]}"'})
    raise not_found()


customer_by_internal_id = endpoint(_customer_by_internal_id)


def note_endpoint(entity: Entity) -> Endpoint:
    """PUT of one document; changes only its note."""

    async def handler(world: World, request: Request) -> Response:
        try:
            row = notes.put(world, entity, find_row(world, entity, request), request.headers, await request.body())
        except RefusedError as refused:
            notes.remember_refusal(world, request.url.path, await request.body(), refused)
            raise
        return Response(None, 204, {"ETag": f'"{row.record["timeStamp"]}"'})

    return endpoint(handler, scope=UPDATE)


put_supplier_invoice = note_endpoint(SUPPLIER_INVOICE)
put_purchase_order = note_endpoint(PURCHASE_ORDER)


async def _dimension_names(world: World, request: Request) -> Response:
    return json_response(world.dimensions.names())


async def _dimension(world: World, request: Request) -> Response:
    flag = request.query_params.get("expandSegmentsValues")
    with_values = boolean("expandSegmentsValues", flag) if flag else True
    return json_response(world.dimensions.dimension(segment_of(request, "dimension"), with_values))


async def _segment(world: World, request: Request) -> Response:
    segment = world.dimensions.segment(segment_of(request, "dimension"), request.path_params["segment"])
    return json_response(segment, headers={"ETag": f'"{segment["timeStamp"]}"'})


async def _segment_value(world: World, request: Request) -> Response:
    params = request.path_params
    name, wanted = ("publicId", params["public"]) if "public" in params else ("valueId", from_base64(params["value"]))
    return json_response(world.dimensions.value(segment_of(request, "dimension"), params["segment"], name, wanted))


dimension_names = endpoint(_dimension_names, b"[]")
dimension = endpoint(_dimension)
segment = endpoint(_segment)
segment_value = endpoint(_segment_value)


async def token(request: Request) -> Response:
    """POST of Visma Connect's token endpoint."""
    world = world_of(request)

    async def issue() -> Response:
        try:
            headers = request.headers
            answer = world.tokens.issue(
                headers.get("content-type", ""), headers.get("authorization"), await request.body()
            )
        except RefusedError as refused:
            return json_response(refused.body, refused.status, refused.headers)
        return json_response(answer, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    await asyncio.sleep(_latency(world, request.url.path))
    return await connection.with_fault(world, request, issue)
