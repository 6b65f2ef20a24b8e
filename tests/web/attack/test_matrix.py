"""Role x route x owner: every cell of what the console answers to, made from the routes that it declares."""

from __future__ import annotations

import re
import time
from urllib.parse import quote

import httpx
import pytest

from seawall.casebook import RequestKind, Role
from seawall.casebook.rules import may
from seawall.web.pages import PAGES
from seawall.web.routes import PUBLIC, Access, Declared, together
from tests.casebook.builders import account
from tests.web.attack.cells import CELLS, NOWHERE, Cell, Made
from tests.web.attack.club import OTHER, Things
from tests.web.conftest import Browser, Served

ROUTES = together(module.pages for module in PAGES).routes
ACTS = [route for route in ROUTES if route.method == "POST"]
OWNERS = ("own", "other", "nothing")
USUAL = (Role.REVIEWER, Role.SAFEGUARDING, None)
"""The others' cells are in make verify; whom a route is not for is in the usual tests for every role (test_routes)."""
MAKERS = (Role.REVIEWER, Role.LEAD)
"""Those who have things of their own; everybody has tokens."""


def test_no_route_goes_without_a_cell() -> None:
    """Each route says what it answers about one's own thing, another's and none; and no cell is about no route."""
    assert set(CELLS) == {route.name for route in ROUTES}
    assert all(cell.own or cell.other or cell.nothing for cell in CELLS.values())


def asked(browser: Browser, route: Declared, thing: str, **headers: str) -> httpx.Response:
    """The answer to one request for a route about a thing; who asks more often than strangers may waits as told."""
    cell = CELLS[route.name]
    path = re.sub(r"\{[^}]+\}", quote(thing), route.path) + cell.query.format(thing=thing)
    data = {name: value.format(thing=thing) for name, value in cell.fields.items()}
    if route.method == "POST" and browser.csrf:
        data["csrf"] = browser.csrf
    while True:
        answer: httpx.Response = browser.request(
            route.method, path, data=data or None, headers=headers, follow_redirects=False
        )
        if answer.status_code != 429:
            return answer
        time.sleep(float(answer.headers["retry-after"]))


def owners(role: Role | None, cell: Cell) -> list[str]:
    """Whose things there are for a cell."""
    able = role in MAKERS or cell.made is None or (cell.made is Things.token and role is not None)
    return [one for one in OWNERS if getattr(cell, one) is not None and (able or one != "own")]


def expected(role: Role | None, route: Declared, cell: Cell, owner: str) -> int:
    """The status of one cell."""
    if role is None:
        return (cell.stranger or getattr(cell, owner)) if route.may is PUBLIC else 303
    kept_out = not isinstance(route.may, Access) and not may(role, route.may)
    apart = cell.apart and owner == "other" and role is Role.SAFEGUARDING
    return 404 if kept_out or apart or role in cell.hidden_from else getattr(cell, owner)


def told(page: str) -> str:
    """What a page itself says, without the number of the request, the address, and the notes of earlier acts."""
    said = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r'[0-9a-f]{16}|(next|value|href)="[^"]*"|<[^>]*class="note[^>]*>[^<]*', "", said)


EVERYBODY = [
    pytest.param(role, marks=[] if role in USUAL else [pytest.mark.verify], id=role.value if role else "nobody")
    for role in (*Role, None)
]


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_cell(console: Served, role: Role | None) -> None:
    """The status is the declared one; whoever is kept out reads the same where something is and where nothing is.

    A blind review is asked for while nothing is decided, because what it finds later depends on how much time passes.
    """
    things = Things(console, role or Role.REVIEWER)
    browser = console.as_(role) if role else console.anyone()
    hidden: set[str] = set()
    wrong: list[tuple[str, str, int, int]] = []
    known: dict[Made, str] = {}
    for route in sorted(ROUTES, key=lambda route: (route.name == "sign-out") - (route.name == "blind.next")):
        cell = CELLS[route.name]
        for owner in owners(role, cell):
            wanted, thing = expected(role, route, cell, owner), NOWHERE
            if cell.made and owner != "nothing":
                thing = (wanted in (303, 404) and role not in MAKERS and known.get(cell.made)) or cell.made(
                    things, owner
                )
                known[cell.made] = thing
            answer = asked(browser, route, thing)
            if answer.status_code != wanted:
                wrong.append((route.name, owner, wanted, answer.status_code))
            if owner == "other":
                assert "The note of other." not in answer.text, route.name
            if wanted == 404:
                hidden.add(told(answer.text.replace(thing, "")))
    assert wrong == []
    assert len(hidden) <= 1


