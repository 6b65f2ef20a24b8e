"""A workspace tells of successors what the measure tells of the same world, and nothing of persons."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import seawall
from seawall.errors import InputError
from seawall.measures import successors
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.simulate import Action, TakedownSettings, takedown_world
from seawall.simulate.takedown_files import EXPORT, write_takedown
from seawall.workspace import Workspace

SMALL = TakedownSettings(channels=30, days=50, communities=3, actions=(Action(22, 0.9),))
WORLD = takedown_world(4, settings=SMALL)
OPTIONS = ReadOptions(visibility=Visibility.PUBLIC, platform="simulated")


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("successors")
    write_takedown(WORLD, folder / "world")
    with Workspace.create(folder / "club") as workspace:
        workspace.add(folder / "world" / EXPORT, source="generic", options=OPTIONS)
    return folder / "club"


def test_the_lake_tells_what_the_measure_tells_of_the_same_world(club: Path) -> None:
    """Handles, addresses, forwards, media and texts come through an import: the same successors, by their handles."""
    with seawall.open(club) as workspace:
        found = workspace.successors()
    posted = pc.is_in(WORLD.channels["channel"], pc.unique(WORLD.messages["channel"]))
    told = successors(
        None, WORLD.channels.filter(posted), links=WORLD.links, forwards=WORLD.forwards, media=WORLD.media,
        clusters=WORLD.clusters,
    )  # fmt: skip
    handles = dict(zip(WORLD.channels["channel"].to_pylist(), WORLD.channels["handle"].to_pylist(), strict=True))
    here = {row["ended_name"]: row["likeliest_name"] for row in found.rows() if row["successor"]}
    there = {
        f"@{handles[row['ended']]}": f"@{handles[row['successor']]}"
        for row in told.ends.to_pylist()
        if row["successor"]
    }
    assert len(there) >= 3
    assert here == there
    assert found.sentence.startswith("Simulated: Of ")


def test_a_list_of_ends_names_channels_by_handle_or_address(club: Path) -> None:
    """Ends of a list are found by handle, address or pseudonym; others are counted."""
    row = WORLD.ends.to_pylist()[0]
    channel = next(one for one in WORLD.channels.to_pylist() if one["channel"] == row["channel"])
    names = [f"@{channel['handle'].upper()}", "nobody_at_all"]
    ends = pa.table({"channel": names, "at": [row["at"], datetime(2025, 9, 9, tzinfo=UTC)]})
    with seawall.open(club) as workspace:
        found = workspace.successors(ends)
    assert [one["ended_name"] for one in found.rows()] == [f"@{channel['handle']}"]
    assert found.as_dict()["left_out"] == {"ends of the list that name no channel here": 1}


def test_the_read_is_audited(club: Path) -> None:
    """Who asked stands in the audit."""
    with seawall.open(club) as workspace:
        workspace.successors()
        assert any(
            entry["act"] == "read" and "successors" in str(entry["detail"]) for entry in workspace.audit_entries()
        )


def test_an_empty_lake_is_said(tmp_path: Path) -> None:
    """Without a channel there is nothing to look at."""
    with Workspace.create(tmp_path / "empty") as workspace, pytest.raises(InputError, match="no channel"):
        workspace.successors()
