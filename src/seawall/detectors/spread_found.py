"""Episodes of copying -> those that spread abnormally fast, each against how texts usually spread on its platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.spread_copies import Copies, Ints
from seawall.detectors.spread_episodes import REACHED, Look, episodes
from seawall.detectors.spread_known import Known
from seawall.detectors.spread_numbers import before, judged, numbers, peak, peak_at
from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.heavy_tail import Floats, Tail, combined

AGAIN = 2.0
"""A text that has spread before is told if it spreads so many times as fast."""


@dataclass(frozen=True)
class Rule:
    """When a spread is told; see ``SpreadDetector``."""

    q: float
    least: int
    silence: int  # microseconds
    spans: tuple[int, ...]  # microseconds


@dataclass(frozen=True)
class Compared:
    """One look at one episode, beside all other texts of its platform."""

    look: Look
    observed: int
    began: int  # the span, UTC microseconds
    p: float
    expected: float  # that the fastest of the texts reaches
    low: float
    high: float
    busy: float  # how many times as busy as usual that day was


@dataclass(frozen=True)
class Told:
    """An episode that is told.

    Args:
        row: its row in the table of all that were compared.
    """

    row: int
    platform: str
    reposted: bool
    cluster: int
    start: int
    last: int
    accounts: int
    channels: int
    p: float
    q: float
    told: Compared
    looks: tuple[Compared, ...]
    texts: int  # copied texts that it was compared with
    earlier: int  # episodes of the same text before
    earlier_peak: int


@dataclass(frozen=True)
class Fast(Told):
    """An episode that is told, with its copies."""

    copies: Copies

    @classmethod
    def of(cls, one: Told, copies: Copies) -> Fast:
        """Both together."""
        return cls(**vars(one), copies=copies)


@dataclass(frozen=True)
class _Family:
    """The episodes of one platform and one way (posted or reposted) that are compared."""

    platform: str
    reposted: bool
    rows: Ints
    looks: tuple[Look, ...]
    tails: dict[Look, Tail]
    busy: dict[Look, Floats]
    chances: dict[Look, Floats]
    p: Floats


def fast(copies: Copies, known: Known, rule: Rule) -> list[Fast]:
    """The episodes that are told, those that began first at the head."""
    if not len(copies):
        return []
    found = episodes(copies, rule.silence, rule.spans)
    table = numbers(found, rule.spans)
    rows = judged(table, known, rule.silence)
    told = compared(table.take(pa.array(rows)), known, rule)
    return [Fast.of(one, found.copies.part(found.rows(int(rows[one.row])))) for one in told]


def compared(table: pa.Table, known: Known, rule: Rule) -> list[Told]:
    """The episodes that are told, those that began first at the head.

    Args:
        table: those that are compared (``spread_numbers``), by platform, way, cluster and time.
        known: of their platforms.
        rule: when they are told.
    """
    families = list(_families(table, known, rule))
    if not families:
        return []
    q = benjamini_hochberg(np.concatenate([family.p for family in families]))
    told: list[Told] = []
    start = 0
    for family in families:
        stop = start + len(family.p)
        for place in np.flatnonzero(q[start:stop] <= rule.q).tolist():
            one = _told(table, family, place, float(q[start + place]))
            if one.told.observed >= rule.least:
                told.append(one)
        start = stop
    return sorted(told, key=lambda one: (one.start, one.platform, one.reposted, one.cluster))


def _families(table: pa.Table, known: Known, rule: Rule) -> Iterator[_Family]:
    reposted = table["repost"].to_numpy()
    for platform in sorted(pc.unique(table["platform"]).to_pylist()):
        of_it = pc.equal(table["platform"], platform).to_numpy()
        for way in (False, True):
            rows = np.flatnonzero(of_it & (reposted == way))
            if len(rows):
                yield _family(table, known, rule, platform, way, rows)


def _family(table: pa.Table, known: Known, rule: Rule, platform: str, way: bool, rows: Ints) -> _Family:
    reached = [what for what in REACHED if (table[what].to_numpy()[rows] >= 2).any()]
    looks = tuple((what, span) for what in reached for span in rule.spans)
    tails, busy, chances = {}, {}, {}
    for look in looks:
        values = table[peak(look)].to_numpy()[rows].astype(float)
        somewhere = values >= 1
        busy[look] = known.busy(platform, table[peak_at(look)].to_numpy()[rows])
        even = 1.0 + (values - 1.0) / busy[look]
        tails[look] = Tail.of(even[somewhere], 1.0 / busy[look][somewhere])
        usual = values < AGAIN * table[before(look)].to_numpy()[rows]
        chances[look] = np.where(somewhere & ~usual, tails[look].p(even), 1.0)
    p = combined(np.array([chances[look] for look in looks]))
    return _Family(platform, way, rows, looks, tails, busy, chances, p)


def _told(table: pa.Table, family: _Family, place: int, q: float) -> Told:
    number = int(family.rows[place])
    row = table.slice(number, 1).to_pylist()[0]
    looks = tuple(_compared(row, family, place, look) for look in family.looks)
    told = min(looks, key=lambda one: one.p)
    return Told(
        row=number,
        platform=family.platform,
        reposted=family.reposted,
        cluster=row["cluster"],
        start=row["start"],
        last=row["last"],
        accounts=row["accounts"],
        channels=row["channels"],
        p=float(family.p[place]),
        q=q,
        told=told,
        looks=looks,
        texts=len(family.tails[told.look].sizes),
        earlier=row["earlier"],
        earlier_peak=row[before(told.look)],
    )


def _compared(row: Mapping[str, int], family: _Family, place: int, look: Look) -> Compared:
    tail, busy = family.tails[look], float(family.busy[look][place])
    return Compared(
        look=look,
        observed=row[peak(look)],
        began=row[peak_at(look)],
        p=float(family.chances[look][place]),
        expected=1.0 + busy * (tail.fastest(0.5) - 1.0),
        low=1.0 + busy * (tail.fastest(0.025) - 1.0),
        high=1.0 + busy * (tail.fastest(0.975) - 1.0),
        busy=busy,
    )
