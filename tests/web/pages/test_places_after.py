from __future__ import annotations

import json

from seawall.casebook import Role
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.web.places_words import TERMS
from seawall.workspace.looking_succession import ENDS_A_PAGE
from tests.web.conftest import Served
from tests.web.pages.cases import text_of
from tests.web.pages.seen import PATIENCE_SECONDS, assert_no_inline


def write_ends(served: Served, count: int) -> None:
    """So many allotment channels end, one a day; each but the last has a namesake that opens a day later."""
    rows = []
    for number in range(count):
        old, new = f"allotment{number}", f"allotment{number}_again"
        day, after = f"2026-03-{number % 20 + 1:02}", f"2026-03-{number % 20 + 2:02}"
        common = {"author_id": f"hand{number}", "channel_kind": "broadcast"}
        first = {
            "id": f"o{number}", "time": f"{day}T08:00:00Z", "channel_id": old, "channel_handle": old,
            "channel_address": f"https://t.me/{old}", "channel_created_at": "2025-09-01T00:00:00Z",
            "channel_ended_at": f"{day}T12:00:00Z", "channel_end_reason": "taken_down",
            "text": f"From tomorrow we are at https://t.me/{new}",
        }  # fmt: skip
        rows.append(common | first)
        if number < count - 1:
            second = {
                "id": f"n{number}", "time": f"{after}T08:00:00Z", "channel_id": new, "channel_handle": new,
                "channel_address": f"https://t.me/{new}", "channel_created_at": f"{after}T07:00:00Z",
                "text": "The peas are up again.",
            }  # fmt: skip
            rows.append(common | second)
    path = served.folder.parent / "ends.ndjson"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    options = ReadOptions(visibility=Visibility.PUBLIC, platform="simulated allotments")
    served.workspace().add(path, source="generic", options=options)


def test_ends_and_successors(console: Served) -> None:
    """Each end has its answer with a probability and reasons, or that there is none; simulated is marked."""
    write_ends(console, 8)
    seen = console.workspace().successors_seen(patience=PATIENCE_SECONDS)
    assert seen.found is not None, seen.problem
    browser = console.as_(Role.ANALYST)
    page = browser.get("/places/successors").text
    told = text_of(page)
    assert "Of 8 channels that ended," in told
    assert told.count("likely successor:") == seen.found.with_one
    assert "no successor" in told
    assert "No person is compared." in told
    assert "Simulated" in told
    assert_no_inline(page)
    for answer, count in (("told", seen.found.with_one), ("none", 8 - seen.found.with_one)):
        part = browser.get(f"/places/successors?answer={answer}").text
        assert part.count('<th scope="row" data-label="Ended">') == count


def test_pages_of_ends(console: Served) -> None:
    """Fifty ends stand on a page; the pages together hold each once."""
    write_ends(console, ENDS_A_PAGE + 3)
    assert console.workspace().successors_seen(patience=PATIENCE_SECONDS).state == "ready"
    browser = console.as_(Role.ANALYST)
    counts = [browser.get(f"/places/successors?page={page}").text.count('data-label="Finding"') for page in (1, 2)]
    assert counts == [ENDS_A_PAGE, 3]


def test_no_ends(console: Served) -> None:
    """Where no channel is known to have ended, the page says so, why, and what to do."""
    assert console.workspace().successors_seen(patience=PATIENCE_SECONDS).state == "ready"
    told = text_of(console.as_(Role.ANALYST).get("/places/successors").text)
    assert "No channel is known to have ended." in told
    assert "An end must be told by the source" in told


def test_each_term_has_words() -> None:
    """Every term of the measure has its words."""
    from seawall.measures.succession.words import TERMS as ALL

    assert set(TERMS) == set(ALL)
