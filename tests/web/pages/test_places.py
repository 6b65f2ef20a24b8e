from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest

from seawall.casebook import Role
from seawall.web.places_looked import PlacesLooked
from seawall.workspace.looking_beside import Beside
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, assert_harmless, text_of
from tests.web.pages.seen import (
    PATIENCE_SECONDS,
    assert_no_inline,
    assert_no_markup,
    assert_pictures_have_tables,
    some_place,
    write_links,
)

PAGES = ("/places", "/places/survival", "/places/effect", "/places/successors", "/places/limits")


@pytest.fixture
def linked(console: Served) -> Served:
    """A club that links to three sites; its places are counted."""
    some_place(console)
    return console


def test_places_with_their_numbers(linked: Served) -> None:
    """The first sentence counts the places; each stands in the table and leads to its page; pictures have tables."""
    page = linked.as_(Role.ANALYST).get("/places").text
    told = text_of(page)
    assert "Links lead to 3 places;" in told
    assert "none of them emerges." in told
    for name in ("seeds0[.]example", "seeds1[.]example", "seeds2[.]example"):
        assert name in told
    assert 'href="/places/one?place=seeds0.example"' in page
    assert_no_inline(page)
    figures = re.findall(r'<figure class="picture">.*?</figure>', page, re.DOTALL)
    assert figures
    for one in figures:
        assert re.search(r'<svg[^>]*role="img"[^>]*aria-label="[^"]+', one)
        assert '<details class="twin"' in one
        assert "Source:" in one
        assert "UTC" in one


def test_a_filter_of_places(linked: Served) -> None:
    """A kind leaves what is of it, an unknown one nothing, and a time what was linked to then."""
    browser = linked.as_(Role.ANALYST)
    assert "3 places fit the filter." in text_of(browser.get("/places?kind=web").text)
    assert "No place fits." in text_of(browser.get("/places?kind=onion&role=chat").text)
    linked.workspace().places_seen(
        start=PlacesLooked.of({"start": "2026-06-08T18:00"}).start, patience=PATIENCE_SECONDS
    )
    later = text_of(browser.get("/places?start=2026-06-08T18:00").text)
    assert "Links lead to 2 places;" in later


def test_a_time_that_is_none(linked: Served) -> None:
    """What is no time is told beside its field, and left out."""
    page = linked.as_(Role.ANALYST).get("/places?start=soon").text
    assert "This is not a time." in page
    assert "Links lead to 3 places;" in text_of(page)


def test_one_place(linked: Served) -> None:
    """A place has its links, its channels over time, its messages, lists and alerts; the look is audited."""
    page = linked.as_(Role.REVIEWER).get("/places/one?place=seeds0.example").text
    told = text_of(page)
    assert "2 channels link to it in 8 messages;" in told
    assert "8 June 2026" in told
    assert "nothing was fetched" in told
    assert told.count("Seeds are at") == 8
    assert 'href="/explore?view=table&amp;channel=' in page
    assert_pictures_have_tables(page)
    assert_no_inline(page)
    entries = linked.workspace(Role.AUDITOR).audit_entries()
    assert any(entry["detail"].get("for") == "place" and "seeds0" not in str(entry) for entry in entries)


def test_a_place_on_a_list(linked: Served) -> None:
    """An entry of a list that is this place stands on its page; entries that only hold it do not."""
    from seawall.workspace import Terms

    lists = linked.workspace().indicators
    terms = Terms(bank="seeds", reason="A contest.", source="by hand")
    own = lists.add("domain", "seeds0.example", terms)
    lists.add("url", "https://seeds0.example/1", terms)
    page = linked.as_(Role.REVIEWER).get("/places/one?place=seeds0.example").text
    assert re.findall(r'href="/indicators/([^"?]+)"', page) == [own.id]


def test_a_place_to_which_no_link_leads(linked: Served) -> None:
    """It is answered like what may not be seen, whatever it is called."""
    browser = linked.as_(Role.REVIEWER)
    for name in ("nowhere.example", "", HOSTILE):
        answer = browser.get("/places/one", params={"place": name})
        assert answer.status_code == 404
        assert_harmless(answer.text)


def test_places_of_a_club_without_links(console: Served) -> None:
    """Without links the page says so, why, and what to do."""
    assert console.workspace().places_seen(patience=PATIENCE_SECONDS).state == "ready"
    told = text_of(console.as_(Role.ANALYST).get("/places").text)
    assert "No message here holds a link." in told
    assert "see when was collected under Sources" in told


def test_hostile_links_are_harmless(console: Served) -> None:
    """Markup and directions in an address stand on the pages as characters; no address can be clicked."""
    texts = ["https://seeds.example/<script>alert('beds')</script>", "https://seeds.example\u202e/gnp.x", f"{HOSTILE}"]
    write_links(console, [(f"bed {number}", "gardener", text) for number, text in enumerate(texts)])
    found = console.workspace().places_seen(patience=PATIENCE_SECONDS).found
    assert found is not None
    browser = console.as_(Role.REVIEWER)
    pages = [browser.get("/places").text]
    pages += [browser.get(f"/places/one?place={quote(one, safe='')}").text for one in found.table["place"].to_pylist()]
    for page in pages:
        assert_no_markup(page)
        assert_harmless(page)


@pytest.mark.parametrize("state", ["working", "failed"])
@pytest.mark.parametrize("path", PAGES[:4])
def test_what_is_not_there_yet(console: Served, monkeypatch: pytest.MonkeyPatch, path: str, state: str) -> None:
    """While something is computed the page says how far it is and looks again; where it failed, why and what to do."""
    seen: Beside[object] = {
        "working": Beside("working", "reading messages", 1, 4),
        "failed": Beside("failed", problem="The lake holds no channel.", mend="Add an export: seawall add."),
    }[state]
    name = {"/places": "places_seen", "/places/survival": "survival_seen", "/places/effect": "effect_seen"}
    monkeypatch.setattr(type(console.workspace()), name.get(path, "successors_seen"), lambda *_, **__: seen)
    page = console.as_(Role.ANALYST).get(path).text
    told = html.unescape(text_of(page))
    if state == "working":
        assert "reading messages: 1 of 4" in told
        assert "Look again" in told
        assert f'hx-get="{path}' in page
    else:
        assert "The lake holds no channel." in told
        assert "Add an export: seawall add." in told
    assert_no_inline(page)


def test_what_cannot_be_concluded(console: Served) -> None:
    """The page of limits says for each measure what it does not say."""
    told = text_of(console.as_(Role.REVIEWER).get("/places/limits").text)
    for sentence in ("A place is not a reason", "Few actions are few observations", "Simulated is not seen"):
        assert sentence in told


def test_who_may_not_look_at_places(console: Served) -> None:
    """Auditors, administrators and safeguarding get none of it, and no entry of the navigation."""
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.SAFEGUARDING):
        browser = console.as_(role)
        for path in (*PAGES, "/places/one?place=seeds0.example"):
            assert browser.get(path).status_code in (403, 404)
        assert 'href="/places"' not in browser.get("/you").text
