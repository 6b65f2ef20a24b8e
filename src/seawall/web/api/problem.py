"""What a call is answered where it is refused: problem details (RFC 9457) that say which field, and quote nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from seawall.web.api import PREFIX
from seawall.web.refusals import Hidden, Refusal

MEDIA_TYPE = "application/problem+json"
_FIELD = re.compile(r"[a-z_]{1,40}")
_SAYS_NO_VALUE = frozenset(
    {
        "bool_parsing",
        "bool_type",
        "enum",
        "finite_number",
        "float_parsing",
        "float_type",
        "greater_than",
        "greater_than_equal",
        "int_parsing",
        "int_type",
        "json_invalid",
        "less_than_equal",
        "list_type",
        "literal_error",
        "missing",
        "model_attributes_type",
        "string_pattern_mismatch",
        "string_too_long",
        "string_too_short",
        "string_type",
        "timezone_aware",
        "too_long",
        "too_short",
        "value_error",
    }
)
"""Kinds of faults whose sentence names what is expected, and not what was given."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with what was sent: a field of the body, by its JSON pointer, or a parameter."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        told = {"pointer": self.pointer, "parameter": self.parameter, "detail": self.detail}
        return {name: value for name, value in told.items() if value is not None}


class NoToken(Refusal):
    """No token, or one that is over."""

    status = 401

    def __init__(self) -> None:
        super().__init__("No token that is in force came with this.", "Send one as: Authorization: Bearer seawall_...")


class Unfit(Refusal):
    """What was sent does not fit the call."""

    status = 422

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__("What was sent does not fit this call, so nothing was done.", "Correct what is named below.")
        self.wrong = tuple(wrong)


class Twice(Refusal):
    """The same key while its act is still under way."""

    status = 409

    def __init__(self) -> None:
        super().__init__("An act with this key is under way.", "Send it again in a moment.", retry_after=1)


class WrongMethod(Refusal):
    """A path that answers to other methods."""

    status = 405

    def __init__(self, allow: str) -> None:
        super().__init__("This call is made with another method.", f"It is {allow}.")
        self.allow = allow


def is_call(request: Request) -> bool:
    """Whether a request is for the interface."""
    path = request.url.path
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def told(request: Request, refusal: Refusal, where: str | None = None) -> Response:
    """The answer to a call that is refused."""
    phrase, request_id = HTTPStatus(refusal.status).phrase, request.state.request_id
    detail = f"{refusal.sentence} {refusal.mend}".strip()
    problem: dict[str, Any] = {"type": "about:blank", "title": phrase, "status": refusal.status, "detail": detail}
    wrong = refusal.wrong if isinstance(refusal, Unfit) else _named(where, refusal)
    if wrong:
        problem["errors"] = [one.as_dict() for one in wrong]
    answer = JSONResponse(problem | {"request_id": request_id}, refusal.status, media_type=MEDIA_TYPE)
    for name, value in _headers(refusal).items():
        answer.headers[name] = value
    return answer


def misfit(error: RequestValidationError) -> Refusal:
    """What is wrong with a request that FastAPI does not take. An id that can be none is one that is not there."""
    errors = error.errors()
    if any(one["loc"][:1] == ("path",) for one in errors):
        return Hidden()
    return Unfit([_wrong(one) for one in errors])


def strayed(error: HTTPException) -> Refusal:
    """Why a request came to no call: its body is no text, its path is unknown, or it has another method."""
    if error.status_code == 400:
        return Unfit([Wrong("The body is no JSON.", pointer="#")])
    allow = next((value for name, value in (error.headers or {}).items() if name.lower() == "allow"), None)
    return WrongMethod(allow) if allow else Hidden()


def _named(where: str | None, refusal: Refusal) -> tuple[Wrong, ...]:
    """The field that a rule of Seawall speaks about."""
    named = where is not None and _FIELD.fullmatch(where)
    return (Wrong(refusal.sentence, pointer=f"#/{where}"),) if named else ()


def _headers(refusal: Refusal) -> Mapping[str, str]:
    headers = {}
    if isinstance(refusal, NoToken):
        headers["www-authenticate"] = "Bearer"
    if isinstance(refusal, WrongMethod):
        headers["allow"] = refusal.allow
    if refusal.retry_after:
        headers["retry-after"] = str(ceil(refusal.retry_after))
    return headers


def _wrong(error: Mapping[str, Any]) -> Wrong:
    part, *path = error["loc"] or ("body",)
    told = error["msg"] if error["type"] in _SAYS_NO_VALUE else "This is not what the field takes."
    if error["type"] == "extra_forbidden":
        told = "There is no such field."
    if error["type"] == "json_invalid":
        path = []
    if part == "body":
        return Wrong(told, pointer=_pointer(path))
    return Wrong(told, parameter=str(path[0])[:100] if path else str(part))


def _pointer(path: Iterable[object]) -> str:
    """A JSON pointer (RFC 6901) as the fragment of an address.

    >>> _pointer(["cases", 3, "a/b"])
    '#/cases/3/a~1b'
    """
    return "#" + "".join(f"/{str(one)[:100].replace('~', '~0').replace('/', '~1')}" for one in path)
