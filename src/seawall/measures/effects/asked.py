"""One action and one measure: who was acted on, who can be compared with them, and which days are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.measures.effects.blocks import Blocks, blocks_of, weekdays_of
from seawall.measures.effects.laws import Laws
from seawall.measures.effects.rows import Action, Panel

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

MOST_CONTROLS = 40
"""More controls than this add nothing but time: those that count most are taken."""
LEAST_COUNT = 5
"""A channel that counted less than this in the window before says nothing of its course."""
MOST_EARLIER = {True: 2, False: 4}
"""Earlier stretches that are looked at, with and without controls."""


@dataclass(frozen=True)
class Asked:
    """What is held against what.

    ``counts``, ``known``, ``weekdays``: rows x all days; the first row is the sum of what was acted on. ``at``: the
    number of the day of the action. ``acted``: how many channels that are. ``joined``: what is left of one channel's
    restlessness in their sum.
    """

    counts: Floats
    known: Bools
    weekdays: Floats
    at: int
    acted: int
    joined: float
    grid: Laws

    @property
    def controls(self) -> int:
        """How many of the rows are controls."""
        return len(self.counts) - 1

    @property
    def window(self) -> slice:
        """The days of both windows."""
        return slice(self.at - self.grid.days, self.at + self.grid.days)

    def known_days(self) -> tuple[int, int]:
        """Days of what was acted on that are known, before and after."""
        known = self.known[0, self.window]
        return int(known[: self.grid.days].sum()), int(known[self.grid.days :].sum())

    def blocks(self) -> Blocks:
        """Both windows in blocks."""
        return blocks_of(*self._cut(self.at), self.grid)

    def of_controls(self) -> Blocks:
        """The controls as one."""
        counts, known, weekdays = self._cut(self.at)
        every = np.asarray(known[1:].all(0), np.bool_)
        mean = np.average(weekdays[1:], axis=0, weights=counts[1:].sum(1) + 1.0)
        return blocks_of(counts[1:].sum(0)[None], every[None], mean[None], self.grid)

    def earlier(self) -> list[Blocks]:
        """Stretches of the same length before both windows, the latest first, with the channels that were there then.

        The sum of several channels is calmer than one, so it is no placebo.
        """
        days, found = self.grid.days, []
        for back in range(1, MOST_EARLIER[self.controls > 0] + 1):
            at = self.at - 2 * days * back
            if at < days:
                break
            counts, known, weekdays = self._cut(at)
            rows = np.flatnonzero(_there(counts, known, days))
            rows = rows[rows > 0] if self.joined < 1.0 and self.controls > 0 else rows
            if len(rows) > (1 if self.controls else 0):
                found.append(blocks_of(counts[rows], known[rows], weekdays[rows], self.grid))
        return found

    def _cut(self, at: int) -> tuple[Floats, Bools, Floats]:
        days = slice(at - self.grid.days, at + self.grid.days)
        return self.counts[:, days], self.known[:, days], self.weekdays[:, days]


def least_days(window: int) -> int:
    """So many days of each side must be known."""
    return max(7, window // 2)


def _there(counts: Floats, known: Bools, days: int) -> Bools:
    """Which rows were there before: known on enough days, counted in the first half already, and often enough."""
    before = np.where(known, counts, 0.0)[:, :days]
    enough = np.minimum(known[:, :days].sum(1), known[:, days:].sum(1)) >= least_days(days)
    there: Bools = enough & (before.sum(1) >= LEAST_COUNT) & (before[:, : days // 2].sum(1) > 0)
    return there


def ask(
    panel: Panel,
    action: Action,
    others: Sequence[Action],
    controls: Collection[str] | None,
    grid: Laws,
    left_out: Counter[str],
) -> Asked | str:
    """The question that one action puts to one measure, or the reason why it cannot be put.

    Args:
        panel: the measure.
        action: the action.
        others: all actions; ``action`` may be among them.
        controls: what alone may be compared with; None = whoever was not acted on.
        grid: for its window.
        left_out: counts reasons why channels are left out.
    """
    acted = _acted(panel, action, others, controls, grid.days, left_out)
    if isinstance(acted, str):
        return acted
    at, days = action.day - panel.first, grid.days
    if at < least_days(days):
        return "too few days are there before the action"
    if at + least_days(days) > panel.counts.shape[1]:
        return "too few days are there after the action"
    chosen = _controls(panel, action, others, controls, days, left_out)
    counts, known, at = _padded(panel.counts, panel.known, at, days)
    inside = slice(at - days, at + days)
    fit = chosen[_there(counts[chosen, inside], known[chosen, inside], days)]
    left_out["a control that is too new, too quiet, or known on too few days"] += len(chosen) - len(fit)
    before = counts[:, at - days : at].sum(1)
    if len(fit) > MOST_CONTROLS:
        left_out[f"a control beyond the {MOST_CONTROLS} that count most"] += len(fit) - MOST_CONTROLS
        fit = np.sort(fit[np.argsort(-before[fit], kind="stable")[:MOST_CONTROLS]])
    rows = np.vstack([counts[acted].sum(0), counts[fit]])
    there = np.vstack([known[acted].all(0), known[fit]])
    if action.partial:
        there[0, at] = False
        left_out["a day on which an action began within the day"] += 1
    share = before[acted] / max(before[acted].sum(), 1.0)
    joined = float((share**2).sum()) or 1.0
    weekdays = weekdays_of(rows, there, (action.day - at) % 7, at)
    return Asked(rows, there, weekdays, at, len(acted), joined, grid)


def _padded(counts: Floats, known: Bools, at: int, days: int) -> tuple[Floats, Bools, int]:
    """The days with unknown ones on both sides, as far as the windows reach."""
    before, after = max(days - at, 0), max(at + days - counts.shape[1], 0)
    if not before and not after:
        return counts, known, at
    width = ((0, 0), (before, after))
    return np.pad(counts, width), np.pad(known, width), at + before


def _acted(
    panel: Panel,
    action: Action,
    others: Sequence[Action],
    controls: Collection[str] | None,
    days: int,
    left_out: Counter[str],
) -> Ints | str:
    """Rows of what was acted on, without channels on which another action came too close."""
    spared = set(controls or ())
    named = tuple(unit for unit in panel.units if unit not in spared) if action.units is None else action.units
    here = [unit for unit in named if unit in panel.place]
    left_out["a channel that was acted on and does not stand in the series"] += len(named) - len(here)
    if not here:
        return "none of its channels stands in the series"
    close = [one for one in others if one is not action and abs(one.day - action.day) < days]
    taken = {unit for one in close for unit in (here if one.units is None else one.units)}
    free = [unit for unit in here if unit not in taken]
    left_out["a channel with another action within the window"] += len(here) - len(free)
    if not free:
        return "another action on the same channels lies within the window"
    return np.array([panel.place[unit] for unit in free], np.int64)


def _controls(
    panel: Panel,
    action: Action,
    others: Sequence[Action],
    controls: Collection[str] | None,
    days: int,
    left_out: Counter[str],
) -> Ints:
    """Rows on which nobody acted until the window ends."""
    if action.units is None and controls is None:
        return np.zeros(0, np.int64)
    candidates = [unit for unit in panel.units if controls is None or unit in controls]
    touched = [one for one in others if one.day < action.day + days]
    acted = {unit for one in touched for unit in (panel.units if one.units is None else one.units)}
    if action.units is None:
        acted -= set(controls or ())
    free = [unit for unit in candidates if unit not in acted]
    left_out["a channel that was acted on, as a control"] += (
        len(candidates) - len(free) - sum(unit in (action.units or ()) for unit in candidates)
    )
    return np.array([panel.place[unit] for unit in free], np.int64)
