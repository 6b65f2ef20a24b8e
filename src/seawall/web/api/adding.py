"""Puts a call into the application, with what the document says of it."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

from fastapi import Depends, FastAPI

from seawall.web.api.admission import admission, key_told
from seawall.web.api.document import refusals
from seawall.web.routes import Access, Call, Declared


def add_call(app: FastAPI, route: Declared, call: Call) -> None:
    """Let the application answer a call."""
    summary, _, more = cleandoc(route.handler.__doc__ or "").partition("\n")
    scope = "" if isinstance(route.may, Access) else f"Scope: `{route.may.scope}`."
    answers: dict[int | str, dict[str, Any]] = {status: {"model": call.answer} for status in call.also}
    app.add_api_route(
        route.path,
        route.handler,
        methods=[route.method],
        name=route.name,
        operation_id=route.name.removeprefix("api.").replace(".", "_").replace("-", "_"),
        response_model=call.answer,
        status_code=call.status,
        tags=[call.group],
        summary=summary,
        description=" ".join([*more.split(), scope]).strip(),
        responses=refusals(route) | answers,
        include_in_schema=call.answer is not None,
        dependencies=[Depends(admission(route)), *([Depends(key_told)] if route.method == "POST" else [])],
    )
