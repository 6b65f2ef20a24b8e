"""Successors as alerts."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest

from seawall.checks import check_detector
from seawall.detectors import DETECTORS, SuccessorDetector
from seawall.detectors.successor_traces import left_in
from seawall.errors import ConfigurationError
from seawall.model import INTERACTIONS
from tests.detectors import golden_files
from tests.detectors.successor_world import FOLDER, TABLES, alerts, committed, golden_input, lake_tables, small_world


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return golden_input()


def test_it_keeps_the_contract_of_detectors() -> None:
    """The detector passes the public conformance checks, and runs over the lake."""
    check_detector(SuccessorDetector())
    assert any(isinstance(one, SuccessorDetector) for one in DETECTORS)


def test_the_golden_world_is_said_as_it_was_looked_at(tables: dict[str, pa.Table]) -> None:
    """Input and alerts are those that were committed."""
    kept = committed()
    assert all(kept[name].to_pylist() == tables[name].to_pylist() for name in TABLES)
    assert golden_files.as_json(alerts(kept)) == golden_files.expected(FOLDER)


def test_most_of_what_is_told_is_true() -> None:
    """Of a simulated takedown the told successors are true ones, and each names its two channels alone."""
    world = small_world()
    true = set(zip(world.successors["ended"].to_pylist(), world.successors["successor"].to_pylist(), strict=True))
    told = alerts(lake_tables(world))
    assert len(told) >= 3
    assert sum(tuple(one.id for one in alert.subjects) in true for alert in told) >= len(told) - 1
    for alert in told:
        assert [one.kind for one in alert.subjects] == ["channel", "channel"]
        assert alert.sentence.startswith("Simulated: ")
        assert alert.score >= SuccessorDetector.least
        json.dumps(alert.details, allow_nan=False)


def test_evidence_is_where_one_names_the_other(tables: dict[str, pa.Table]) -> None:
    """Each message of the evidence stands in one of the two channels and gives the other's address, or forwards it."""
    channel = dict(zip(*(tables["messages"][name].to_pylist() for name in ("message_id", "channel_id")), strict=True))
    found = alerts(tables)
    assert any(alert.evidence for alert in found)
    for alert in found:
        both = {one.id for one in alert.subjects}
        assert {channel[message] for message in alert.evidence} <= both


def test_a_forward_is_known_by_its_author_where_its_message_is_not_here(tables: dict[str, pa.Table]) -> None:
    """A repost of a channel that alone writes in itself is a forward of that channel."""
    alone = next(row for row in tables["messages"].to_pylist() if row["account_id"] == row["channel_id"])
    other = next(
        row["channel_id"] for row in tables["messages"].to_pylist() if row["channel_id"] != alone["channel_id"]
    )
    act: dict[str, Any] = dict.fromkeys(INTERACTIONS.names) | {
        "interaction_id": "i1", "platform": alone["platform"], "source": "telegram", "at": alone["sent_at"],
        "kind": "repost", "source_account": "a1", "target_account": alone["account_id"], "channel_id": other,
        "reported": False, "batch": 1,
    }  # fmt: skip
    acts = pa.Table.from_pylist([act], schema=INTERACTIONS)

    def read(table: str, columns: Any) -> pa.RecordBatchReader:
        return (acts if table == "interactions" else tables[table]).select(list(columns)).to_reader()

    rows = left_in(read).forwards.to_pylist()
    assert {"at": alone["sent_at"], "channel": other, "message": None, "origin": alone["channel_id"]} in rows


def test_only_ends_of_the_window_are_told(tables: dict[str, pa.Table]) -> None:
    """Without an end there is no alert."""
    channels = tables["channels"]
    place = channels.schema.get_field_index("ended_at")
    alive = channels.set_column(place, channels.schema.field(place), pa.nulls(len(channels), channels["ended_at"].type))
    assert alerts(tables | {"channels": alive}) == []


def test_a_threshold_is_a_probability() -> None:
    """Anything else is refused."""
    with pytest.raises(ConfigurationError):
        SuccessorDetector(least=0)
