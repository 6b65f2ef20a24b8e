"""Simulated lives of channels: their law is known, so that one can count how often bands hold it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lives:
    """A law of lives (Weibull) and how they are observed.

    ``mean``: days that a life lasts. ``shape``: below 1 the young die most. ``spells``: how many. ``observed``: days
    over which they begin and after which observation ends. ``delayed``: whether some began before it. ``looks``: days
    between two looks (0 = ends are seen at once).
    """

    name: str
    mean: float
    shape: float
    spells: int
    observed: float
    delayed: bool = False
    looks: float = 0.0

    def alive(self, age: Floats) -> Floats:
        """The part that outlives each age."""
        part: Floats = np.exp(-((age / self.scale) ** self.shape))
        return part

    @property
    def scale(self) -> float:
        """Of the law."""
        from scipy.special import gamma

        return self.mean / float(gamma(1.0 + 1.0 / self.shape))

    def spells_of(self, seed: int) -> pa.Table:
        """Spells by chance, as ``survival`` takes them, in days."""
        random = np.random.default_rng([seed, self.spells])
        past = self.observed * 1.5 if self.delayed else 0.0
        many = int(self.spells * (1.0 + past / self.observed) * 1.5)
        start = random.uniform(-past, self.observed, many)
        life = self.scale * random.exponential(size=many) ** (1.0 / self.shape)
        seen = (start + life > 0.0).nonzero()[0][: self.spells]
        start, life = start[seen], life[seen]
        entry = np.maximum(start, 0.0)
        if not self.looks:
            ended = start + life <= self.observed
            return _table(start, np.where(ended, start + life, np.nan), entry, None)
        first = np.ceil(entry / self.looks) * self.looks
        kept = (start + life > first) & (first <= self.observed)
        start, life, first = start[kept], life[kept], first[kept]
        later = np.ceil((start + life) / self.looks) * self.looks
        ended = later <= self.observed
        last = np.where(ended, later - self.looks, np.floor(self.observed / self.looks) * self.looks)
        return _table(start, np.where(ended, later, np.nan), first, np.maximum(last, first))


SETTINGS = (
    Lives("before an action: mean life 302 days", 302.0, 0.8, 400, 700.0),
    Lives("after it: mean life 14 days", 14.0, 0.8, 400, 180.0),
    Lives("few channels", 60.0, 1.0, 50, 200.0),
    Lives("seen late (delayed entry)", 150.0, 0.9, 400, 400.0, delayed=True),
    Lives("looked at every 14 days", 90.0, 1.0, 400, 360.0, looks=14.0),
    Lives("looked at every 7 days, seen late", 90.0, 0.8, 400, 360.0, delayed=True, looks=7.0),
)
"""The first two with the mean lives that were published of new channels before and after an action."""


def _table(start: Floats, end: Floats, entry: Floats, last: Floats | None) -> pa.Table:
    columns = {"start": start, "end": pa.array(end, from_pandas=True), "entry": entry}
    return pa.table(columns if last is None else columns | {"last_alive": last})
