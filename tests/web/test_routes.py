"""Routes say who may ask for them, and the console answers accordingly: every role, every route."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import count

import pytest
from fastapi.routing import APIRoute
from starlette.responses import Response

from seawall.casebook import Role
from seawall.casebook.rules import PERMITTED, Act, may
from seawall.casebook.sessions import csrf_of
from seawall.casebook.tokens import IN_PERSON
from seawall.web.api.calls import CALLS
from seawall.web.app import assembled
from seawall.web.limits import Limiter
from seawall.web.pages import PAGES
from seawall.web.routes import PUBLIC, SIGNED_IN, Access, Declared, Pages, together
from seawall.web.settings import ConsoleSettings
from tests.web.api.conftest import token_of
from tests.web.conftest import ORIGIN, Served

CALLED = [route for module in CALLS for route in module.calls.routes]
ROUTES = together([*(module.pages for module in PAGES), *(module.calls for module in CALLS)]).routes
ALONE = [route for route in ROUTES if "{" not in route.path]


def test_no_route_goes_without_saying_who_may() -> None:
    """A route without an act, PUBLIC or SIGNED_IN cannot be declared."""
    with pytest.raises(TypeError):
        Pages().get("/beds", name="beds")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="beds"):
        Pages().post("/beds", may="everyone", name="beds")  # type: ignore[arg-type]


def test_nothing_is_declared_twice() -> None:
    """Two routes with one name, or with one method and path, are refused when the console is put together."""
    one, other = Pages(), Pages()
    one.get("/beds", may=SIGNED_IN, name="beds")(lambda: None)
    other.get("/beds", may=PUBLIC, name="other")(lambda: None)
    with pytest.raises(ValueError, match="GET"):
        together([one, other])
    third = Pages()
    third.post("/else", may=PUBLIC, name="beds")(lambda: None)
    with pytest.raises(ValueError, match="beds"):
        together([one, third])


def test_the_console_has_no_other_routes(console: Served) -> None:
    """Whatever the application answers to was declared by a page; only files have a place of their own."""
    declared = {(route.method, route.path) for route in ROUTES}
    answered = {
        (method, route.path)
        for route in console.app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    others = {getattr(route, "path", "") for route in console.app.routes if not isinstance(route, APIRoute)}
    assert answered == declared
    assert others == {"/static", "/static/brief.css"}


def test_the_navigation_leads_to_routes() -> None:
    """Each entry of the navigation names a route without parameters that is read."""
    sections = together(module.pages for module in PAGES).sections
    assert {section.name for section in sections} <= {route.name for route in ALONE if route.method == "GET"}


def met(role: Role | None, route: Declared) -> tuple[int, str]:
    """Status and place that a person of a role is to meet: in (204), led to sign in, or shown that nothing is there."""
    if route.may is Access.PUBLIC:
        return 204, ""
    if role is None:
        return (303, "/sign-in") if route.call is None else (401, "")
    return (204, "") if isinstance(route.may, Access) or may(role, route.may) else (404, "")


def without_handlers(console: Served, routes: Sequence[Declared]) -> Served:
    """A console whose handlers are stood in for; its clock goes on a second a request, so nobody asks too often."""
    pages = Pages()
    pages.routes = [replace(route, handler=lambda: Response(status_code=204)) for route in routes]
    stood_in = Served(console.folder, assembled(console.folder, ConsoleSettings(ORIGIN), pages))
    stood_in.console.limiter = Limiter(partial(next, count()))
    return stood_in


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role.value if role else "nobody")
def test_every_role_meets_every_route_as_declared(console: Served, role: Role | None) -> None:
    """Role x route, every cell: whom a route is not for meets what they meet where nothing is.

    The handlers are stood in for, so that nothing is done; admission is the real one.
    """
    stood_in = without_handlers(console, ROUTES)
    browser = stood_in.anyone()
    csrf, bearer = "", {}
    if role:
        token = console.console.workspace.open_session(console.names[role], "passkey")
        browser.cookies.set(console.console.cookie, token)
        csrf, bearer = csrf_of(token), {"authorization": f"Bearer {token_of(console, role)}"}
    for route in ROUTES:
        path = re.sub(r"\{[^}]+\}", "0", route.path)
        data = {"csrf": csrf} if route.method == "POST" else None
        headers = {} if route.call is None else bearer
        answer = browser.request(route.method, path, data=data, headers=headers, follow_redirects=False)
        place = answer.headers.get("location", "").partition("?")[0]
        assert (answer.status_code, place) == met(role, route), route.name


def test_no_call_needs_what_no_token_can_do() -> None:
    """What only the person does has no call: a second person's agreement, the vault, letting others in."""
    assert not {route.may for route in CALLED} & IN_PERSON


def test_a_token_opens_no_more_than_its_scopes(console: Served) -> None:
    """With every scope that its person could have but the one of a call, that call is not there."""
    stood_in = without_handlers(console, CALLED)
    for route in CALLED:
        if not isinstance(route.may, Act):
            continue
        role = next(one for one in Role if may(one, route.may))
        able = PERMITTED[role] - IN_PERSON
        answers = []
        for scopes in (able, able - {route.may}):
            bearer = {"authorization": f"Bearer {token_of(console, role, scopes)}"}
            path = re.sub(r"\{[^}]+\}", "0", route.path)
            answers.append(stood_in.anyone().request(route.method, path, headers=bearer).status_code)
        assert answers == [204, 404], route.name


def test_scopes_are_those_of_acts() -> None:
    """Every act has a scope of its own, so that a token can be limited to it."""
    assert len({act.scope for act in Act}) == len(Act)
