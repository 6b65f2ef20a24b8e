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
    assert sorted(members["account"].to_pylist()) == [f"a{number:02}" for number in range(5)]
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


def test_a_group_that_alone_shares_things_at_once_is_found_by_its_things() -> None:
    """Of texts that only a group posts, all at one moment, times tell nothing: it is found because it shares them."""
    chance = np.random.default_rng(4)
    month = 30 * DAY
    rows = [(f"own{number}", int(chance.integers(200)), chance.uniform(0, month)) for number in range(600)]
    rows += [(f"talk{chance.integers(600)}", int(chance.integers(200)), chance.uniform(0, month)) for _ in range(4000)]
    for text in range(20):
        at = chance.uniform(0, month)
        rows += [(f"bed{text}", account, at + chance.uniform(0, 10)) for account in (3, 5, 8)]
    found = network(posted(rows), layers=["text"])
    columns = ["source", "target", "moments", "reason"]
    assert found.found.select(columns).sort_by([("source", "ascending"), ("target", "ascending")]).to_pylist() == [
        {"source": a, "target": b, "moments": 20, "reason": "things"}
        for a, b in (("a003", "a005"), ("a003", "a008"), ("a005", "a008"))
    ]
    assert min(found.found["q"].to_pylist()) > 0.05 >= max(found.found["q_sharing"].to_pylist())


def test_one_message_of_many_new_hashtags_is_one_moment() -> None:
    """Two messages that share eight hashtags which nobody else has are one moment, which is too few."""
    rows = [(f"own{number}", number % 40, 900.0 * number) for number in range(400)]
    tags = [[name] for name, _, _ in rows] + [[f"bed{number}" for number in range(8)]] * 2
    rows += [("", 3, 7.0), ("", 5, 9.0)]
    messages = posted(rows).drop_columns(["text_key"]).append_column("hashtags", pa.array(tags))
    found = network(messages, layers=["hashtag"])
    assert (len(found), len(found.edges)) == (0, 0)
    assert found.layers["in_time"].to_pylist() == [1]


def posted(rows: list[tuple[str, int, float]]) -> pa.Table:
    """Messages of (text, account, seconds)."""
    return pa.table(
        {
            "message_id": [str(number) for number in range(len(rows))],
            "account_id": [f"a{account:03}" for _, account, _ in rows],
            "sent_at": [at for _, _, at in rows],
            "text_key": [text for text, _, _ in rows],
        }
    )


def test_edges_that_cannot_be_found_are_not_kept() -> None:
    """No edge is kept whose p is above the wanted rate; how many pairs were in time is still said."""
    found = network(world(2, together=3), window=3600.0, layers=["hashtag"])
    by_things = (found.edges["p_sharing"].to_numpy() <= 0.05) & (found.edges["moments"].to_numpy() >= 5)
    assert ((found.edges["p"].to_numpy() <= 0.05) | by_things).all()
    assert found.layers["in_time"][0].as_py() > found.layers["edges"][0].as_py()
    assert len(found.pairs) == len(found.edges) > len(found) > 0
    assert set(found.found["reason"].to_pylist()) == {"times"}


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
