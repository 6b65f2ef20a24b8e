"""Every page before axe-core: nothing serious or critical, in light, dark, on a telephone and in Arabic."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from seawall.casebook import Role, standing
from seawall.model import STAGES
from tests.casebook.hubs import approached, hub_alert
from tests.web.browser.conftest import Wire
from tests.web.conftest import Served
from tests.web.pages.cases import decide, waiting
from tests.web.pages.seen import PATIENCE_SECONDS, some_place
from tests.web.pages.test_places_after import write_ends
from tests.web.test_vendored import ROW

VENDOR = Path(__file__).parent / "vendor"
AXE = VENDOR / "axe.min.js"
RUN = """async (rules) => {
  const found = await axe.run(document, {resultTypes: ["violations"], preload: false, ...rules});
  return found.violations.map(one => [one.id, one.impact, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))]);
}"""
EVERY_RULE: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}}
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WIDE = {"width": 1280, "height": 900}
LIGHT: dict[str, Any] = {"colours": "light"}
DARK: dict[str, Any] = {"colours": "dark"}
NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
NO_PAGES = {
    *("home", "livez", "readyz", "metrics", "sign-in.oidc", "you.sign-in.oidc", "sign-in.oidc-back"),
    *("overview.cases", "overview.timeline", "explore.timeline", "explore.network", "explore.edge"),
    *("blind", "kept", "indicator"),
}
"""Answers that are no page of their own; and three that are there only after acts of their own."""


class Tour:
    """A club's console in which something stands on every page."""

    def __init__(self, served: Served) -> None:
        self.served = served
        lead = served.workspace()
        open_, decided = waiting(served)[:2]
        write_ends(served, 4)
        messages = lead.messages(["account_id", "channel_id"])
        account, channel = (messages[column][0].as_py() for column in ("account_id", "channel_id"))
        campaign = lead.name_campaign("Tulips", [open_, decided], "They belong together.").campaign_id
        request = lead.ask("sanction", [account], "They flood the beds channel.").request_id
        decide(served, decided, role=Role.REVIEWER)
        people = [approached(number, STAGES[number % 6], day=number) for number in range(12)]
        hub = lead.casebook.propose([hub_alert(people, simulated=True)], lake_version="made up").opened[0]
        person = served.workspace(Role.SAFEGUARDING).safeguarding.people().rows[0].person_id
        with pytest.MonkeyPatch.context() as later:
            later.setattr(standing, "UNDO_SECONDS", 0)
            appeal = lead.appeal(decided, "We water the beds together.").appeal_id
        lead.survival_seen(patience=PATIENCE_SECONDS)
        lead.successors_seen(patience=PATIENCE_SECONDS)
        self.paths: dict[str, tuple[str, Role | None]] = {
            "overview": ("/overview", Role.LEAD),
            "queue": ("/queue", Role.LEAD),
            "queue.together": (f"/queue/together?case={open_}", Role.LEAD),
            "case": (f"/cases/{open_}", Role.LEAD),
            "a hub": (f"/cases/{hub}", Role.LEAD),
            "campaigns": ("/campaigns", Role.LEAD),
            "campaign": (f"/campaigns/{campaign}", Role.LEAD),
            "account": (f"/accounts/{account}", Role.LEAD),
            "channel": (f"/channels/{quote(channel, safe='')}", Role.LEAD),
            "explore": ("/explore?view=messages", Role.LEAD),
            "places": ("/places", Role.LEAD),
            "places.place": (f"/places/one?place={some_place(served)}", Role.LEAD),
            "places.limits": ("/places/limits", Role.LEAD),
            "places.survival": ("/places/survival", Role.LEAD),
            "places.effect": ("/places/effect", Role.LEAD),
            "places.successors": ("/places/successors", Role.LEAD),
            "indicators": ("/indicators", Role.LEAD),
            "sources": ("/sources", Role.LEAD),
            "appeals": ("/appeals", Role.LEAD),
            "appeal": (f"/appeals/{appeal}", Role.LEAD),
            "requests": ("/requests", Role.LEAD),
            "request": (f"/requests/{request}", Role.LEAD),
            "quality": ("/quality", Role.LEAD),
            "blind.start": ("/quality/blind", Role.LEAD),
            "you": ("/you", Role.LEAD),
            "you.sign-in": ("/you/sign-in", Role.LEAD),
            "you.tokens": ("/you/tokens", Role.LEAD),
            "health": ("/health", Role.LEAD),
            "reviewers": ("/reviewers", Role.ADMINISTRATOR),
            "audit": ("/audit", Role.AUDITOR),
            "safeguarding": ("/safeguarding", Role.SAFEGUARDING),
            "safeguarding.person": (f"/safeguarding/{person}", Role.SAFEGUARDING),
            "sign-in": ("/sign-in", None),
            "sign-in.link": ("/sign-in/link/leaf", None),
        }

    def faults(
        self, chromium: Browser, role: Role | None, language: str, *ways: tuple[dict[str, Any], dict[str, Any]]
    ) -> list[str]:
        """What axe finds on the pages that a role opens; ``ways``: how the page is shown, and which rules are asked."""
        console = self.served.console
        context = chromium.new_context(viewport=WIDE, bypass_csp=True)  # the page's own policy admits no axe
        context.add_init_script(path=AXE)
        context.add_cookies([{"name": "seawall_language", "value": language, "url": console.settings.origin}])
        if role is not None:
            token = console.workspace.open_session(self.served.names[role], "passkey")
            context.add_cookies([{"name": console.cookie, "value": token, "url": console.settings.origin}])
        page, found = context.new_page(), []
        for name, (path, who) in self.paths.items():
            if who is role:
                answer = page.goto(console.settings.origin + path)
                assert answer is not None
                assert answer.status == 200, path
                found += [f"{name} {shown}: {told}" for shown, rules in ways for told in _grave(page, shown, rules)]
        context.close()
        return found


