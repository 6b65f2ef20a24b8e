"""The page of the audit."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from seawall.casebook import Role
from seawall.casebook.audit import write_entry
from tests.web.conftest import NAMES, Served


def numbers(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'<tr id="entry-(\d+)">', page)]


def test_it_is_paged_from_the_newest_on(console: Served) -> None:
    """Every entry is on exactly one page, in falling order, at most a hundred a page."""
    with console.console.workspace.casebook._store.write() as connection:
        for number in range(250):
            write_entry(connection, datetime.now(UTC), "Rosa Lind", "water", {"bed": number})
    browser = console.as_(Role.AUDITOR)
    page, seen = browser.get("/audit?act=water").text, []
    while True:
        found = numbers(page)
        assert len(found) <= 100
        seen += found
        following = re.search(r'href="([^"]+)" rel="next"', page)
        if not following:
            break
        page = browser.get(following[1].replace("&amp;", "&")).text
    assert len(seen) == 250
    assert seen == sorted(seen, reverse=True)


def test_it_is_filtered_by_person_and_act(console: Served) -> None:
    """A filter leaves what fits it, and says how much that is."""
    console.console.workspace.casebook.audit.append("Rosa Lind", "water", {})
    browser = console.as_(Role.AUDITOR)
    page = browser.get("/audit", params={"person": "Rosa Lind", "act": "water"}).text
    assert len(numbers(page)) == 1
    assert "1 entry, the newest first." in page
    assert "No entry fits." in browser.get("/audit", params={"person": "Rosa Lind", "act": "mow"}).text


def test_it_is_verified_here(console: Served) -> None:
    """The button says that the audit is whole, with its head; against another's head it says what is wrong."""
    browser = console.as_(Role.AUDITOR)
    page = browser.post("/audit/verify", data={"csrf": browser.csrf}).text
    assert "The audit is whole." in page
    head = re.search(r'class="whole">(\d+:[0-9a-f]+)<', page)[1]  # type: ignore[index]
    assert "The audit is whole." in browser.post("/audit/verify", data={"csrf": browser.csrf, "against": head}).text
    forged = head[:-1] + ("0" if head[-1] != "0" else "1")
    answer = browser.post("/audit/verify", data={"csrf": browser.csrf, "against": forged}).text
    assert "rewritten or forked" in answer


@pytest.mark.parametrize("against", ["/etc/passwd", "seawall.json", "12:../x", "{not json"])
def test_no_file_of_the_machine_is_read(console: Served, against: str) -> None:
    """What is typed is never taken for the name of a file: the answer tells nothing about files."""
    browser = console.as_(Role.AUDITOR)
    answer = browser.post("/audit/verify", data={"csrf": browser.csrf, "against": against})
    assert answer.status_code == 422
    assert 'id="against-wrong"' in answer.text


def test_hostile_entries_are_shown_harmlessly(console: Served) -> None:
    """Names and details in the audit are shown with chips and escaped."""
    console.console.workspace.casebook.audit.append("<b>x\u202ey", "water", {"bed": "<script>alert(1)</script>"})
    page = console.as_(Role.AUDITOR).get("/audit?act=water").text
    assert "<script>alert" not in page
    assert "RLO U+202E" in page


def test_the_page_of_others_is_not_there(console: Served) -> None:
    """Who may not read the audit meets nothing, and reads no name in it."""
    answer = console.as_(Role.REVIEWER).get("/audit")
    assert answer.status_code == 404
    assert NAMES[Role.AUDITOR] not in answer.text
