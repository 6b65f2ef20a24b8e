from __future__ import annotations

from seawall.casebook import Role
from tests.web.conftest import Browser, Served
from tests.web.pages.cases import HOSTILE, alerts, assert_harmless, propose, text_of


def named(console: Served, browser: Browser, name: str, cases: list[str]) -> str:
    """Name a campaign with the form; the path of its page."""
    answer = browser.send_form("/campaigns", name=name, cases=", ".join(cases), reason="One leaflet for all beds.")
    return str(answer.headers["location"])


def test_named_joined_split(console: Served) -> None:
    """A person names cases, adds one, takes one out; the page and its history say so."""
    cases = propose(console, *alerts(3))
    browser = console.as_(Role.REVIEWER)
    path = named(console, browser, "The tulip feud", cases[:2])
    page = browser.get(path).text
    assert "The tulip feud" in page
    assert "<svg" in page
    assert all(f'href="/cases/{one}"' in page for one in cases[:2])
    browser.send_form(f"{path}/join", cases=cases[2], reason="The same bed.")
    browser.send_form(f"{path}/split", case=[cases[0]], reason="Another bed.")
    (campaign,) = console.workspace().campaigns()
    assert campaign.cases == tuple(sorted(cases[1:]))
    text = text_of(browser.get(path).text)
    assert text.index("cases joined") < text.index("cases split off")
    assert "1 campaign" in text_of(browser.get("/campaigns").text)
    assert "The tulip feud" in browser.get(f"/cases/{cases[1]}").text


def test_joined_from_the_list(console: Served) -> None:
    """The form of the list adds cases to a campaign that is there."""
    cases = propose(console, *alerts(2))
    browser = console.as_(Role.REVIEWER)
    path = named(console, browser, "The tulip feud", cases[:1])
    campaign_id = path.removeprefix("/campaigns/")
    answer = browser.send_form("/campaigns", campaign=campaign_id, cases=cases[1], reason="The same bed.")
    assert answer.headers["location"] == path
    assert console.workspace().campaign(campaign_id).cases == tuple(sorted(cases))


def test_refusals_keep_what_was_written(console: Served) -> None:
    """A case that is in a campaign already, or that is none, is told; the form keeps what was written."""
    cases = propose(console, *alerts(2))
    browser = console.as_(Role.REVIEWER)
    named(console, browser, "The tulip feud", cases)
    for wrong in (cases[0], "C-0000", HOSTILE):
        answer = browser.send_form("/campaigns", name=HOSTILE, cases=wrong, reason="Kept & safe.")
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert "Kept &amp; safe." in answer.text
        assert "<script>alert" not in answer.text
    answer = browser.send_form("/campaigns", name="Another", cases=cases[0], reason="")
    assert answer.status_code == 422
    assert len(console.workspace().campaigns()) == 1


def test_hostile_names(console: Served) -> None:
    """A campaign's name and reasons are shown as text in the list, on its page and on its cases."""
    cases = propose(console, *alerts(2, sentence=HOSTILE))
    browser = console.as_(Role.REVIEWER)
    path = named(console, browser, HOSTILE, cases)
    browser.send_form(f"{path}/split", case=cases[:1], reason=HOSTILE)
    for page in ("/campaigns", path, f"/cases/{cases[1]}"):
        assert_harmless(browser.get(page).text)


def test_who_may(console: Served) -> None:
    """An analyst reads campaigns and changes none; an administrator sees none."""
    cases = propose(console, *alerts(2))
    path = named(console, console.as_(Role.REVIEWER), "The tulip feud", cases)
    analyst = console.as_(Role.ANALYST)
    assert "The tulip feud" in analyst.get(path).text
    assert "Add cases" not in analyst.get(path).text
    assert analyst.send_form(f"{path}/split", case=cases, reason="No.").status_code == 404
    assert console.as_(Role.ADMINISTRATOR).get(path).status_code == 404
    assert analyst.get("/campaigns/K-0000").status_code == 404


def test_all_split_off(console: Served) -> None:
    """A campaign without cases says so and keeps its history."""
    cases = propose(console, *alerts(1))
    browser = console.as_(Role.REVIEWER)
    path = named(console, browser, "The tulip feud", cases)
    browser.send_form(f"{path}/split", case=cases, reason="It was nothing.")
    page = browser.get(path).text
    assert "No case is in it any more." in page
    assert "It was nothing." in page
