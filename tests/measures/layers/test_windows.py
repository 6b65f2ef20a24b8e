"""The window that the data suggest."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import estimated_window, network
from tests.measures.layers import reference
from tests.measures.layers.club import table

SHARES = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 400)), max_size=40)


@given(SHARES, st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.sampled_from([0.0, 0.3, 0.5, 0.9]))
def test_it_is_that_of_the_steps(shares: list[tuple[str, int]], quantile: float, part: float) -> None:
    """The estimate is what CooRnet's steps give, taken one by one."""
    given = pa.table(
        {
            "object": pa.array([thing for thing, _ in shares], pa.string()),
            "at": pa.array([at for _, at in shares], pa.int64()),
        }
    )
    expected = reference.window([(thing, float(at)) for thing, at in shares], quantile, part)
    assert estimated_window(given, quantile=quantile, part=part) == (
        None if expected is None else pytest.approx(expected)
    )


def test_half_of_the_shares_at_once_is_a_second() -> None:
    """Where the fastest objects had more than half of their shares in the same moment, the window is one second."""
    assert estimated_window(pa.table({"object": ["roses"] * 3, "at": [5, 5, 5]})) == 1.0


def test_parts_lie_between_zero_and_one() -> None:
    """Parameters out of range are refused."""
    shares = pa.table({"object": ["roses"], "at": [5]})
    with pytest.raises(MeasureError, match="between 0 and 1"):
        estimated_window(shares, part=1.0)
    with pytest.raises(MeasureError, match="between 0 and 1"):
        estimated_window(shares, quantile=-0.1)


def test_each_layer_has_its_own() -> None:
    """Without a window, each layer estimates one; where nothing is shared twice there is none, and no edge."""
    rows = [
        {"account_id": name, "at": at, "text_key": 7, "reply_to": f"m{number}"}
        for number, (name, at) in enumerate([("ann", 0), ("bob", 30), ("cleo", 31)])
    ]
    found = network(table(rows), window=None, layers=["text", "reply"], significance=False, min_repeats=1)
    told = {row["layer"]: row["window_s"] for row in found.layers.to_pylist()}
    assert told == {"text": 30.0, "reply": None}
    assert found.edges["layer"].to_pylist() == ["text"] * 2
    assert found.about["windows_s"] == told
    assert len(found.evidence("ann", "bob")) == 1


@pytest.mark.parametrize(
    ("quantile", "part", "seconds"),
    [
        (0.1, 0.5, 1439.0),
        (0.1, 0.8, 42144.6),
        (0.5, 0.5, 1622.5),
        (0.5, 0.1, 1.0),
        (1.0, 0.5, 4746.0),
        (0.3, 0.3, 50.0),
    ],
)
def test_the_share_table(shared_data: Path, quantile: float, part: float, seconds: float) -> None:
    """On the real share table the estimate is that of R 4.2.2, with CooRnet's steps and R's own rank and quantile."""
    shares = pq.read_table(shared_data / "coordination" / "russian_coord_tweets.parquet")
    shares = shares.select(["object_id", "timestamp_share"]).rename_columns(["object", "at"])
    assert estimated_window(shares, quantile=quantile, part=part) == pytest.approx(seconds)
