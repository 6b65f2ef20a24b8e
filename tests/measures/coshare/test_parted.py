"""The coordination measure over parts gives what it gives at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.engine.local_parts import LocalParts
from seawall.engine.spark import SparkEngine
from seawall.measures import CoordinationMeasure, Network
from seawall.measures.coshare.parted import Cutting, over_parts
from seawall.parts import TableRows
from tests.measures.coshare import reference
from tests.measures.coshare.test_measure import table

FLOATS = ("leads", "median_lag_s", "expected", "p", "q", "p_sharing", "q_sharing")


def in_parts(measure: CoordinationMeasure, rows: pa.Table, count: int, cutting: Cutting) -> Network:
    return over_parts(measure, LocalParts.of(TableRows(rows), count), cutting)


def at_once(measure: CoordinationMeasure, rows: pa.Table) -> Network:
    return measure.at_once(rows.to_reader(max_chunksize=7))


def assert_same(found: Network, wanted: Network, *, behind: bool = True) -> None:
    """All columns of edges and nodes, floats to 1e-12, and what is behind every edge."""
    floats = [name for name in FLOATS if name in wanted.edges.column_names]
    assert found.edges.drop_columns(floats).equals(wanted.edges.drop_columns(floats))
    for name in floats:
        np.testing.assert_allclose(found.edges[name].to_numpy(), wanted.edges[name].to_numpy(), rtol=1e-12, atol=0)
    assert found.nodes.equals(wanted.nodes)
    for edge in wanted.edges.to_pylist() if behind else []:
        ends = edge["source"], edge["target"]
        assert ordered(found.evidence(*ends)).equals(ordered(wanted.evidence(*ends)))
    accounts = wanted.nodes["account"].combine_chunks()
    together = [ordered(network.among(accounts).drop_columns(["occasion"])) for network in (found, wanted)]
    assert together[0].equals(together[1])


def ordered(rows: pa.Table) -> pa.Table:
    return rows.sort_by([(name, "ascending") for name in rows.column_names])


shares_lists = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e", None]),
        st.sampled_from([*"abcdef"]),
        st.sampled_from([*"0123456789"]),
        st.integers(0, 30),
    ),
    min_size=12,
    max_size=60,
) | st.just([])

cuttings = st.builds(Cutting, most=st.integers(1, 12) | st.just(1 << 17), groups=st.integers(1, 5) | st.none())


@given(
    shares=shares_lists,
    window=st.integers(0, 12),
    least=st.integers(1, 3),
    count=st.integers(1, 7),
    cutting=cuttings,
    chance=st.booleans(),
)
def test_it_equals_the_measure_at_once(
    shares: list[reference.Share], window: int, least: int, count: int, cutting: Cutting, chance: bool
) -> None:
    """On random shares with nulls, ties and repeated messages, however they, their objects and accounts are cut."""
    measure = CoordinationMeasure(window, least, significance=chance)
    rows = table(shares)
    assert_same(in_parts(measure, rows, count, cutting), at_once(measure, rows))


@given(
    shares=shares_lists,
    window=st.integers(0, 12),
    keep=st.sampled_from([0.0, 0.05, 0.3, 0.6, 0.99]),
    count=st.integers(1, 7),
    cutting=cuttings,
)
def test_what_is_kept_is_what_is_kept_at_once(
    shares: list[reference.Share], window: int, keep: float, count: int, cutting: Cutting
) -> None:
    """With ``keep`` the edges in reach come back, with the q that they have among all edges."""
    measure = CoordinationMeasure(window, significance=True, keep=keep)
    rows = table(shares)
    assert_same(in_parts(measure, rows, count, cutting), at_once(measure, rows))


@given(shares=shares_lists, window=st.integers(0, 12), keep=st.floats(0, 1, exclude_max=True))
def test_keep_leaves_out_edges_and_changes_none(shares: list[reference.Share], window: int, keep: float) -> None:
    """The edges that are kept are those of all with a q or q_sharing up to the rate, as they were."""
    rows = table(shares)
    every = at_once(CoordinationMeasure(window, significance=True), rows)
    kept = at_once(CoordinationMeasure(window, significance=True, keep=keep), rows)
    smaller = np.minimum(every.edges["q"].to_numpy(), every.edges["q_sharing"].to_numpy())
    assert kept.edges.equals(every.edges.filter(pa.array(smaller <= keep)))
    accounts = {*kept.edges["source"].to_pylist(), *kept.edges["target"].to_pylist()}
    assert kept.nodes["account"].to_pylist() == [one for one in kept.nodes["account"].to_pylist() if one in accounts]
    assert kept.compared == every.compared
    for edge in kept.edges.to_pylist():
        ends = edge["source"], edge["target"]
        assert kept.evidence(*ends).equals(every.evidence(*ends))


def crowd(seed: int, accounts: int = 400, rows: int = 12_000) -> pa.Table:
    """Many accounts and things, some of them viral, in bursts; and six accounts that are together again and again."""
    random = np.random.default_rng(seed)
    thing = np.minimum(random.zipf(1.3, rows), 900)
    burst = random.uniform(0, 50_000, 900)[thing - 1]
    shares = [(thing, random.integers(6, accounts, rows), burst + random.exponential(600, rows))]
    for number in range(25):
        times = random.uniform(0, 50_000) + random.uniform(0, 20, 6)
        shares.append((np.full(6, 1 + number % 40), np.arange(6), times))
    thing, account, at = (np.concatenate(values) for values in zip(*shares, strict=True))
    message = np.arange(len(at))
    message[::50] = message[1::50][: len(message[::50])]
    return pa.table({"object": thing, "account": account, "message": message, "at": np.round(at, 1)})


@pytest.mark.parametrize("keep", [None, 0.05])
@pytest.mark.parametrize("cutting", [Cutting(), Cutting(most=50, groups=7)])
def test_a_crowd_is_the_same_in_parts(cutting: Cutting, keep: float | None) -> None:
    """Twelve thousand shares with viral things that are cut: the same network; those together are in what is kept."""
    measure = CoordinationMeasure(60, 2, significance=True, keep=keep)
    rows = crowd(1)
    wanted = at_once(measure, rows)
    found = in_parts(measure, rows, 5, cutting)
    assert len(wanted) > (14 if keep else 1_000)
    assert_same(found, wanted, behind=keep is not None)
    pairs = zip(found.edges["source"].to_pylist(), found.edges["target"].to_pylist(), strict=True)
    assert {(a, b) for a in range(6) for b in range(a + 1, 6)} <= set(pairs)


def test_spark_gives_the_same(spark_engine: SparkEngine) -> None:
    """On a real Spark, with viral things cut: edges, nodes, evidence and every q; and the thresholds without chance."""
    rows = TableRows(crowd(2, rows=4_000))
    for measure in (CoordinationMeasure(60, 2, significance=True, keep=0.05), CoordinationMeasure(60, 3)):
        wanted = at_once(measure, rows.table)
        assert len(wanted) > 10
        assert_same(spark_engine.run(measure, rows), wanted)
    with spark_engine.cluster.keeping():
        found = over_parts(CoordinationMeasure(60, 3), spark_engine.parts(rows), Cutting(most=50, groups=5))
    assert_same(found, wanted)
