"""Before and after actions, in all measures: the call on tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY
from seawall.measures.effects.asked import LEAST_COUNT, Asked, ask, least_days
from seawall.measures.effects.blocks import Blocks
from seawall.measures.effects.expected import Expected, expected
from seawall.measures.effects.laws import BLOCKS, laws
from seawall.measures.effects.ratio import ratio_at, ratio_interval
from seawall.measures.effects.result import DAYS, RESULT, Effect, left_out_table
from seawall.measures.effects.rows import Action, Panel, read_actions, read_panels
from seawall.measures.effects.words import UNTOLD, doubts, verdict

Floats = npt.NDArray[np.float64]

LEAST_CONTROLS = 2
LEAST_EARLIER = 2
"""Without two controls, so many earlier stretches of the same length are needed."""
LONGEST = 366
USUAL = 1.96
"""Deviations that hold 95 % of single days."""


def effect(
    series: Any,
    actions: Any,
    *,
    controls: Collection[str] | None = None,
    window: int = 30,
    gaps: Any = None,
    confidence: float = 0.95,
) -> Effect:
    """Before and after actions: how much there was, held against how much there would have been, with its interval.

    An interrupted time series with controls. What was acted on is compared with its own ``window`` days before, and
    with what the controls did in both windows; several channels of one action are added up.

    Args:
        series: anything with ``__arrow_c_stream__`` (pyarrow, pandas, polars): ``at`` (timestamp or date; without a
            zone it is UTC; also called ``day`` or ``date``), ``unit`` (a channel or whatever is acted on; also
            ``channel`` or ``series``), ``value`` (whole, not negative; null = not known; also ``count``), and
            optionally ``measure`` ("messages", "accounts", ...). Rows in any order; those of one day are added up. A
            day without a row is zero, and every unit has every day from the first to the last of its measure, so a
            last day that is not over yet does not belong in.
        actions: ``at`` (as above) and optionally ``unit`` (null or no such column = all units but the controls) and
            ``action``, its name. Rows with one name and one day are one action.
        controls: units that may be compared with; None = all on which nobody acted until the window ends. Of an action
            on all units there are none.
        window: days on each side, 7 to 366. The day of the action is the first one after; where the action began
            within that day, the day is left out.
        gaps: optional, ``start, end`` and optionally ``unit`` (null = all): what was not collected. A day that a gap
            touches is unknown, never zero.
        confidence: of the intervals.

    Returns:
        An ``Effect``. Its ``table`` has a row for each action and measure: ``ratio`` (counted after / expected after)
        with ``low`` and ``high``; ``verdict`` "fell", "rose", "no change seen" (the interval holds 1 and lies within
        2/3 and 3/2) or "cannot tell", then with ``reason``; ``before``, ``after`` and ``expected`` (of a known day);
        ``units`` acted on, ``controls``, ``days_before``, ``days_after``; ``placebos`` that checked the interval and
        the ``strain`` that they put on it; ``alone``, the ratio without controls; ``doubt``, sentences. Where there are
        too few days, controls or counts, ratio and interval are null. Its ``left_out`` says what was not looked at, by
        reason.

    Method: the window is cut into blocks, weekdays are evened out, and what controls share is taken out block by block.
    How restless a channel is (drift, wander, likeness of days, noise) is not chosen but averaged over a grid of laws,
    weighed by how well they tell controls and the time before (a hierarchical model by quadrature). Each control, and
    each channel at earlier dates, is a placebo (Abadie, Diamond and Hainmueller, Journal of the American Statistical
    Association 105, 2010): the interval grows or shrinks with what they miss by. How often its intervals hold the truth
    is measured in benchmarks/migration_effect.py. Limits: it cannot tell an action from what else happened to the same
    channels at the same time, nor what it shifted elsewhere.

    Raises:
        MeasureError: a column is missing or of the wrong kind, a value is negative or fractional, a time or a name is
            missing, a gap ends before it starts, or a parameter cannot be.

    >>> from datetime import datetime, timedelta
    >>> days = [datetime(2026, 3, 1) + timedelta(days=n) for n in range(60)]
    >>> clubs = ["gardening", "cycling", "chess", "choir", "hiking", "baking"]
    >>> rows = [(day, club, (40 + 7 * n % 11 + place) // (9 if club == "choir" and n >= 30 else 1))
    ...         for n, day in enumerate(days) for place, club in enumerate(clubs)]
    >>> table = pa.table(dict(zip(("at", "unit", "value"), zip(*rows))))
    >>> found = effect(table, pa.table({"at": [days[30]], "unit": ["choir"]}))
    >>> row, = found.table.to_pylist()
    >>> row["verdict"], round(row["ratio"], 2), row["controls"]
    ('fell', 0.1, 5)
    """
    if not least_days(0) <= window <= LONGEST or not 0.5 <= confidence < 1:
        raise MeasureError(
            "The window or the confidence cannot be.", where="parameters",
            mend=f"A window has {least_days(0)} to {LONGEST} days, a confidence lies between 0.5 and 1.",
        )  # fmt: skip
    left_out: Counter[str] = Counter()
    asked = read_actions(actions, left_out)
    panels, grid = read_panels(series, gaps), laws(window)
    rows: list[dict[str, Any]] = []
    days: list[dict[str, Any]] = []
    for action in asked:
        for panel in panels:
            own: Counter[str] = Counter()
            question = ask(panel, action, asked, controls, grid, own)
            left_out.update({f"{reason} ({panel.measure})": count for reason, count in own.items()})
            row, more = _answer(question, confidence)
            named = {"action": action.name, "at": _moment(action.day), "measure": panel.measure}
            rows.append(_NOTHING | named | row)
            days += [named | one for one in _on_days(more, panel, action)]
    parameters = {
        "window": window,
        "confidence": confidence,
        "controls": None if controls is None else sorted(controls),
    }
    return Effect(
        pa.Table.from_pylist(rows, RESULT),
        pa.Table.from_pylist(days, DAYS),
        left_out_table(left_out),
        parameters,
    )


_NOTHING = {"units": 0, "controls": 0, "days_before": 0, "days_after": 0, "placebos": 0, "verdict": UNTOLD, "doubt": []}


class _More:
    """What a picture needs beside a row."""

    def __init__(self, asked: Asked, blocks: Blocks, told: Expected) -> None:
        self.asked, self.blocks, self.told = asked, blocks, told


def _answer(asked: Asked | str, confidence: float) -> tuple[dict[str, Any], _More | None]:
    """The row of one question, without names."""
    if isinstance(asked, str):
        return {"reason": asked}, None
    blocks, grid, known = asked.blocks(), asked.grid, asked.known_days()
    count = float(blocks.counts[0, grid.after].sum())
    row: dict[str, Any] = {
        "units": asked.acted, "controls": asked.controls, "days_before": known[0], "days_after": known[1],
        "before": _mean(float(blocks.counts[0, grid.before].sum()), known[0]), "after": _mean(count, known[1]),
    }  # fmt: skip
    earlier = asked.earlier()
    reason = _reason(asked, blocks, known, len(earlier))
    if reason is not None:
        return row | {"reason": reason}, None
    told = expected(blocks, grid, joined=asked.joined, earlier=earlier)
    ratio, low, high = ratio_interval(count, told, confidence)
    moved, alone = None, ratio
    if asked.controls:
        of_controls = asked.of_controls()
        moved_by = float(of_controls.counts[0, grid.after].sum())
        moved = ratio_interval(moved_by, expected(of_controls, grid, learnt=told.learnt), confidence)
        without = expected(Blocks(*(part[:1] for part in blocks)), grid, joined=asked.joined, learnt=told.learnt)
        (alone,) = ratio_at(count, without, (0.5,))
    found = verdict(low, high)
    row |= {
        "ratio": ratio, "low": low, "high": high, "verdict": found, "alone": alone, "placebos": told.placebos,
        "expected": _mean(float(np.exp(told.weight @ told.log)), known[1]), "strain": told.strain,
        "reason": "the interval is too wide: it holds a fall and a rise" if found == UNTOLD else None,
        "doubt": list(doubts(controls=asked.controls, moved=moved, strain=told.strain, days=known, window=grid.days,
                             count=count)),
    }  # fmt: skip
    return row, _More(asked, blocks, told)


def _reason(asked: Asked, blocks: Blocks, known: tuple[int, int], earlier: int) -> str | None:
    """Why nothing can be told, if so."""
    before = blocks.counts[0, asked.grid.before]
    if min(known) < least_days(asked.grid.days):
        side = "before" if known[0] < known[1] else "after"
        return f"too few days {side} the action are known"
    if before.sum() < LEAST_COUNT:
        return "too little was counted before the action"
    if before[: BLOCKS // 2].sum() == 0:
        return "it began too shortly before the action"
    if asked.controls < LEAST_CONTROLS and earlier < LEAST_EARLIER:
        return "there are too few controls, and too little time before to do without"
    return None


def _mean(total: float, days: int) -> float | None:
    return total / days if days else None


def _moment(day: int) -> int:
    """Microseconds of a day's midnight."""
    return day * DAY + FIRST_MONDAY


def _on_days(more: _More | None, panel: Panel, action: Action) -> Sequence[dict[str, Any]]:
    """The days of both windows: what was counted, what was expected, and where 95 % of single days lie."""
    if more is None:
        return []
    asked, grid, told = more.asked, more.asked.grid, more.told
    days = asked.window
    block = (grid.average > 0).argmax(0)
    usual = asked.weekdays[0, days] * (told.weight @ told.courses)[block] * more.blocks.rate[0]
    after = np.arange(2 * grid.days) >= grid.days
    open_after = after & asked.known[0, days]
    usual[after] *= np.exp(told.weight @ told.log) / max(usual[open_after].sum(), 1e-12)
    counted = np.where(asked.known[0, days], asked.counts[0, days], np.nan)
    chance = 1.0 / np.maximum(usual, 1e-3)
    missed = np.log((counted + 0.5) / (usual + 0.5)) ** 2 - chance
    restless = max(0.0, float(np.nanmean(missed[~after]))) if asked.known[0, days][~after].any() else 0.0
    sure = np.where(after, told.weight @ told.scale**2, 0.0)
    away = USUAL * np.sqrt(restless + sure + np.log1p(chance))
    low, high = usual * np.exp(-away), usual * np.exp(away)
    first = action.day - grid.days
    return [
        {
            "at": _moment(first + number), "after": bool(after[number]), "expected": float(usual[number]),
            "observed": None if np.isnan(counted[number]) else float(counted[number]),
            "low": float(low[number]), "high": float(high[number]),
        }
        for number in range(2 * grid.days)
        if first + number >= panel.first
    ]  # fmt: skip
