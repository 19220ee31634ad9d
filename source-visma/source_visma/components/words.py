"""What went wrong, in words for people: without a secret, in one sentence."""

import re

import orjson
import requests

from source_visma.components.errors import UnreadableAnswer, printable


def in_words(problem: requests.RequestException) -> str:
    """Why no usable answer came."""
    if isinstance(problem, UnreadableAnswer):
        return str(problem)
    if isinstance(problem, requests.exceptions.SSLError):
        return "the TLS certificate was not accepted"
    if isinstance(problem, requests.exceptions.ProxyError):
        return "the proxy did not let the request through"
    if isinstance(problem, requests.Timeout):
        return "no answer in time"
    return f"the connection failed or broke off ({type(problem).__name__})"


def message_of(response: requests.Response) -> str:
    """What the service itself said about a refusal: the ERP, its gateway and Visma Connect use different keys."""
    if response.is_redirect:
        return f"moved to {response.headers['Location']}"
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        body = re.sub(r"<[^>]*>", " ", response.text)
    if not isinstance(body, dict):
        return one_line(body)[:200] or "nothing"
    words = [body.get(key) for key in ("error", "error_description", "ExceptionFaultCode", "ExceptionMessage")]
    words += [next((body[key] for key in ("message", "Message", "detail", "title") if body.get(key)), None)]
    return ": ".join(one_line(word) for word in words if word)[:500] or "nothing"


def one_line(words: object) -> str:
    """The same words without line breaks, which would end a message in the middle."""
    return " ".join(printable(str(words)).split())
