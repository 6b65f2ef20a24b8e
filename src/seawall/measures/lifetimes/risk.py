"""How many spells were under observation, began to be, ended and went out of sight at each age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.measures.lifetimes.spells import Spells

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Risk:
    """One element an age at which anything changed, in the order of age (microseconds).

    ``entered``: spells whose observation began then. ``ended``, ``censored``: spells that ended then, or were last
    seen. ``present``: under observation then: entered by then, not over before. ``exposed``: those of them that could
    be seen to end then, because they entered before (at the first age: all).
    """

    at: Ints
    entered: Ints
    ended: Ints
    censored: Ints

    @property
    def present(self) -> Ints:
        """Under observation at each age."""
        gone = np.cumsum(self.ended + self.censored)
        present: Ints = np.cumsum(self.entered) - np.concatenate([[0], gone[:-1]])
        return present

    @property
    def exposed(self) -> Ints:
        """Of these, those that could be seen to end."""
        exposed = self.present - self.entered
        exposed[0] = self.entered[0]
        return exposed


def risk(spells: Spells) -> Risk:
    """The risk table of spells, at least one."""
    ordered = np.sort(spells.age * 2 + spells.ended)  # one sort tells ages and ends together
    ages, first = _distinct(ordered >> 1)
    left = np.diff(first, append=len(ordered))
    over = np.add.reduceat(ordered & 1, first)
    if not spells.begin.any():
        return _from_birth(ages, over, left - over)
    begins, since = _distinct(np.sort(spells.begin))
    entries = np.diff(since, append=len(spells.begin))
    at, _ = _distinct(np.sort(np.concatenate([begins, ages]), kind="stable"))
    entered, ended, censored = (np.zeros(len(at), np.int64) for _ in range(3))
    where = np.searchsorted(at, ages)
    entered[np.searchsorted(at, begins)] = entries
    ended[where] = over
    censored[where] = left - over
    return Risk(at, entered, ended, censored)


def _from_birth(ages: Ints, ended: Ints, censored: Ints) -> Risk:
    """The table of spells that were all under observation from their start."""
    before = 0 if ages[0] == 0 else 1  # whether age 0 has to be put before the others
    entered = np.zeros(len(ages) + before, np.int64)
    entered[0] = ended.sum() + censored.sum()
    at, over, lost = (np.pad(values, (before, 0)) for values in (ages, ended, censored))
    return Risk(at, entered, over, lost)


def _distinct(ordered: Ints) -> tuple[Ints, Ints]:
    """The values of a sorted array, and where each first stands."""
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return ordered[first], first
