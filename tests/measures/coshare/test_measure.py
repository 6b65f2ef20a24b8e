from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks import check_measure
from seawall.engine import LocalEngine
from seawall.errors import MeasureError
from seawall.measures import CoordinationMeasure, Network, coordination
from tests.measures.coshare import reference

GOLDEN = Path("coordination") / "golden.json"
MODES = {None: reference.distinct_objects, "cnt": reference.cnt, "coortweet": reference.coortweet}

ids = st.sampled_from(["", "b", "a", "c", "ä" * 9, "dd"]) | st.none()
shares_lists = st.lists(
    st.tuples(ids, st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["b", *"0123456789"]), st.integers(0, 30)),
    max_size=40,
)


def table(shares: list[reference.Share]) -> pa.Table:
    columns = list(zip(*shares, strict=True)) or [(), (), (), ()]
    kinds = (pa.string(), pa.string(), pa.string(), pa.int64())
    names = ("object", "account", "message", "at")
    return pa.table({name: pa.array(values, kind) for name, values, kind in zip(names, columns, kinds, strict=True)})


def found(network: Network) -> dict[tuple[object, object], object]:
    rows = [list(row.values()) for row in network.edges.to_pylist()]
    return {(row[0], row[1]): row[2] if len(row) == 3 else tuple(row[2:]) for row in rows}


@pytest.fixture(scope="module")
def real(shared_data: Path) -> pa.Table:
    rows = pq.read_table(shared_data / "coordination" / "russian_coord_tweets.parquet")
    return rows.rename_columns(
        {"object_id": "object", "account_id": "account", "content_id": "message", "timestamp_share": "at"}
    )


def weights(network: Network) -> list[tuple[object, object, int]]:
    edges = network.edges
    return list(zip(*(edges[name].to_pylist() for name in ("source", "target", "weight")), strict=True))


@pytest.mark.data
@pytest.mark.parametrize("case", range(8))
def test_cnt_reproduces_every_golden_number(real: pa.Table, shared_data: Path, case: int) -> None:
    """Mode cnt gives the edges of coordination-network-toolkit 1.5.2, to the hash."""
    golden = json.loads((shared_data / GOLDEN).read_text())["coordination_network_toolkit"]["cases"]
    assert len(golden) == 8
    want = golden[case]
    network = coordination(real, window=want["window"], min_repeats=want["min_edge_weight"], compat="cnt")
    assert (len(network), len(network.nodes)) == (want["edges"], want["V"])
    assert reference.edges_sha256(weights(network)) == want["edges_sha256"]


@pytest.mark.data
@pytest.mark.parametrize("case", range(4))
def test_coortweet_reproduces_every_golden_number(real: pa.Table, shared_data: Path, case: int) -> None:
    """Mode coortweet gives the pairs, accounts, edges and quantile-filtered edges of CooRTweet, to the hash."""
    golden = json.loads((shared_data / GOLDEN).read_text())["cooRtweet"]["cases"]
    assert len(golden) == 4
    want = golden[case]
    network = coordination(real, window=want["time_window"], min_repeats=want["min_participation"], compat="coortweet")
    weight = network.edges["weight"].to_numpy()
    assert (len(network), len(network.nodes), weight.sum()) == (want["E"], want["V"], want["pairs"])
    assert reference.edges_sha256(weights(network)) == want["edges_sha256"]
    assert np.quantile(weight, 0.5) == want["median_weight"]
    strong = network.edges.filter(pa.array(weight > want["median_weight"]))
    accounts = {*strong["source"].to_pylist(), *strong["target"].to_pylist()}
    assert (len(strong), len(accounts)) == (want["filtered_E"], want["filtered_V"])


@pytest.mark.data
def test_the_golden_table_is_the_one_described(real: pa.Table, shared_data: Path) -> None:
    """The table has the rows and the repeated content ids on which the golden numbers rest."""
    data = json.loads((shared_data / GOLDEN).read_text())["data"]
    repeated = len(real) - len(real["message"].unique())
    assert (len(real), repeated) == (data["rows"], data["duplicate_content_ids"])


@pytest.mark.parametrize("compat", MODES)
@given(shares=shares_lists, window=st.integers(0, 12), min_repeats=st.integers(1, 3))
def test_it_equals_the_slow_reference(
    shares: list[reference.Share], window: int, min_repeats: int, compat: str | None
) -> None:
    """On random shares with null and empty objects, repeated messages and ties, all modes equal the reference."""
    network = coordination(table(shares), window=window, min_repeats=min_repeats, compat=compat)
    assert found(network) == MODES[compat](shares, window, min_repeats)


