from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from seawall.casebook import Role
from seawall.model import Severity
from tests.web.browser.conftest import Screen
from tests.web.conftest import Served
from tests.web.pages.cases import alerts, propose, waiting

Screens = Callable[..., Screen]


def test_four_keys_from_the_queue(live: Served, screen_of: Screens) -> None:
    """From the queue a case is decided with four keys, the next one opens, and one key takes the decision back."""
    first, second = waiting(live)[:2]
    screen = screen_of()
    screen.open("/queue")
    screen.press("o")
    screen.page.wait_for_url(f"**/cases/{first}")
    screen.press("c", "1", "Enter")
    screen.page.wait_for_url(f"**/cases/{second}")
    (made,) = live.workspace().case(first).case.decisions
    assert (made.outcome, made.reason) == ("watch", "It is too early to tell.")
    screen.press("u")
    screen.page.wait_for_url(f"**/cases/{first}")
    expect(screen.page.locator("[name=outcome][value=watch]")).to_be_checked()
    assert live.workspace().case(first).case.status == "open"


def test_moving_and_ticking(live: Served, screen_of: Screens) -> None:
    """j and k move through the queue, x ticks a line, o opens the one that is in focus."""
    cases = waiting(live)
    screen = screen_of()
    screen.open("/queue")
    screen.press("j", "j", "k", "x")
    expect(screen.page.locator(f"#pick-{cases[0]}")).to_be_checked()
    screen.press("j", "o")
    screen.page.wait_for_url(f"**/cases/{cases[1]}")


def test_keys_rest_in_fields(live: Served, screen_of: Screens) -> None:
    """Keys write in a field and do nothing else, nor with Ctrl or Alt; Escape leaves the field."""
    case_id = waiting(live)[0]
    screen = screen_of()
    screen.open(f"/cases/{case_id}")
    screen.press("r", "a", "b", "1", "?", "u")
    reason = screen.page.locator("#reason")
    expect(reason).to_have_value("ab1?u")
    assert screen.page.locator("[name=outcome]:checked").count() == 0
    screen.press("Escape", "Control+b", "Alt+c")
    expect(reason).not_to_be_focused()
    assert screen.page.locator("[name=outcome]:checked").count() == 0
    screen.press("d")
    expect(screen.page.locator("[value=no_action]")).to_be_checked()


def test_what_is_missing_is_said(live: Served, screen_of: Screens) -> None:
    """Enter without an outcome or without a reason decides nothing, and says what is missing."""
    case_id = waiting(live)[0]
    screen = screen_of()
    screen.open(f"/cases/{case_id}")
    said = screen.page.locator("[data-said]")
    screen.press("1")
    expect(said).to_have_text("Choose an outcome with a to e first.")
    screen.press("e", "Enter")
    expect(said).to_have_text(re.compile("A reason is missing"))
    assert live.workspace().case(case_id).case.status == "open"


def test_sheet_and_switch(live: Served, screen_of: Screens) -> None:
    """The sheet opens with its key and its button; its switch turns single keys off, and the sheet's own stays."""
    screen = screen_of()
    screen.open(f"/cases/{waiting(live)[0]}")
    sheet = screen.page.locator("#keys")
    screen.press("?")
    expect(sheet).to_be_visible()
    screen.page.locator("[data-keys-off]").check()
    screen.press("Escape")
    expect(sheet).to_be_hidden()
    screen.press("a")
    assert screen.page.locator("[name=outcome]:checked").count() == 0
    screen.page.get_by_role("button", name="Keys").click()
    expect(sheet).to_be_visible()


def test_palette(live: Served, screen_of: Screens) -> None:
    """The palette opens with Ctrl-K and with its button, goes to a page by a word, and to a case by its id."""
    case_id = waiting(live)[1]
    screen = screen_of()
    screen.open("/queue")
    screen.press("Control+k")
    screen.page.keyboard.type("camp")
    expect(screen.page.locator("#palette [role=option]")).to_have_text("Campaigns")
    screen.press("Enter")
    screen.page.wait_for_url("**/campaigns")
    screen.page.get_by_role("button", name="Commands").click()
    screen.page.keyboard.type(case_id.lower())
    screen.press("Enter")
    screen.page.wait_for_url(f"**/cases/{case_id}")


