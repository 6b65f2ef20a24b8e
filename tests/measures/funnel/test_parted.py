"""Funnels over parts: the same bits as the one pass through time, however the rows are cut."""

from __future__ import annotations

import pickle
import random
from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.engine import LocalEngine
from seawall.engine.local_parts import LocalParts
from seawall.errors import MeasureError
from seawall.measures.funnel import FunnelsMeasure
from seawall.parts import TableRows
from tests.measures.funnel.test_funnels import ACT, SLOW, rows_of
from tests.measures.funnel.world import everyday, funnel, row, table


def lake_like(rows, platform="club"):
    """Rows with all columns of the measure."""
    told = table(rows)
    told = told.append_column("platform", pa.array([platform] * len(told), pa.string()))
    told = told.append_column("channel", pa.array([None] * len(told), pa.string()))
    return told.select(FunnelsMeasure.columns)


def over(measure, rows, count):
    return measure.over(LocalParts.of(TableRows(rows), count))


def content(rows):
    return sorted(map(repr, rows.to_pylist()))


def assert_same(measure, rows, count):
    """What comes over parts is what one pass says: hubs, pairs, sentences, interactions, kinds, what is left out."""
    once = measure.at_once(rows.to_reader(max_chunksize=97))
    assert_equal(once, over(measure, rows, count))
    return once


def assert_equal(once, parts):
    """All that is told of each platform."""
    assert once.keys() == parts.keys()
    for platform, told in once.items():
        found = parts[platform].found
        assert found.hubs.equals(told.found.hubs)
        assert found.pairs.equals(told.found.pairs)
        assert found.left_out == told.found.left_out
        assert content(parts[platform].rows) == content(told.rows)
        assert parts[platform].kinds == told.kinds
        for hub in told.found.hubs["hub"].to_pylist():
            assert found.explain(hub) == told.found.explain(hub)


@SLOW
@given(st.lists(ACT, max_size=60), st.integers(1, 7), st.sampled_from([1, 5, 1 << 20]))
def test_any_cut_gives_the_bits_of_one_pass(acts, count, most):
    """Acts of few accounts, several at a moment and given twice, cut anyhow and sliced in time: the same bits."""
    assert_same(FunnelsMeasure(bound=-2.0, most=most), lake_like(rows_of(acts) + rows_of(acts[:3])), count)


def several(seed):
    """A club with funnels that share lines, hand on to one another, and lead a newcomer to become a hub."""
    rng = random.Random(seed)
    hubs = [f"hub-{number}" for number in range(rng.choice((2, 4, 14)))]
    rows = everyday(seed, members=40, days=40, acts=900)
    for number, hub in enumerate(hubs):
        begins = 24 * rng.uniform(3, 14)
        rows += funnel(seed + number, hub, rng.randrange(3, 9), begins, rng.choice([*hubs, "sage"]))
    rows += funnel(seed, f"{hubs[0]}-newcomer-1", 8, 24 * 20, hubs[-1])
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_learning_suspicion_teams_and_generations_come_out_the_same(seed):
    """What accounts have to know of one another (models, scripts, hand-offs, who was brought) is the same."""
    once = assert_same(FunnelsMeasure(bound=4.0), lake_like(several(seed)), 1 + seed)
    assert len(once["club"].found.hubs) >= 2


@pytest.mark.parametrize("most", [30, 200])
def test_accounts_with_many_acts_are_cut_in_time_without_a_trace(most):
    """Slices of busy accounts, of hubs and of teams, change no bit."""
    assert_same(FunnelsMeasure(bound=4.0, most=most), lake_like(several(3)), 3)


def test_a_clock_without_hours_comes_out_the_same():
    """Crowded moments: partners of one moment in crowds, scripts that nobody looks for."""
    rows = [(at.replace(hour=12, minute=0, second=0, microsecond=0), *rest) for at, *rest in several(2)]
    assert_same(FunnelsMeasure(bound=1.0), lake_like(rows), 3)
    assert_same(FunnelsMeasure(bound=1.0, most=50), lake_like(rows), 2)


