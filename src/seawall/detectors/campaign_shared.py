"""What the messages of a candidate share: the same text, repost, link, domain, hashtag, phrase."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.campaign_rows import Held
from seawall.measures.contrast import log_odds, phrases

LISTED = 10
LEAST_ACCOUNTS = 5
"""What is told in words (a phrase, a hashtag, a link) was used by at least so many accounts."""
MOST_TEXTS = 8_000
"""So many texts of each side are cut into phrases, at most."""


def _plain(column: str) -> Callable[[pa.Table], tuple[pa.Array, pa.Array]]:
    def found(rows: pa.Table) -> tuple[pa.Array, pa.Array]:
        told = rows[column].combine_chunks()
        places = pc.indices_nonzero(pc.is_valid(told))
        return told.take(places), places

    return found


def _of_links(part: str) -> Callable[[pa.Table], tuple[pa.Array, pa.Array]]:
    def found(rows: pa.Table) -> tuple[pa.Array, pa.Array]:
        links = rows["links"].combine_chunks()
        return pc.struct_field(pc.list_flatten(links), part), pc.list_parent_indices(links)

    return found


def _hashtags(rows: pa.Table) -> tuple[pa.Array, pa.Array]:
    public = pc.indices_nonzero(pc.equal(rows["visibility"], "public"))
    tags = rows["hashtags"].take(public).combine_chunks()
    return pc.utf8_lower(pc.list_flatten(tags)), public.take(pc.list_parent_indices(tags))


OBJECTS = {
    "text": _plain("text_key"),
    "repost": _plain("repost_of"),
    "link": _of_links("url"),
    "domain": _of_links("domain"),
    "hashtag": _hashtags,
}
"""What can be shared -> the things, and the rows that carry them."""
ONE_THING = ("text", "repost", "link")
"""Of these a single one can be what everybody passed on; a domain or a hashtag is a place or a topic."""
IN_WORDS = ("link", "domain", "hashtag")


def uses(rows: pa.Table, kind: str) -> pa.Table:
    """``object, message, account, channel, at``: each thing once for each message that carries it."""
    things, places = OBJECTS[kind](rows)
    carried = rows.select(["message_id", "account_id", "channel", "sent_at"]).take(places)
    names = ["message", "account", "channel", "at", "object"]
    table = carried.append_column("object", things.cast(pa.string())).rename_columns(names)
    return table.filter(pc.is_valid(table["object"])).group_by(names, use_threads=False).aggregate([])


def shared(inside: pa.Table, before: pa.Table) -> dict[str, list[dict[str, Any]]]:
    """For each kind the things that mark the candidate most, against the weeks before, the clearest first."""
    totals = len(inside), len(before)
    found = {kind: list(_contrasted(kind, inside, before, totals)) for kind in OBJECTS}
    found["phrase"] = [
        {
            "object": phrase.words,
            "messages": phrase.here,
            "accounts": phrase.accounts,
            "before": phrase.there,
            "log_odds": phrase.log_odds,
            "z": phrase.z,
        }
        for phrase in phrases(_public(inside), _public(before), least_accounts=LEAST_ACCOUNTS, most=LISTED)
    ]
    return found


def _contrasted(kind: str, inside: pa.Table, before: pa.Table, totals: tuple[int, int]) -> Iterator[dict[str, Any]]:
    here = uses(inside, kind).group_by("object", use_threads=False)
    counted = here.aggregate(
        [
            ("message", "count"),
            ("account", "count_distinct"),
            ("channel", "count_distinct"),
            ("at", "min"),
        ]
    )
    least = LEAST_ACCOUNTS if kind in IN_WORDS else 2
    counted = counted.filter(pc.greater_equal(counted["account_count_distinct"], least))
    earlier = uses(before, kind).group_by("object").aggregate([("message", "count")])
    places = pc.index_in(counted["object"], earlier["object"].combine_chunks())
    usual = pc.fill_null(earlier["message_count"].take(places), 0).to_numpy().astype(np.float64)
    difference, z = log_odds(counted["message_count"].to_numpy().astype(np.float64), usual, *totals)
    rows = counted.to_pylist()
    order = sorted(range(len(rows)), key=lambda place: (-z[place], rows[place]["at_min"], rows[place]["object"]))
    for place in order[:LISTED]:
        row = rows[place]
        yield {
            "object": row["object"],
            "messages": row["message_count"],
            "accounts": row["account_count_distinct"],
            "channels": row["channel_count_distinct"],
            "before": int(usual[place]),
            "log_odds": float(difference[place]),
            "z": float(z[place]),
        }


def _public(rows: pa.Table) -> Iterator[tuple[str, str]]:
    """Account and text of public messages; at most MOST_TEXTS, evenly taken."""
    told = rows.filter(pc.and_(pc.equal(rows["visibility"], "public"), pc.is_valid(rows["text"])))
    step = max(1, -(-len(told) // MOST_TEXTS))
    told = told.take(pa.array(np.arange(0, len(told), step)))
    yield from zip(told["account_id"].to_pylist(), told["text"].to_pylist(), strict=True)


def largest(held: Held, inside: pa.Table, before: pa.Table) -> tuple[str, str, float]:
    """Kind, name and share of the excess of the one thing that explains most of it; share 0 where nothing is shared.

    Of a thing counts what it has more than the weeks before let expect, each side scaled up from its sample.
    """
    more = held.candidate.observed - held.candidate.expected
    past = sum(rise.expected for rise in held.candidate.rises) / max(len(before) / held.before.share, 1.0)
    best = ("text", "", 0.0)
    for kind in ONE_THING:
        here = uses(inside, kind).group_by("object", use_threads=False).aggregate([("message", "count")])
        earlier = uses(before, kind).group_by("object").aggregate([("message", "count")])
        usual = dict(zip(*(earlier[name].to_pylist() for name in ("object", "message_count")), strict=True))
        for row in here.to_pylist():
            expected = usual.get(row["object"], 0) / held.before.share * past
            share = (row["message_count"] / held.inside.share - expected) / max(more, 1.0)
            best = max(best, (kind, row["object"], min(share, 1.0)), key=lambda one: (one[2], one[1]))
    return best


def evidence(inside: pa.Table, found: dict[str, list[dict[str, Any]]], most: int) -> tuple[str, ...]:
    """Messages that carry what marks the candidate, those that carry most of it first, then the earliest."""
    marks: dict[str, int] = {}
    for kind in ("text", "repost", "link"):
        told = pa.array([one["object"] for one in found[kind]], pa.string())
        carried = uses(inside, kind)
        for message in carried.filter(pc.is_in(carried["object"], told))["message"].to_pylist():
            marks[message] = marks.get(message, 0) + 1
    order = {message: place for place, message in enumerate(inside["message_id"].to_pylist())}
    chosen = sorted(marks, key=lambda message: (-marks[message], order[message]))
    rest = [message for message in order if message not in marks]
    return tuple([*chosen, *rest][:most])
