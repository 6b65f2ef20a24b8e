"""When channels first and last spoke, in batches and in parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import seawall
from seawall.checks import PartedEngine
from seawall.detectors.examples import messages_table
from seawall.engine import LocalEngine
from seawall.measures.lifetimes.channel_lives import LIVES, ChannelLives
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace.lifetimes import spells_of
from tests.workspace.test_lifetimes import SPOKEN, written

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MESSAGE = st.fixed_dictionaries(
    {
        "platform": st.sampled_from(["forum", "pedal"]),
        "channel_id": st.sampled_from([None, "c1", "c2", "c3"]),
        "sent_at": st.integers(-5, 50).map(lambda hour: BEGIN + timedelta(hours=hour)),
        "visibility": st.sampled_from([one.value for one in Visibility]),
    }
)


def plainly(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The same, obviously."""
    spoken = [row for row in rows if row["channel_id"] is not None and row["visibility"] != "direct"]
    lives = []
    for platform, channel in sorted({(row["platform"], row["channel_id"]) for row in spoken}):
        own = [row for row in spoken if (row["platform"], row["channel_id"]) == (platform, channel)]
        times = [row["sent_at"] for row in own]
        lives.append((platform, channel, min(times), max(times), min(row["visibility"] for row in own)))
    return lives


def told(lives: pa.Table) -> list[tuple[Any, ...]]:
    assert lives.schema == LIVES
    return sorted(tuple(row.values()) for row in lives.to_pylist())


@given(rows=st.lists(MESSAGE, max_size=30), parts=st.integers(1, 7), batch=st.integers(1, 9))
def test_lives_are_those_of_a_loop(rows: list[dict[str, Any]], parts: int, batch: int) -> None:
    """First and last message and the visibility of each channel, in batches here and in parts."""
    measure = ChannelLives()
    messages = messages_table(rows).select(list(measure.columns))
    wanted = plainly(rows)
    assert told(measure.at_once(messages.to_reader(max_chunksize=batch))) == wanted
    assert told(PartedEngine(parts, batch).run(measure, messages.to_reader())) == wanted


def test_spells_of_a_lake_are_the_same_in_parts(tmp_path: Path) -> None:
    """Whatever engine reads the messages, spells and what was left out are the same."""
    workspace = seawall.create(tmp_path / "garden")
    for name, visibility in (("a", "public"), ("b", "direct")):
        export = written(tmp_path / f"{name}.csv", SPOKEN | {name: (3, 77)}, visibility)
        options = ReadOptions(visibility=Visibility(visibility), platform=f"forum {name}")
        workspace.add(export, options=options)
    opened = (seawall.open(workspace.path, engine=engine) for engine in (LocalEngine(), PartedEngine(3, 2)))
    here, there = (spells_of(one, 30.0, None) for one in opened)
    assert there.spells.equals(here.spells)
    assert there.left_out == here.left_out
    assert set(here.spells["platform"].to_pylist()) == {"forum a"}