@pytest.mark.parametrize(
    "kind", ["no token", "another's token", "another origin", "another site", "no origin", "another port"]
)
def test_a_form_from_elsewhere_is_refused(console: Served, kind: str) -> None:
    """Every act is refused without the session's own token, with another session's, and from another origin."""
    reviewer, lead = console.as_(Role.REVIEWER), console.as_(Role.LEAD)
    keepers = {role: console.as_(role) for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.SAFEGUARDING)}
    headers = {
        "another origin": {"origin": "https://elsewhere.example"},
        "another site": {"sec-fetch-site": "cross-site"},
        "another port": {"origin": "http://127.0.0.1:1"},
    }.get(kind, {})
    tokens = {"no token": "", "another's token": reviewer.csrf}
    for route in ACTS:
        browser = next(
            one
            for role, one in {Role.LEAD: lead, **keepers}.items()
            if isinstance(route.may, Access) or may(role, route.may)
        )
        if kind in tokens and route.may is PUBLIC:
            continue
        kept, browser.csrf = browser.csrf, tokens.get(kind, browser.csrf)
        if kind == "no origin":
            del browser.headers["origin"]
        assert asked(browser, route, NOWHERE, **headers).status_code == 403, route.name
        browser.csrf = kept
        browser.headers["origin"] = "http://127.0.0.1:8767"
    assert lead.get("/you").status_code == 200


def test_safeguarding_is_for_nobody_else(console: Served) -> None:
    """What safeguarding asks for, nobody else sees, answers or opens; its page is there for its own role alone."""
    sage = console.as_(Role.SAFEGUARDING)
    kind, subjects, reason = RequestKind.UNMASK, [account(1)], "She asked for help."
    book = console.workspace().casebook.requests
    made = book.ask(kind, subjects, reason, reviewer=console.names[Role.SAFEGUARDING])
    person = Things(console, Role.SAFEGUARDING).person("other")
    for role in set(Role) - {Role.SAFEGUARDING}:
        browser = console.as_(role)
        for name in ("safeguarding", "request", "request.answer", "request.hand-in", "request.open", "request.forget"):
            route = next(one for one in ROUTES if one.name == name)
            assert asked(browser, route, made.request_id).status_code == 404, (role, name)
        for route in (one for one in ROUTES if one.name.startswith("safeguarding.")):
            assert asked(browser, route, person).status_code == 404, (role, route.name)
        assert made.request_id not in browser.get("/requests").text
    assert sage.get("/safeguarding").status_code == 200
    assert sage.get(f"/requests/{made.request_id}").status_code == 200


def test_queues_of_others_hold_nothing(console: Served) -> None:
    """For whoever is limited to one queue, a case of another queue is as one that is not, whatever they ask of it."""
    things = Things(console, Role.REVIEWER)
    case_id = things.held("other")
    console.workspace(Role.ADMINISTRATOR).set_queues(console.names[Role.REVIEWER], ["surge"])
    browser = console.as_(Role.REVIEWER)
    for route in ROUTES:
        if "{case_id}" in route.path and may(Role.REVIEWER, route.may):  # type: ignore[arg-type]
            there, nowhere = (asked(browser, route, one) for one in (case_id, NOWHERE))
            assert there.status_code == nowhere.status_code, route.name
            assert told(there.text.replace(case_id, "")) == told(nowhere.text.replace(NOWHERE, ""))
    for path in ("/queue", "/overview", "/campaigns", "/appeals", f"/queue/together?case={case_id}"):
        assert case_id not in re.sub(r'value="[^"]*"', "", browser.get(path).text), path


def test_what_is_private_stays_with_its_person(console: Served) -> None:
    """Drafts, kept views, tokens and the count of what one has looked at are nobody else's, administrators included."""
    things = Things(console, Role.LEAD)
    case_id = things.held("other")
    other, lead = console.as_(Role.REVIEWER, OTHER), console.as_(Role.LEAD)
    other.send_form("/explore/views", name="The view of other", filters="view=table")
    token = things.token("other")
    other.get(f"/cases/{case_id}")
    count = other.cookies["seawall_exposure"]
    browsers = {role: console.as_(role) for role in Role}
    for browser in browsers.values():
        for path in (
            f"/cases/{case_id}",
            "/explore",
            "/you/tokens",
            "/you",
            "/reviewers",
            "/health",
            "/audit",
            "/quality",
        ):
            page = browser.get(path).text
            assert "The note of other." not in page
            assert "The view of other" not in page
            assert token not in page or path == "/audit"
            assert count not in page
    lead.send_form(f"/cases/{case_id}/draft", note="The note of lead.")
    assert "The note of other." in other.get(f"/cases/{case_id}").text
    lead.send_form("/explore/views/forget", name="The view of other", filters="")
    assert "The view of other" in other.get("/explore").text
    lead.cookies.set("seawall_exposure", count, domain="127.0.0.1", path="/")
    lead.get(f"/cases/{case_id}")
    assert lead.cookies["seawall_exposure"].split(".")[0] != count.split(".")[0]
