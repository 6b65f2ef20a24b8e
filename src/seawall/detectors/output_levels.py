"""Where production fell to a fraction of what it was, and where it came back: tests of weeks against the weeks before.

Each Monday the last 2, 3, 4 and 8 weeks are compared with the 26 weeks before them. What those let expect is a negative
binomial: Poisson, scattered further by how much the weeks differ from one another, and by how little is known of
their mean. A window of several weeks is scattered as if weeks side by side had a correlation of ``ALIKE``. The
smallest probability of the four, times four, is the week's p; Benjamini and Hochberg (1995) over the weeks of all
series tells which are falls. Days that were not collected take no part: neither as zeros, nor in what is expected.

A fall begins where the likelihood of the lower level, summed to its first alarm, is highest (as in a CUSUM: Page,
Biometrika 41, 1954). From then on each Monday is tested against the low level, with Bonferroni over these tests, until
output is back. The weeks of a fall are no part of what later weeks are compared with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LENGTHS = (2, 3, 4, 8)
"""Weeks that are looked at together."""
BASELINE = 26
"""Weeks before them, with which they are compared."""
LASTING = 26
"""Weeks after which a lower level is the ordinary one."""
LEAST_WEEKS, FULL_WEEKS = 4, 8
"""Weeks of baseline below which there is no answer, and from which on it is not marked down."""
ALIKE = 1 / 3
"""The correlation of weeks side by side that is taken for granted."""
USUAL_SCATTER, USUAL_WEEKS = 0.1, 8
"""The scatter of the weeks of any series (variance beyond Poisson, by the squared mean), worth so many weeks."""
LOOKS = LASTING * len(LENGTHS)
"""The most tests for a recovery after one fall."""


@dataclass(frozen=True)
class Days:
    """What was made of one thing on each day. Days count from Monday 5 January 1970 UTC."""

    first: int
    counts: Floats
    known: Bools  # wholly collected


@dataclass(frozen=True)
class Rule:
    """What is told; see ``OutputDetector``."""

    q: float
    least_factor: float
    least_change: float
    recovered: float


@dataclass(frozen=True)
class Level:
    """What was made in a stretch of days [start, end)."""

    start: int
    end: int
    items: float
    days: int  # of these known

    @property
    def rate(self) -> float:
        """Items a day."""
        return self.items / max(self.days, 1)


@dataclass(frozen=True)
class Change:
    """A fall of one series, or the recovery after one."""

    series: int
    down: bool
    window: Level  # from the day of the change; of a fall to its end, of a recovery to the Monday on which it was found
    before: Level  # with what it is compared: the ordinary level for a fall, the low one for a recovery
    ordinary: Level  # the level before the fall
    found: int  # the Monday
    scatter: float
    history: float  # part of eight weeks of baseline that was there, at most 1
    p: float
    q: float

    @property
    def expected(self) -> float:
        """Items in the window at the level before; where that was nothing, half an item is taken for it."""
        return max(self.before.items, 0.5) / max(self.before.days, 1) * self.window.days


def changes(series: Sequence[Days], rule: Rule) -> list[Change]:
    """The falls and recoveries of all series, by series and time."""
    weeks = [Weeks(days) for days in series]
    firsts = [one.looks(rule, np.ones(len(one.items), bool)) for one in weeks]
    family = np.sort(np.concatenate([looks.p[looks.tested] for looks in firsts])) if firsts else np.empty(0)
    if not (family <= rule.q).any():
        return []
    return [
        change
        for number, (one, looks) in enumerate(zip(weeks, firsts, strict=True))
        for change in one.walk(number, rule, looks, family)
    ]


def adjusted(p: float, family: Floats) -> float:
    """The q of Benjamini and Hochberg of one p within a sorted family of tests.

    >>> adjusted(0.01, np.array([0.01, 0.02, 0.5, 1.0]))
    0.04
    """
    rank = np.arange(1, len(family) + 1)
    above = family >= p
    least = float((family[above] * len(family) / rank[above]).min()) if above.any() else 1.0
    own = p * len(family) / max(int(np.searchsorted(family, p, "right")), 1)
    return min(own, least, 1.0)


@dataclass(frozen=True)
class Looks:
    """What each Monday says of the weeks before it; an entry a week, for the Monday that ends it."""

    p: Floats
    tested: Bools
    length: Ints  # the window with the smallest p
    rate: Floats  # of its baseline
    scatter: Floats
    weeks: Floats  # of its baseline, known


class Weeks:
    """One series by whole weeks from Monday to Sunday UTC."""

    def __init__(self, days: Days) -> None:
        lead = days.first % 7
        size = (lead + len(days.counts)) // 7 * 7
        self.first = (days.first - lead) // 7
        self.known = np.concatenate([np.zeros(lead, bool), days.known])[:size]
        self.counts = np.where(self.known, np.concatenate([np.zeros(lead), days.counts])[:size], 0.0)
        self.items = self.counts.reshape(-1, 7).sum(1)
        self.days = self.known.reshape(-1, 7).sum(1).astype(float)

    def looks(self, rule: Rule, ordinary: Bools) -> Looks:
        """Test each week, against those of the weeks before that are ordinary."""
        size = len(self.items)
        end = np.arange(1, size + 1)
        best = {name: np.full(size, start) for name, start in (("p", 1.0), ("rate", 0.0), ("scatter", 0.0))}
        length, held, tested = np.zeros(size, np.int64), np.zeros(size), np.zeros(size, bool)
        for weeks in LENGTHS:
            seen, days = (_between(values, end - weeks, end) for values in (self.items, self.days))
            items, since, scatter = self._baseline(end - weeks, ordinary)
            enough = (since >= 7 * LEAST_WEEKS) & (3 * days >= 14 * weeks) & (end >= weeks)
            rate = items / np.maximum(since, 1.0)
            expected = rate * days
            far = enough & (seen * rule.least_factor <= expected) & (expected - seen >= rule.least_change)
            p = np.ones(size)
            p[far] = len(LENGTHS) * _below(seen[far], expected[far], weeks, items[far], since[far] / 7, scatter[far])
            better = p < best["p"]
            for name, values in (("p", p), ("rate", rate), ("scatter", scatter)):
                best[name][better] = values[better]
            length[better], held[better] = weeks, since[better] / 7
            tested |= enough
        return Looks(best["p"], tested, length, best["rate"], best["scatter"], held)

    def walk(self, number: int, rule: Rule, looks: Looks, family: Floats) -> Iterator[Change]:
        """The falls of this series and their recoveries, one after the other."""
        ordinary, since, week = np.ones(len(self.items), bool), 0, -1
        weeks, cut = np.arange(len(self.items)), _cut(family, rule.q)
        while True:
            found = np.flatnonzero((looks.p <= cut) & (weeks > week) & (weeks + 1 - looks.length >= since))
            if not len(found):
                return
            week = int(found[0])
            fall, back = self._around(week, number, rule, looks, family, ordinary)
            yield fall
            if back is not None:
                yield back
            since = -(-(fall.window.end - 7 * self.first) // 7)
            ordinary[(fall.window.start - 7 * self.first) // 7 : since] = False
            looks = self.looks(rule, ordinary)

    def level(self, begin: int, end: int, ordinary: Bools | None = None) -> Level:
        """What was made on the days [begin, end) since the first Monday, in all weeks or the ordinary ones."""
        begin, end = max(begin, 0), min(end, len(self.counts))
        known = self.known[begin:end]
        if ordinary is not None:
            known = known & np.repeat(ordinary, 7)[begin:end]
        items, days = self.counts[begin:end][known].sum(), int(known.sum())
        return Level(begin + 7 * self.first, end + 7 * self.first, float(items), days)

    def _around(
        self, week: int, number: int, rule: Rule, looks: Looks, family: Floats, weeks: Bools
    ) -> tuple[Change, Change | None]:
        """The fall that is found at the end of a week, and its recovery."""
        length, ends = int(looks.length[week]), 7 * (week + 1)
        low = max(self.level(ends - 7 * length, ends).rate, 0.5 / (7 * length))
        start = self._start(max(ends - 7 * (length + 4), 0), ends, float(looks.rate[week]), low)
        first = max(start // 7 - BASELINE, 0)
        ordinary = self.level(7 * first, start, weeks)
        history = min(float(looks.weeks[week]) / FULL_WEEKS, 1.0)
        back = self._back(week, start, rule, ordinary, float(looks.scatter[week]))
        until = 7 * (start // 7 + LASTING) if back is None else back[0]
        p = float(looks.p[week])
        shared = {"series": number, "ordinary": ordinary, "scatter": float(looks.scatter[week]), "history": history}
        fall = Change(
            down=True,
            window=self.level(start, until),
            before=ordinary,
            found=7 * (self.first + week + 1),
            p=p,
            q=adjusted(p, family),
            **shared,  # type: ignore[arg-type]
        )
        if back is None:
            return fall, None
        begin, end, p = back
        risen = Change(
            down=False,
            window=self.level(begin, end),
            before=self.level(start, begin),
            found=end + 7 * self.first,
            p=p,
            q=min(p * LOOKS, 1.0),
            **shared,  # type: ignore[arg-type]
        )
        return fall, risen

    def _back(
        self, week: int, start: int, rule: Rule, ordinary: Level, scatter: float
    ) -> tuple[int, int, float] | None:
        """First day of the recovery, day after the Sunday at which it is seen, and its p."""
        last = min(len(self.items), start // 7 + LASTING)
        for end in range(week + 2, last + 1):
            for weeks in LENGTHS:
                low, window = self.level(start, 7 * (end - weeks)), self.level(7 * (end - weeks), 7 * end)
                if low.days < 7 or 3 * window.days < 14 * weeks or window.rate < rule.recovered * ordinary.rate:
                    continue
                items = low.items + 0.5
                expected = items / low.days * window.days
                p = _above(window.items, expected, weeks, items, low.days / 7, scatter)
                if p * LOOKS <= rule.q and window.items - expected >= rule.least_change:
                    begin = self._start(
                        max(7 * (end - weeks - 4), start + 7), 7 * end, expected / window.days, window.rate
                    )
                    return begin, 7 * end, p
        return None

    def _start(self, begin: int, end: int, before: float, after: float) -> int:
        """The day in [begin, end) from which on the level ``after`` explains the counts best."""
        counts, known = self.counts[begin:end], self.known[begin:end]
        gains = np.where(known, counts * np.log(after / before) - (after - before), 0.0)
        suffix = np.cumsum(gains[::-1])[::-1]
        day = int(np.argmax(suffix))
        while day < len(known) - 1 and not known[day]:
            day += 1
        return begin + day

    def _baseline(self, end: Ints, ordinary: Bools) -> tuple[Floats, Floats, Floats]:
        """Items, known days and scatter of the ordinary weeks among the ``BASELINE`` before each ``end``."""
        days = np.where(ordinary, self.days, 0.0)
        items = np.where(ordinary, self.items, 0.0)
        sums = [_between(values, end - BASELINE, end) for values in (items, days, items**2, items * days, days**2)]
        total, since, squares, both, squared = sums
        count = np.maximum(_between((days > 0).astype(float), end - BASELINE, end), 1.0)
        rate = total / np.maximum(since, 1.0)
        around = squares - 2 * rate * both + rate**2 * squared
        beyond = around * count / np.maximum(count - 1, 1.0) - rate * since
        own = np.maximum(beyond / np.maximum(rate**2 * squared, 1e-9), 0.0)
        return total, since, (count * own + USUAL_WEEKS * USUAL_SCATTER) / (count + USUAL_WEEKS)


def _between(values: Floats, begin: Ints, end: Ints) -> Floats:
    """Sums over [begin, end); what lies before the first week is nothing."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    result: Floats = sums[np.maximum(end, 0)] - sums[np.maximum(begin, 0)]
    return result


