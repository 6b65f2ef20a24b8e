from __future__ import annotations

import html
import re
from datetime import timedelta

from seawall.casebook import Role
from seawall.casebook.indicators_rows import Listing
from seawall.model import IndicatorKind
from seawall.workspace import Terms
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, assert_harmless, text_of
from tests.web.pages.seen import assert_no_inline, assert_no_markup

DOMAIN = {"kind": "domain", "value": "tulips.example", "bank": "feud", "reason": "They push tulips.", "live": "1"}
PHRASE = DOMAIN | {"kind": "phrase", "value": "vote for bed"}


def listed(console: Served, **changes: str) -> str:
    """List something through the page as a reviewer; its address."""
    answer = console.as_(Role.REVIEWER).send_form("/indicators/add", **(DOMAIN | changes))
    assert answer.status_code == 303, text_of(answer.text)
    return str(answer.headers["location"])


def test_one_is_listed_with_owner_reason_and_end(console: Served) -> None:
    """What a person lists stands on its page with who answers for it, why, and until when; and in its list."""
    end = (console.workspace().casebook.indicators.today + timedelta(days=100)).isoformat()
    path = listed(console, expires_on=end)
    page = console.as_(Role.ANALYST).get(path).text
    for told in ("tulips[.]example", "Rosa Lind", "They push tulips.", end, "live"):
        assert told in page
    assert_no_inline(page)
    page = console.as_(Role.ANALYST).get("/indicators").text
    assert "1 indicator alerts;" in text_of(page)
    assert "feud" in page
    assert path in page


def test_what_is_wrong_stands_beside_its_field(console: Served) -> None:
    """Nothing is listed of what cannot be; each field says what is wrong, and what was written stays."""
    browser = console.as_(Role.REVIEWER)
    wrong = {"kind": "grim", "value": "", "bank": "", "reason": "Because of the beds.", "expires_on": "soon"}
    answer = browser.send_form("/indicators/add", **wrong)
    assert answer.status_code == 422
    for told in ("Choose what it is.", "State what is to be found.", "Name the list", "This is not a day."):
        assert told in answer.text
    assert "Because of the beds." in answer.text
    answer = browser.send_form("/indicators/add", **(DOMAIN | {"value": "no domain at all"}))
    assert answer.status_code == 422
    assert re.search(r'id="value"[^>]*aria-invalid="true"', answer.text)
    assert console.workspace().indicators.all() == []


def test_a_phrase_needs_a_second_person(console: Served) -> None:
    """A phrase matches nothing until someone else agrees, who sees the first's reason only then."""
    path = listed(console, **PHRASE)
    mine = console.as_(Role.REVIEWER)
    assert "someone else must agree" in mine.get(path).text
    refused = mine.send_form(f"{path}/second")
    assert refused.status_code == 409
    assert "A second person must agree" in refused.text
    other = console.as_(Role.LEAD)
    assert "They push tulips." not in other.get(path).text
    assert other.send_form(f"{path}/second").status_code == 303
    page = other.get(path).text
    assert "They push tulips." in page
    assert "Lea Larkspur" in page


def test_shadow_live_and_retracted(console: Served) -> None:
    """An entry in shadow is promoted, and taken back for good with a reason; without one it is refused."""
    path, browser = listed(console, live=""), console.as_(Role.REVIEWER)
    assert "in shadow" in browser.get(path).text
    browser.send_form(f"{path}/promote")
    assert "live" in text_of(re.search(r'<p class="opening">.*?</p>', browser.get(path).text, re.DOTALL)[0])  # type: ignore[index]
    assert browser.send_form(f"{path}/retract", reason="").status_code == 409
    browser.send_form(f"{path}/retract", reason="The feud is over.")
    page = browser.get(path).text
    assert "retracted" in page
    assert "The feud is over." in page
    assert "Retract it for good" not in page


