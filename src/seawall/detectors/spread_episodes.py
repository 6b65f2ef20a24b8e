"""How fast texts reached new accounts and channels: episodes of copying, and the busiest spans in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seawall.detectors.spread_copies import Copies, Ints, Mask
from seawall.measures.keys import Times

REACHED = ("accounts", "channels")
"""What a text reaches."""

Look = tuple[str, int]
"""What is counted (one of REACHED), and within how many microseconds."""


@dataclass(frozen=True)
class Episodes:
    """Runs of copies of one text on one platform, each after a silence of that text.

    Arrays have an entry an episode, in the order of the copies, unless they say otherwise.

    Args:
        copies: of all episodes; an episode is a run of rows.
        first: the row of its first copy.
        end: the row after its last one.
        group: as in ``Copies``.
        reached: how many accounts, and how many channels, it reached.
        peaks: for each look the most accounts (or channels) that were reached for the first time within the span.
        peak_at: for each look when that span began, UTC microseconds.
        before: for each look the largest peak of the earlier episodes of the same text; 0 where there is none.
    """

    copies: Copies
    first: Ints
    end: Ints
    group: Ints
    reached: dict[str, Ints]
    peaks: dict[Look, Ints]
    peak_at: dict[Look, Times]
    before: dict[Look, Ints]

    def __len__(self) -> int:
        return len(self.first)

    @property
    def start(self) -> Times:
        """When the first copy was sent."""
        return self.copies.at[self.first]

    @property
    def last(self) -> Times:
        """When the last copy was sent."""
        return self.copies.at[self.end - 1]

    def rows(self, episode: int) -> Ints:
        """The rows of its copies."""
        return np.arange(self.first[episode], self.end[episode])


def episodes(copies: Copies, silence: int, spans: Sequence[int]) -> Episodes:
    """The episodes of copies.

    An account counts once in an episode, when it first copied the text: what is measured is how fast the text reaches
    those that it had not reached. So does a channel; messages outside of channels reach none.

    Args:
        copies: in their order.
        silence: an episode begins after so many microseconds without a copy.
        spans: microseconds.
    """
    count = len(copies)
    begins = np.ones(count, bool)
    begins[1:] = (np.diff(copies.group) != 0) | (np.diff(copies.at) > silence)
    number = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    end = np.append(first[1:], count).astype(np.int64)
    size = len(first)
    group = copies.group[first]
    reached, peaks, peak_at, before = {}, {}, {}, {}
    for what, names in zip(REACHED, (copies.account, copies.channel), strict=True):
        held = np.ones(count, bool) if what == "accounts" else copies.channel >= 0
        rows = _arrivals(number, names, held)
        reached[what] = np.bincount(number[rows], minlength=size).astype(np.int64)
        for span in spans:
            most, place = _busiest(number[rows], copies.at[rows], span, size)
            peaks[what, span] = most
            peak_at[what, span] = np.where(most > 0, copies.at[rows[place]] if len(rows) else 0, 0)
            before[what, span] = _largest_before(group, most)
    return Episodes(copies, first, end, group, reached, peaks, peak_at, before)


def _arrivals(number: Ints, names: np.ndarray, held: Mask) -> Ints:
    """The rows with which an account (or a channel) first comes into an episode, in order."""
    rows = np.flatnonzero(held)
    order = rows[np.lexsort((names[rows], number[rows]))]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (np.diff(number[order]) != 0) | (names[order][1:] != names[order][:-1])
    return np.sort(order[fresh])


def _busiest(number: Ints, at: Times, span: int, size: int) -> tuple[Ints, Ints]:
    """For each of ``size`` episodes the most arrivals within a span, and the place of the first arrival of it.

    Args:
        number: the episode of each arrival, ascending.
        at: its time, ascending within an episode.
        span: microseconds, inclusive.
        size: how many episodes there are.
    """
    most, place = np.zeros(size, np.int64), np.zeros(size, np.int64)
    if not len(number):
        return most, place
    edges = np.flatnonzero(np.append(True, np.diff(number) != 0))
    lengths = at[np.append(edges[1:], len(at)) - 1] - at[edges]
    offsets = np.concatenate([[0], np.cumsum(lengths + span + 1)[:-1]])
    run = np.cumsum(np.append(False, np.diff(number) != 0))
    line = at - at[edges][run] + offsets[run]
    counts = np.searchsorted(line, line + span, side="right") - np.arange(len(line))
    best = np.maximum.reduceat(counts, edges)
    hits = np.flatnonzero(counts == best[run])
    _, earliest = np.unique(run[hits], return_index=True)
    most[number[edges]] = best
    place[number[edges]] = hits[earliest]
    return most, place


def _largest_before(group: Ints, values: Ints) -> Ints:
    """The largest value of the earlier entries of the same group; 0 for the first."""
    if not len(values):
        return values
    step = int(values.max()) + 1
    running = np.maximum.accumulate(values + group * step) - group * step
    before = np.zeros(len(values), np.int64)
    same = group[1:] == group[:-1]
    before[1:][same] = running[:-1][same]
    return before
