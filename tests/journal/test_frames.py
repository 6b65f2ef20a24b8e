from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import StorageError
from seawall.journal import framed, pack, unpack
from seawall.journal.frames import Packed
from seawall.model.lake import LATER
from seawall.protocols import CleanBatch, RowKeys
from tests.journal.frames import batch
from tests.lake.worlds import clean

TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda time: time.replace(tzinfo=UTC))  # noqa: DTZ001
TEXT = st.none() | st.text(max_size=40)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "message_id": st.text(max_size=12),
            "text": TEXT,
            "text_key": st.none() | st.integers(0, 2**64 - 1),
            "mentions": st.none() | st.lists(st.text(max_size=5), max_size=3),
            "links": st.none() | st.lists(st.fixed_dictionaries({"url": TEXT, "domain": TEXT, "place": TEXT})),
            "sent_at": TIMES,
            "edited": st.integers(-(2**63), 2**63 - 1),
        }
    ),
    max_size=6,
)
ACTS = st.lists(
    st.fixed_dictionaries({"interaction_id": st.text(max_size=5), "reply_key": TEXT, "parent": st.integers(-1, 5)}),
    max_size=6,
)
COVERAGE = st.lists(TIMES.map(lambda time: {"start": time, "end": time + timedelta(minutes=1)}), max_size=2)


def through_bytes(packed: Packed) -> CleanBatch:
    frame = framed(
        packed,
        feed="live:garden:club",
        number=1,
        source="garden",
        platform="club",
        extractor="garden/1",
        checkpoint=None,
        epoch=0,
        accepted_at=0.0,
    )
    return unpack(frame.header, frame.payload)


def same_keys(one: RowKeys, two: RowKeys) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in RowKeys.__dataclass_fields__)


@given(rows=ROWS, acts=ACTS, coverage=COVERAGE, counted=st.booleans())
def test_a_batch_comes_back_as_it_was(rows, acts, coverage, counted):
    """Every table, key and parent of a clean batch is the same after a way through bytes."""
    made = clean(rows, acts, coverage=coverage, counted=counted)
    back = through_bytes(pack(made))
    assert back.records == made.records
    assert {name: table.to_pylist() for name, table in back.tables.items()} == {
        name: table.to_pylist() for name, table in made.tables.items()
    }
    assert all(back.tables[name].schema.equals(table.schema) for name, table in made.tables.items())
    assert same_keys(back.message_keys, made.message_keys)
    assert same_keys(back.interaction_keys, made.interaction_keys)
    assert np.array_equal(back.parents, made.parents)


def test_identities_are_left_out():
    """Who is behind a pseudonym stands in no frame, even where the workspace keeps a vault."""
    made = batch(1)
    named = CleanBatch(
        made.records,
        made.tables,
        made.message_keys,
        made.interaction_keys,
        made.parents,
        identities=pa.table({"name": ["Fern Meadow"]}),
    )
    assert pack(named) == pack(made)
    assert through_bytes(pack(named)).identities is None


def test_columns_of_another_version_are_refused():
    """A table that this Seawall does not know is not read as if it did."""
    made = batch(1)
    other = made.tables | {"messages": made.tables["messages"].append_column("mood", pa.array(["good"] * 3))}
    packed = pack(CleanBatch(made.records, other, made.message_keys, made.interaction_keys, made.parents))
    with pytest.raises(StorageError, match="Another version"):
        through_bytes(packed)


def test_columns_that_came_later_are_null_in_a_journal_of_before():
    """What an older Seawall left in its journal lacks them, and is read all the same."""
    made = batch(1)
    channels = clean(channels=[{"channel_id": "c0", "title": "Gardening club"}]).tables["channels"]
    older = made.tables | {"channels": channels.drop_columns(list(LATER["channels"]))}
    packed = pack(CleanBatch(made.records, older, made.message_keys, made.interaction_keys, made.parents))
    assert through_bytes(packed).tables["channels"] == channels
