"""Hostile texts that nobody keeps: in addresses, in what is shown again after a session ended, in labels of keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urlencode

import pytest
from sqlalchemy import insert

from seawall.casebook import Role
from seawall.casebook.rules import person_key
from seawall.casebook.tables_people import passkeys
from seawall.web.console import Console
from seawall.web.pages import PAGES
from seawall.web.problems import KEPT_COOKIE
from seawall.web.routes import together
from tests.web.attack.test_hostile_texts import Trapped, trapped
from tests.web.conftest import Served
from tests.web.payloads import PAYLOADS, harm_in

__all__ = ["trapped"]

FIELDS = ("text", "platform", "person", "next", "page", "start", "account", "case", "bank", "act", "source", "target")
"""Fields of queries; every page is asked with all of them, whether it knows them or not."""
LOOKED_AT = [
    route.path
    for route in together(module.pages for module in PAGES).routes
    if route.method == "GET" and "{" not in route.path and "organisation" not in route.path
]
ROLES = {"/audit": Role.AUDITOR, "/safeguarding": Role.SAFEGUARDING}
WRITTEN = ("reason", "note", "text", "go")


def queries(texts: Sequence[str]) -> Iterator[str]:
    """Queries in which each text stands once, a different one in each field."""
    waiting = iter(texts)
    while some := list(islice(waiting, len(FIELDS))):
        yield urlencode(dict(zip(FIELDS, some, strict=False)), errors="replace")


def kept(console: Console, name: str, texts: Sequence[str]) -> str:
    """The key of a form with the texts that a person wrote when the session had ended."""
    console.kept.note_writer("the token of a form", name)
    fields = [(f"{field}", " ".join(texts[place :: len(WRITTEN)])) for place, field in enumerate(WRITTEN)]
    key = console.kept.keep("the token of a form", "/cases/C-0000/decide", "/queue", tuple(fields))
    assert key is not None
    return key


def label(console: Served, name: str, text: str, number: int) -> None:
    """Give a person a key with this label, as if an older version had taken it as it was."""
    row = {"credential": f"key{number}", "public_key": "none", "counter": 0, "added_at": 0}
    with console.workspace().casebook._store.write() as connection:
        connection.execute(insert(passkeys).values(**row, person=person_key(name), label=text))


@pytest.mark.parametrize("path", LOOKED_AT)
def test_no_query_comes_back_as_markup(console: Served, path: str) -> None:
    """Whatever stands in the fields of an address, the page holds nothing that runs, and nothing breaks."""
    browser = console.as_(ROLES.get(path, Role.LEAD))
    for query in queries(PAYLOADS[::29]):
        answer = browser.get(f"{path}?{query}", follow_redirects=False)
        assert answer.status_code < 500
        assert harm_in(answer.text) == []


def test_a_kept_form_holds_no_markup(console: Served) -> None:
    """What was half written is shown again as text alone, to be sent again."""
    browser = console.as_(Role.LEAD)
    for place in range(0, len(PAYLOADS), 120):
        some = PAYLOADS[place : place + 20]
        browser.cookies.set(
            KEPT_COOKIE, kept(console.console, console.names[Role.LEAD], some), domain="127.0.0.1", path="/"
        )
        page = browser.get("/kept")
        assert page.status_code == 200
        assert "You wrote this before you were signed out" in page.text
        assert harm_in(page.text) == []


def test_labels_of_keys_hold_no_markup(console: Served) -> None:
    """However a passkey is called, the page on which it can be thrown away shows a text."""
    for number, text in enumerate(PAYLOADS[::29]):
        label(console, console.names[Role.LEAD], text.replace("\x00", ""), number)
    page = console.as_(Role.LEAD).get("/you/sign-in")
    assert page.text.count("alert(1)") > 5
    assert harm_in(page.text) == []


@pytest.mark.verify
def test_none_of_them_runs_in_a_browser(trapped: Trapped, live: Served) -> None:
    """In a real browser: no execution, no violation of the policy, no request to another host."""
    name = live.names[Role.LEAD]
    for number, text in enumerate(PAYLOADS[::13]):
        label(live, name, text.replace("\x00", ""), number)
    trapped.visit(Role.LEAD, "/you/sign-in")
    for place in range(0, len(PAYLOADS), 40):
        key = kept(live.console, name, PAYLOADS[place : place + 40])
        trapped.page(Role.LEAD).context.add_cookies([{"name": KEPT_COOKIE, "value": key, "url": trapped.origin}])
        trapped.visit(Role.LEAD, "/kept")
    pages = [path for path in LOOKED_AT if not path.endswith(".json") and path not in ("/metrics", "/livez", "/readyz")]
    for number, query in enumerate(queries(PAYLOADS)):
        for path in pages[number % 3 :: 3]:
            trapped.visit(ROLES.get(path, Role.LEAD), f"{path}?{query}")
    assert trapped.told == []
    assert trapped.asked == {trapped.origin.removeprefix("http://")}