@pytest.mark.parametrize("compat", MODES)
@given(shares=shares_lists, window=st.integers(0, 12))
def test_any_split_gives_the_same(shares: list[reference.Share], window: int, compat: str | None) -> None:
    """prepare, kernel, merge and finalise give the same network however the rows are split and merged."""
    check_measure(CoordinationMeasure(window, 2, compat), table(shares))


@pytest.mark.parametrize("compat", MODES)
@given(shares=shares_lists, window=st.integers(0, 12))
def test_an_engine_gives_what_the_function_gives(
    shares: list[reference.Share], window: int, compat: str | None
) -> None:
    """Run by an engine that keeps everything on disk, numbered rows give the same edges as the function."""
    rows = table(shares)
    numbered = rows.append_column("row", pa.array(range(len(rows)), pa.int64()))
    engine = LocalEngine(threads=1, memory=1)
    network = engine.run(CoordinationMeasure(window, 1, compat), numbered.to_reader(max_chunksize=7))
    assert network.edges.equals(coordination(rows, window=window, min_repeats=1, compat=compat).edges)


@given(shares=shares_lists, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(shares: list[reference.Share], seed: object) -> None:
    """Shuffled rows give the same edges, measures of time included."""
    before = coordination(table(shares), window=5, min_repeats=1).edges
    seed.shuffle(shares)  # type: ignore[attr-defined]
    assert coordination(table(shares), window=5, min_repeats=1).edges.equals(before)


def test_many_rows_on_several_cores_equal_the_sql_join() -> None:
    """A hundred thousand shares, enough for buckets and threads, give what a range join in SQL gives."""
    duckdb = pytest.importorskip("duckdb")
    random = np.random.default_rng(5)
    rows = 100_000
    shares = pa.table(
        {
            "object": random.zipf(1.6, rows).clip(0, 20_000),
            "account": random.integers(0, 3_000, rows),
            "message": np.arange(rows),
            "at": random.integers(0, 4_000_000, rows),
        }
    )
    network = coordination(shares, window=30, min_repeats=2)
    wanted = duckdb.sql(
        """SELECT a.account, b.account, count(DISTINCT object), count(*) FROM shares a JOIN shares b USING (object)
        WHERE a.account < b.account AND b.at BETWEEN a.at - 30 AND a.at + 30
        GROUP BY ALL HAVING count(DISTINCT object) >= 2"""
    ).fetchall()
    edges = network.edges
    got = zip(*(edges[name].to_pylist() for name in ("source", "target", "weight", "pairs")), strict=True)
    assert len(wanted) > 0
    assert sorted(got) == sorted(wanted)


def test_an_account_that_floods_one_object_costs_no_more_than_its_rows() -> None:
    """Two accounts with 30,000 shares each of one object within the window are counted without visiting each pair."""
    half = 30_000
    shares = pa.table(
        {
            "object": ["roses"] * 2 * half,
            "account": ["ann", "bob"] * half,
            "message": range(2 * half),
            "at": [0] * 2 * half,
        }
    )
    assert found(coordination(shares, window=1, min_repeats=1)) == {("ann", "bob"): (1, half * half, 0.5, 0.0)}
    assert found(coordination(shares, window=1, min_repeats=1, compat="cnt")) == {
        ("ann", "bob"): half,
        ("bob", "ann"): half,
    }
    assert found(coordination(shares, window=1, min_repeats=1, compat="coortweet")) == {("ann", "bob"): half * half}


def test_a_crowd_at_one_moment_is_counted_in_full() -> None:
    """Twelve hundred accounts at once on one object, seven hundred of them on a second, give every edge its weight."""
    crowd, core = 1_200, 700
    shares = pa.table(
        {
            "object": [1] * crowd + [2] * core,
            "account": [*range(crowd), *range(core)],
            "message": range(crowd + core),
            "at": [0] * crowd + [5] * core,
        }
    )
    weight = coordination(shares, window=0, min_repeats=1).edges["weight"].to_numpy()
    assert np.bincount(weight).tolist() == [
        0,
        crowd * (crowd - 1) // 2 - core * (core - 1) // 2,
        core * (core - 1) // 2,
    ]
    directed = coordination(shares, window=0, min_repeats=2, compat="cnt").edges
    assert len(directed) == core * (core - 1)
    assert directed["source"].to_pylist() == sorted(directed["source"].to_pylist())


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
def test_times_of_any_unit_and_zone_agree_with_seconds(unit: str, zone: str | None) -> None:
    """Timestamps and numbers of seconds give the same edges."""
    shares = table([("roses", "ann", "1", 0), ("roses", "bob", "2", 60), ("roses", "cem", "3", 121)])
    stamped = shares.set_column(3, "at", shares["at"].cast(pa.timestamp("s")).cast(pa.timestamp(unit, zone)))
    floats = shares.set_column(3, "at", shares["at"].cast(pa.float64()))
    want = {("ann", "bob"): (1, 1, 1.0, 60.0)}
    assert found(coordination(stamped, window=60, min_repeats=1)) == want
    assert found(coordination(floats, window=60.0, min_repeats=1)) == want
    assert found(coordination(shares, window=59.9, min_repeats=1)) == {}


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())])
def test_the_layout_of_ids_is_irrelevant(kind: pa.DataType) -> None:
    """Large, viewed and dictionary-encoded strings give the edges of plain strings, and empty objects link nobody."""
    plain = table([("roses", "ann", "1", 0), ("roses", "bob", "2", 9), ("", "ann", "3", 0), ("", "bob", "4", 0)])
    other = plain
    for place, name in enumerate(("object", "account", "message")):
        values = pa.chunked_array([chunk.cast(kind) for chunk in (plain[name][:1].chunk(0), plain[name][1:].chunk(0))])
        other = other.set_column(place, name, values)
    assert found(coordination(other, window=60, min_repeats=1)) == {("ann", "bob"): (1, 1, 1.0, 9.0)}


