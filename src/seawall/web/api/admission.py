"""Before a call is answered: whose token it brings, and does it allow this. Cookies open nothing here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header
from starlette.requests import Request

from seawall.web.admission import address, limit
from seawall.web.api.calling import Calling
from seawall.web.api.problem import NoToken
from seawall.web.console import Console, console_of
from seawall.web.limits import PERSON, STRANGER
from seawall.web.refusals import Hidden
from seawall.web.routes import Access, Declared

if TYPE_CHECKING:
    from seawall.casebook.tokens import Token


async def body(request: Request) -> bytes:
    """The body as it came."""
    return await request.body()


Sent = Annotated[bytes, Depends(body)]


def admission(route: Declared) -> Callable[..., None]:
    """What runs before the handler of a call, and leaves the caller to it."""

    def admit(request: Request, sent: Sent) -> None:
        request.state.route = route.name
        console = console_of(request)
        token = counted(console, request)
        if route.may is Access.PUBLIC:
            return
        if token is None:
            raise NoToken
        if not isinstance(route.may, Access) and route.may not in token.scopes:
            raise Hidden
        request.state.calling = Calling(console, request, token, sent)

    return admit


def counted(console: Console, request: Request) -> Token | None:
    """The token of a request, once its permit is taken.

    Raises:
        TooMany: this token, or this address without one, has asked too often.
    """
    token = token_of(console, request)
    if token is None:
        limit(console, f"from {address(request)}", STRANGER)
    else:
        limit(console, f"token {token.token_id}", PERSON)
    return token


def token_of(console: Console, request: Request) -> Token | None:
    """The token that a request brings; None where it brings none, or one that is over."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    return console.workspace.by_token(text.strip()) if scheme.lower() == "bearer" else None


def key_told(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            pattern=r"^[!-~]{1,200}$",
            description="Made up by the program, another one for each act. The same key and body are done once, and "
            "answered alike for 24 hours.",
        ),
    ] = None,
) -> None:
    """Keep the key of an act at hand."""
    request.state.key = idempotency_key
