"""What the measure found: for each end its successor or none, the candidates beside it, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True)
class Successors:
    """Successors of channels that ended; times in UTC microseconds, ids of the type that the channels have.

    - ``ends``: one row an end, in the order of time: ``ended``, ``at``; ``successor`` (null = no successor),
      ``probability`` (float64: that ``likeliest`` is the successor), ``likeliest`` (the channel that is
      assigned, or else the best candidate; null = there is none), ``none`` (float64: the probability that it has no
      successor among the candidates), ``candidates`` (int64).
    - ``candidates``: pairs, end by end and the best first, at most 20 an end: ``ended``, ``candidate``, ``rank``
      (int64, from 1), ``nats`` (float64: log-odds against no successor), ``probability``, ``assigned`` (bool), and
      each of ``TERMS`` (float64: what it adds, in nats; null = not known).
    - ``reasons``: the same pairs, ``ended, candidate, term, nats, observed, expected``, the weightiest first, of terms
      that are known; what ``observed`` and ``expected`` are is told in docs/reference/measures.md.
    - ``left_out``: how many rows were left out, by reason.
    - ``least``: the probability from which on a successor is told.
    """

    ends: pa.Table
    candidates: pa.Table
    reasons: pa.Table
    left_out: dict[str, int] = field(default_factory=dict)
    least: float = 0.0

    def __repr__(self) -> str:
        told = len(self.ends) - self.ends["successor"].null_count
        return f"<Successors: {len(self.ends)} ends, {told} with a successor of probability {self.least:g} or more>"
