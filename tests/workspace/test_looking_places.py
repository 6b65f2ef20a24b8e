from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import seawall
from seawall.errors import InputError
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Workspace
from seawall.workspace.looking_places import PlaceFilter, place_page

PATIENCE_SECONDS = 120
FIRST = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    """A club of five channels over thirty days, which links to seven sites, to some of them twice in a message."""
    path = tmp_path / "club.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("id", "author", "created_at", "channel", "text"))
        for number in range(300):
            at, site = FIRST + timedelta(hours=2 * number), f"seeds{number * number % 7}.example"
            text = f"https://{site}/{number} and https://{site}/again" if number % 3 else "No link."
            out.writerow((f"m{number}", f"a{number % 11}", at.isoformat(), f"bed {number % 5}", text))
    with seawall.create(tmp_path / "club", reviewer="rosa") as workspace:
        workspace.add(path, options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
    return seawall.open(tmp_path / "club", reviewer="rosa")


def test_the_messages_of_each_place(club: Workspace) -> None:
    """The messages that are kept for each place are those whose links lead there, one by one."""
    found = club.places_seen(patience=PATIENCE_SECONDS).found
    assert found is not None
    wanted: dict[str, Counter[str]] = {}
    for row in club.links().to_pylist():
        wanted.setdefault(row["domain"], Counter())[row["message"]] += 1
    names = found.table["place"].to_pylist()
    assert set(names) == set(wanted)
    for row, name in enumerate(names):
        assert Counter(found.links_to(row).to_pylist()) == wanted[name]
    assert found.place("nowhere.example") is None


def test_channels_of_a_place_over_time(club: Workspace) -> None:
    """Each step of the timeline counts the different channels that linked in it."""
    found = club.places_seen(patience=PATIENCE_SECONDS).found
    assert found is not None
    name = found.table["place"][0].as_py()
    seen = club.place_seen(name, patience=PATIENCE_SECONDS).found
    assert seen is not None
    assert seen.timeline is not None
    line = seen.timeline.line
    assert line.unit.startswith("channels per ")
    rows = [row for row in club.links().to_pylist() if row["domain"] == name]
    for at, count in zip(line.at, line.observed, strict=True):
        assert (count or 0) == len({row["channel"] for row in rows if at <= row["at"] < at + line.bin})
    assert seen.messages_total == len({row["message"] for row in rows})
    assert sum(count for _, count in seen.channels) == seen.messages_total


def test_pages_hold_each_place_once(club: Workspace) -> None:
    """A page that is not there is the last one; a filter leaves what fits."""
    found = club.places_seen(patience=PATIENCE_SECONDS).found
    assert found is not None
    page = place_page(found.table, 9)
    assert (page.page, page.pages, page.total) == (1, 1, len(found.table))
    assert len(found.chosen(PlaceFilter(kind="onion"))) == 0
    assert found.chosen(PlaceFilter(kind="web", role="site")).equals(found.table)
    assert sum(found.counted("kind").values()) == len(found.table)


def test_looks_are_audited(club: Workspace) -> None:
    """Each look stands in the audit with what was looked at; a place stands there without its name."""
    found = club.places_seen(patience=PATIENCE_SECONDS).found
    assert found is not None
    club.place_seen(found.table["place"][0].as_py(), patience=PATIENCE_SECONDS)
    club.survival_seen(patience=PATIENCE_SECONDS)
    club.successors_seen(patience=PATIENCE_SECONDS)
    told = [entry["detail"].get("for") for entry in club.audit_entries()]
    assert {"places", "place", "survival", "successors"} <= set(told)
    assert "seeds" not in str(club.audit_entries())


def test_a_place_that_is_not_there(club: Workspace) -> None:
    """A place to which no link leads, and a list of actions that nobody keeps, are refused with what to do."""
    with pytest.raises(InputError, match="No link leads there"):
        club.place_seen("nowhere.example", patience=PATIENCE_SECONDS)
    with pytest.raises(InputError, match="There is no list of actions"):
        club.effect_seen(decisions=False)


def test_a_whole_platform_is_one_community(club: Workspace) -> None:
    """Flows of whole platforms count each member once, in however many channels it writes."""
    whole, single = club.flows(whole=True), club.flows()
    assert set(whole.table["community"].to_pylist()) == {"forum"}
    assert len(set(single.table["community"].to_pylist())) == 5
    assert max(row["active"] for row in whole.periods.to_pylist()) == 11
