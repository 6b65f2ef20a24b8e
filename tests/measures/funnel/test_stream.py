"""The stream: the same as the batch, whatever the grouping; late rows, saving and forgetting."""

from __future__ import annotations

import random
from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import FunnelStream, funnels
from seawall.measures.funnel import HORIZON
from tests.measures.funnel.test_funnels import ACT, SLOW, rows_of
from tests.measures.funnel.world import START, everyday, funnel, row, table

WORLD = sorted(everyday() + funnel(), key=lambda values: values[0])


def streamed(rows, sizes):
    stream, start = FunnelStream(), 0
    for size in sizes:
        stream.add(table(rows[start : start + size]))
        start += size
    stream.add(table(rows[start:]))
    return stream


def same(one, other):
    return one.hubs.equals(other.hubs) and one.pairs.equals(other.pairs)


@SLOW
@given(st.lists(ACT, max_size=60), st.lists(st.integers(0, 12), max_size=8))
def test_the_stream_is_the_batch_whatever_the_grouping(acts, sizes):
    """Rows in the order of time, in any groups, give what one call on all of them gives, to the bit."""
    rows = sorted(rows_of(acts), key=lambda values: values[0])
    assert same(streamed(rows, sizes).result(), funnels(table(rows)))


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_the_state_at_any_time_is_the_batch_up_to_then(part):
    """Asked in between, the stream says what the batch says of what came so far, and goes on from there."""
    stream, cut = FunnelStream(), int(len(WORLD) * part)
    stream.add(table(WORLD[:cut]))
    assert same(stream.result(), funnels(table(WORLD[:cut])))
    stream.add(table(WORLD[cut:]))
    assert same(stream.result(), funnels(table(WORLD)))


def test_a_result_stands_when_more_comes():
    """What was handed out does not change by what is added."""
    stream = streamed(WORLD[:2000], [])
    early = stream.result()
    before = early.hubs["score"].to_pylist()
    stream.add(table(WORLD[2000:]))
    stream.result()
    assert early.pairs.num_rows
    assert early.hubs["score"].to_pylist() == before


def test_rows_that_are_late_within_the_horizon_are_counted_exactly():
    """Rows that come up to two days late, in groups, give the same as in order."""
    rng = random.Random(5)
    late = sorted(WORLD, key=lambda values: values[0] + timedelta(hours=rng.uniform(0, 47)))
    assert same(streamed(late, [700] * 4).result(), funnels(table(WORLD)))


def test_rows_beyond_the_horizon_are_counted_and_left_out():
    """A row that comes later than that changes nothing, and is counted."""
    stream = FunnelStream()
    stream.add(table(WORLD))
    before = stream.result()
    last = WORLD[-1][0]
    stream.add(table([(last - HORIZON - timedelta(seconds=1), "dm", "late", "later", None, None, None)]))
    assert stream.result().left_out["late"] == 1
    assert same(stream.result(), before)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.8])
def test_a_saved_stream_goes_on(part):
    """What is saved and read again says and learns the same as what was not."""
    cut = int(len(WORLD) * part)
    stream = streamed(WORLD[:cut], [500, 900] if cut else [])
    again = FunnelStream.saved(stream.save())
    assert same(again.result(), stream.result())
    again.add(table(WORLD[cut:]))
    assert same(again.result(), funnels(table(WORLD)))


def test_a_damaged_or_older_saved_stream_is_refused():
    """Tables that are missing, or of another version, are refused with a sentence."""
    saved = streamed(WORLD[:500], []).save()
    with pytest.raises(MeasureError, match="missing or damaged"):
        FunnelStream.saved({name: part for name, part in saved.items() if name != "pairs"})
    with pytest.raises(MeasureError, match="not a saved stream"):
        FunnelStream.saved({})
    old = saved["limits"].set_column(0, "version", pa.array([0], pa.int32()))
    with pytest.raises(MeasureError, match="another version"):
        FunnelStream.saved({**saved, "limits": old})


def test_forgetting_before_everything_changes_nothing():
    """Where nothing is idle, forgetting renumbers and changes no answer, then or later."""
    stream = streamed(WORLD[:2000], [900])
    stream.forget(START - timedelta(days=1))
    assert same(stream.result(), funnels(table(WORLD[:2000])))
    stream.add(table(WORLD[2000:]))
    assert same(stream.result(), funnels(table(WORLD)))


def test_idle_pairs_and_accounts_go():
    """Pairs without an act since a time go, with accounts that have no other; the others keep their scores."""
    rows = [row(hour, "dm", f"once-{hour}", f"met-{hour}") for hour in range(50)]
    stream = FunnelStream()
    stream.add(table(rows + funnel(begins=24 * 20)))
    before = {hub["hub"]: hub for hub in stream.hubs().to_pylist()}
    stream.forget(START + timedelta(days=19))
    after = {hub["hub"]: hub for hub in stream.hubs().to_pylist()}
    assert set(before) - set(after) == {f"once-{hour}" for hour in range(50)}
    assert all(before[hub] == told for hub, told in after.items())
    assert not any(pair["hub"].startswith("once") for pair in stream.pairs().to_pylist())


def test_a_stream_that_forgets_still_finds_the_funnel():
    """Forgetting every few days keeps the state small and does not lose a funnel that goes on."""
    stream, far = FunnelStream(), [row(24 * 30 + hour, "dm", "fern", f"next-{hour}") for hour in range(3)]
    rows = sorted(WORLD + far, key=lambda values: values[0])
    for start in range(0, len(rows), 400):
        stream.add(table(rows[start : start + 400]))
        stream.forget(rows[min(start + 400, len(rows) - 1)][0] - timedelta(days=12))
    assert stream.hubs()["hub"][0].as_py() == "fern"
    assert stream.hubs()["alert_at"][0].as_py() is not None


def test_ids_of_another_type_are_refused():
    """Ids must stay of one type."""
    stream = streamed(WORLD[:10], [])
    told = table(WORLD[:2])
    for side, ids in (("source", [1, 2]), ("target", [3, 4])):
        told = told.set_column(told.column_names.index(side), side, pa.array(ids))
    with pytest.raises(MeasureError, match="were of type string before"):
        stream.add(told)


def test_a_bound_that_is_no_number_is_refused():
    """NaN and infinity are no bounds."""
    with pytest.raises(MeasureError, match="number of nats"):
        FunnelStream(float("nan"))
