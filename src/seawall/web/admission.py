"""Before a page is made: who asks, may they, and does the form come from a page of theirs."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import Request

from seawall.web.console import Console, console_of
from seawall.web.forms import Form, read_form
from seawall.web.limits import PERSON, STRANGER, Rate
from seawall.web.refusals import Foreign, Hidden, NotSignedIn, TooMany
from seawall.web.routes import Access, Declared
from seawall.web.visit import Visiting

if TYPE_CHECKING:
    from seawall.casebook.sessions import Session

SentForm = Annotated[Form, Depends(read_form)]


def admission(route: Declared) -> Callable[..., None]:
    """What runs before the handler of a route, and leaves the visit to it."""

    def admit(request: Request, form: SentForm) -> None:
        console = console_of(request)
        request.state.route = route.name
        person = person_of(console, request)
        request.state.visit = Visiting(console, request, form, person)
        if person is None:
            limit(console, f"from {address(request)}", STRANGER)
        else:
            limit(console, f"person {person.name}", PERSON)
        if route.may is not Access.PUBLIC and person is None:
            raise NotSignedIn(form)
        if route.method == "POST":
            check_origin(request, console)
            if person is not None and route.may is not Access.PUBLIC:
                check_token(request, form, person.csrf)
        if not isinstance(route.may, Access) and (person is None or not person.may(route.may)):
            raise Hidden

    return admit


def person_of(console: Console, request: Request) -> Session | None:
    """Whose session the request's cookie opens."""
    token = request.cookies.get(console.cookie)
    return console.workspace.session(token) if token else None


def limit(console: Console, key: str, rate: Rate) -> None:
    """Take a permit.

    Raises:
        TooMany: there is none left for now.
    """
    wait = console.limiter.wait(key, rate)
    if wait:
        raise TooMany(wait)


def address(request: Request) -> str:
    """Where a request came from."""
    return request.client.host if request.client else "nowhere"


def check_origin(request: Request, console: Console) -> None:
    """Refuse a form that another site has sent. Browsers say where a form comes from; what says nothing is refused.

    Raises:
        Foreign: it does not come from this console.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    scheme = "https" if console.settings.secure else "http"
    ours = f"{scheme}://{request.headers.get('host', '')}"
    if (site is None and origin is None) or site not in (None, "same-origin") or origin not in (None, ours):
        raise Foreign


def check_token(request: Request, form: Form, csrf: str) -> None:
    """Refuse a form that was not shown to this session.

    Raises:
        Foreign: its token is missing or another session's.
    """
    given = form.raw("csrf") or request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(given.encode(), csrf.encode()):
        raise Foreign
