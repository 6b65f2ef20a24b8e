from __future__ import annotations

import re
from datetime import timedelta

import pytest

from seawall import brief, model
from seawall.casebook import Role
from seawall.web.pages.safeguarding import STAGES
from tests.casebook.builders import account
from tests.casebook.hubs import approached, hub_alert, newcomer
from tests.web.conftest import Browser, Served
from tests.web.pages.cases import HOSTILE, alerts, assert_harmless, propose, text_of


def people(console: Served) -> list[str]:
    """Everybody on the list, by their ids, those who were led furthest first."""
    return [row.person_id for row in console.workspace(Role.SAFEGUARDING).safeguarding.people().rows]


def act(browser: Browser, person: str, what: str, note: str = "") -> object:
    return browser.send_form(f"/safeguarding/{person}", act=what, note=note)


@pytest.fixture
def sage(console: Served) -> Browser:
    """The person of safeguarding, where a hub approached three people."""
    propose(console, hub_alert([approached(1), approached(2, "contact", day=1), approached(3, "direct", day=2)]))
    return console.as_(Role.SAFEGUARDING)


def test_stages_are_called_as_in_briefs() -> None:
    """Pages mark the names of stages for translation, so they are told twice; they are the same, in the same order."""
    assert list(STAGES.items()) == list(brief.funnel.STAGES.items())
    assert tuple(STAGES) == model.STAGES


def test_who_waits(console: Served, sage: Browser) -> None:
    """The list has a line a person, with stage and times, the furthest first, and nobody's pseudonym."""
    page = sage.get("/safeguarding").text
    text = text_of(page)
    assert "3 people who were approached wait for an offer of support." in text
    assert re.findall(r'href="/safeguarding/(P-[^"]+)"', page) == people(console)
    assert text.index("got an outside address") < text.index("came to direct messages") < text.index("in public")
    assert not [number for number in (1, 2, 3) if newcomer(number)[:6] in page]


def test_one_person(console: Served, sage: Browser) -> None:
    """The page of a person has the pseudonym, who approached them, how far and when, and what to do."""
    propose(console, hub_alert([approached(2, "sustained", day=4)], hub=901, sentence=HOSTILE))
    page = sage.get(f"/safeguarding/{people(console)[0]}").text
    text = text_of(page)
    assert newcomer(2) in text
    assert account(900) in text
    assert account(901) in text
    assert text.index("wrote on for days") < text.index("got an outside address")
    assert "Seawall sends nothing" in text
    assert_harmless(page)


def test_what_was_done_is_recorded(console: Served, sage: Browser) -> None:
    """Each button records its act with the note, says so, and moves the person; the history has who, when and what."""
    person = people(console)[0]
    assert act(sage, person, "offer", HOSTILE).status_code == 303
    page = sage.get(f"/safeguarding/{person}").text
    assert "Recorded that support was offered. Seawall has sent nothing." in text_of(page)
    assert_harmless(page)
    act(sage, person, "close", "She is well.")
    page = sage.get(f"/safeguarding/{person}").text
    assert f"<code>{person}</code> is closed." in page
    text = text_of(page[page.index("What was done") :])
    assert text.index("support was offered") < text.index("nothing is left to do")
    assert person in sage.get("/safeguarding?state=closed").text
    assert person not in sage.get("/safeguarding").text


@pytest.mark.parametrize(("what", "note", "said"), [("close", " ", "Say why"), ("shout", "", "Say what you did")])
def test_nothing_is_recorded_without_what_it_needs(
    console: Served, sage: Browser, what: str, note: str, said: str
) -> None:
    """An end without a reason, and an act that does not exist, are refused beside the form, which keeps the note."""
    person = people(console)[0]
    answer = act(sage, person, what, note)
    assert answer.status_code == 422
    assert said in answer.text
    assert console.workspace(Role.SAFEGUARDING).safeguarding.people(["waiting"]).total == 3


def test_again(console: Served, sage: Browser) -> None:
    """The same end twice is refused with what to do; nobody who is not on the list has a page."""
    person = people(console)[0]
    act(sage, person, "close", "She is well.")
    again = act(sage, person, "close", "She is very well.")
    assert again.status_code == 409
    assert "She is very well." in again.text
    for answer in (sage.get("/safeguarding/P-00000000"), act(sage, "P-00000000", "offer")):
        assert answer.status_code == 404


def test_pages_and_states(console: Served, sage: Browser) -> None:
    """More people than a page has stand on the next one; an address that asks for nonsense shows the first."""
    propose(console, hub_alert([approached(number, day=number) for number in range(10, 70)], hub=901))
    first, second = sage.get("/safeguarding").text, sage.get("/safeguarding?state=waiting&page=2").text
    links = [re.findall(r'href="/safeguarding/(P-[^"]+)"', page) for page in (first, second)]
    assert [len(one) for one in links] == [50, 13]
    assert 'rel="next"' in first
    assert 'rel="first"' in second
    for query in ("?page=0", "?page=-1", "?page=x", "?page=99999999999", "?state=compost"):
        assert sage.get(f"/safeguarding{query}").status_code == 200


def test_no_address_holds_a_pseudonym(console: Served, sage: Browser) -> None:
    """To ask who is behind an account goes by a form: no link, and so no log on the way, holds the pseudonym."""
    person = people(console)[0]
    page = sage.get(f"/safeguarding/{person}").text
    assert not [link for link in re.findall(r'(?:href|action)="([^"]+)"', page) if newcomer(2) in link]
    refused = sage.send_form(f"/safeguarding/{person}/ask", reason="To reach her.")
    assert refused.status_code == 409
    assert "To reach her." in refused.text
    assert "vault" in text_of(refused.text)


