from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks import check_measure
from seawall.engine import LocalEngine
from seawall.errors import MeasureError
from seawall.measures import CoordinationMeasure, StandingCoordination, coordination
from tests.measures.coshare import chance_reference, reference
from tests.measures.coshare.test_measure import shares_lists, table

ADDED = ["expected", "p", "q", "p_sharing", "q_sharing"]


@given(shares=shares_lists, window=st.integers(0, 12))
def test_timing_equals_the_slow_reference(shares: list[reference.Share], window: int) -> None:
    """On random shares, expected, p and q are those of the reference, which looks at every outcome."""
    want = chance_reference.timing(shares, window)
    edges = coordination(table(shares), window=window, significance=True).edges
    found = {(row["source"], row["target"]): row for row in edges.to_pylist()}
    assert found.keys() == want.keys()
    hypotheses = chance_reference.pairs(shares)
    q = dict(zip(want, chance_reference.false_discovery([p for _, p in want.values()], hypotheses), strict=True))
    for pair, (expected, p) in want.items():
        assert found[pair]["expected"] == pytest.approx(expected, rel=1e-12)
        assert found[pair]["p"] == pytest.approx(p, rel=1e-10)
        assert found[pair]["q"] == pytest.approx(q[pair], rel=1e-10)


@given(shares=shares_lists, window=st.integers(0, 12), least=st.integers(1, 3))
def test_edges_are_those_without_significance(shares: list[reference.Share], window: int, least: int) -> None:
    """Significance adds five columns and changes nothing else: not the edges, nor nodes, nor the evidence."""
    plain = coordination(table(shares), window=window, min_repeats=least)
    judged = coordination(table(shares), window=window, min_repeats=least, significance=True)
    assert judged.edges.column_names[-5:] == ADDED
    assert judged.edges.drop_columns(ADDED).equals(plain.edges)
    assert judged.nodes.equals(plain.nodes)
    for edge in plain.edges.to_pylist():
        ends = edge["source"], edge["target"]
        assert judged.evidence(*ends).equals(plain.evidence(*ends))


@given(shares=shares_lists, window=st.integers(0, 12))
def test_any_split_gives_the_same(shares: list[reference.Share], window: int) -> None:
    """To the bit, however the rows are split and merged: degrees of the whole table come last."""
    check_measure(CoordinationMeasure(window, significance=True), table(shares))


@given(shares=shares_lists, window=st.integers(0, 12))
def test_an_engine_gives_what_the_function_gives(shares: list[reference.Share], window: int) -> None:
    """Run from the disk, the measure gives the edges of the function."""
    rows = table(shares)
    network = LocalEngine(threads=1, memory=1).run(
        CoordinationMeasure(window, significance=True), rows.to_reader(max_chunksize=7)
    )
    assert network.edges.equals(coordination(rows, window=window, significance=True).edges)


def naive_cosharing(graph: np.ndarray, chances: np.ndarray, first: int, second: int) -> float:
    """The chance of as many objects in common."""
    ways = np.ones(1)
    for both in chances[first] * chances[second]:
        ways = np.convolve(ways, [1 - both, both])
    return float(ways[(graph[first] & graph[second]).sum() :].sum())


@pytest.mark.parametrize("seed", range(5))
def test_cosharing_equals_the_slow_reference(seed: int) -> None:
    """All accounts at one moment: p_sharing is the tail under the model that is fitted link by link."""
    graph = np.random.default_rng(seed).random((8, 11)) < 0.4
    graph = graph[graph.any(1)][:, graph.any(0)]
    account, thing = np.nonzero(graph)
    shares = pa.table(
        {"object": thing, "account": account, "message": np.arange(len(thing)), "at": np.zeros(len(thing), np.int64)}
    )
    edges = coordination(shares, window=0, significance=True).edges
    assert len(edges) > 10
    chances = chance_reference.configuration(graph, steps=5_000)
    for edge in edges.to_pylist():
        want = naive_cosharing(graph, chances, edge["source"], edge["target"])
        assert edge["p_sharing"] == pytest.approx(want, rel=1e-5)


def planted(seed: int) -> pa.Table:
    """Forty accounts and thirty things: thirty-six share each at their own time, four act together on twelve."""
    random = np.random.default_rng(seed)
    rows = [(thing, account, random.uniform(0, 36_000)) for thing in range(30) for account in range(4, 40)]
    for thing in range(12):
        moment = random.uniform(0, 36_000)
        rows += [(thing, account, moment + random.uniform(0, 20)) for account in range(4)]
    thing, account, at = (np.array(values) for values in zip(*rows, strict=True))
    return pa.table({"object": thing, "account": account, "message": np.arange(len(at)), "at": at})


def test_those_who_act_together_stand_out_and_nobody_else() -> None:
    """Of all edges within a minute, those below a q of 0.05 are the six of the planted four."""
    edges = coordination(planted(1), window=60, significance=True).edges
    believed = edges.filter(pa.array(edges["q"].to_numpy() <= 0.05))
    assert len(edges) > 50
    pairs = set(zip(believed["source"].to_pylist(), believed["target"].to_pylist(), strict=True))
    assert pairs == {(a, b) for a in range(4) for b in range(a + 1, 4)}


def test_times_dealt_anew_within_each_object_leave_no_edge() -> None:
    """The same shares with the times of each thing shuffled: nothing is left at a q of 0.05, in any of ten deals."""
    shares = planted(1).to_pandas()
    for seed in range(10):
        deal = np.random.default_rng(seed).permutation
        dealt = shares.assign(at=shares.groupby("object")["at"].transform(deal))
        assert min(coordination(dealt, window=60, significance=True).edges["q"].to_pylist()) > 0.05


def test_accounts_and_objects_by_another_name_have_the_same_chances() -> None:
    """Every number is bit-identical when all accounts and objects are renamed."""
    shares = planted(2)
    renamed = shares
    for place, name in enumerate(("object", "account")):
        values = np.random.default_rng(place).permutation(1000)[shares[name].to_numpy()]
        renamed = renamed.set_column(place, name, pa.array(values))
    first, second = (coordination(rows, window=60, significance=True).edges for rows in (shares, renamed))
    for name in ADDED:
        assert sorted(first[name].to_pylist()) == sorted(second[name].to_pylist())


def test_it_needs_the_whole_table_and_the_exact_mode() -> None:
    """The compatible modes and the standing state refuse, and say so."""
    for compat in ("cnt", "coortweet"):
        with pytest.raises(MeasureError, match="significance"):
            CoordinationMeasure(60, compat=compat, significance=True)
    with pytest.raises(MeasureError, match="significance"):
        StandingCoordination(CoordinationMeasure(60, significance=True))


def test_no_rows_give_no_edges() -> None:
    """An empty table gives an empty network with all columns."""
    network = coordination(table([]), window=60, significance=True)
    assert network.edges.column_names[-5:] == ADDED
    assert len(network) == 0
