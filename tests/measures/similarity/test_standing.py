"""The standing form, against the batch on what is left."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import near_duplicates
from seawall.measures.similarity import Clusters
from seawall.measures.text import match_keys
from tests.measures.similarity import worlds

Message = tuple[str, int]

histories = st.lists(
    st.tuples(worlds.texts() | st.sampled_from(["", "tulips", "TULIPS"]), st.integers(0, 9)), max_size=20
)
START = datetime(1970, 1, 1, tzinfo=UTC)


def columns(messages: list[Message]) -> tuple[pa.Array, pa.Array, pa.Array]:
    texts = pa.array([text for text, _ in messages], pa.string())
    return match_keys(texts), texts, pa.array([at for _, at in messages], pa.int64())


def put_in(clusters: Clusters, messages: list[Message]) -> None:
    clusters.add(*columns(messages))


def take_out(clusters: Clusters, messages: list[Message]) -> None:
    keys, _, at = columns(messages)
    clusters.remove(keys, at)


def batch(messages: list[Message], threshold: float) -> dict[int, tuple[str, float]]:
    """Match key -> cluster and similarity."""
    keys, texts, at = columns(messages)
    found = near_duplicates(pa.table({"id": keys, "text": texts, "at": at}), threshold=threshold).to_pylist()
    return {row["id"]: (row["cluster"], row["similarity"]) for row in found if row["id"] is not None}


def standing(clusters: Clusters) -> dict[int, tuple[str, float]]:
    return {row["text_key"]: (row["cluster"], row["similarity"]) for row in clusters.members().to_pylist()}


@given(histories, st.randoms(), st.sampled_from([0.6, 0.8]))
def test_after_any_history_it_holds_what_the_batch_finds_in_the_rest(
    messages: list[Message], fate: random.Random, threshold: float
) -> None:
    """Texts come and go in any order and grouping, and over restarts; ids, members and similarities are the batch's."""
    clusters, left, rest = Clusters(threshold), list[Message](), messages[:]
    fate.shuffle(rest)
    while rest:
        size = fate.randrange(1, len(rest) + 1)
        put_in(clusters, rest[:size])
        left, rest = left + rest[:size], rest[size:]
        gone = fate.sample(left, fate.randrange(len(left) + 1)) if fate.random() < 0.6 else []
        take_out(clusters, gone)
        for message in gone:
            left.remove(message)
        if fate.random() < 0.4:
            clusters = Clusters(state=clusters.save())
        expected = batch(left, threshold)
        assert standing(clusters) == expected
        assert len(clusters) == len(expected)
        keys = columns(messages)[0]
        assert clusters.cluster_of(keys).to_pylist() == [expected.get(key, (None,))[0] for key in keys.to_pylist()]