def _grave(page: Page, shown: dict[str, Any], rules: dict[str, Any]) -> list[str]:
    page.set_viewport_size(shown.get("viewport", WIDE))
    page.emulate_media(color_scheme=shown.get("colours", "light"))
    return [f"{one} {where}" for one, impact, where in page.evaluate(RUN, rules) if impact in ("serious", "critical")]


@pytest.fixture(scope="module")
def tour(wire: Wire, club_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Tour:
    """The console of these tests; they change nothing in it."""
    return Tour(wire.over(Path(shutil.copytree(club_folder, tmp_path_factory.mktemp("tour") / "club"))))


ROLES = pytest.mark.parametrize(
    "role", [Role.LEAD, Role.ADMINISTRATOR, Role.AUDITOR, Role.SAFEGUARDING, None], ids=lambda role: role or "nobody"
)


@ROLES
def test_light_and_dark(chromium: Browser, tour: Tour, role: Role | None) -> None:
    """Nothing serious or critical is found in light and in dark."""
    assert tour.faults(chromium, role, "en", (LIGHT, EVERY_RULE), (DARK, COLOURS)) == []


@pytest.mark.verify
@ROLES
def test_on_a_telephone(chromium: Browser, tour: Tour, role: Role | None) -> None:
    """Nothing serious or critical is found on a telephone, in English and in Arabic, in light and in dark."""
    for language in ("en", "ar"):
        assert tour.faults(chromium, role, language, (NARROW, EVERY_RULE), (NARROW | DARK, COLOURS)) == []


@pytest.mark.verify
@ROLES
def test_right_to_left(chromium: Browser, tour: Tour, role: Role | None) -> None:
    """Nothing serious or critical is found in Arabic."""
    assert tour.faults(chromium, role, "ar", (LIGHT, EVERY_RULE), (DARK, COLOURS)) == []


def test_every_page_is_looked_at(tour: Tour) -> None:
    """Each page that the console declares is looked at, or named as one that is none."""
    routes = tour.served.console.pages.routes
    asked = {one.name for one in routes if one.method == "GET" and not one.path.startswith("/api/")}
    assert asked == (set(tour.paths) - {"a hub"}) | NO_PAGES


def test_faults_are_found(chromium: Browser, tour: Tour) -> None:
    """A picture without words and pale text, put into a page, are found: the other tests can fail."""
    page = chromium.new_page(bypass_csp=True)
    page.add_init_script(path=AXE)
    page.goto(f"{tour.served.console.settings.origin}/sign-in")
    page.evaluate(
        "document.querySelector('h1').innerHTML = '<img src=\"/static/icon.svg\"><i style=\"color:#eee\">tulip</i>'"
    )
    assert {one.split()[0] for one in _grave(page, {}, EVERY_RULE)} == {"image-alt", "color-contrast"}
    page.close()


def test_axe_is_what_it_says_it_is() -> None:
    """The file has the sum that is listed, and its licence lies beside it."""
    ((_, _, file, licence, text, told),) = ROW.findall((VENDOR / "VENDORED.md").read_text(encoding="utf-8"))
    assert sha256((VENDOR / file).read_bytes()).hexdigest() == told
    assert licence == "MPL-2.0"
    assert "Mozilla Public License" in (VENDOR / text).read_text(encoding="utf-8")
