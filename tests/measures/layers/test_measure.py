"""All layers in one call."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import network
from seawall.measures.layers import LAYERS
from tests.measures.coshare.reference import distinct_objects
from tests.measures.layers import reference
from tests.measures.layers.club import MESSAGES, table

PLAIN = tuple(layer for layer in LAYERS if layer != "similar")


def plain_network(rows: list[dict[str, Any]], **options: Any) -> Any:
    return network(table(rows), **{"layers": PLAIN, "significance": False, "min_repeats": 1, **options})


def edges_of(found: Any) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    return {
        (row["layer"], row["source"], row["target"]): (
            row["weight"], row["messages"], row["pairs"], row["leads"], row["median_lag_s"]
        )
        for row in found.edges.to_pylist()
    }  # fmt: skip


@given(MESSAGES, st.sampled_from([0.0, 3.0, 60.0]), st.integers(1, 2))
def test_every_layer_is_that_of_the_reference(rows: list[dict[str, Any]], window: float, least: int) -> None:
    """The edges of each layer are those that come of looking at every pair of acts."""
    expected = {}
    for layer in PLAIN:
        acts = reference.acts(rows, layer)
        for (source, target), values in distinct_objects(acts, window, least).items():
            weight, pairs, leads, lag = values
            separate = reference.separate(acts, window, str(source), str(target))
            expected[layer, source, target] = (weight, separate, pairs, pytest.approx(leads), pytest.approx(lag))
    assert edges_of(plain_network(rows, window=window, min_repeats=least)) == expected


@given(MESSAGES)
def test_evidence_holds_what_the_edges_count(rows: list[dict[str, Any]]) -> None:
    """Behind an edge stand as many objects, pairs of acts and messages as it says, and they are within the window."""
    found = plain_network(rows, window=5.0)
    for edge in found.edges.to_pylist():
        behind = [
            row for row in found.evidence(edge["source"], edge["target"]).to_pylist() if row["layer"] == edge["layer"]
        ]
        assert len({row["object"] for row in behind}) == edge["weight"]
        assert len(behind) == edge["pairs"]
        assert all(abs(row["lag_s"]) <= 5.0 for row in behind)
        assert all((row["target_at"] - row["source_at"]).total_seconds() == row["lag_s"] for row in behind)


@given(MESSAGES, st.randoms(use_true_random=False))
def test_order_of_rows_is_irrelevant(rows: list[dict[str, Any]], chance: Any) -> None:
    """Shuffled messages give the same edges, pairs, nodes, communities and fingerprint."""
    before = plain_network(rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    after = plain_network(shuffled)
    assert after.edges.equals(before.edges)
    assert after.pairs.equals(before.pairs)
    assert after.nodes.equals(before.nodes)
    if all(row["message_id"] for row in rows):
        assert after.communities(least=2).equals(before.communities(least=2))
        assert after.input_version == before.input_version


@given(MESSAGES)
def test_names_of_accounts_play_no_part(rows: list[dict[str, Any]]) -> None:
    """Accounts under other names, in another order of the alphabet, have the same edges and pairs."""
    renamed = {"ann": "zoe", "bob": "moe", "cleo": "ada"}
    after = plain_network([row | {"account_id": renamed.get(row["account_id"], row["account_id"])} for row in rows])
    before = plain_network(rows)

    def unordered(found: Any, names: dict[str, str]) -> set[tuple[Any, ...]]:
        return {
            (
                frozenset(names.get(row[end], row[end]) for end in ("source", "target")),
                row["weight"],
                tuple(row["layers"]),
            )
            for row in found.pairs.to_pylist()
        }

    assert unordered(after, {}) == unordered(before, renamed)


def test_pairs_pool_the_layers() -> None:
    """A pair's weight is the sum over its layers, and its layers are listed."""
    rows = [
        {"account_id": "ann", "at": 0, "text_key": 7, "hashtags": ["tulips", "roses"]},
        {"account_id": "bob", "at": 2, "text_key": 7, "hashtags": ["tulips", "roses"]},
        {"account_id": "bob", "at": 900, "reply_to": "m0"},
        {"account_id": "ann", "at": 905, "reply_to": "m0"},
    ]
    found = plain_network(rows)
    assert found.pairs.to_pylist() == [
        {
            "source": "ann", "target": "bob", "weight": 5, "leads": pytest.approx(0.8),
            "layers": ["text", "hashtag", "hashtag_sequence", "reply"],
        }
    ]  # fmt: skip
    assert found.nodes.select(["account", "degree", "strength", "leads"]).to_pylist() == [
        {"account": "ann", "degree": 1, "strength": 5, "leads": pytest.approx(0.8)},
        {"account": "bob", "degree": 1, "strength": 5, "leads": pytest.approx(0.2)},
    ]


def test_a_message_of_many_hashtags_is_one_meeting() -> None:
    """Two messages that share five hashtags weigh five, and say that it was one meeting."""
    tags = ["tulips", "roses", "ferns", "moss", "ivy"]
    found = plain_network([{"account_id": name, "at": 0, "hashtags": tags} for name in ("ann", "bob")])
    rows = {row["layer"]: row for row in found.edges.to_pylist()}
    assert (rows["hashtag"]["weight"], rows["hashtag"]["messages"]) == (5, 1)
    assert rows["hashtag_sequence"]["weight"] == 1


