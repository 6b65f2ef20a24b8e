"""Routes say who may ask for them, and the console answers accordingly: every role, every route."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fastapi.routing import APIRoute
from starlette.responses import Response

from seawall.casebook import Role
from seawall.casebook.rules import Act, may
from seawall.casebook.sessions import csrf_of
from seawall.web.app import assembled
from seawall.web.pages import PAGES
from seawall.web.routes import PUBLIC, SIGNED_IN, Access, Declared, Pages, together
from seawall.web.settings import ConsoleSettings
from tests.web.conftest import ORIGIN, Served

ROUTES = together(module.pages for module in PAGES).routes
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
        return 303, "/sign-in"
    return (204, "") if isinstance(route.may, Access) or may(role, route.may) else (404, "")


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role.value if role else "nobody")
def test_every_role_meets_every_route_as_declared(console: Served, role: Role | None) -> None:
    """Role x route, every cell: whom a route is not for meets what they meet where nothing is.

    The handlers are stood in for, so that nothing is done; admission is the real one.
    """
    pages = Pages()
    pages.routes = [replace(route, handler=lambda: Response(status_code=204)) for route in ROUTES]
    stood_in = Served(console.folder, assembled(console.folder, ConsoleSettings(ORIGIN), pages))
    browser = stood_in.anyone()
    csrf = ""
    if role:
        token = console.console.workspace.open_session(console.names[role], "passkey")
        browser.cookies.set(console.console.cookie, token)
        csrf = csrf_of(token)
    for route in ROUTES:
        path = re.sub(r"\{[^}]+\}", "0", route.path)
        data = {"csrf": csrf} if route.method == "POST" else None
        answer = browser.request(route.method, path, data=data, follow_redirects=False)
        place = answer.headers.get("location", "").partition("?")[0]
        assert (answer.status_code, place) == met(role, route), route.name


def test_scopes_are_those_of_acts() -> None:
    """Every act has a scope of its own, so that a token can be limited to it."""
    assert len({act.scope for act in Act}) == len(Act)
