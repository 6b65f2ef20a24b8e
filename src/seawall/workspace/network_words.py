"""The groups of a network of all layers in words, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.coordination_words import LAYERS
from seawall.detectors.wording import at_most, counted, period
from seawall.measures.layers import Description, LayeredNetwork
from seawall.protocols import Progress

REASONS = ("times", "things")
"""Why a pair was found, see ``LayeredNetwork.pairs``."""

WORDS = {**LAYERS, "similar": ("posted", "text in changing words", "texts in changing words")}
"""What is shared in each layer -> how a sentence says it."""


@dataclass(frozen=True, slots=True)
class GroupFound:
    """A community of a network.

    Args:
        number: from 1, the largest first.
        core: its core accounts; the first members of ``description.accounts`` need not be among them.
        pairs: how many pairs of it were found.
        met: on how many things they met, all pairs and layers together.
        timed: how many of these where the timing of the pair is beyond chance.
        expected: on how many of those by chance; None = chance was not asked.
        q: the largest of the pairs whose timing is beyond chance; None = there is none.
        q_sharing: the largest of the pairs that share more than chance explains things of one moment; None = none.
        description: what they did.
    """

    number: int
    core: tuple[str, ...]
    pairs: int
    met: int
    timed: int
    expected: float | None
    q: float | None
    q_sharing: float | None
    description: Description

    @property
    def sentence(self) -> str:
        """One sentence with its numbers."""
        told = self.description
        shared = [
            f"{WORDS[row['layer']][0]} the same {counted(row['objects'], *WORDS[row['layer']][1:])}"
            for row in told.layers.to_pylist()
        ]
        listed = " and ".join([", ".join(shared[:-1]), shared[-1]]) if len(shared) > 1 else "".join(shared)
        when = f" {period(told.start, told.end)}" if told.start and told.end else ""
        gap = f"; half of the gaps are at most {told.median_lag_s:.3g} s" if told.median_lag_s is not None else ""
        return (
            f"{counted(len(told.accounts), 'account')}, {len(self.core):,} of them the core, {listed}{when}{gap}; "
            f"{counted(self.pairs, 'pair')} met on {counted(self.met, 'thing')}{self._chance}{self._where}."
        )

    @property
    def doubt(self) -> tuple[str, ...]:
        """What speaks against it."""
        known = tuple(one.sentence for one in self.description.against)
        if self.expected is None:
            return (*known, "How often this would happen by chance was not computed.")
        return (*known, "News feeds, clubs and fans also share alike, and chance counts each thing as if for itself.")

    @property
    def _chance(self) -> str:
        told = ""
        if self.expected is not None and self.q is not None:
            part = "" if self.timed == self.met else f", on {self.timed:,} of them"
            told = f"{part} where chance gives {self.expected:,.3g} (q {at_most(self.q)})"
        if self.q_sharing is not None:
            told += "; they share more things of one moment, whose times tell nothing, than chance explains"
            told += f" (q_sharing {at_most(self.q_sharing)})"
        return told

    @property
    def _where(self) -> str:
        places = [f"{name}: {counted(count, 'message')}" for name, count in self.description.platforms.items()]
        return f" ({', '.join(places)})" if places else ""

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        told = self.description
        return {
            "group": self.number,
            "accounts": list(told.accounts),
            "core": list(self.core),
            "pairs": self.pairs,
            "met": self.met,
            "timed": self.timed,
            "expected": self.expected,
            "q": self.q,
            "q_sharing": self.q_sharing,
            "start": told.start,
            "end": told.end,
            "messages": told.messages,
            "layers": told.layers.to_pylist(),
            "objects": told.objects.to_pylist(),
            "median_lag_s": told.median_lag_s,
            "fast": told.fast,
            "platforms": told.platforms,
            "sentence": self.sentence,
            "against": [{"kind": one.kind, "share": one.share, "sentence": one.sentence} for one in told.against],
        }


def groups_found(
    found: LayeredNetwork, most: int | None = None, progress: Progress | None = None
) -> Iterator[GroupFound]:
    """The communities, the largest first; at most so many."""
    members = found.communities(least=2)
    whole = pc.max(members["community"]).as_py() if len(members) else None
    count = 0 if whole is None else min(whole + 1, whole + 1 if most is None else most)
    for number in range(count):
        if progress is not None:
            progress("describing groups", number, count)
        inside = members.filter(pc.equal(members["community"], number))
        yield _group(found, number + 1, inside)


def _group(found: LayeredNetwork, number: int, inside: pa.Table) -> GroupFound:
    accounts = inside["account"].combine_chunks()
    pairs, edges = _within(found.found, accounts), _within(found.edges, accounts)
    chance = "expected" in edges.column_names
    times, things = (pairs.filter(pc.equal(pairs["reason"], reason)) if chance else pairs[:0] for reason in REASONS)
    keys = set(_pairs(times))
    timed = edges.filter(pa.array([pair in keys for pair in _pairs(edges)], pa.bool_()))
    return GroupFound(
        number=number,
        core=tuple(inside.filter(inside["core"])["account"].to_pylist()),
        pairs=len(pairs),
        met=int(pc.sum(pairs["weight"]).as_py()),
        timed=int(pc.sum(times["weight"]).as_py() or 0),
        expected=float(pc.sum(timed["expected"]).as_py() or 0.0) if chance else None,
        q=pc.max(times["q"]).as_py() if chance else None,
        q_sharing=pc.max(things["q_sharing"]).as_py() if chance else None,
        description=found.describe(accounts.to_pylist()),
    )


def _within(rows: pa.Table, accounts: pa.Array) -> pa.Table:
    inside = [pc.is_in(rows[end], accounts) for end in ("source", "target")]
    return rows.filter(pc.and_(*inside))


def _pairs(edges: pa.Table) -> Iterator[tuple[str, str]]:
    return zip(edges["source"].to_pylist(), edges["target"].to_pylist(), strict=True)
