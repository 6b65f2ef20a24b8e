"""Messages in several layers at once, with planted groups; and the pooling that counts one meeting several times."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.stats import chi2

from seawall.measures import coordination
from seawall.measures.discovery import benjamini_hochberg

DAY = 86_400
ACCOUNTS, TOPICS, GROUPS, MEMBERS = 1_200, 250, 10, 6

Pair = tuple[int, int]


def planted(seed: int, occasions: int) -> tuple[pa.Table, set[Pair]]:
    """Two months of 12,000 posts on topics, and the pairs of ten groups that post together on so many occasions.

    A topic has a link and three hashtags; a post carries the link in .6 and the hashtags in .8 of all cases, and copies
    one of the topic's three texts in .3. Everybody posts on a topic in the days after it came up, independently; a
    group's members post within 30 seconds of one another, each with the same parts.
    """
    chance = np.random.default_rng(seed)
    start = chance.uniform(0, 55 * DAY, TOPICS)
    weight = 1 / np.arange(1, TOPICS + 1) ** 0.7
    topic = chance.choice(TOPICS, 12_000, p=weight / weight.sum())
    account = chance.choice(ACCOUNTS, 12_000, p=_activity(chance))
    at = start[topic] + chance.exponential(2 * DAY, 12_000)
    carried = [chance.random(12_000) < part for part in (0.6, 0.8, 0.3)]
    text = topic * 3 + chance.integers(0, 3, 12_000)
    columns = [[account, topic, at, *carried, text]]
    members = chance.permutation(ACCOUNTS)[: GROUPS * MEMBERS].reshape(GROUPS, MEMBERS)
    for group in members:
        for what in chance.choice(TOPICS, occasions, p=weight / weight.sum()):
            when = start[what] + chance.exponential(2 * DAY) + chance.uniform(0, 30, MEMBERS)
            parts = [np.full(MEMBERS, chance.random() < part) for part in (0.6, 0.8, 0.3)]
            columns.append([group, np.full(MEMBERS, what), when, *parts, np.full(MEMBERS, what * 3)])
    true = {(int(min(pair)), int(max(pair))) for group in members for pair in combinations(group, 2)}
    return _messages(*(np.concatenate(column) for column in zip(*columns, strict=True))), true


def _activity(chance: np.random.Generator) -> Any:
    activity = chance.lognormal(0, 1, ACCOUNTS)
    return activity / activity.sum()


def _messages(account: Any, topic: Any, at: Any, link: Any, tagged: Any, copied: Any, text: Any) -> pa.Table:
    tags = [[f"{what}a", f"{what}b", f"{what}c"] if told else None for what, told in zip(topic, tagged, strict=True)]
    links = [[f"https://garden.example/{what}"] if told else None for what, told in zip(topic, link, strict=True)]
    return pa.table(
        {
            "message_id": np.arange(len(at)),
            "account_id": account,
            "sent_at": at,
            "links": links,
            "hashtags": tags,
            "text_key": pa.array(text.astype(np.uint64), mask=~copied),
        }
    )


def added_up(messages: pa.Table, q: float) -> set[Pair]:
    """The pairs that Fisher's method finds: every layer and every object counted as if it were independent."""
    statistic: dict[Pair, list[float]] = {}
    for column in ("links", "hashtags", "text_key"):
        edges = coordination(_shares(messages, column), window=60, significance=True).edges
        ends = zip(edges["source"].to_pylist(), edges["target"].to_pylist(), edges["p"].to_pylist(), strict=True)
        for source, target, p in ends:
            statistic.setdefault((source, target), []).append(-2 * np.log(max(p, 1e-300)))
    pairs = list(statistic)
    p = np.array([chi2.sf(sum(statistic[pair]), 2 * len(statistic[pair])) for pair in pairs])
    return {
        pair
        for pair, found in zip(pairs, benjamini_hochberg(p, ACCOUNTS * (ACCOUNTS - 1) // 2) <= q, strict=True)
        if found
    }


def _shares(messages: pa.Table, column: str) -> pa.Table:
    rows = messages.select(["account_id", "message_id", "sent_at", column]).to_pylist()
    spread = [
        (thing, row["account_id"], row["message_id"], row["sent_at"])
        for row in rows
        if row[column] is not None
        for thing in (row[column] if isinstance(row[column], list) else [row[column]])
    ]
    names = ("object", "account", "message", "at")
    return pa.table(dict(zip(names, (list(values) for values in zip(*spread, strict=True)), strict=True)))