def test_data_frames_and_readers_are_read() -> None:
    """pandas and polars frames, batches and readers give what a table gives."""
    rows = table([("roses", "ann", "1", 0), ("roses", "bob", "2", 9)])
    want = coordination(rows, window=60, min_repeats=1).edges
    polars = pytest.importorskip("polars")
    for given_rows in (rows.to_pandas(), polars.from_arrow(rows), rows.to_batches()[0], rows.to_reader()):
        assert coordination(given_rows, window=60, min_repeats=1).edges.to_pylist() == want.to_pylist()


def test_a_missing_column_is_named_with_the_nearest() -> None:
    """A table with object_id instead of object is told so."""
    rows = table([]).rename_columns(["object_id", "account", "message", "at"])
    with pytest.raises(MeasureError, match=r"object \(the nearest is object_id\)"):
        coordination(rows, window=60)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"window": -1}, "window"),
        ({"window": float("nan")}, "window"),
        ({"window": float("inf")}, "window"),
        ({"window": "60"}, "window"),
        ({"min_repeats": 0}, "min_repeats"),
        ({"min_repeats": 2.5}, "min_repeats"),
        ({"compat": "gephi"}, "compat"),
    ],
)
def test_a_parameter_that_cannot_work_is_refused(wrong: dict[str, object], told: str) -> None:
    """Each wrong parameter is named in the error."""
    with pytest.raises(MeasureError, match=told):
        coordination(table([]), **{"window": 60, **wrong})  # type: ignore[arg-type]


def test_columns_that_cannot_be_compared_are_refused() -> None:
    """Times as text, ids as lists, and numbers that are no seconds are errors, not guesses; no value is quoted."""
    rows = table([("roses", "ann", "1", 0)])
    with pytest.raises(MeasureError, match="Times of type string"):
        coordination(rows.set_column(3, "at", pa.array(["secret"])), window=60)
    with pytest.raises(MeasureError, match="Ids of type list"):
        coordination(rows.set_column(0, "object", pa.array([["secret"]])), window=60)
    with pytest.raises(MeasureError, match="too large"):
        coordination(rows.set_column(3, "at", pa.array([2**62])), window=60)
    with pytest.raises(MeasureError, match="not a table"):
        coordination([1, 2], window=60)


def test_no_rows_give_no_edges() -> None:
    """An empty table gives an empty network with the usual columns."""
    network = coordination(table([]), window=60)
    assert network.edges.column_names == ["source", "target", "weight", "pairs", "leads", "median_lag_s"]
    assert (len(network), len(network.nodes)) == (0, 0)
