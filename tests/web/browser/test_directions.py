"""The console from right to left."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from seawall.casebook import Role
from tests.web.browser.conftest import Screen
from tests.web.conftest import Served
from tests.web.pages.cases import waiting

Screens = Callable[..., Screen]


def in_arabic(live: Served, role: Role = Role.REVIEWER) -> None:
    live.workspace(role).set_preferences(live.names[role], {"language": "ar"})


def left_of(place: Locator) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["x"]


def test_pages_are_mirrored(live: Served, screen_of: Screens) -> None:
    """In Arabic the page begins at the right: the console's name, then its sections; the decision is at the left."""
    in_arabic(live)
    screen = screen_of(viewport={"width": 1280, "height": 900})
    screen.open(f"/cases/{waiting(live)[0]}")
    page = screen.page
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    brand, nav, decision = (left_of(page.locator(one).first) for one in (".brand", ".sections li", "[name=outcome]"))
    assert brand > nav > 640 > decision
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_time_runs_left_to_right(live: Served, screen_of: Screens) -> None:
    """In Arabic, too, a span at the left of a picture is an early one, and its labels stand in the order of time."""
    in_arabic(live)
    screen = screen_of(viewport={"width": 1280, "height": 900})
    screen.open("/overview")
    page = screen.page
    start, end = (page.locator(f"#span [name={one}]") for one in ("start", "end"))
    before = start.input_value(), end.input_value()
    plot = page.locator(".plot .u-over").bounding_box()
    assert plot is not None
    across = [plot["x"] + plot["width"] * part for part in (0.1, 0.3)]
    page.mouse.move(across[0], plot["y"] + 50)
    page.mouse.down()
    page.mouse.move(across[1], plot["y"] + 50)
    page.mouse.up()
    expect(start).not_to_have_value(before[0])
    chosen = start.input_value(), end.input_value()
    assert before[0] < chosen[0] < chosen[1] < before[1]
    halfway = page.evaluate("([a, b]) => new Date((Date.parse(a) + Date.parse(b)) / 2).toISOString()", list(before))
    assert chosen[1] < halfway


def test_time_runs_left_to_right_without_scripts(live: Served, screen_of: Screens) -> None:
    """So it does in the pictures that come with the page."""
    in_arabic(live)
    screen = screen_of(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    screen.open("/overview")
    ticks = [
        one for one in screen.page.locator("svg .tick[text-anchor]:not([text-anchor=end])").all() if one.is_visible()
    ]
    places = [left_of(one) for one in ticks]
    assert len(places) > 2
    assert places == sorted(places)