def test_similar_texts_are_those_of_one_cluster() -> None:
    """Near-duplicates are linked by a table of clusters, by message or by text; what is in none links nobody."""
    rows = [
        {"account_id": name, "at": at, "text_key": key}
        for name, at, key in [("ann", 0, 7), ("bob", 5, 8), ("cleo", 7, 9), ("cleo", 8, None)]
    ]
    by_text = pa.table({"text_key": pa.array([7, 8, 10], pa.uint64()), "cluster": ["spring", "spring", "autumn"]})
    by_message = pa.table({"message_id": ["m0", "m1", "m9"], "cluster": ["spring", "spring", None]})
    for clusters in (by_text, by_message):
        found = network(table(rows), layers=["similar"], clusters=clusters, significance=False, min_repeats=1)
        assert found.evidence("ann", "bob").select(["layer", "object"]).to_pylist() == [
            {"layer": "similar", "object": "spring"}
        ]
        assert len(found) == 1


def test_a_text_in_two_clusters_is_refused() -> None:
    """Clusters that contradict one another are refused, those that repeat themselves are not."""
    rows = table([{"account_id": "ann", "at": 0, "text_key": 7}])
    key = pa.array([7, 7], pa.uint64())
    options: dict[str, Any] = {"layers": ["similar"], "significance": False}
    assert len(network(rows, clusters=pa.table({"text_key": key, "cluster": ["a", "a"]}), **options)) == 0
    with pytest.raises(MeasureError, match="two clusters"):
        network(rows, clusters=pa.table({"text_key": key, "cluster": ["a", "b"]}), **options)
    with pytest.raises(MeasureError, match="another type"):
        network(rows, clusters=pa.table({"text_key": ["7"], "cluster": ["a"]}), **options)
    with pytest.raises(MeasureError, match="cannot be matched"):
        network(rows, clusters=pa.table({"text": ["7"], "cluster": ["a"]}), **options)


def test_a_layer_without_its_column_is_left_out_and_said() -> None:
    """Each layer that was asked for has a row, which says what was looked at or why it was not."""
    rows = table([{"account_id": "ann", "at": 0, "text_key": 7}, {"account_id": "bob", "at": 1, "text_key": 7}])
    found = network(rows.select(["message_id", "account_id", "sent_at", "text_key"]), significance=False, min_repeats=1)
    told = {row["layer"]: row for row in found.layers.to_pylist()}
    assert set(told) == set(LAYERS)
    assert (told["text"]["rows"], told["text"]["objects"], told["text"]["edges"]) == (2, 1, 1)
    assert told["text"]["left_out"] is None
    assert told["link"]["left_out"] == "The messages have no column links."
    assert told["similar"]["left_out"] == "No clusters were given."
    with pytest.raises(MeasureError, match="No layer can be looked at"):
        network(rows.select(["message_id", "account_id", "sent_at"]))


def test_what_cannot_be_used_is_named() -> None:
    """A layer that does not exist, a rate outside (0, 1), a missing column: each error says which."""
    rows = table([])
    with pytest.raises(MeasureError, match="layer does not exist"):
        network(rows, layers=["telepathy"])
    with pytest.raises(MeasureError, match="layer does not exist"):
        network(rows, layers="text")
    with pytest.raises(MeasureError, match="rate of false discoveries"):
        network(rows, q=0.0)
    with pytest.raises(MeasureError, match="account_id"):
        network(rows.drop_columns(["account_id"]))
    with pytest.raises(MeasureError, match="no such account"):
        network(rows, significance=False).evidence("ann", "bob")


@pytest.mark.parametrize("frame", ["pandas", "polars", "reader", "chunks"])
def test_any_data_frame_is_taken(frame: str) -> None:
    """pandas, polars, readers and tables in chunks give what the Arrow table gives."""
    rows = [
        {
            "account_id": name, "at": at, "text_key": 7, "hashtags": ["tulips", "roses"], "reply_to": "m9",
            "links": [{"url": "https://a.example/1", "domain": "a.example"}], "mentions": ["dan"],
            "media": [{"sha256": "0a" * 32, "pdq": None, "quality": None}],
        }
        for name, at in [("ann", 0), ("bob", 5), ("ann", 300), ("bob", 310)]
    ]  # fmt: skip
    messages = table(rows)
    expected = network(messages, layers=PLAIN, significance=False, min_repeats=1)
    given: dict[str, Any] = {
        "pandas": lambda: pd.DataFrame(messages.to_pandas()),
        "polars": lambda: pl.from_arrow(messages),
        "reader": lambda: messages.to_reader(max_chunksize=3),
        "chunks": lambda: pa.concat_tables([messages.slice(0, 1), messages.slice(1)]),
    }
    found = network(given[frame](), layers=PLAIN, significance=False, min_repeats=1)
    assert found.edges.to_pylist() == expected.edges.to_pylist()
    assert len(expected.edges) == 7
    assert found.evidence("ann", "bob").to_pylist() == expected.evidence("ann", "bob").to_pylist()
    assert found.describe(["ann", "bob"]).against == expected.describe(["ann", "bob"]).against


def test_a_million_empty_things_link_nobody() -> None:
    """Messages without text, with empty links, hashtags and mentions have no edge, and no memory is spent on them."""
    rows = 20_000
    empty = pa.array([[""]] * rows, pa.list_(pa.string()))
    messages = pa.table(
        {
            "message_id": [str(n) for n in range(rows)],
            "account_id": [f"a{n % 500}" for n in range(rows)],
            "sent_at": [0] * rows,
            "text_key": pa.nulls(rows, pa.uint64()),
            "repost_of": [""] * rows,
            "reply_to": pa.array([""] * rows),
            "links": empty, "hashtags": pa.array([["", ""]] * rows, pa.list_(pa.string())), "mentions": empty,
        }
    )  # fmt: skip
    found = network(messages, significance=False, min_repeats=1)
    assert len(found.edges) == 0
    assert set(found.layers["rows"].to_pylist()) == {0, None}
    assert len(found.communities()) == 0
