"""The interface about itself: its document, and what a token may do."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from seawall.casebook import Role
from seawall.web.api.calling import Called
from seawall.web.api.document import document
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Shape
from seawall.web.console import console_of
from seawall.web.routes import PUBLIC, SIGNED_IN

calls = Calls("Interface")


class TokenTold(Shape):
    """A token, without its text."""

    token_id: str
    name: str
    role: Role
    scopes: list[str]
    made_at: datetime
    ends_at: datetime


@calls.read("/openapi.json", may=PUBLIC, name="document", answer=None)
def told(request: Request) -> Response:
    """The interface in OpenAPI 3.1."""
    routes = {route.name: route for route in console_of(request).pages.routes}
    return JSONResponse(document(request.app, routes))


@calls.read("/token", may=SIGNED_IN, name="token", answer=TokenTold)
def token(calling: Called) -> TokenTold:
    """For whom this token acts, what it may do now, and until when."""
    own = calling.token
    scopes = sorted(act.scope for act in own.scopes)
    return TokenTold(
        token_id=own.token_id, name=own.name, role=own.role, scopes=scopes, made_at=own.made_at, ends_at=own.ends_at
    )
