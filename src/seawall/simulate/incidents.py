"""Online surges and clustered incidents with a known ratio of rates, or with no link at all; seeded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import ConfigurationError
from seawall.simulate.incident_clusters import CLUSTERS, expected

Ints = npt.NDArray[np.int64]
UTC_MICROSECONDS = pa.timestamp("us", "UTC")
BEGIN = date(2024, 1, 1)
PLACES = ("north bridge", "market square", "old harbour")
KINDS = ("trampled bed", "slashed tyre")


@dataclass(frozen=True)
class IncidentSettings:
    """What ``incident_world`` makes.

    Args:
        days: of the observed time.
        surges: how many there are.
        lengths: their shortest and longest length in days.
        apart: least days between two.
        daily: incidents a day without surges, on average.
        ratio: how many times as many there are a day in surges; 1 is no link.
        spread: standard deviation of the logarithm of each surge's own ratio around it.
        clusters: "none" (by pure chance), "moods" (rates that wander for days), "seasons" (for weeks), "days" (several
            on one day), "echoes" (each is followed by others in the days after), "spells" (quiet and busy weeks).
        strength: of the clusters: standard deviation of the logarithm of the rate; incidents of a day or spell.
        memory: days that a mood, an echo or a spell lasts.
        weekly: how much weekends differ, 0.3 = 30 % fewer.
        week, month: shares of incidents whose date is known to the week or the month only.

    Raises:
        ConfigurationError: a value that cannot be.
    """

    days: int = 1096
    surges: int = 5
    lengths: tuple[int, int] = (7, 14)
    apart: int = 14
    daily: float = 0.5
    ratio: float = 1.0
    spread: float = 0.0
    clusters: str = "moods"
    strength: float = 0.8
    memory: float = 8.0
    weekly: float = 0.0
    week: float = 0.0
    month: float = 0.0

    def __post_init__(self) -> None:
        if self.clusters not in CLUSTERS:
            raise ConfigurationError(
                f"There are no clusters {self.clusters!r}.",
                where="setting clusters",
                mend=f"Use {', '.join(CLUSTERS)}.",
            )
        if (
            self.surges * (self.lengths[1] + self.apart) > 0.6 * self.days
            or not 1 <= self.lengths[0] <= self.lengths[1]
        ):
            raise ConfigurationError("So many surges have no room.", where="settings surges, lengths, apart and days")
        for name in ("daily", "ratio", "memory"):
            if not 0 < getattr(self, name) < 1e6:
                raise ConfigurationError("It must be above 0.", where=f"setting {name}")
        if self.week + self.month > 1 or min(self.week, self.month, self.strength, self.spread, self.weekly) < 0:
            raise ConfigurationError("A share lies between 0 and 1.", where="settings week, month, strength, spread")


@dataclass(frozen=True)
class IncidentWorld:
    """What was made.

    Attributes:
        surges: ``start, end`` (UTC microseconds, [start, end)).
        incidents: ``date`` (string; 2026-05-03, 2026-W18 or 2026-05), ``place``, ``kind``, in the order of days.
        daily: incidents of each day, int64.
        inside: whether a day is one of a surge.
        ratio: what a day in a surge is expected to have, as a multiple of another day: the setting, but for echoes,
            which carry on after a surge.
        since, until: the observed time, first day and the day after the last.
        settings: everything that is needed to make it again.
    """

    surges: pa.Table
    incidents: pa.Table
    daily: Ints
    inside: npt.NDArray[np.bool_]
    ratio: float
    since: date
    until: date
    settings: Mapping[str, object]


def incident_world(seed: int, *, settings: IncidentSettings = IncidentSettings()) -> IncidentWorld:
    """Surges at random places of the calendar, and incidents that know nothing of them, but for ``ratio``.

    >>> world = incident_world(3)
    >>> world.surges.num_rows, world.incidents.column_names
    (5, ['date', 'place', 'kind'])
    """
    rng = np.random.default_rng([seed, 8])
    windows = _windows(rng, settings)
    factor = np.ones(settings.days)
    inside = np.zeros(settings.days, bool)
    for begin, end in windows:
        own = settings.spread * rng.normal() - settings.spread**2 / 2
        factor[begin:end] = settings.ratio * np.exp(own)
        inside[begin:end] = True
    weekday = (np.arange(settings.days) + BEGIN.weekday()) % 7
    factor *= np.where(weekday >= 5, 1 - settings.weekly, 1.0) if settings.weekly else 1.0
    daily = CLUSTERS[settings.clusters](rng, factor, settings.daily, settings.strength, settings.memory)
    means = expected(settings.clusters, np.where(inside, settings.ratio, 1.0), settings.strength, settings.memory)
    ratio = float(means[inside].mean() / means[~inside].mean())
    first = datetime.combine(BEGIN, time(), UTC)
    surges = pa.table(
        {
            name: pa.array([first + timedelta(days=window[side]) for window in windows], UTC_MICROSECONDS)
            for side, name in enumerate(("start", "end"))
        }
    )
    until = BEGIN + timedelta(days=settings.days)
    told = {"seed": seed} | asdict(settings)
    return IncidentWorld(surges, _incidents(rng, daily, settings), daily, inside, ratio, BEGIN, until, told)


def _windows(rng: np.random.Generator, settings: IncidentSettings) -> list[tuple[int, int]]:
    """Surges anywhere on the calendar, none near another."""
    found: list[tuple[int, int]] = []
    while len(found) < settings.surges:
        length = int(rng.integers(settings.lengths[0], settings.lengths[1] + 1))
        begin = int(rng.integers(0, settings.days - length + 1))
        if all(begin >= end + settings.apart or begin + length + settings.apart <= start for start, end in found):
            found.append((begin, begin + length))
    return sorted(found)


def _incidents(rng: np.random.Generator, daily: Ints, settings: IncidentSettings) -> pa.Table:
    """A row an incident, its date written as precisely as it is known."""
    dates = [BEGIN + timedelta(days=int(place)) for place in np.repeat(np.arange(settings.days), daily)]
    luck = rng.random(len(dates))

    def written(day: date, draw: float) -> str:
        if draw < settings.month:
            return f"{day:%Y-%m}"
        return f"{day:%G-W%V}" if draw < settings.month + settings.week else day.isoformat()

    return pa.table(
        {
            "date": pa.array([written(day, draw) for day, draw in zip(dates, luck, strict=True)], pa.string()),
            "place": pa.array(rng.choice(PLACES, len(dates)).tolist(), pa.string()),
            "kind": pa.array(rng.choice(KINDS, len(dates)).tolist(), pa.string()),
        }
    )
