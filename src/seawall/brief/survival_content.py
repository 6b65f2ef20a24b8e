"""What a picture of survival says: curves with bands, one a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from seawall.brief.words import number


@dataclass(frozen=True, slots=True)
class Usual:
    """The age by which half have ended, in days, with its limits; None = not reached."""

    age: float | None
    low: float | None
    high: float | None

    @property
    def words(self) -> str:
        """The age and its limits.

        >>> Usual(217.1, 194.8, 261.7).words, Usual(40.0, 30.0, None).words, Usual(None, None, None).words
        ('217 days (195 to 262)', '40 days (30 or later)', 'not reached')
        """
        if self.age is None:
            return "not reached"
        low = number(self.low or 0.0, 0)
        limits = f"{low} or later" if self.high is None else f"{low} to {number(self.high, 0)}"
        return f"{number(self.age, 0)} days ({limits})"


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """A group: at each age in ``days`` (rising) the part that lives, its limits, and who was under observation."""

    name: str
    spells: int
    ended: int
    usual: Usual
    days: tuple[float, ...]
    survival: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    at_risk: tuple[int, ...]
    gone: tuple[int, ...]  # of these, those that ended or were last seen at this age
    censored: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KindOfEnd:
    """How many spells of a group ended in one way, and the part that had by the last age at which one did."""

    group: str
    kind: str
    ended: int
    incidence: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SurvivalShown:
    """Curves of one table of spells, at most seven."""

    title: str
    source: str
    curves: tuple[SurvivalCurve, ...]
    confidence: float
    ends: tuple[KindOfEnd, ...] = ()
    between: bool = False  # whether ends are only known to lie between two looks

    @property
    def grouped(self) -> bool:
        """Whether there is more than one curve."""
        return len(self.curves) > 1


@dataclass(frozen=True, slots=True)
class SurvivalPage:
    """All that a page of survival says."""

    title: str
    sentence: str
    made_at: datetime
    version: str  # of Seawall
    shown: SurvivalShown
    compared: str | None  # what the log-rank test says
    assumptions: tuple[str, ...]
    left_out: Mapping[str, int]  # why, in words -> how many
    command: str | None = None  # what makes this page again
