"""Which series a picture of surges shows, and what of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief.words import counted, interval, number
from seawall.cli.count_question import Question
from seawall.cli.surge_answer import Answer, when

MOST_PANELS = 12
MOST_STEPS = 3000
"""Of one panel; where there are more bins, each step shows several."""

Floats = npt.NDArray[np.float64]
_UNITS = {"1m": "minute", "1h": "hour", "1d": "day", "1w": "week", "1mo": "month"}


@dataclass(frozen=True, slots=True)
class Panel:
    """One series: edges of its steps (UTC; one more than steps), and for each step what is drawn; NaN is not drawn."""

    series: str
    edges: tuple[datetime, ...]
    observed: Floats
    expected: Floats
    low: Floats
    high: Floats
    known: npt.NDArray[np.bool_]
    windows: tuple[dict[str, Any], ...]

    @property
    def caption(self) -> str:
        """Its most certain window in words, and how many more there are."""
        if not self.windows:
            return "no window"
        first = min(self.windows, key=lambda window: window["p"])
        more = f", and {len(self.windows) - 1} more" if len(self.windows) > 1 else ""
        return f"{label(first)} ({_low_to_high(first)}), {when(first)}{more}"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: panels, sentences around them, and a description for those who do not see it."""

    panels: tuple[Panel, ...]
    left_out: int
    headline: str
    unit: str  # "per day"
    source: str
    footer: str

    @property
    def description(self) -> str:
        """The picture in words."""
        told = [
            f"{panel.series}: " + "; ".join(f"{label(one)}, {when(one)}" for one in panel.windows)
            for panel in self.panels
            if panel.windows
        ]
        return (
            f"{self.headline} Counts {self.unit} of {counted(len(self.panels), 'series', 'series')} over time, each "
            f"with the range that was expected. {'. '.join(told) or 'No series left its range'}."
        )


def picture_of(answer: Answer, question: Question) -> Picture:
    """The picture of an answer: series with windows first, by how certain they are, at most ``MOST_PANELS``.

    Args:
        answer: what was found.
        question: what was asked.
    """
    chosen = _chosen(answer)
    bins = question.expected(chosen)
    windows = answer.windows.to_pylist()
    ends = {one.series: one.end for one in answer.facts.series}
    panels, most = [], 1
    for name in chosen:
        part = bins.filter(pc.equal(bins.column("series"), name))
        block = -(-len(part) // MOST_STEPS)
        most = max(most, block)
        panels.append(_panel(name, part, block, ends[name], [one for one in windows if one["series"] == name]))
    left_out = len(answer.facts.series) - len(chosen)
    unit = f"per {_UNITS.get(answer.bin, answer.bin)}"
    return Picture(tuple(panels), left_out, answer.sentence, unit, answer.file, _footer(left_out, most))


def label(window: dict[str, Any]) -> str:
    """A window's direction and factor.

    >>> label({"direction": "down", "factor": 0.2})
    '▼ 0.2×'
    """
    return f"{'▲' if window['direction'] == 'up' else '▼'} {number(window['factor'])}×"


def _low_to_high(window: dict[str, Any]) -> str:
    return interval(window["factor"], window["factor_low"], window["factor_high"]).partition("(")[2].rstrip(")")


def _chosen(answer: Answer) -> list[str]:
    order = answer.windows.sort_by("p").column("series").to_pylist()
    return list(dict.fromkeys([*order, *(one.series for one in answer.facts.series)]))[:MOST_PANELS]


def _panel(name: str, bins: pa.Table, block: int, end: datetime, windows: Sequence[dict[str, Any]]) -> Panel:
    known = bins.column("known").to_numpy()
    values = {
        column: bins.column(column).cast(pa.float64()).to_numpy() for column in ("observed", "expected", "low", "high")
    }
    starts = bins.column("at").to_pylist()[::block]
    return Panel(
        name,
        (*starts, end),
        _by_block(values["observed"], block, np.fmax),
        _by_block(values["expected"], block, np.fmax),
        _by_block(values["low"], block, np.fmin),
        _by_block(values["high"], block, np.fmax),
        _by_block(known, block, np.logical_or),
        tuple(windows),
    )


def _by_block(values: Any, block: int, join: np.ufunc) -> Any:
    return join.reduceat(values, np.arange(0, len(values), block))


def _footer(left_out: int, block: int) -> str:
    sentences = ["Usual range: the middle 95 % of what one ordinary bin gives."]
    if block > 1:
        sentences.append(f"Each step shows the highest of up to {block} bins.")
    if left_out:
        sentences.append(f"{counted(left_out, 'more series', 'more series')} not drawn.")
    return " ".join(sentences)
