"""Requests and answers on the wire: the `data` / `options` envelope, form bodies, uploads, error bodies."""

import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.responses import Response

from .call import Reply
from .errors import ApiError, bad

JSON = "application/json; charset=UTF-8"


@dataclass
class Content:
    """The content of a request: `data`, `options` and the files of an upload."""

    data: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    multipart: bool = False


def segments(path: str) -> list[str]:
    """The decoded parts of a raw path. An encoded slash does not separate parts."""
    return [unquote(part) for part in path.strip("/").split("/")]


def parse(request: Request, body: bytes) -> Content:
    """Reads the body of a request. Raises ApiError 400 if Asana would not accept it."""
    if request.method in ("GET", "DELETE") and not body:
        return Content()
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _parts(request.headers["content-type"], body)
    if kind == "application/x-www-form-urlencoded":
        pairs = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        options = {name[4:]: value for name, value in pairs.items() if name.startswith("opt_")}
        return Content({name: value for name, value in pairs.items() if not name.startswith("opt_")}, options)
    return parse_json(body, required=request.method in ("POST", "PUT"))


def _parts(content_type: str, body: bytes) -> Content:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    content = Content(multipart=True)
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if part.get_filename() is not None:
            content.files[str(name)] = (str(part.get_filename()), bytes(payload))
        else:
            content.data[str(name)] = bytes(payload).decode("utf-8", "replace")
    return content


def parse_json(body: bytes, required: bool = True) -> Content:
    try:
        content = json.loads(body or b"{}", parse_constant=_no_constant)
        if b"\\ud" in body.lower():  # half of a surrogate pair is no character
            json.dumps(content, ensure_ascii=False).encode()
    except ValueError:
        raise bad("Could not parse request data, invalid JSON") from None
    if not isinstance(content, dict):
        raise bad("Request data is not an object")
    for name in content:
        if name not in ("data", "options"):
            raise bad(f"{name}: Unrecognized request field")
    data, options = content.get("data"), content.get("options", {})
    if data is None and required:
        raise bad("data: Missing input: the request body needs an object under 'data'")
    if not isinstance(data or {}, dict) or not isinstance(options, dict):
        raise bad("data: Value is not an object")
    return Content(data or {}, options)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def weight(method: str, path: str, body: bytes) -> dict[str, int]:
    """The number of requests this counts as, by kind (`read`, `write`): every action of a batch counts as one."""
    if method == "POST" and path.strip("/") == "batch":
        actions = _actions(body)
        reads = sum(1 for action in actions if str(action.get("method", "")).lower() == "get")
        counts = {"read": reads, "write": len(actions) - reads}
        return {kind: count for kind, count in counts.items() if count} or {"write": 1}
    return {"read" if method in ("GET", "HEAD", "OPTIONS") else "write": 1}


def searches(path: str, body: bytes) -> int:
    """The number of these that are searches, which have their own limit."""
    asked = [str(action.get("relative_path")) for action in _actions(body)] if path.strip("/") == "batch" else [path]
    return sum(one.endswith("/search") for one in asked)


def _actions(body: bytes) -> list[dict[str, Any]]:
    """The actions of a batch, as far as its body is valid."""
    try:
        actions = json.loads(body)["data"]["actions"]
        return [action for action in actions if isinstance(action, dict)]
    except (ValueError, KeyError, TypeError):
        return []


def response(reply: Reply, pretty: bool = False) -> Response:
    text = json.dumps(reply.body, ensure_ascii=False, indent=2 if pretty else None, allow_nan=False)
    return Response(text.encode("utf-8", "surrogatepass"), reply.status, reply.headers, JSON)


def error_response(error: ApiError) -> Response:
    return Response(json.dumps(error.body(), ensure_ascii=False).encode(), error.status, error.headers, JSON)
