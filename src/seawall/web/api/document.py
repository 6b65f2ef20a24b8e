"""The interface told in OpenAPI 3.1, made out of the same declarations that answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

import seawall
from seawall.web.api.problem import MEDIA_TYPE
from seawall.web.routes import Access, Declared

PROBLEM = "Problem"
ABOUT = (
    "What the console does, for programs. A token, made in the console under Your settings, acts for the person "
    "who made it, within its scopes. Accounts are pseudonyms; no message is told in words. Times are UTC. "
    "Refusals are problem details (RFC 9457). What one may not see is answered as what is not there. What needs "
    "the person (the second person's agreement, opening the vault, enrolling) is done in the console alone."
)
REFUSALS = {
    401: "No token that is in force.",
    404: "It is not there, or not for this token to see.",
    405: "Another method.",
    409: "A rule forbids it; nothing was done.",
    413: "More was sent than is taken.",
    422: "What was sent does not fit; `errors` says what.",
    429: "Asked too often; `Retry-After` says how long to wait.",
    503: "The disk or the casebook refuses; try again.",
}
_PROBLEM = {
    "title": "Problem",
    "description": "RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "request_id"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "Also in the header X-Request-Id; logs name it."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "additionalProperties": False,
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "A field of the body (RFC 6901)."},
                    "parameter": {"type": "string", "description": "Of the query, or a header."},
                },
            },
        },
    },
}


def refusals(route: Declared) -> dict[int | str, dict[str, Any]]:
    """With which problems a call may answer."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}
    left = {409} if route.method == "GET" else set()
    return {status: {"description": why, "content": content} for status, why in REFUSALS.items() if status not in left}


def document(app: FastAPI, routes: Mapping[str, Declared]) -> dict[str, Any]:
    """The whole document.

    Args:
        app: that answers.
        routes: the declared ones by name.
    """
    if app.openapi_schema is None:
        app.openapi_schema = _made(app, routes)
    return app.openapi_schema


def _made(app: FastAPI, routes: Mapping[str, Declared]) -> dict[str, Any]:
    listed = [one for one in app.routes if isinstance(one, APIRoute) and one.include_in_schema]
    made = get_openapi(
        title="Seawall",
        version=seawall.__version__,
        openapi_version="3.1.0",
        description=ABOUT,
        routes=listed,
    )
    parts = made.setdefault("components", {})
    parts.setdefault("schemas", {})[PROBLEM] = _PROBLEM
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "description": "seawall_..."}}
    for one in listed:
        route = routes[one.name]
        made["paths"][one.path_format][route.method.lower()]["security"] = _security(route)
    return made


def _security(route: Declared) -> list[dict[str, list[str]]]:
    if route.may is Access.PUBLIC:
        return []
    return [{"token": [] if isinstance(route.may, Access) else [route.may.scope]}]
