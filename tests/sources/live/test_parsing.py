"""Records of a live source through the source that reads the platform's exports."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seawall.checks.sources import check_batches
from seawall.protocols import ReadOptions, Source
from seawall.sources import by_name
from seawall.sources.live.parsing import moved, parsed

ROCKETCHAT: Source = by_name("rocketchat")
GOOD = {
    "_id": "m1",
    "rid": "GENERAL",
    "ts": "2024-04-12T07:00:00.000Z",
    "msg": "beans",
    "u": {"_id": "b", "username": "bea"},
}
_KEYS = st.sampled_from(
    ["_id", "rid", "ts", "msg", "u", "messages", "message", "result", "fields", "args", "updated", "t"]
)
_DOCUMENT = {"messages", "message", "result", "fields"}
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**70) | st.text("beans {}\n", max_size=6) | st.just(GOOD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=8,
)


def lines(*records: Any) -> list[bytes]:
    return [json.dumps(record).encode() for record in records]


@given(st.lists(_VALUES | st.just(GOOD), max_size=6), st.sampled_from([None, 1]))
def test_each_record_is_in_one_place_whatever_it_holds(records: list[Any], indent: int | None) -> None:
    """As many records come out as went in; a message is at its place unless another record looks like a document."""
    told = [json.dumps(record, indent=indent).encode() for record in records]
    batch = parsed(ROCKETCHAT, told, ReadOptions(), "here")
    check_batches([batch], "parsed")
    assert (batch.records, batch.checkpoint) == (len(records), "here")
    if any(isinstance(record, dict) and _DOCUMENT & record.keys() for record in records):
        return
    places = {place for place, record in enumerate(records, 1) if record == GOOD}
    assert places <= set(batch.messages["position"].to_pylist())


def test_no_records_are_an_empty_batch() -> None:
    """Nothing gives a batch of nothing, with its checkpoint."""
    batch = parsed(ROCKETCHAT, [], ReadOptions(), "here")
    assert (batch.records, batch.messages.num_rows, batch.checkpoint, batch.platform) == (0, 0, "here", "rocketchat")


def test_positions_can_be_moved_behind_another_batch() -> None:
    """Every table of the batch is moved."""
    told = lines(GOOD, {"_id": "m1", "_deletedAt": "2024-04-12T07:00:00.000Z"}, 7)
    batch = moved(parsed(ROCKETCHAT, told, ReadOptions(), "here"), 10)
    found = [getattr(batch, name)["position"].to_pylist() for name in ("messages", "deletions", "rejected")]
    assert found == [[11], [12], [13]]
