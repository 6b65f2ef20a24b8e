"""The groups of a network of all layers in words, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.coordination_words import LAYERS
from seawall.detectors.wording import counted, period
from seawall.measures.layers import Description, LayeredNetwork
from seawall.protocols import Progress

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
        expected: on how many of them by chance; None = chance was not asked.
        q: the largest of its pairs.
        description: what they did.
    """

    number: int
    core: tuple[str, ...]
    pairs: int
    met: int
    expected: float | None
    q: float | None
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
        if self.expected is None or self.q is None:
            return ""
        q = "below 0.0001" if self.q < 0.0001 else f"at most {self.q:.2g}"
        return f" where chance gives {self.expected:,.3g} (q {q})"

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
            "expected": self.expected,
            "q": self.q,
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
    return GroupFound(
        number=number,
        core=tuple(inside.filter(inside["core"])["account"].to_pylist()),
        pairs=len(pairs),
        met=int(pc.sum(pairs["weight"]).as_py()),
        expected=float(pc.sum(edges["expected"]).as_py()) if chance else None,
        q=float(pc.max(pairs["q"]).as_py()) if chance else None,
        description=found.describe(accounts.to_pylist()),
    )


def _within(rows: pa.Table, accounts: pa.Array) -> pa.Table:
    inside = [pc.is_in(rows[end], accounts) for end in ("source", "target")]
    return rows.filter(pc.and_(*inside))
