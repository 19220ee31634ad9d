"""The error answers of the sandbox Asana: one exception, and a function for each text that clients of the real service
have met."""

from typing import Any

HELP = (
    "For more information on API status codes and how to handle them, read the docs on errors: "
    "https://developers.asana.com/docs/errors"
)


class ApiError(Exception):
    """An answer other than 2xx.

    `status` is the HTTP status, `message` what `errors[0].message` says, `extra` further top-level keys of the body
    (the `sync` token of a 412), `phrase` the phrase that only a 500 carries.
    """

    def __init__(
        self,
        status: int,
        message: str,
        headers: dict[str, str] | None = None,
        phrase: str | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
        self.phrase = phrase
        self.extra = extra or {}

    def body(self) -> dict[str, Any]:
        error = {"message": self.message, "help": HELP}
        if self.phrase:
            error["phrase"] = self.phrase
        return {"errors": [error], **self.extra}


def bad(message: str) -> ApiError:
    return ApiError(400, message)


def unauthorized(message: str = "Not Authorized") -> ApiError:
    return ApiError(401, message, {"WWW-Authenticate": 'Bearer realm="asana"'})


def payment_required(message: str = "Custom Fields are not available for free users or guests.") -> ApiError:
    return ApiError(402, message)


def forbidden(message: str) -> ApiError:
    return ApiError(403, message)


def missing_object(kind: str, gid: str) -> ApiError:
    """The object named in the path does not exist, or the caller may not see it. Asana does not say which."""
    return ApiError(404, f"{kind}: Unknown object: {gid}")


def unknown_object(field: str, gid: Any) -> ApiError:
    """An object named in a body or a query parameter does not exist."""
    return bad(f"{field}: Unknown object: {gid}")


def not_an_id(field: str, value: Any) -> ApiError:
    return bad(f"{field}: Not a recognized ID: {value}")


def create_only(field: str) -> ApiError:
    return bad(f"{field}: Cannot write this property")


def missing(field: str) -> ApiError:
    return bad(f"{field}: Missing input")


def no_route() -> ApiError:
    return ApiError(404, "No matching route for request")


def throttled(retry_after: int, message: str | None = None) -> ApiError:
    text = message or (
        "You have made too many requests recently. Please, be chill. "
        f"Retry after {retry_after} seconds, see https://developers.asana.com/docs/rate-limits"
    )
    return ApiError(429, text, {"Retry-After": str(retry_after)})
