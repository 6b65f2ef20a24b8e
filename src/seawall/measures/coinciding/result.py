"""What was found: rates, ratios, everything that was tried, and sentences that say no more than the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite

import pyarrow as pa

FEW = 12
"""Up to so many surges the sentence says how few observations that is."""
DOUBT = (
    "Both may follow a third thing, as a season, an anniversary or the news; "
    "nothing here says that one came from the other."
)


@dataclass(frozen=True)
class Coincidence:
    """How surges and incidents coincide; tables are Arrow tables.

    Attributes:
        rates: one row a group, direction and lag: ``group`` (string), ``direction`` ("precursor", "trigger"), ``lag``
            (int64, days; negative: the incident comes first), ``hits``, ``of`` (float64), ``rate``, ``expected`` (mean
            over all shifts), ``low``, ``high`` (the middle 95 % of shifts), ``p`` (one-sided; ties divided by a draw),
            ``p_most`` (all ties for chance), ``p_corrected`` (for everything that was tried). p is null where every
            shift gives the same, so that nothing can be said.
        ratio: one row a group: ``group``, ``surges`` (int64), ``inside``, ``inside_days``, ``outside``,
            ``outside_days``, ``ratio``, ``low``, ``high`` (float64; infinite: no upper end; null with fewer than
            two surges), ``p`` (two-sided, of a ratio of 1).
        textbook: ``group``, ``method``, ``low``, ``high``: intervals of textbooks, for comparison only.
        tried: one row each p: ``group``, ``what``, ``lag``, ``p``, ``p_corrected`` (null for ratios).
        p: of the best of all rates, corrected for how many were tried; None where nothing can be said.
        surges: spans of days that were compared, ``start``, ``end`` (UTC microseconds, [start, end)).
        days: days on which a surge could have been seen, and of the whole observed time.
        since, until: the observed time, first day and the day after the last .
        left_out: how many rows were left out, by reason.
        assumptions: what was assumed, in sentences.
    """

    rates: pa.Table
    ratio: pa.Table
    textbook: pa.Table
    tried: pa.Table
    surges: pa.Table
    p: float | None
    days: tuple[int, int]
    since: date
    until: date
    left_out: Mapping[str, int]
    assumptions: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Coincidence: {self.sentences[0]}>"

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer in sentences that carry their numbers, and what speaks against reading more into it."""
        told = [_of_ratio(row) for row in self.ratio.to_pylist()]
        told += [_best(self.rates, self.p)] if self.p is not None else []
        count = self.surges.num_rows
        if count <= FEW:
            told.append(
                f"{_count(count, 'surge is', 'surges are')} about {_count(count, 'observation', 'observations')}."
            )
        return (*told, DOUBT)


def _of_ratio(row: dict[str, float]) -> str:
    where = f" ({row['group']})" if row["group"] else ""
    noun = "incident" if row["inside"] == 1 else "incidents"
    days = f"{_amount(row['inside'])} {noun}{where} in {row['inside_days']:,} days of surges"
    rest = f"{_amount(row['outside'])} in {row['outside_days']:,} other days"
    if row["low"] is None:
        return f"{days}, {rest}; one surge allows no interval."
    low, high, ratio = row["low"], row["high"], row["ratio"]
    span = f"{low:.1f} to {high:.1f}" if isfinite(high) else f"at least {low:.1f}"
    times = f"{ratio:.1f} times as many a day" if isfinite(ratio) else "a ratio that has no upper end"
    seen = "" if low > 1 or high < 1 else "; that is no clear difference"
    return f"{days}, {rest}: {times} (95 %: {span}){seen}."


def _best(rates: pa.Table, p: float | None) -> str:
    rows = [row for row in rates.to_pylist() if row["p_corrected"] is not None]
    best = min(rows, key=lambda row: (row["p_corrected"], row["p"], abs(row["lag"])))
    part = f"({100 * best['rate']:.0f} %; {100 * best['expected']:.0f} % at shifts)"
    share = f"{_amount(best['hits'])} of {_amount(best['of'])} {part}"
    lag = best["lag"]
    when = "at the same time" if lag == 0 else f"{abs(lag)} {'day' if abs(lag) == 1 else 'days'}"
    if best["direction"] == "precursor":
        what = f"{share} incidents had a surge {when}{'' if lag == 0 else ' before' if lag > 0 else ' after'}"
    else:
        what = f"{share} surges had an incident {when}{'' if lag == 0 else ' after' if lag > 0 else ' before'}"
    return f"Of {len(rows)} comparisons the clearest: {what}, p = {_p(p)} for the best of all."


def _p(p: float | None) -> str:
    return "unknown" if p is None else f"{p:.3f}" if p >= 0.001 else "below 0.001"


def _amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value - round(value)) < 1e-6 else f"{value:,.1f}"


def _count(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
