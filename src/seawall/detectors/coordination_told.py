"""What is said of a group that chance does not explain: the sentence, its numbers, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.coordination_behind import with_messages
from seawall.detectors.coordination_groups import Group
from seawall.detectors.coordination_words import LAYERS
from seawall.detectors.wording import at_most, counted, period, seconds

if TYPE_CHECKING:
    from seawall.detectors.coordination import CoordinationDetector

INDEPENDENT = (
    "Chance is computed as if these things were independent of one another: who reads down one list soon after "
    "somebody else meets them on each of its things."
)

HALVES = 4.0
"""So many things beyond chance halve the distance of the score from 1."""

EACH_AGAINST = 0.9
"""The score is multiplied by this for each thing that speaks against it."""

LEADS = 0.8
"""An account that was first on so large a part of the occasions leads."""


def sentence(detector: CoordinationDetector, group: Group) -> str:
    """One sentence with its numbers; what the accounts are called plays no part."""
    shared = [_shared(row["layer"], row["objects"]) for row in group.description.layers.to_pylist()]
    listed = shared[0] if len(shared) == 1 else f"{', '.join(shared[:-1])} and {shared[-1]}"
    together = group.evidence
    times = _of(group.links, "times")
    if len(times):
        expected = fsum(times["expected"].to_pylist())  # the same in whatever order accounts stand
        chance = (
            f"{counted(_pairs(times), 'pair')} of them met on {pc.sum(times['weight']).as_py():,} things where chance "
            f"gives {_number(expected)} (q {at_most(pc.max(times['q']).as_py())})"
        )
    else:
        largest = at_most(pc.max(group.links["q"]).as_py())
        chance = f"chance does not explain that they have so many of these things in common (q {largest})"
    return (
        f"{counted(len(group.accounts), 'account')} {listed}, two or more of them within "
        f"{seconds(detector.window_s)} of one another, {counted(together.occasions, 'time')}, "
        f"{period(together.start, together.end)}; {chance}."
    )


def score(group: Group) -> float:
    """How far beyond chance the typical link is, less by a tenth for each thing that speaks against it."""
    expected = group.links["expected"].fill_null(0.0).to_numpy()
    beyond = float(np.median(group.links["weight"].to_numpy() - expected))
    return float((1.0 - 2.0 ** (-max(beyond, 0.0) / HALVES)) * EACH_AGAINST ** len(group.description.against))


def doubt(group: Group, q: float) -> tuple[str, ...]:
    """What speaks against it."""
    part = group.description.messages / max(group.wrote, 1)
    counted_here = f"{group.description.messages:,} of them ({part:.1%}) are counted here."
    return (
        *(one.sentence for one in group.description.against),
        *_leader_doubt(group),
        *_link_doubts(group, q),
        f"These accounts wrote {counted(group.wrote, 'message')} in this time; {counted_here}",
        INDEPENDENT,
        "News feeds, clubs and fans also post alike.",
    )


def details(detector: CoordinationDetector, group: Group, edges_in_all: int, most: int) -> dict[str, Any]:
    """What a page draws and lists: of its links at most so many, of those in all groups the number."""
    together = group.evidence
    leader = first_most_often(group.together)
    windows = dict.fromkeys(detector.layers, detector.window_s)
    return {
        "layers": group.description.layers.to_pylist(),
        "accounts": len(group.accounts),
        "core": list(group.core),
        "objects": int(pc.sum(group.description.layers["objects"]).as_py()),
        "occasions": together.occasions,
        "messages": group.description.messages,
        "channel_count": group.channels,
        "platforms": group.description.platforms,
        "median_lag_s": group.description.median_lag_s,
        "fast": group.description.fast,
        "first": None if leader is None else {"account": leader[0], "share": leader[1]},
        "against": [{"kind": one.kind, "share": one.share} for one in group.description.against],
        "edges_in_all": edges_in_all,
        "edges": list(with_messages(joined(group.links).slice(0, most).to_pylist(), group.together, windows)),
        "top_objects": [
            {**row, "first_at": row["first_at"].isoformat()} for row in group.description.objects.to_pylist()
        ],
        "per_account": together.per_account(),
    }


def joined(links: pa.Table) -> pa.Table:
    """One row a pair: its layers together, the heaviest pair first.

    Weight and what chance gives are added up; p and q are those of the layer in which it stands out most.
    """
    pairs = links.group_by(["source", "target"], use_threads=False).aggregate(
        [
            ("weight", "sum"), ("expected", "sum"), ("p", "min"), ("q", "min"), ("q_sharing", "min"),
            ("leads", "mean"), ("median_lag_s", "mean"), ("layer", "list"), ("reason", "list"),
        ]
    )  # fmt: skip
    named = pairs.rename_columns(
        ["source", "target", "weight", "expected", "p", "q", "q_sharing", "leads", "median_lag_s", "layers", "reasons"]
    )
    return named.sort_by(
        [("weight", "descending"), ("q", "ascending"), ("source", "ascending"), ("target", "ascending")]
    )


def first_most_often(together: pa.Table) -> tuple[str, float] | None:
    """The account that came first on most occasions, and on which part of them; None where two share that place."""
    ordered = together.sort_by([("occasion", "ascending"), ("at", "ascending"), ("message", "ascending")])
    starts = ordered.group_by("occasion", use_threads=False).aggregate([("account", "first")])
    counts = pc.value_counts(starts["account_first"]).to_pylist()
    top = max(row["counts"] for row in counts)
    leaders = [row["values"] for row in counts if row["counts"] == top]
    return (leaders[0], top / len(starts)) if len(leaders) == 1 else None


def _leader_doubt(group: Group) -> Iterator[str]:
    leader = first_most_often(group.together)
    if leader is not None and leader[1] >= LEADS and len(group.accounts) > 2:
        yield (
            f"One account was first on {leader[1]:.0%} of the occasions: what a newsroom or a channel publishes, "
            "and its readers pass on at once, looks the same."
        )


def _link_doubts(group: Group, q: float) -> Iterator[str]:
    things, times = _of(group.links, "things"), _of(group.links, "times")
    if len(things):
        yield (
            f"{counted(_pairs(things), 'pair')} of {_pairs(group.links):,} rest on things that were shared at one "
            "moment only: whether their timing is chance cannot be asked of these, only whether two accounts have so "
            "many of them in common."
        )
    if len(times):
        typical = float(np.median(times["q_sharing"].to_numpy()))
        if typical > q:
            yield (
                "That they share these things at all is no more than their activity and the things' popularity explain "
                f"(q_sharing {_number(typical)}): it is the timing that stands out."
            )
        else:
            yield (
                "They also have more things in common than their activity and the things' popularity explain "
                f"(q_sharing {at_most(typical)}), as people of one interest do: look whether they keep the same hours."
            )


def _shared(layer: str, objects: int) -> str:
    did, one, many = LAYERS[layer]
    return f"{did} the same {counted(objects, one, many)}"


def _of(links: pa.Table, reason: str) -> pa.Table:
    return links.filter(pc.equal(links["reason"], reason))


def _pairs(links: pa.Table) -> int:
    return len(links.group_by(["source", "target"], use_threads=False).aggregate([]))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