def _cut(family: Floats, q: float) -> float:
    """The largest p that is told at this q."""
    told = family[family * len(family) <= q * np.arange(1, len(family) + 1)]
    return float(told[-1]) if len(told) else -1.0


def _size(weeks: int, items: Floats, since: Floats, scatter: Floats) -> Floats:
    """The size of the negative binomial of what ``weeks`` give, after ``since`` weeks of baseline with ``items``."""
    history = np.minimum(since / FULL_WEEKS, 1.0)
    lasting = scatter * (1 + (weeks - 1) * ALIKE) / weeks
    ratio: Floats = history**2 / (lasting + 1 / np.maximum(items, 1.0) + scatter / np.maximum(since, 1.0))
    return ratio


def _below(seen: Floats, expected: Floats, weeks: int, items: Floats, since: Floats, scatter: Floats) -> Floats:
    from scipy import stats  # here, because it takes half a second of every start

    size = _size(weeks, items, since, scatter)
    p: Floats = stats.nbinom.cdf(seen, size, size / (size + expected))
    return p


def _above(seen: float, expected: float, weeks: int, items: float, since: float, scatter: float) -> float:
    from scipy import stats

    size = float(_size(weeks, np.array(items), np.array(max(since, FULL_WEEKS)), np.array(scatter)))
    return float(stats.nbinom.sf(seen - 1, size, size / (size + expected)))