def test_made_up_people_are_marked(console: Served) -> None:
    """Whoever is of a simulated platform is marked in the list and on their page."""
    propose(console, hub_alert([approached(1)], simulated=True))
    sage = console.as_(Role.SAFEGUARDING)
    for path in ("/safeguarding", f"/safeguarding/{people(console)[0]}"):
        assert '<span class="badge">Simulated</span>' in sage.get(path).text


def test_who_is_to_be_supported(console: Served) -> None:
    """A case that ended in an offer of support stands on the page of safeguarding; others do not."""
    first, second = propose(console, *alerts(2, sentence=HOSTILE))
    reviewer = console.workspace(Role.REVIEWER)
    reviewer.decide(first, "support", HOSTILE)
    reviewer.decide(second, "watch", "It rains.")
    page = console.as_(Role.SAFEGUARDING).get("/safeguarding").text
    assert first in page
    assert second not in page
    assert "In 1 case a person is to be offered support." in text_of(page)
    assert_harmless(page)


def test_a_case_leads_to_its_people(console: Served) -> None:
    """Where the case is of a hub, it leads to the people whom that approached, instead of to the hub's account."""
    (case_id,) = propose(console, hub_alert([approached(1)]))
    console.workspace(Role.REVIEWER).decide(case_id, "support", "She may need it.")
    page = console.as_(Role.SAFEGUARDING).get("/safeguarding").text
    section = page[page.index("In 1 case") :]
    assert f'href="/safeguarding/{people(console)[0]}"' in section
    assert "which of them was approached is for you to find out" not in section


def test_no_longer(console: Served) -> None:
    """A case whose offer of support was taken back, or decided anew, is not there."""
    first, second = propose(console, *alerts(2))
    reviewer = console.workspace(Role.REVIEWER)
    reviewer.decide(first, "support", "She asked for help.")
    reviewer.undo(first)
    reviewer.decide(second, "support", "She asked for help.")
    console.workspace(Role.LEAD).casebook.reopen(second, reviewer=console.names[Role.LEAD], reason="New beds.")
    reviewer.decide(second, "watch", "She did not.")
    page = console.as_(Role.SAFEGUARDING).get("/safeguarding").text
    assert "Nobody is waiting for support." in page
    assert "In 0 cases a person is to be offered support." in text_of(page)


def test_for_safeguarding_alone(console: Served) -> None:
    """No other role has this page, and the people of safeguarding have no other queue."""
    for role in Role:
        answer = console.as_(role).get("/safeguarding")
        assert answer.status_code == (200 if role is Role.SAFEGUARDING else 404)
    assert console.as_(Role.SAFEGUARDING).get("/queue").status_code == 404


def test_each_look_is_audited(console: Served, sage: Browser) -> None:
    """A look at the list names those whom it showed, a look at a person that person: by commitments."""
    person = people(console)[0]
    name = console.names[Role.SAFEGUARDING]
    before = len(console.workspace(Role.AUDITOR).audit_entries())
    sage.get("/safeguarding")
    sage.get(f"/safeguarding/{person}")
    entries = console.workspace(Role.AUDITOR).audit_entries()[before:]
    looks = [one["detail"]["people"] for one in entries if one["actor"] == name and "people" in one["detail"]]
    assert [len(look) for look in looks] == [3, 1]
    assert looks[1][0] == looks[0][0]


def test_the_case_says_how_many_and_nobody(console: Served) -> None:
    """Whoever reads the case reads how many people safeguarding has for it."""
    (case_id,) = propose(console, hub_alert([approached(1), approached(2)]))
    text = text_of(console.as_(Role.REVIEWER).get(f"/cases/{case_id}").text)
    assert "2 people were approached, and stand on the list of safeguarding, which nobody else reads." in text


def test_where_nobody_is_of_safeguarding_the_case_says_so(console: Served) -> None:
    """How many wait, and that somebody must be enrolled; to whoever may enrol, where."""
    name = console.names[Role.SAFEGUARDING]
    console.workspace(Role.SAFEGUARDING).remove_person(name)
    (case_id,) = propose(console, hub_alert([approached(1)], end=approached(1).last_at + timedelta(days=1)))
    page = console.as_(Role.LEAD).get(f"/cases/{case_id}").text
    assert "1 person who was approached waits for support, and nobody of safeguarding is enrolled." in text_of(page)
    assert "Ask an administrator to enrol a person of safeguarding." in page


def test_the_page_of_a_hub(console: Served) -> None:
    """Ladder, numbered newcomers with their table, terms with signs, and doubt; marked where made up, and no words."""
    hub = hub_alert([approached(number, ("approach", "contact")[number % 2], day=number) for number in range(5)])
    (case_id,) = propose(console, hub)
    (other,) = propose(console, hub_alert([approached(9)], hub=901, simulated=True))
    reviewer = console.as_(Role.REVIEWER)
    page = reviewer.get(f"/cases/{case_id}").text
    text = text_of(page)
    for told in (
        "How far newcomers were led",
        "Newcomers as a table (5 rows)",
        "+4.25",
        "\u22121.50",
        "A welcome committee greets strangers, too.",
        "It rests on who acted towards whom, and when. No words were looked at.",
    ):
        assert told in text
    assert page.count('class="lane"') == 10
    assert not [number for number in range(5) if newcomer(number)[:6] in page]
    assert 'class="badge"' not in page
    assert not re.search(r"<style|\sstyle=", page)
    for path in (f"/cases/{other}", "/queue", "/overview"):
        assert '<span class="badge">Simulated</span>' in reviewer.get(path).text, path
