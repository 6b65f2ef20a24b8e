from __future__ import annotations

import re

import pytest

from seawall.casebook import Role
from seawall.model import Severity
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, alerts, assert_harmless, propose, text_of, waiting


def shown(page: str) -> list[str]:
    """The cases of a page of the queue, in its order."""
    return re.findall(r'<li class="line".*?href="/cases/(C-[0-9A-Z]+)"', page, re.DOTALL)


def test_one_line_a_case_the_gravest_first(console: Served) -> None:
    """The queue shows each waiting case once, in the order of severity, with its sentence and its age."""
    grave, *_ = propose(console, *alerts(1, Severity.URGENT, sentence="The greenhouse is on fire."))
    page = console.as_(Role.REVIEWER).get("/queue").text
    assert shown(page) == waiting(console)
    assert shown(page)[0] == grave
    assert "The greenhouse is on fire." in page
    assert "less than a minute" in page


def test_filters_narrow(console: Served) -> None:
    """A filter of the address leaves over what fits it, and nothing else."""
    low = propose(console, *alerts(2, Severity.LOW))
    browser = console.as_(Role.REVIEWER)
    assert sorted(shown(browser.get("/queue?severity=low&detector=coordination").text)) == sorted(low)
    assert shown(browser.get(f"/queue?text={low[0]}").text) == [low[0]]
    assert shown(browser.get("/queue?held=me").text) == []
    assert shown(browser.get("/queue?start=2031-01-01").text) == []


def test_every_detector_is_offered(console: Served) -> None:
    """The filter offers every detector that speaks in a case, also where the page shows none of its cases."""
    page = console.as_(Role.REVIEWER).get("/queue?text=nothing+like+this").text
    assert re.findall(r'name="detector" value="([^"]+)"', page) == ["coordination", "surge"]


def test_wrong_day_beside_its_field(console: Served) -> None:
    """A day that is none is told beside its field, and the queue is shown without it."""
    page = console.as_(Role.REVIEWER).get("/queue?start=soon&end=%3Cscript%3E").text
    assert re.search(r'id="filter-start"[^>]*aria-describedby="filter-start-error"', page)
    assert "This is not a day." in page
    assert "<script>" not in page.replace('<script src="', "")
    assert shown(page) == waiting(console)


def test_pages_without_loss(console: Served) -> None:
    """Page after page shows every case once, none twice."""
    propose(console, *alerts(120))
    browser, path, seen = console.as_(Role.REVIEWER), "/queue", []
    while path:
        page = browser.get(path).text
        seen += shown(page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert seen == waiting(console)
    assert len(seen) > 120


def test_mark_of_nothing(console: Served) -> None:
    """A made-up mark of a page leads to the first page."""
    page = console.as_(Role.REVIEWER).get("/queue?after=nonsense").text
    assert shown(page) == waiting(console)


def test_take_the_next(console: Served) -> None:
    """Taking the next case opens it, and holds it for the person."""
    browser = console.as_(Role.REVIEWER)
    answer = browser.send_form("/queue/next")
    first = waiting(console)[0]
    assert answer.headers["location"] == f"/cases/{first}"
    page = browser.get("/queue?held=me").text
    assert shown(page) == [first]
    assert "Rosa Lind" in page


def test_next_where_none_is(console: Served) -> None:
    """Where no case is left, the queue says so."""
    browser = console.as_(Role.REVIEWER)
    answer = browser.send_form("/queue/next", filters="severity=low&text=nothing+like+this")
    assert answer.headers["location"].startswith("/queue?")
    assert "No other case waits that you could decide." in browser.get(answer.headers["location"]).text


def test_lighter_after_grave_ones(console: Served) -> None:
    """After two grave cases one after the other the next is a lighter one, unless something urgent waits."""
    propose(console, *alerts(4, Severity.HIGH))
    light = propose(console, *alerts(1, Severity.LOW))
    browser = console.as_(Role.REVIEWER)
    grave = [one for one in waiting(console) if one not in light]
    for case_id in grave[:2]:
        browser.get(f"/cases/{case_id}")
    taken = browser.send_form("/queue/next").headers["location"].removeprefix("/cases/")
    severity = {row.case_id: row.severity for row in console.workspace().queue(limit=200).rows}
    assert severity[taken] in (Severity.LOW, Severity.MEDIUM)
    urgent = propose(console, *alerts(1, Severity.URGENT))
    assert browser.send_form("/queue/next").headers["location"] == f"/cases/{urgent[0]}"


def test_who_reads_does_not_decide(console: Served) -> None:
    """A role that reads cases sees the queue without ticks and buttons, and cannot take a case."""
    browser = console.as_(Role.ANALYST)
    page = browser.get("/queue").text
    assert shown(page) == waiting(console)
    assert 'name="case"' not in page
    assert "Take the next case" not in page
    assert browser.send_form("/queue/next").status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SAFEGUARDING])
def test_who_reads_no_cases(console: Served, role: Role) -> None:
    """A role that reads no cases has no queue."""
    assert console.as_(role).get("/queue").status_code == 404


def test_hostile_sentence(console: Served) -> None:
    """A sentence with markup, an override and an address is shown as text, its address defanged."""
    propose(console, *alerts(1, Severity.URGENT, sentence=HOSTILE))
    page = console.as_(Role.REVIEWER).get("/queue").text
    assert_harmless(page)
    assert "RLO U+202E" in page
    assert "seeds[.]example[.]org" in text_of(page)


def test_hostile_filters(console: Served) -> None:
    """What stands in the address comes back as text alone."""
    page = (
        console.as_(Role.REVIEWER)
        .get("/queue", params={"text": HOSTILE, "detector": HOSTILE, "campaign": HOSTILE})
        .text
    )
    assert "<script>alert" not in page
    assert "<img" not in page
