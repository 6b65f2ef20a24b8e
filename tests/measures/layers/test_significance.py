"""The layered network with significance: what stands out, and what must not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.measures import network
from seawall.measures.layers.layer import at_least

DAY = 86_400


def world(seed: int, *, together: int, tags: int = 1) -> pa.Table:
    """Sixty accounts post hashtags and reply over a month at any time; ``together`` of them do so within seconds.

    A topic has so many hashtags, which always come together.
    """
    chance = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for topic in range(40):
        names = [f"{topic}x{number}" for number in range(tags)]
        signal = chance.uniform(0, 30 * DAY)
        others = [(account, chance.uniform(0, 30 * DAY)) for account in chance.permutation(60)[:25].tolist()]
        group = [(account, signal + chance.uniform(0, 20)) for account in range(together)]
        rows += [{"account": account, "at": at, "hashtags": names} for account, at in others + group]
    return pa.table(
        {
            "message_id": [str(number) for number in range(len(rows))],
            "account_id": [f"a{row['account']:02}" for row in rows],
            "sent_at": [row["at"] for row in rows],
            "hashtags": [row["hashtags"] for row in rows],
            "reply_to": [row["hashtags"][0] for row in rows],
        }
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_planted_group_is_found_and_nobody_else(seed: int) -> None:
    """Five accounts that act within seconds of one another are the only community, though all share the same topics."""
    members = network(world(seed, together=5)).communities()
    assert members["account"].to_pylist() == [f"a{number:02}" for number in range(5)] or set(
        members["account"].to_pylist()
    ) == {f"a{number:02}" for number in range(5)}
    assert set(members["community"].to_pylist()) == {0}


@pytest.mark.parametrize("seed", range(3))
def test_where_nobody_acts_together_nothing_is_found(seed: int) -> None:
    """Accounts that share topics, each with six hashtags, at times of their own have no community."""
    found = network(world(seed, together=0, tags=6), layers=["hashtag", "reply"])
    assert len(found.communities(least=2)) == 0


def test_six_hashtags_at_once_are_judged_as_one_meeting() -> None:
    """Where a pair met by fewer messages than objects, its p is at least Poisson's for so many meetings."""
    found = network(world(1, together=0, tags=6), layers=["hashtag"], q=0.5)
    fewer = [row for row in found.edges.to_pylist() if row["messages"] < row["weight"]]
    assert fewer
    for row in fewer:
        assert row["p"] >= at_least(np.array([row["messages"]]), np.array([row["expected"]]))[0]


def test_edges_that_cannot_be_found_are_not_kept() -> None:
    """No edge is kept whose p is above the wanted rate; how many pairs were in time is still said."""
    found = network(world(2, together=3), window=3600.0, layers=["hashtag"])
    assert max(found.edges["p"].to_pylist()) <= 0.05
    assert found.layers["in_time"][0].as_py() > found.layers["edges"][0].as_py()
    assert found.pairs["p"].to_pylist() == found.edges["p"].to_pylist() or len(found.pairs) == len(found.edges)
    assert set(found.found["q"].to_numpy() <= 0.05) == {True}


def test_a_pair_has_the_p_of_its_only_layer() -> None:
    """Where two accounts share objects in one layer alone, pooling changes nothing."""
    messages = world(2, together=3).drop_columns(["reply_to"])
    found = network(messages, layers=["hashtag"])
    of_edges = {(row["source"], row["target"]): row["p"] for row in found.edges.to_pylist()}
    assert {(row["source"], row["target"]): row["p"] for row in found.pairs.to_pylist()} == pytest.approx(of_edges)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(1, 20))])
@pytest.mark.parametrize("window", [60.0, 3600.0])
def test_no_community_when_times_are_shuffled_within_objects(shared_data: Path, seed: int, window: float) -> None:
    """On the real share table with its times dealt anew within each object there is no community."""
    shares = pq.read_table(shared_data / "coordination" / "russian_coord_tweets.parquet")
    chance = np.random.default_rng(seed)
    things = shares["object_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    at = shares["timestamp_share"].to_numpy()
    ordered, dealt = np.argsort(things, kind="stable"), np.lexsort((chance.random(len(at)), things))
    shuffled = np.empty_like(at)
    shuffled[ordered] = at[dealt]
    messages = pa.table(
        {
            "message_id": shares["content_id"],
            "account_id": shares["account_id"],
            "sent_at": shuffled,
            "repost_of": shares["object_id"],
        }
    )
    assert len(network(messages, window=window).communities()) == 0
