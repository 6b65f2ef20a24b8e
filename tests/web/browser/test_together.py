"""What two people do together, each in a browser of their own."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from seawall.casebook import Role, standing
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Workspace, make_reviewer_key
from tests.web.browser.conftest import Screen, Wire
from tests.web.conftest import Served, enrol_all
from tests.web.pages.cases import decide, waiting
from tests.web.pages.test_together import alike

Screens = Callable[..., Screen]
PASSPHRASES = ("seven tulips in the long bed", "nine beans by the greenhouse")


def test_a_cluster_but_for_an_exception(live: Served, screen_of: Screens) -> None:
    """From a case the others like it are decided with it in one go, and the one without a tick stays open."""
    cases = alike(live, 4)
    page = (screen := screen_of()).page
    screen.open(f"/cases/{cases[0]}")
    page.get_by_role("link", name="Decide them together").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("4 cases would get the same decision.")
    page.locator(f"[name=case][value={cases[3]}]").uncheck()
    page.locator("[value=no_action]").check()
    page.get_by_label("It is what a club or community ordinarily does.").check()
    page.get_by_role("button", name="Decide the ticked cases").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 cases")
    assert [live.workspace().case(one).case.status for one in cases] == ["decided"] * 3 + ["open"]


def test_an_appeal_is_for_somebody_else(live: Served, screen_of: Screens, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever decided a case may record and read the appeal against it, and is offered no decision on it."""
    case_id = waiting(live)[0]
    decide(live, case_id, role=Role.REVIEWER)
    monkeypatch.setattr(standing, "UNDO_SECONDS", 0)
    lead, reviewer = screen_of(Role.LEAD), screen_of(Role.REVIEWER)
    reviewer.open(f"/cases/{case_id}")
    reviewer.page.get_by_text("Record an appeal against this decision").click()
    reviewer.page.locator("#appeal-text").fill("We water the beds together every Monday.")
    reviewer.page.get_by_role("button", name="Record the appeal").click()
    reviewer.page.wait_for_url("**/appeals/A-*")
    expect(reviewer.page.get_by_text("You took part in this case")).to_be_visible()
    expect(reviewer.page.get_by_role("button", name="Decide the appeal")).to_have_count(0)
    lead.open(reviewer.page.url.removeprefix(reviewer.origin))
    lead.page.get_by_label("The decision changes").check()
    lead.page.get_by_label("Why").fill("A rota explains it.")
    lead.page.get_by_role("button", name="Decide the appeal").click()
    expect(lead.page.get_by_text("A rota explains it.")).to_be_visible()
    assert live.workspace().case(case_id).case.status == "reopened"


@pytest.fixture
def vaulted(wire: Wire, tmp_path: Path) -> Served:
    """A console over a workspace that keeps identities in a vault; the private keys lie beside it."""
    keys = [make_reviewer_key(tmp_path / f"person{place}", told) for place, told in enumerate(PASSPHRASES)]
    with (tmp_path / "club.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("id", "author", "created_at", "channel", "text"))
        out.writerow(("m1", "rosa_of_the_beds", "2026-05-03T10:00:00Z", "beds", "Tulips"))
    folder = tmp_path / "vaulted"
    public = [one.read_text() for one, _ in keys]
    with Workspace.create(folder, identities="vault", reviewer_keys=public, reviewer="ada") as workspace:
        options = ReadOptions(visibility=Visibility.PUBLIC, platform="forum")
        workspace.add(tmp_path / "club.csv", options=options)
    enrol_all(folder)
    for place, (_, private) in enumerate(keys):
        private.rename(tmp_path / f"{place}.key")
    return wire.over(folder)


def test_two_people_open_the_vault(live: Served, vaulted: Served, screen_of: Screens, tmp_path: Path) -> None:
    """One asks; the other sees why only after agreeing; with both keys, and not with one, a name is shown."""
    account = str(vaulted.workspace().messages(["account_id"])["account_id"][0].as_py())
    first, second = screen_of(Role.REVIEWER), screen_of(Role.LEAD)
    first.open("/requests")
    first.page.get_by_label("About").fill(account)
    first.page.get_by_label("Why").fill("She asked for help.")
    first.page.get_by_role("button", name="Ask", exact=True).click()
    first.page.wait_for_url("**/requests/R-*")
    expect(first.page.get_by_text("Another person must answer")).to_be_visible()
    second.open(path := first.page.url.removeprefix(first.origin))
    expect(second.page.get_by_text("She asked for help.")).to_have_count(0)
    second.page.get_by_label("I agree").check()
    second.page.get_by_label("Your own reason").fill("To reach her.")
    second.page.get_by_role("button", name="Answer").click()
    expect(second.page.get_by_text("She asked for help.")).to_be_visible()
    for place, screen in enumerate((first, second)):
        screen.open(path)
        expect(screen.page.get_by_role("button", name="Show who is behind these accounts")).to_have_count(0)
        screen.page.get_by_label("Your private key file").set_input_files(tmp_path / f"{place}.key")
        screen.page.get_by_label("Its passphrase").fill(PASSPHRASES[place])
        screen.page.get_by_role("button", name="Hand in my key").click()
        expect(screen.page.get_by_text(f"Keys handed in: {place + 1} of 2.")).to_be_visible()
    second.page.get_by_role("button", name="Show who is behind these accounts").click()
    expect(second.page.get_by_text("rosa_of_the_beds").first).to_be_visible()