@given(histories, st.randoms())
def test_the_saved_state_is_that_of_the_messages(messages: list[Message], fate: random.Random) -> None:
    """Two states of the same messages are saved alike, however they came and whatever came and went beside them."""
    one, other = Clusters(), Clusters()
    put_in(one, messages)
    shuffled = fate.sample(messages, len(messages))
    passing = [(f"{text} and leave again", at) for text, at in messages]
    put_in(other, passing[: len(passing) // 2])
    for message in shuffled:
        put_in(other, [message])
    take_out(other, passing)
    assert one.save() == other.save()
    assert Clusters(state=one.save()).save() == one.save()


@given(histories, st.integers(0, 9), st.integers(0, 9), st.randoms())
def test_forgetting_changes_no_id_and_parts_no_cluster(
    messages: list[Message], before: int, later: int, fate: random.Random
) -> None:
    """What is left after forgetting has the cluster that it had, also after a restart; what was forgotten is gone."""
    clusters = Clusters()
    put_in(clusters, messages)
    for moment in sorted((before, later)):
        expected = {key: cluster for key, (cluster, _) in standing(clusters).items()}
        clusters.forget(START + timedelta(seconds=moment))
        left = {key for key, (_, at) in zip(columns(messages)[0].to_pylist(), messages, strict=True) if at >= moment}
        if fate.random() < 0.5:
            clusters = Clusters(state=clusters.save())
        assert {key: cluster for key, (cluster, _) in standing(clusters).items()} == {
            key: cluster for key, cluster in expected.items() if key in left
        }


TULIPS = "the garden club plants tulips and roses at the old mill on sunday morning bring gloves"


def cluster(clusters: Clusters, text: str) -> Any:
    return clusters.cluster_of(match_keys(pa.array([text])))[0].as_py()


def test_an_id_outlives_the_text_that_it_is_named_by() -> None:
    """When the earliest text has been forgotten, later copies still join its cluster."""
    clusters = Clusters()
    put_in(clusters, [(TULIPS, 1), (TULIPS + " please", 50)])
    name = cluster(clusters, TULIPS)
    clusters.forget(START + timedelta(seconds=40))
    assert cluster(clusters, TULIPS) is None
    put_in(clusters, [(TULIPS + " please do", 90), (TULIPS, 95)])
    assert {cluster(clusters, text) for text in (TULIPS, TULIPS + " please", TULIPS + " please do")} == {name}


def test_of_two_clusters_that_merge_the_older_keeps_its_id() -> None:
    """A text that is near to two clusters makes them one, under the older id."""
    words = TULIPS.split()
    old, young, bridge = " ".join(words[:13]), " ".join(words[4:]), " ".join(words[2:15])
    clusters = Clusters(0.6)
    put_in(clusters, [(young, 20), (old, 10)])
    name = cluster(clusters, old)
    assert cluster(clusters, young) != name
    put_in(clusters, [(bridge, 30)])
    assert cluster(clusters, young) == cluster(clusters, bridge) == name


def test_what_is_too_old_or_unknown_is_passed_over() -> None:
    """After forgetting, older messages neither come in nor go; nor does what never came."""
    clusters = Clusters()
    clusters.forget(START + timedelta(seconds=40))
    put_in(clusters, [(TULIPS, 39), ("", 60)])
    assert len(clusters) == 0
    put_in(clusters, [(TULIPS, 40)])
    take_out(clusters, [(TULIPS, 39), (TULIPS, 41), ("a ride to the mill", 40)])
    assert len(clusters) == 1


def test_what_is_forgotten_costs_nothing() -> None:
    """A thousand texts a day, of which the older are forgotten, take no more memory after ten days than after two."""
    clusters, sizes = Clusters(), []
    for day in range(10):
        put_in(clusters, [(f"{TULIPS} row {day} {number} of {number} bulbs", 86_400 * day) for number in range(1000)])
        clusters.forget(START + timedelta(days=day))
        sizes.append(clusters.nbytes)
    assert max(sizes[2:]) <= 1.5 * sizes[1]


def test_a_saved_state_holds_no_text() -> None:
    """Numbers, and lists of numbers, are all that is saved."""
    clusters = Clusters()
    put_in(clusters, [(TULIPS, 1)])
    kinds = {kind for table in clusters.save().values() for kind in table.schema.types}
    assert kinds == {pa.uint64(), pa.large_list(pa.uint64()), pa.int64(), pa.float64()}


def test_null_texts_keys_and_times_are_passed_over() -> None:
    """A row lacks its key, its text or its time: it is in no cluster."""
    clusters = Clusters()
    key = 666350646918162236
    clusters.add(pa.array([None, key, key]), [TULIPS, None, TULIPS], pa.array([1, 1, None]))
    assert clusters.members().num_rows == 0


def test_columns_that_do_not_fit_are_refused() -> None:
    """Keys that are no whole numbers, and columns of different lengths, are refused."""
    clusters = Clusters()
    with pytest.raises(MeasureError, match="whole numbers"):
        clusters.add(["tulips"], ["tulips"], [1])
    with pytest.raises(MeasureError, match="equally many"):
        clusters.add([1], ["tulips", "roses"], [1])
    with pytest.raises(MeasureError, match="threshold"):
        Clusters(0.1)