def test_a_list_is_switched_off_and_on(console: Served) -> None:
    """Switching a list off takes a reason, holds for all its entries, and can be taken back."""
    path, browser = listed(console), console.as_(Role.LEAD)
    assert browser.send_form("/indicators/lists", bank="feud", to="off", reason="").status_code == 409
    browser.send_form("/indicators/lists", bank="feud", to="off", reason="Too many hits.")
    assert "its list is switched off" in browser.get(path).text
    page = browser.get("/indicators").text
    assert "Too many hits." in page
    assert "0 indicators alert;" not in page
    browser.send_form("/indicators/lists", bank="feud", to="on", reason="It is fine again.")
    assert "its list is switched off" not in browser.get(path).text


def test_messages_that_carry_it(console: Served) -> None:
    """What an entry hit is listed with the messages, and the reading is audited."""
    lists = console.workspace(Role.REVIEWER).indicators
    made = lists.add("phrase", "vote for bed number", Terms("votes", "The long vote.", live=True))
    console.workspace(Role.LEAD).indicators.second(made.id)
    console.workspace(Role.LEAD).rescan([made.id])
    page = console.as_(Role.ANALYST).get(f"/indicators/{made.id}").text
    assert "72 messages carry it." in text_of(page)
    assert page.count("Vote for bed number") == 72
    assert any(one["detail"].get("sightings") == made.id for one in console.workspace(Role.AUDITOR).audit_entries())


def test_entries_are_found(console: Served) -> None:
    """A filter leaves over the entries that fit it, 200 a page at most."""
    until = console.workspace().casebook.indicators.today + timedelta(days=9)
    listings = [
        Listing(IndicatorKind.DOMAIN, f"tulips{n}.example", "many", "by hand", "Rosa Lind", "All of them.", 50, until)
        for n in range(205)
    ]
    console.workspace().casebook.indicators.add(listings, by="Rosa Lind")
    browser = console.as_(Role.ANALYST)
    page = browser.get("/indicators").text
    assert len(set(re.findall(r'href="(/indicators/I-[^"]+)"', page))) == 200
    after = browser.get(html.unescape(re.search(r'rel="next" href="([^"]+)"', page)[1])).text  # type: ignore[index]
    assert len(set(re.findall(r'href="(/indicators/I-[^"]+)"', after))) == 5
    assert "1 entry fits." in text_of(browser.get("/indicators?text=tulips204").text)
    assert "0 entries fit." in text_of(browser.get("/indicators?text=tulips&status=live").text)


def test_hostile_values_are_harmless(console: Served) -> None:
    """Words on a list, and words in the fields of an address or a form, stand in pages as characters."""
    browser = console.as_(Role.REVIEWER)
    words = "swap <script>alert('beds')</script> seeds"
    path = listed(console, kind="phrase", value=words, bank="<b>feud</b>", reason=HOSTILE)
    for page in (path, "/indicators", "/indicators?bank=%3Cb%3Efeud%3C/b%3E"):
        assert_harmless(browser.get(page).text)
    fields = dict.fromkeys(("text", "bank", "kind", "status", "page"), HOSTILE)
    assert_no_markup(browser.get("/indicators", params=fields).text)
    fields = dict.fromkeys(("kind", "value", "reason", "source", "expires_on"), HOSTILE)
    assert_no_markup(browser.send_form("/indicators/add", bank="", **fields).text)


def test_who_may_read_and_who_may_act(console: Served) -> None:
    """Analysts and auditors read and act not; administrators do neither; what is not there is hidden."""
    path = listed(console)
    for role in (Role.ANALYST, Role.AUDITOR):
        browser = console.as_(role)
        assert "Retract it" not in browser.get(path).text
        for act in ("add", "lists", f"{path.split('/')[-1]}/retract"):
            assert browser.send_form(f"/indicators/{act}", **DOMAIN).status_code in (403, 404)
    assert console.as_(Role.ADMINISTRATOR).get(path).status_code in (403, 404)
    for strange in ("I-00000000", "feud", "nothing", "%3Cscript%3E"):
        assert console.as_(Role.ANALYST).get(f"/indicators/{strange}").status_code == 404
