"""Who reposts whom within seconds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import network
from tests.measures.layers import reference
from tests.measures.layers.club import MESSAGES, table


@given(MESSAGES, st.sampled_from([0.0, 4.5, 1000.0]))
def test_it_is_that_of_the_reference(rows: list[dict[str, Any]], within: float) -> None:
    """Numbers, shares and medians are those that come of looking at every repost."""
    found = network(table(rows), layers=["repost"], significance=False).fast_reposts(within)
    told = {
        (row["source"], row["target"]): (
            row["fast"], row["reposts"], row["share"], row["share_of_source"], row["median_s"]
        )
        for row in found.to_pylist()
    }  # fmt: skip
    assert told == {
        pair: (fast, reposts, pytest.approx(share), pytest.approx(of_source), pytest.approx(delay))
        for pair, (fast, reposts, share, of_source, delay) in reference.fast_reposts(rows, within).items()
    }


def test_direction_is_from_who_reposts_to_who_wrote() -> None:
    """Bob, who reposts Ann's rides within two seconds, points to Ann, and not Ann to Bob."""
    rows = [
        {"account_id": "ann", "at": 0},
        {"account_id": "ann", "at": 500},
        {"account_id": "bob", "at": 2, "repost_of": "m0"},
        {"account_id": "bob", "at": 900, "repost_of": "m1"},
        {"account_id": "bob", "at": 901, "repost_of": "elsewhere"},
    ]
    assert network(table(rows), layers=["repost"], significance=False).fast_reposts(10).to_pylist() == [
        {
            "source": "bob", "target": "ann", "fast": 1, "reposts": 2, "share": 0.5,
            "share_of_source": pytest.approx(1 / 3), "median_s": 2.0,
        }
    ]  # fmt: skip


def test_without_reposts_there_is_an_empty_table() -> None:
    """Messages that tell of no reposts give a table with the same columns; a time that is none is refused."""
    messages = table([{"account_id": "ann", "at": 0, "text_key": 1}])
    without = network(messages.drop_columns(["repost_of"]), significance=False)
    assert without.fast_reposts().num_rows == 0
    assert without.fast_reposts().column_names == network(messages, significance=False).fast_reposts().column_names
    with pytest.raises(MeasureError, match="number of seconds"):
        without.fast_reposts(-1)
