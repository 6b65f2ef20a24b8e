"""How good a score is that ranks days: what is found, how soon, at so many false alarms a series-year.

An **alarm** is a maximal run of days whose score is at or above a threshold; runs fewer than 3 days apart are one.
It is true if it touches a campaign (from its first day to 7 days after its last), neutral if it touches no campaign but
a news spike (that day and the 3 after it), else false. A campaign is **found** if a day of an alarm lies from its first
day to 7 days after its last; its **delay** is the number of days from its first to the end of the first such day, so
at least 1. The threshold is the lowest one at and above which false alarms stay within the rate, found exactly: days
are raised one score after the other, and alarms grow, merge and become true on the way. It never raises more than
half of the days: an alarm that is always on would be true and find everything. Days before QUIET_DAYS are nobody's.
Scores must be online (of data up to that day); a NaN is no alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.surge_world import QUIET_DAYS, World
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
RATES = (1.0, 0.1)
"""False alarms per series and year."""
APART = 3
AFTER_CAMPAIGN = 7
AFTER_SPIKE = 3
MOST_DAYS = 0.5
TRUE, NEUTRAL = 1, 2
DRAWS = 200
"""Of the bootstrap over series."""
ENDS = (0.025, 0.975)


@dataclass(frozen=True)
class Truth:
    """What a judge must know: of each day whether an alarm there is true or neutral, and what there is to find."""

    kinds: npt.NDArray[np.uint8]  # series x days: 0, TRUE, NEUTRAL
    events: Ints  # of each: series, first day, day after the last on which it counts as found
    since: int = QUIET_DAYS
    bins_a_year: float = 365.0

    @property
    def years(self) -> float:
        """Judged years of one series."""
        return float(self.kinds.shape[1] - self.since) / self.bins_a_year


@dataclass(frozen=True)
class Judged:
    """One score at its own threshold for one rate of false alarms."""

    threshold: float
    recall: float
    delay: float  # median days of what was found
    false_alarms: float  # per series and year, at this threshold
    events: int


def truth_of(world: World) -> Truth:
    """The truth of a simulated world."""
    kinds = np.zeros(world.counts.shape, np.uint8)
    for series, day in world.spikes:
        kinds[series, day : day + AFTER_SPIKE + 1] = NEUTRAL
    for series, first, after in world.campaigns:
        kinds[series, first : after + AFTER_CAMPAIGN] = TRUE
    events = [(series, first, after + AFTER_CAMPAIGN) for series, first, after in world.campaigns]
    return Truth(kinds, np.array(events, np.int64).reshape(-1, 3))


def judge(scores: Floats, world: World | Truth, rates: Sequence[float] = RATES) -> dict[float, Judged]:
    """Judge ``scores`` (series x days, online, NaN = none) at each rate of false alarms per series-year."""
    truth = world if isinstance(world, Truth) else truth_of(world)
    ranked = Ranked(scores, truth)
    once = np.ones(len(scores))
    found = {}
    for rate, threshold in zip(rates, ranked.thresholds(once, rates), strict=True):
        delays = first_alarms(scores, truth, threshold)
        hit = np.isfinite(delays)
        false = false_alarms(scores, truth, threshold).sum() / (len(scores) * truth.years)
        found[rate] = Judged(
            threshold,
            float(hit.mean()) if len(hit) else 0.0,
            float(np.median(delays[hit])) if hit.any() else float("inf"),
            float(false),
            len(hit),
        )
    return found


@dataclass(frozen=True)
class Interval:
    """A recall as a share of another's, with 95 % limits."""

    value: float
    low: float
    high: float


def ratio(scores: Floats, other: Floats, world: World | Truth, rate: float, draws: int = DRAWS) -> Interval:
    """Recall of ``scores`` / recall of ``other`` at one rate; series are drawn anew and thresholds with them."""
    truth = world if isinstance(world, Truth) else truth_of(world)
    both = Ranked(scores, truth), Ranked(other, truth)
    rng = np.random.default_rng(len(truth.events))
    size = len(scores)
    value = _ratio(both, np.ones(size), rate)
    drawn = [_ratio(both, np.bincount(rng.integers(0, size, size), minlength=size), rate) for _ in range(draws)]
    low, high = np.quantile(drawn, ENDS)
    return Interval(value, float(low), float(high))


def _ratio(both: tuple[Ranked, Ranked], weights: npt.NDArray[np.number], rate: float) -> float:
    mine, other = (ranked.recall(weights.astype(np.float64), rate) for ranked in both)
    return mine / other if other else float("nan")


