"""The console as an application: its pages, what is around them, and the files that come with it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from seawall.web import problems
from seawall.web.addresses import Addresses
from seawall.web.admission import admission
from seawall.web.api.adding import add_call
from seawall.web.api.calls import CALLS
from seawall.web.console import Console, opened
from seawall.web.envelope import Envelope
from seawall.web.pages import PAGES
from seawall.web.routes import Declared, Pages, together
from seawall.web.settings import ConsoleSettings
from seawall.web.templating import BRIEF_STYLE, Templates
from seawall.workspace.shown import style_sheet

QUIET = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)
"""FastAPI's own telemetry stays off, whatever the environment says."""


def create_app(folder: Path, settings: ConsoleSettings) -> FastAPI:
    """The console over a workspace. Nothing in it asks another host for anything.

    Args:
        folder: the workspace's folder.
        settings: under which address it is reached, and its usual language.

    Raises:
        WorkspaceError: there is no workspace, or a newer Seawall wrote it.
        StorageError: its casebook cannot be opened.
    """
    return assembled(
        folder, settings, together([*(module.pages for module in PAGES), *(module.calls for module in CALLS)])
    )


def assembled(folder: Path, settings: ConsoleSettings, pages: Pages) -> FastAPI:
    """A console with certain pages and calls; everything around them is the same."""
    app = FastAPI(title="Seawall", docs_url=None, redoc_url=None, openapi_url=None, telemetry=QUIET)
    addresses = app.state.addresses = Addresses(app)
    app.state.console = Console(opened(folder), settings, pages, Templates(addresses))
    for route in pages.routes:
        if route.call is None:
            _add(app, route)
        else:
            add_call(app, route, route.call)
    _add_files(app)
    problems.install(app)
    app.user_middleware.append(Middleware(Envelope))
    return app


def _add(app: FastAPI, route: Declared) -> None:
    app.add_api_route(
        route.path,
        route.handler,
        methods=[route.method],
        name=route.name,
        response_model=None,
        response_class=HTMLResponse,
        include_in_schema=False,
        dependencies=[Depends(admission(route))],
    )


def _add_files(app: FastAPI) -> None:
    sheet = style_sheet().encode()

    def brief_style() -> Response:
        return Response(sheet, media_type="text/css", headers={"etag": sha256(sheet).hexdigest()})

    app.add_route(BRIEF_STYLE, lambda _: brief_style(), methods=["GET"], name="brief-style", include_in_schema=False)
    app.mount("/static", StaticFiles(packages=[("seawall.web", "static")]), name="static")