def test_a_busy_account_with_thousands_of_partners_comes_out_the_same():
    """An account whom all approach and one who approaches all, cut in slices or not."""
    rng = random.Random(4)
    rows = [row(rng.uniform(0, 900), "mention", f"fan-{number}", "star", words="hello") for number in range(900)]
    rows += [row(rng.uniform(0, 900), "dm", "busy", f"fan-{number}", words="hello") for number in range(900)]
    rows += [row(1, "follow", "busy", f"first-{number}") for number in range(60)]
    for most in (100, 1 << 20):
        assert_same(FunnelsMeasure(bound=-30.0, most=most), lake_like(rows), 4)


def test_platforms_are_looked_at_each_by_itself():
    """Two platforms give what each gives alone; one without acts has no hub and is named."""
    rows = [lake_like(several(1), "club"), lake_like(several(5), "garden")]
    rows.append(lake_like([row(1, "join", "a", None)], "quiet"))
    once = assert_same(FunnelsMeasure(bound=4.0), pa.concat_tables(rows), 3)
    assert list(once) == ["club", "garden", "quiet"]
    assert once["garden"].found.hubs.equals(FunnelsMeasure(4.0).at_once(rows[1].to_reader())["garden"].found.hubs)
    assert (len(once["quiet"].found.hubs), once["quiet"].kinds) == (0, ("join",))


def test_no_rows_no_platforms():
    """Nothing gives nothing."""
    assert assert_same(FunnelsMeasure(), lake_like([]), 2) == {}


def test_an_unknown_kind_is_refused_over_parts_too():
    """The error of the measure comes through."""
    with pytest.raises(MeasureError, match="The kind 'wave' is unknown"):
        over(FunnelsMeasure(), lake_like([row(1, "wave", "a", "b")]), 2)


def test_a_bound_that_is_no_number_is_refused_over_parts_too():
    """NaN is no bound."""
    with pytest.raises(MeasureError, match="number of nats"):
        over(FunnelsMeasure(bound=float("nan")), lake_like([]), 2)


def test_the_local_engine_takes_one_pass(monkeypatch):
    """On one machine the measure is the pass; what is told are the hubs at the bound, and what concerns them."""
    monkeypatch.setattr(FunnelsMeasure, "over", None)
    rows = lake_like(everyday() + funnel())
    told = LocalEngine().run(FunnelsMeasure(), rows.to_reader())["club"]
    assert told.found.hubs["hub"].to_pylist() == ["fern"]
    assert all(name.startswith("fern") for name in told.rows["source"].to_pylist())
    assert len(told.rows) == rows.select(["source", "target"]).to_pylist().__repr__().count("'fern'")


def test_the_measure_can_be_pickled():
    """An engine may send it elsewhere."""
    assert pickle.loads(pickle.dumps(FunnelsMeasure(bound=3.0))) == FunnelsMeasure(bound=3.0)  # noqa: S301 - made here


def test_whole_numbers_as_ids_keep_their_type():
    """Ids come back as they went in."""
    told = lake_like(several(1))
    names = {
        name: number for number, name in enumerate(sorted(set(told["source"].to_pylist() + told["target"].to_pylist())))
    }
    for side in ("source", "target"):
        numbers = pa.array([names[name] for name in told[side].to_pylist()], pa.int64())
        told = told.set_column(told.column_names.index(side), side, numbers)
    once = assert_same(FunnelsMeasure(bound=4.0), told, 3)
    assert once["club"].found.hubs.schema.field("hub").type == pa.int64()


def test_hand_offs_that_a_hub_takes_back_come_out_the_same():
    """A hub that writes again after a third account took over has not handed on; a later one may stand."""
    rows = []
    for number in range(9):
        person, at = f"p-{number}", 30.0 * number
        rows += [row(at, "mention", "fern", person), row(at + 1, "follow", person, "fern")]
        rows += [row(at + 2, "dm", "fern", person, contact="address"), row(at + 20, "dm", "sage", person)]
        if number % 3 == 0:
            rows += [row(at + 50, "dm", "fern", person), row(at + 24 * 9, "dm", f"moss-{number % 2}", person)]
    rows += [(at + timedelta(days=40), *rest) for at, *rest in everyday(acts=200)]
    once = assert_same(FunnelsMeasure(bound=0.0), lake_like(rows), 3)
    assert "hand_off" in once["club"].found.pairs["stage"].to_pylist()
