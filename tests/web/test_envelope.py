"""What is around every answer: headers, bounds, a number, and never a traceback."""

from __future__ import annotations

import re

import pytest

from seawall.casebook import Role
from seawall.web.app import create_app
from seawall.web.envelope import HEADERS, MOST_BODY_BYTES
from seawall.web.routes import PUBLIC, Declared
from seawall.web.settings import ConsoleSettings
from tests.web.conftest import ORIGIN, Browser, Served

MARK = "zq1x@allotment.example.org"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/you", "/no-such-page", "/livez", "/static/css/console.css", "/static/none"]
)
def test_every_answer_has_the_headers(console: Served, path: str) -> None:
    """Pages, redirections, problems and files carry the same headers for the browser's own defences."""
    answer = console.anyone().get(path, follow_redirects=False)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_allows_nothing_inline_and_nobody_else(console: Served) -> None:
    """The content security policy names no unsafe word, no other host and no wildcard."""
    policy = console.anyone().get("/sign-in").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert not re.search(r"https?:", policy)
    assert policy.startswith("default-src 'none'")


def test_pages_are_not_kept_by_the_browser_but_files_are(console: Served) -> None:
    """Pages are never stored; a file whose address holds its sum is, for a year."""
    browser = console.as_(Role.LEAD)
    page = browser.get("/you")
    sheet = re.search(r'href="(/static/css/console\.css\?v=[0-9a-f]+)"', page.text)
    assert sheet
    assert page.headers["cache-control"] == "no-store"
    assert "immutable" in browser.get(sheet[1]).headers["cache-control"]
    assert browser.get("/static/css/console.css").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "", "[::1", "localhost@example.org"])
def test_other_names_are_refused(console: Served, host: str) -> None:
    """A page of another site cannot reach the console by having its own name lead to this machine."""
    answer = console.anyone().get("/sign-in", headers={"host": host})
    assert answer.status_code == 421
    assert "Sign in" not in answer.text


def test_its_own_names_are_not(console: Served) -> None:
    """The loopback names and the name of the stated address are answered."""
    app = create_app(console.folder, ConsoleSettings("https://console.example"))
    for host in ("127.0.0.1:9", "localhost", "[::1]:80", "console.example", "CONSOLE.example:443"):
        assert Browser(app).get("/livez", headers={"host": host}).status_code == 200, host


def test_each_request_has_a_number(console: Served) -> None:
    """Two requests have two numbers; a problem page shows the one of its answer."""
    browser = console.as_(Role.LEAD)
    first, second = browser.get("/no-such-page"), browser.get("/no-such-page")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["x-request-id"] in first.text


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "without"])
def test_too_much_is_refused(console: Served, told: bool) -> None:
    """A body above the bound is answered with 413 and a page, whether or not its length was told."""
    body = b"name=" + b"x" * MOST_BODY_BYTES
    headers = {"content-type": "application/x-www-form-urlencoded"}
    content = body if told else (body[i : i + 65536] for i in range(0, len(body), 65536))
    answer = console.anyone().post("/sign-in/password", content=content, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert "More was sent" in answer.text


def test_a_fault_becomes_a_page_without_values(console: Served, caplog: pytest.LogCaptureFixture) -> None:
    """An error nobody expected shows its number, and neither page nor log holds what it was about."""
    from seawall.web.app import _add

    def broken() -> None:
        raise ValueError(MARK)

    app = create_app(console.folder, ConsoleSettings(ORIGIN))
    _add(app, Declared("GET", "/broken", PUBLIC, "broken", broken))
    answer = Served(console.folder, app).anyone().get("/broken")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["content-security-policy"]
    assert MARK not in answer.text + caplog.text
    assert "ValueError" in caplog.text
    assert answer.headers["x-request-id"] in caplog.text


def test_browsers_are_held_to_tls_behind_it(console: Served) -> None:
    """Through TLS the answers say so, and the cookie is for this host alone."""
    app = create_app(console.folder, ConsoleSettings("https://console.example"))
    answer = Browser(app).get("/sign-in", headers={"host": "console.example"})
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert app.state.console.cookie == "__Host-seawall"
    assert "strict-transport-security" not in console.anyone().get("/sign-in").headers
