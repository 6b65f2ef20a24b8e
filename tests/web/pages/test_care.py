from __future__ import annotations

from datetime import UTC, datetime, timedelta

from seawall.casebook import Role
from seawall.model import Severity
from seawall.web.exposure import COOKIE, Exposure, read, written
from tests.web.conftest import NAMES, Served
from tests.web.pages.cases import alerts, propose, waiting

ROSA = NAMES[Role.REVIEWER]


def worked(minutes: int) -> str:
    """The cookie of somebody who looked at light cases for so many minutes, until a minute ago."""
    last = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    return written(Exposure(last, seconds=60 * minutes, shift_seconds=60 * minutes), ROSA)


def test_a_break_is_proposed(console: Served) -> None:
    """After the time that the person has chosen a break is proposed, on the case and in the queue; before, none is."""
    browser = console.as_(Role.REVIEWER)
    path = f"/cases/{waiting(console)[0]}"
    browser.cookies.set(COOKIE, worked(10))
    assert "A break of ten minutes is due." not in browser.get("/queue").text
    console.workspace(Role.REVIEWER).set_preferences(ROSA, {"break_after": 10})
    assert "A break of ten minutes is due." in browser.get("/queue").text
    assert "A break of ten minutes is due." in browser.get(path).text


def test_grave_cases_are_counted(console: Served) -> None:
    """Each case that is opened is counted in the person's browser, and nothing of the count is kept by the console."""
    grave = propose(console, *alerts(2, Severity.URGENT))
    browser = console.as_(Role.REVIEWER)
    for case_id in grave:
        browser.get(f"/cases/{case_id}")
    kept = browser.cookies.get(COOKIE)
    seen = read(kept, ROSA, datetime.now(UTC))
    assert (seen.grave_in_a_row, seen.last_case, seen.weight) == (2, grave[-1], 3)
    stored = b"".join(path.read_bytes() for path in console.folder.rglob("*") if path.is_file())
    assert str(kept).split(".")[0].encode() not in stored


def test_the_count_is_ones_own(console: Served) -> None:
    """Who signs in at the same browser after another person is not told of their count."""
    lead = console.as_(Role.LEAD)
    lead.cookies.set(COOKIE, worked(600))
    assert "A break of ten minutes is due." not in lead.get("/queue").text
