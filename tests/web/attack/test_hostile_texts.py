"""Hostile texts in every field on every page of the real console in a real browser: nothing runs, nothing leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route

from seawall.casebook import Role, standing
from seawall.casebook.sessions import csrf_of
from seawall.web.routes import Declared
from tests.web.attack.payloads import families, payloads
from tests.web.attack.planting import Planting, grouped, whole_pages
from tests.web.attack.test_matrix import ACTS
from tests.web.conftest import Served

TRAP = """
window.pwned = (...told) => window.trapped("ran: " + told.join(" "));
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = window.pwned;
document.addEventListener("securitypolicyviolation", (event) =>
  window.trapped("violation: " + event.violatedDirective + " " + event.blockedURI));
"""
LOOK = r"""() => {
  const found = [];
  const names = /^on|^hx-on|^data-hx|^srcdoc$|^@|^v-|^ng-/;
  const outside = /^\s*(javascript|vbscript|https?|\/\/|data:text)/i;
  for (const one of document.querySelectorAll("*"))
    for (const name of one.getAttributeNames()) {
      const value = one.getAttribute(name);
      const leads = ["href", "src", "action", "formaction", "xlink:href"].includes(name) && outside.test(value);
      if (names.test(name) || (leads && !value.startsWith(location.origin)))
        found.push(one.tagName + " " + name + " " + value.slice(0, 60));
    }
  if (document.querySelector("iframe, frame, object, embed, base, script:not([src]):not([type='application/json'])"))
    found.push("an element that no page has");
  const unseen = new RegExp("[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b" +
    "\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]", "u");
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement, met = walk.currentNode.data.match(unseen);
    if (met && !at.closest("textarea, script"))
      found.push("unseen " + escape(met[0]) + " in " + at.outerHTML.slice(0, 80));
  }
  return found.slice(0, 5);
}"""
SEND = """([path, fields]) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = path;
  for (const [name, value] of fields) {
    const field = document.createElement("textarea");
    field.name = name; field.value = value; form.append(field);
  }
  document.body.append(form); HTMLFormElement.prototype.submit.call(form);
}"""
FIELDS = (
    "against",
    "note",
    "reason",
    "text",
    "name",
    "cases",
    "subjects",
    "value",
    "bank",
    "source",
    "expires_on",
    "days",
    "person",
    "act",
    "label",
    "go",
    "campaign",
    "case",
    "role",
    "password",
    "code",
    "token",
    "state",
    "filters",
    "picked-watch",
    "break_after",
    "theme",
    "language",
)
CHOSEN = {"outcome": "watch", "kind": "phrase", "answer": "agree"}
ENDS = frozenset({"sign-out", "you.keep", "reviewers.enrol", "you.sign-in.password", "you.sign-in.elsewhere"})
"""Acts that would end the session that the test needs, or that say so elsewhere."""


@dataclass
class Trapped:
    """A browser with a page for each role, in which whatever runs, breaks a policy or asks another host is told."""

    browser: Browser
    served: Served
    told: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    looked: int = 0
    _pages: dict[Role, Page] = field(default_factory=dict)
    _tokens: dict[Role, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.served.console.settings.origin

    def page(self, role: Role) -> Page:
        """The page in which the person of a role is signed in."""
        if role not in self._pages:
            context = self.browser.new_context()
            token = self._tokens[role] = self.served.console.workspace.open_session(self.served.names[role], "passkey")
            context.add_cookies([{"name": self.served.console.cookie, "value": token, "url": self.origin}])
            self._pages[role] = self.watched(context)
            self._pages[role].goto(self.origin + "/you")
        return self._pages[role]

    def watched(self, context: BrowserContext) -> Page:
        """A page with the trap in it."""
        context.expose_binding("trapped", lambda _, told: self.told.append(str(told)))
        context.add_init_script(TRAP)
        context.route("**/*", self._asked)
        page = context.new_page()
        page.on("dialog", self._asked_back)
        page.on("popup", lambda _: self.told.append("popup"))
        page.on("pageerror", lambda error: self.told.append(f"error: {error}"))
        page.on("console", self._complained)
        return page

    def visit(self, role: Role, path: str) -> None:
        """Open a page, and look at what came of it."""
        page = self.page(role)
        page.goto(self.origin + path, wait_until="load")
        if "view=network" in path:  # it loads again once the network is there
            page.wait_for_selector("canvas", timeout=60_000)
        self._look(page, path)

    def send(self, role: Role, path: str, text: str) -> None:
        """Send a form of which every field holds a text."""
        page = self.page(role)
        fields = [[name, text] for name in FIELDS] + [["csrf", csrf_of(self._tokens[role])], *map(list, CHOSEN.items())]
        with page.expect_navigation(wait_until="load"):
            page.evaluate(SEND, [path, fields])
        self._look(page, path)

    def close(self) -> None:
        """Close every page."""
        for page in self._pages.values():
            page.context.close()

    def _look(self, page: Page, path: str) -> None:
        self.looked += 1
        found = [f"{path}: {one}" for one in page.evaluate(LOOK)]
        if not page.url.startswith(self.origin + "/"):
            found.append(f"{path}: led elsewhere")
        if len(page.frames) > 1:
            found.append(f"{path}: a frame")
        self.told += found

    def _asked(self, route: Route) -> None:
        url = route.request.url
        self.asked.add(url.split("/")[2] if "//" in url else url[:20])
        route.continue_()

    def _asked_back(self, dialog: Dialog) -> None:
        self.told.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _complained(self, message: Any) -> None:
        refused = "status of 4" in message.text  # a form that was refused, as it should be
        if "Security" in message.text or (message.type == "error" and not refused):
            self.told.append(f"console: {message.text[:200]}")


@pytest.fixture
def trapped(chromium: Browser, live: Served) -> Iterator[Trapped]:
    """A browser full of traps."""
    made = Trapped(chromium, live)
    yield made
    made.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decisions stand at once, so that appeals can be recorded."""
    monkeypatch.setattr(standing, "UNDO_SECONDS", 0)


