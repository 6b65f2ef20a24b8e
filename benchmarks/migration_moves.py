"""Communities that move: how many are told, how early, and what else is told, beside simple thresholds.

Looks are taken once a week over all that came before, from the fourteenth week on; so a lead is up to a week shorter
than one from a daily look. Thresholds of baselines are fitted on worlds of their own, so that they tell no more
that is false than the detector does there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow.compute as pc

from benchmarks.migration_scenes import ALIKE, FIRST, MOVES, QUIET_WEEKS, World, world
from benchmarks.spread import interval
from benchmarks.table import Row
from seawall.detectors.migration import MigrationDetector
from seawall.detectors.migration_scene import Told, told
from seawall.measures.flow.acts import DAY
from seawall.measures.flow.episodes import Rule, episodes
from seawall.model.instants import EPOCH, INSTANT

NAME = "Migration: communities that move"

FITTING, JUDGING = range(1, 5), range(101, 111)
EVERY = 7
LOOKING = FIRST + 7 * QUIET_WEEKS
BASELINES: Mapping[str, Callable[[int, int, int, bool], float]] = {
    "members": lambda followed, members, messages, gathers: followed * gathers,
    "share of members": lambda followed, members, messages, gathers: followed / members * gathers,
    "messages": lambda followed, members, messages, gathers: messages,
}
"""Of a new place: members who linked within two weeks, their share, both of places to talk alone, and messages."""

Key = tuple[str | None, str]


@dataclass
class Seen:
    """What was told of a world, and what each baseline gives each new place, with the day.

    Args:
        told: community and place -> the day of the look at which the detector told it first.
        scores: baseline -> community and place -> days and scores that were higher than all before.
    """

    world: World
    told: dict[Key, int] = field(default_factory=dict)
    scores: dict[str, dict[Key, list[tuple[int, float]]]] = field(default_factory=dict)

    def by(self, name: str, least: float) -> dict[Key, int]:
        """What a baseline with a threshold tells, and when first."""
        found = {}
        for key, steps in self.scores[name].items():
            day = next((day for day, score in steps if score >= least), None)
            if day is not None:
                found[key] = day
        return found


def seen(seed: int) -> Seen:
    """Look at a world again and again, as it grows."""
    one = world(seed)
    found = Seen(one, scores={name: {} for name in BASELINES})
    detector = MigrationDetector()
    for day in range(LOOKING, one.end + 1, EVERY):
        known = _until(one, day)
        for move in detector.found(known):
            found.told.setdefault((move.channel, move.place), day)
        _score(found, known, day)
    return found


def _until(one: World, day: int) -> Told:
    """What is known before a day."""
    wrote = one.wrote.filter(pc.less(one.wrote["day"], day))
    linked = one.linked.filter(pc.less(one.linked["at"], day * DAY))
    known = told(wrote, linked, one.coverage, end=EPOCH + day * DAY * INSTANT)
    if known is None:
        raise AssertionError("A world in which nobody writes.")
    return known


def _score(found: Seen, known: Told, day: int) -> None:
    level = known.scene.channels
    new = episodes(level.linked, level.acts, level.known, Rule())
    for one in np.flatnonzero(new.told & (new.followed > 1)).tolist():
        place = int(new.linked.place[new.first[one]])
        key = (level.names[new.community(one)][1], known.scene.places.name[place])
        gathers = bool(known.scene.places.gathering[place])
        counts = int(new.followed[one]), int(new.members[one]), int(new.end[one] - new.first[one])
        for name, score in BASELINES.items():
            steps = found.scores[name].setdefault(key, [])
            if not steps or score(*counts, gathers) > steps[-1][1]:
                steps.append((day, score(*counts, gathers)))


@dataclass
class Judged:
    """What was told over several worlds."""

    moves: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    leads: list[int] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)  # by what it was
    alike: Counter[str] = field(default_factory=Counter)  # how many of each kind there were
    alike_told: Counter[str] = field(default_factory=Counter)
    weeks: float = 0.0

    def add(self, one: World, told: Mapping[Key, int]) -> None:
        """Count what was told of a world."""
        kinds = {planted.place: planted for planted in one.planted}
        self.weeks += (one.end - LOOKING) / 7
        for planted in one.planted:
            days = [day for (_, place), day in told.items() if place == planted.place]
            if planted.kind in MOVES:
                self.moves[planted.kind] += 1
                self.found[planted.kind] += bool(days)
                self.leads += [planted.half - min(days)] if days else []
            else:
                self.alike[planted.kind] += 1
                self.alike_told[planted.kind] += bool(days)
        for _, place in told:
            kind = kinds[place].kind if place in kinds else "ordinary"
            self.wrong[kind] += kind not in MOVES

    @property
    def rate(self) -> float:
        """False alarms a week."""
        return self.wrong.total() / self.weeks


def judged(worlds: Sequence[Seen], told: Callable[[Seen], Mapping[Key, int]]) -> Judged:
    """What was told over these worlds."""
    sums = Judged()
    for one in worlds:
        sums.add(one.world, told(one))
    return sums


def fitted(worlds: Sequence[Seen], name: str, most: float) -> float:
    """The least threshold at which a baseline tells no more that is false, a week, than ``most``."""
    scores = sorted({score for one in worlds for steps in one.scores[name].values() for _, score in steps})
    low, high = 0, len(scores) - 1
    while low < high:
        middle = (low + high) // 2
        least = scores[middle]
        if judged(worlds, lambda one: one.by(name, least)).rate <= most:  # noqa: B023 - used at once
            high = middle
        else:
            low = middle + 1
    return scores[low]


def per_week(sums: Judged) -> str:
    """False alarms a week with an exact Poisson interval, and what they were."""
    from scipy.stats import chi2

    wrong = sums.wrong.total()
    low = chi2.ppf(0.025, 2 * wrong) / 2 / sums.weeks if wrong else 0.0
    high = chi2.ppf(0.975, 2 * wrong + 2) / 2 / sums.weeks
    what = ", ".join(f"{kind} {count}" for kind, count in sorted(sums.wrong.items()) if count)
    return f"{wrong} in {sums.weeks:.0f} weeks of 26 clubs, 95 % interval {low:.2g} to {high:.2g}; {what or 'none'}"


def lead_of(sums: Judged) -> tuple[float, str]:
    """The median lead in days, with a bootstrap interval over moves."""
    leads = np.array(sums.leads or [0], np.float64)
    drawn = np.median(np.random.default_rng(1).choice(leads, (2000, len(leads))), axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    early = interval(int((leads > 0).sum()), sum(sums.moves.values()))
    return float(np.median(leads)), f"median of what is told, 95 % interval {low:.0f} to {high:.0f}; before: {early}"


def run() -> list[Row]:
    """The rows of migration: moves told, false alarms, lead, look-alikes, and baselines at the same false alarms."""
    fitting, judging = [seen(seed) for seed in FITTING], [seen(seed) for seed in JUDGING]
    most = judged(fitting, lambda one: one.told).rate
    sums = judged(judging, lambda one: one.told)
    others = {}
    for name in BASELINES:
        least = fitted(fitting, name, most)
        others[name] = least, judged(judging, lambda one: one.by(name, least))  # noqa: B023 - used at once
    return [*_told(sums, others), *_alike(sums, others)]


def _told(sums: Judged, others: Mapping[str, tuple[float, Judged]]) -> Iterator[Row]:
    for name, (least, other) in others.items():
        peer = f"at least {least:.3g} {name}"
        every, found = sums.moves.total(), sums.found.total()
        yield Row("Moves told", found / every, "", None, peer, other.found.total() / every, interval(found, every))
        yield Row("False alarms a week", sums.rate, "", None, peer, other.rate, per_week(sums))
        lead, note = lead_of(sums)
        yield Row("Lead before half of those who moved wrote there", lead, "days", None, peer, lead_of(other)[0], note)


def _alike(sums: Judged, others: Mapping[str, tuple[float, Judged]]) -> Iterator[Row]:
    least, other = others["share of members"]
    peer = f"at least {least:.3g} share of members"
    for kind in MOVES:
        of, hits = sums.moves[kind], sums.found[kind]
        yield Row(f"Moves told: {kind}", hits / of, "", None, peer, other.found[kind] / of, interval(hits, of))
    for kind in ALIKE:
        of, hits = sums.alike[kind], sums.alike_told[kind]
        yield Row(
            f"Look-alikes told: {kind}", hits / of, "", None, peer, other.alike_told[kind] / of, interval(hits, of)
        )
