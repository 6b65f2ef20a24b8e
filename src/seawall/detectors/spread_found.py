"""Episodes of copying -> those that spread abnormally fast, each against how texts usually spread on its platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.spread_copies import Copies, Ints
from seawall.detectors.spread_episodes import REACHED, Episodes, Look, episodes
from seawall.detectors.spread_known import Known
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
class Fast:
    """An episode that is told."""

    platform: str
    reposted: bool
    cluster: int
    copies: Copies
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
class _Family:
    """The episodes of one platform and one way (posted or reposted) that are judged."""

    platform: str
    reposted: bool
    judged: Ints
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
    families = list(_families(found, known, rule))
    if not families:
        return []
    q = benjamini_hochberg(np.concatenate([family.p for family in families]))
    told: list[Fast] = []
    start = 0
    for family in families:
        stop = start + len(family.p)
        for place in np.flatnonzero(q[start:stop] <= rule.q).tolist():
            one = _told(found, family, place, float(q[start + place]), known)
            if one.told.observed >= rule.least:
                told.append(one)
        start = stop
    return sorted(told, key=lambda one: (int(one.copies.at[0]), one.platform, one.reposted, one.cluster))


def _families(found: Episodes, known: Known, rule: Rule) -> Sequence[_Family]:
    table = found.copies.table
    platforms = table["platform"].take(pa.array(found.first))
    copied = (found.reached["accounts"] >= 2) | (found.reached["channels"] >= 2)
    reposted = table["repost"].take(pa.array(found.first)).to_numpy()
    families = []
    for platform in sorted(pc.unique(platforms).to_pylist()):
        of_it = pc.equal(platforms, platform).to_numpy()
        new = known.new(platform, found.start, rule.silence)
        for way in (False, True):
            judged = np.flatnonzero(of_it & new & copied & (reposted == way))
            if len(judged):
                families.append(_family(found, known, rule, platform, way, judged))
    return families


def _family(found: Episodes, known: Known, rule: Rule, platform: str, way: bool, judged: Ints) -> _Family:
    reached = [what for what in REACHED if (found.reached[what][judged] >= 2).any()]
    looks = tuple((what, span) for what in reached for span in rule.spans)
    tails, busy, chances = {}, {}, {}
    for look in looks:
        values = found.peaks[look][judged].astype(float)
        somewhere = values >= 1
        busy[look] = known.busy(platform, found.peak_at[look][judged])
        even = 1.0 + (values - 1.0) / busy[look]
        tails[look] = Tail.of(even[somewhere], 1.0 / busy[look][somewhere])
        usual = values < AGAIN * found.before[look][judged]
        chances[look] = np.where(somewhere & ~usual, tails[look].p(even), 1.0)
    p = combined(np.array([chances[look] for look in looks]))
    return _Family(platform, way, judged, looks, tails, busy, chances, p)


def _told(found: Episodes, family: _Family, place: int, q: float, known: Known) -> Fast:
    episode = int(family.judged[place])
    looks = tuple(_compared(found, family, place, look) for look in family.looks)
    told = min(looks, key=lambda one: one.p)
    same = np.flatnonzero(found.group[:episode] == found.group[episode])
    return Fast(
        platform=family.platform,
        reposted=family.reposted,
        cluster=int(found.copies.cluster[found.first[episode]]),
        copies=found.copies.part(found.rows(episode)),
        accounts=int(found.reached["accounts"][episode]),
        channels=int(found.reached["channels"][episode]),
        p=float(family.p[place]),
        q=q,
        told=told,
        looks=looks,
        texts=len(family.tails[told.look].sizes),
        earlier=len(same),
        earlier_peak=int(found.before[told.look][episode]),
    )


def _compared(found: Episodes, family: _Family, place: int, look: Look) -> Compared:
    episode, tail, busy = int(family.judged[place]), family.tails[look], float(family.busy[look][place])
    return Compared(
        look=look,
        observed=int(found.peaks[look][episode]),
        began=int(found.peak_at[look][episode]),
        p=float(family.chances[look][place]),
        expected=1.0 + busy * (tail.fastest(0.5) - 1.0),
        low=1.0 + busy * (tail.fastest(0.025) - 1.0),
        high=1.0 + busy * (tail.fastest(0.975) - 1.0),
        busy=busy,
    )