def test_there_are_enough_and_each_once() -> None:
    """More than a thousand payloads of eight families."""
    assert len(payloads()) == len(set(payloads())) >= 1000
    assert len(families()) == 8
    assert {one for some in families().values() for one in some} == set(payloads())


def test_the_traps_catch(trapped: Trapped) -> None:
    """Without the console's care the same texts run, and with its policy alone they break the policy: both are told."""
    bare = "<!doctype html><body>" + " ".join(
        one for one in payloads() if one.startswith(("<img src=x on", "<script>"))
    )
    page = trapped.page(Role.LEAD)
    for policy, caught in (
        ("default-src *; script-src * 'unsafe-inline'", "ran: "),
        ("default-src 'none'", "violation: "),
    ):
        trapped.told.clear()
        sent = {"content-security-policy": policy}
        page.route("**/bare", partial(Route.fulfill, body=bare, content_type="text/html", headers=sent))
        page.goto(f"{trapped.origin}/bare")
        page.wait_for_timeout(300)
        assert any(told.startswith(caught) for told in trapped.told)
        assert page.evaluate(LOOK)
        page.unroute("**/bare")


def planted(trapped: Trapped, folder: Path, texts: list[str]) -> Planting:
    """A console in which the texts stand in every field."""
    planting = Planting(trapped.served, folder)
    for number, group in enumerate(grouped(texts)):
        planting.plant(number, group)
    return planting


def look_everywhere(trapped: Trapped, folder: Path, texts: list[str], acts: list[Declared]) -> None:
    """Plant the texts, open every page, and send the forms of acts with the texts in every field."""
    planting = planted(trapped, folder, texts)
    for role, path in whole_pages(planting):
        trapped.visit(role, path)
    shown = {path.split("/")[1]: path.split("/")[2] for _, path in planting.pages}
    for group in grouped(texts):
        for route in acts:
            role = Role.ADMINISTRATOR if route.path.startswith("/reviewers") else Role.LEAD
            role = Role.AUDITOR if route.path.startswith("/audit") else role
            path = route.path
            for name in ("case", "campaign", "appeal", "request", "indicator"):
                path = path.replace(f"{{{name}_id}}", shown.get(f"{name}s", "Q-0000"))
            trapped.send(role, path, " ".join(group))
    assert trapped.told == []
    assert trapped.asked == {trapped.origin.removeprefix("http://")}


SHOWN_AGAIN = [
    route for route in ACTS if route.name not in ENDS and "sign-in" not in route.path and route.path != "/stay"
]


@pytest.mark.verify
@pytest.mark.usefixtures("at_once")
def test_a_sample_runs_nowhere(trapped: Trapped, tmp_path: Path) -> None:
    """A sample of every family: no execution, no violation of the policy, no request to another host."""
    look_everywhere(trapped, tmp_path, payloads()[::56], SHOWN_AGAIN[::3])


@pytest.mark.verify
@pytest.mark.usefixtures("at_once")
def test_none_runs_anywhere(trapped: Trapped, tmp_path: Path) -> None:
    """All of them: no execution, no violation of the policy, no request to another host."""
    look_everywhere(trapped, tmp_path, payloads(), SHOWN_AGAIN)
