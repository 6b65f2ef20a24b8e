"""Before and after, read from a workspace: what is counted, who is meant, and what people decided."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import seawall
from seawall.errors import ConfigurationError, InputError
from seawall.model import Subject, Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import Workspace
from seawall.workspace.effects import DECIDED
from tests.casebook.builders import alert

START = datetime(2026, 3, 1, tzinfo=UTC)
CLUBS = ("roses", "tulips", "choir", "chess")
DAYS, CLOSED = 64, 32


@pytest.fixture(scope="module")
def clubs(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Four clubs of two forums; of the choir a fifth is left from the 33rd day on."""
    folder = tmp_path_factory.mktemp("effects")
    rng = np.random.default_rng(2)
    workspace = Workspace.create(folder / "clubs", reviewer="Rosa")
    for platform, some in (("north", CLUBS[:2]), ("south", CLUBS[2:])):
        rows = []
        for day in range(DAYS):
            for club in some:
                count = rng.poisson(10 * (0.2 if club == "choir" and day >= CLOSED else 1))
                at = START + timedelta(days=day)
                rows += [
                    (f"{club}{day}-{n}", f"{club} {n % 7}", club, (at + timedelta(minutes=n)).isoformat())
                    for n in range(count)
                ]
        path = folder / f"{platform}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", "author", "channel", "time"), *rows])
        workspace.add(path, options=ReadOptions(visibility=Visibility.PUBLIC, platform=platform, mapping={"text": "="}))
    return workspace


def closing(channel: str | None, day: int = CLOSED) -> pa.Table:
    at = [START + timedelta(days=day)]
    return pa.table({"date": at, "channel": pa.array([channel], pa.string()), "kind": ["closed"]})


def test_a_channel_is_found_by_its_own_name_on_its_platform(clubs: Workspace) -> None:
    """The choir, by the id that the export gives it; three clubs are compared with; messages are those of the lake."""
    found = clubs.effect(closing("choir"), measures=["messages"])
    (row,) = found.effect.table.to_pylist()
    assert (row["action"], row["units"], row["controls"]) == ("closed 2026-04-02", 1, 3)
    assert row["low"] < 0.2 < row["high"] < 1
    assert found.effect.days["observed"].to_pylist()[0] is not None


def test_a_platform_is_all_its_channels(clubs: Workspace) -> None:
    """An action on the south is one on the choir and on chess; the north is compared with."""
    (row,) = clubs.effect(closing("south"), measures=["messages"]).effect.table.to_pylist()
    assert (row["units"], row["controls"]) == (2, 2)


def test_controls_may_be_named(clubs: Workspace) -> None:
    """By platform or channel; a name that nobody knows is refused."""
    (row,) = clubs.effect(closing("choir"), measures=["messages"], controls=["north"]).effect.table.to_pylist()
    assert row["controls"] == 2
    with pytest.raises(InputError, match="control"):
        clubs.effect(closing("choir"), controls=["brass band"])


def test_an_action_on_everything_has_nothing_to_compare_with(clubs: Workspace) -> None:
    """A month before is too little to do without controls."""
    (row,) = clubs.effect(closing(None), measures=["messages"]).effect.table.to_pylist()
    assert row["verdict"] == "cannot tell"
    assert row["reason"].startswith("there are too few controls")


def test_days_that_were_not_collected_are_unknown(clubs: Workspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A gap that a person states takes days off the channels of its platform, and is no fall."""
    begin = START + timedelta(days=40)
    clubs.state_coverage(platform="south", start=START, end=START + timedelta(days=DAYS), complete=True)
    clubs.state_coverage(platform="south", start=begin, end=begin + timedelta(days=6), complete=False)
    (row,) = clubs.effect(closing("choir"), measures=["messages"]).effect.table.to_pylist()
    assert row["days_after"] == 24


def test_decisions_are_the_referred_cases_on_the_channels_of_their_alerts(clubs: Workspace) -> None:
    """On the day of the decision; the doubt says that a decision is not what a platform did."""
    with pytest.raises(InputError, match="No case was referred"):
        clubs.effect(decisions=True)
    with clubs.reading() as lake:
        channel = lake.query("SELECT min(channel_id) AS c FROM messages", {"messages": ["channel_id"]})["c"][0].as_py()
    clubs.casebook.propose([alert([Subject("channel", channel)])], lake_version="v1")
    (case_id,) = clubs.cases()["case_id"].to_pylist()
    clubs.decide(case_id, "refer", "Many copies.")
    seawall.open(clubs.path, reviewer="Nils").decide(case_id, "refer", "I agree.")
    found = clubs.effect(decisions=True, measures=["messages"])
    (row,) = found.effect.table.to_pylist()
    assert row["action"] == f"case {case_id}"
    assert row["reason"] == "too few days are there after the action"
    assert DECIDED in found.doubt


def test_the_read_is_audited_and_direct_conversations_are_not_counted(clubs: Workspace) -> None:
    """Each entry says what for."""
    before = len(clubs.audit_entries())
    clubs.effect(closing("choir"), measures=["messages"])
    entries = clubs.audit_entries()[before:]
    assert {(entry["act"], entry["detail"]["for"]) for entry in entries} == {("read", "effect")}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"measures": ["likes"]}, "does not exist"),
        ({"decisions": True}, "must be told"),
        ({"actions": None}, "must be told"),
    ],
)
def test_what_cannot_be_asked_is_refused(clubs: Workspace, told: dict[str, object], words: str) -> None:
    """A measure that there is not; both or neither of actions and decisions."""
    asked: dict[str, object] = {"actions": closing("choir")} | told
    with pytest.raises(ConfigurationError, match=words):
        clubs.effect(**asked)  # type: ignore[arg-type]


def test_an_unknown_channel_is_refused_or_left_out_with_its_count(clubs: Workspace) -> None:
    """Alone it is an error; beside a known one it is left out, and counted."""
    with pytest.raises(InputError, match="No action is on a channel"):
        clubs.effect(closing("brass band"))
    both = pa.concat_tables([closing("choir"), closing("brass band")])
    found = clubs.effect(both, measures=["messages"])
    assert found.left_out["an action on a channel that is not in this workspace"] == 1


def test_an_empty_workspace_says_what_is_missing(tmp_path: Path) -> None:
    """Too few days, not a traceback."""
    with pytest.raises(InputError, match="too few days"):
        Workspace.create(tmp_path / "new").effect(closing(None))