class Ranked:
    """Scores sorted once, to be judged under many weights of the series."""

    def __init__(self, scores: Floats, truth: Truth) -> None:
        if scores.shape != truth.kinds.shape:
            raise ValueError(f"scores are {scores.shape}, the world is {truth.kinds.shape}")
        self.truth = truth
        judged = np.where(np.arange(scores.shape[1]) >= truth.since, scores, np.nan)
        cells = np.flatnonzero(~np.isnan(judged))
        self.order = cells[np.argsort(-judged.ravel()[cells], kind="stable")]
        self.ranked = judged.ravel()[self.order]
        self.most = int(MOST_DAYS * truth.kinds.shape[0] * (truth.kinds.shape[1] - truth.since))
        self.tops = np.array([_top(judged, event) for event in truth.events])

    def thresholds(self, weights: Floats, rates: Sequence[float]) -> list[float]:
        """The lowest threshold for each rate at and above which false alarms stay within it; infinity = no alarm."""
        limits = np.array(rates) * weights.sum() * self.truth.years
        return list(sweep(self.order, self.ranked, self.truth.kinds, weights, limits + 1e-9, self.most))

    def recall(self, weights: Floats, rate: float) -> float:
        """The share of events found at this rate."""
        owners = weights[self.truth.events[:, 0]]
        threshold = self.thresholds(weights, [rate])[0]
        return float(owners[self.tops >= threshold].sum() / owners.sum()) if owners.sum() else 0.0


def _top(judged: Floats, event: Ints) -> float:
    days = judged[event[0], event[1] : event[2]]
    return float(np.nanmax(days)) if not np.isnan(days).all() else -np.inf


@compiled
def root_of(parents: Ints, cell: int) -> int:
    """The first cell that an alarm is known by; shortens the way there."""
    while parents[cell] != cell:
        parents[cell] = parents[parents[cell]]
        cell = parents[cell]
    return cell


@compiled
def sweep(
    order: Ints, ranked: Floats, kinds: npt.NDArray[np.uint8], weights: Floats, limits: Floats, most: int
) -> Floats:
    """Lower the threshold from score to score and count false alarms, until the largest limit or ``most`` is passed."""
    days = kinds.shape[1]
    flat = kinds.ravel()
    parents = np.full(flat.shape[0], -1, np.int64)
    marks = flat.copy()
    found = np.full(limits.shape[0], np.inf)
    passed = np.zeros(limits.shape[0], np.bool_)
    false, i = 0.0, 0
    while i < order.shape[0] and not passed.all():
        score = ranked[i]
        while i < order.shape[0] and ranked[i] == score:
            cell = order[i]
            weight, day = weights[cell // days], cell % days
            parents[cell] = cell
            false += weight if marks[cell] == 0 else 0.0
            for other in range(cell - min(APART, day), cell + min(APART, days - 1 - day) + 1):
                if parents[other] >= 0:
                    mine, yours = root_of(parents, cell), root_of(parents, other)
                    if mine != yours:
                        false -= weight * (int(marks[mine] == 0) + int(marks[yours] == 0))
                        parents[yours] = mine
                        marks[mine] |= marks[yours]
                        false += weight * int(marks[mine] == 0)
            i += 1
        for k in range(limits.shape[0]):
            passed[k] = passed[k] or i > most or false > limits[k]
            if not passed[k]:
                found[k] = score
    return found


def alarms(scores: Floats, threshold: float, since: int) -> Iterator[tuple[int, int, int]]:
    """Each alarm: series, first day, day after the last."""
    for series, row in enumerate(scores):
        days = since + np.flatnonzero(row[since:] >= threshold)
        if len(days):
            cuts = np.flatnonzero(np.diff(days) > APART)
            starts, ends = days[np.r_[0, cuts + 1]], days[np.r_[cuts, -1]]
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                yield series, start, end + 1


def false_alarms(scores: Floats, truth: Truth, threshold: float) -> Ints:
    """How many false alarms each series has."""
    count = np.zeros(len(scores), np.int64)
    for series, start, end in alarms(scores, threshold, truth.since):
        count[series] += not truth.kinds[series, start:end].any()
    return count


def first_alarms(scores: Floats, truth: Truth, threshold: float) -> Floats:
    """Of each event: days from its first to the end of the first alarm day; infinity = not found."""
    delays = np.full(len(truth.events), np.inf)
    for number, (series, first, until) in enumerate(truth.events.tolist()):
        days = np.flatnonzero(scores[series, first:until] >= threshold)
        if len(days):
            delays[number] = days[0] + 1
    return delays