def test_draft_by_itself(live: Served, screen_of: Screens) -> None:
    """What is typed is kept after a moment, without a button, and is there when the page is loaded again."""
    case_id = waiting(live)[0]
    screen = screen_of()
    screen.open(f"/cases/{case_id}")
    screen.page.locator("#note").fill("Half a note")
    expect(screen.page.locator("[data-keeps]")).to_have_text(re.compile("Kept as a draft"))
    screen.page.reload()
    expect(screen.page.locator("#note")).to_have_value("Half a note")


def test_draft_that_cannot_be_kept(live: Served, screen_of: Screens) -> None:
    """Where the console cannot be reached, the page says that what is written is not being kept."""
    screen = screen_of()
    screen.open(f"/cases/{waiting(live)[0]}")
    screen.page.context.set_offline(True)
    screen.page.locator("#note").fill("Half a note")
    expect(screen.page.locator("[data-unkept]")).to_be_visible()
    screen.complaints.clear()  # the browser tells that it is offline


def test_session_that_ends_while_writing(live: Served, screen_of: Screens) -> None:
    """Words that are written after the session has ended come back when the person has signed in again."""
    case_id = waiting(live)[0]
    screen = screen_of()
    screen.open(f"/cases/{case_id}")
    live.workspace(Role.ADMINISTRATOR).close_sessions_of(live.names[Role.REVIEWER])
    screen.page.locator("#note").fill("Half a note")
    screen.page.wait_for_url("**/sign-in**")
    token = live.console.workspace.open_session(live.names[Role.REVIEWER], "passkey")
    screen.page.context.add_cookies([{"name": live.console.cookie, "value": token, "url": screen.origin}])
    screen.open("/kept")
    screen.page.get_by_role("button", name="Send it again").click()
    screen.page.wait_for_url(f"**/cases/{case_id}")
    expect(screen.page.locator("#note")).to_have_value("Half a note")
    screen.complaints.clear()  # the browser tells of the refused request


def test_hold_to_read(live: Served, screen_of: Screens) -> None:
    """The words of a grave case are blurred, readable while the button is held, and blurred again."""
    ids = live.workspace().messages(["message_id"])["message_id"].to_pylist()[:1]
    (case_id,) = propose(live, *alerts(1, Severity.HIGH, evidence=tuple(ids)))
    screen = screen_of()
    screen.open(f"/cases/{case_id}")
    screen.page.locator(".evidence summary").first.click()
    words, button = screen.page.locator(".veil blockquote"), screen.page.locator(".reveal")
    expect(words).to_have_css("filter", re.compile("blur"))
    button.hover()
    screen.page.mouse.down()
    expect(words).to_have_css("filter", "none")
    screen.page.mouse.up()
    expect(words).to_have_css("filter", re.compile("blur"))
    button.focus()
    screen.page.keyboard.down("Space")
    expect(words).to_have_css("filter", "none")
    screen.page.keyboard.up("Space")
    expect(words).to_have_css("filter", re.compile("blur"))


def test_undo_button_goes(live: Served, screen_of: Screens) -> None:
    """The bar counts its seconds down, and its button goes with the last one."""
    case_id = waiting(live)[0]
    screen = screen_of()
    screen.page.clock.install()
    screen.open(f"/cases/{case_id}")
    screen.press("c", "1", "Enter")
    button = screen.page.locator("[data-undo]")
    expect(button).to_be_visible()
    screen.page.wait_for_load_state()
    screen.page.clock.run_for(11_000)
    expect(button).to_have_count(0)


def test_without_scripts(live: Served, screen_of: Screens) -> None:
    """Without scripts: take the next case, decide it with the mouse, take it back."""
    first = waiting(live)[0]
    page = (screen := screen_of(java_script_enabled=False)).page
    screen.open("/queue")
    page.get_by_role("button", name="Take the next case").click()
    page.locator("[value=no_action]").check()
    page.get_by_label("It is what a club or community ordinarily does.").check()
    page.get_by_role("button", name="Decide and open the next").click()
    assert live.workspace().case(first).case.status == "decided"
    page.get_by_role("button", name="Undo").click()
    assert live.workspace().case(first).case.status == "open"
    assert not page.get_by_role("button", name="Commands").is_visible()
