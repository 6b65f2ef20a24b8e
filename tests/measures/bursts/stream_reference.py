"""The stream's scores, slow and plain: each bin from the whole past, as the docstrings tell it."""

from __future__ import annotations

import math

import numpy as np

from seawall.measures.bursts import stream_long, stream_plan
from seawall.measures.bursts import stream_step as constants
from seawall.measures.bursts.plan import DAY
from seawall.measures.bursts.stream_state import ALERT, TOLD

GUMBEL = math.pi / math.sqrt(6)
EULER = 0.5772156649015329


def deviations(counts: list[float | None], length: int, keep: float) -> list[float | None]:
    """How far the sum of the last ``length`` bins is from what it was at earlier collected bins; None = no answer."""
    result: list[float | None] = []
    logs: list[float] = []
    misses: list[float] = []
    for i, count in enumerate(counts):
        window = [c for c in counts[max(i + 1 - length, 0) : i + 1] if c is not None]
        if count is None or len(window) < 2 / 3 * length:
            result.append(None)
            continue
        value = math.log(sum(window) * length / len(window) + stream_plan.PSEUDO_COUNT)
        weights = [keep**age for age in range(len(logs))][::-1]
        mean = np.dot(weights, logs) / sum(weights) if logs else value
        spread = math.sqrt((np.dot(weights, misses) + constants.FIRST_SPREAD**2) / (sum(weights) + 1))
        result.append(float((value - mean) / max(spread, constants.LEAST_SPREAD)))
        logs.append(value)
        misses.append((value - mean) ** 2)
    return result


def odds_of_short(counts: list[float | None], first: int, width: int) -> list[float]:
    """The odds of each bin, before a burst is kept from being told twice; NaN = not collected."""
    per_day = DAY / width
    off = [deviations(counts, length, 0.5 ** (1 / (stream_plan.MEMORY * per_day))) for length in stream_plan.LENGTHS]
    usual = {
        (side, k): stream_plan.usual_peak(max(per_day / length, 1.0))
        for side in (1, -1)
        for k, length in enumerate(stream_plan.LENGTHS)
    }
    peaks: dict[tuple[int, int], float] = {}
    days, judged, seen, result = stream_plan.PRIOR_DAYS, 0, 0, []
    for i, count in enumerate(counts):
        if i and (first + i) * width // DAY != (first + i - 1) * width // DAY:
            if judged >= per_day / 2:
                days = min(days + 1, stream_plan.MOST_DAYS)
                for key, peak in peaks.items():
                    mean, deviation = usual[key]
                    variance = (1 - 1 / days) * (deviation**2 + (peak - mean) ** 2 / days)
                    usual[key] = mean + (peak - mean) / days, math.sqrt(variance)
            peaks, judged = {}, 0
        if count is None:
            result.append(math.nan)
            continue
        rare, lengths = 0.0, 0
        if seen >= per_day:
            judged += 1
            for k in range(len(off)):
                height = off[k][i]
                if height is None:
                    continue
                lengths += 1
                for side, weight in ((1, 1.0), (-1, stream_plan.DOWN)):
                    mean, deviation = usual[side, k]
                    reduced = (side * height - mean) * GUMBEL / deviation + EULER
                    rare += weight / max(
                        1.0 - math.exp(-math.exp(-reduced)) if reduced < 30 else math.exp(-reduced), 1e-300
                    )
                    peaks[side, k] = max(peaks.get((side, k), -math.inf), side * height)
        seen += 1
        result.append((max(rare / lengths, 1.0) - 1) / (stream_plan.RARE - 1) if lengths else 0.0)
    return result


def odds_of_long(up: list[float | None], down: list[float | None]) -> list[float]:
    """The odds of each bin from the batch's heights; NaN = no answer."""
    return [
        math.nan
        if rise is None or fall is None
        else 10 ** (rise - stream_long.RARE_HEIGHT) + stream_long.DOWN * 10 ** (fall - stream_long.RARE_HEIGHT)
        for rise, fall in zip(up, down, strict=True)
    ]


def told_once(odds: list[float], quiet: int, again: float) -> list[float]:
    """Scores from odds: a burst that is known scores less."""
    result, until, told_at = [], -1, 0.0
    for i, value in enumerate(odds):
        if math.isnan(value):
            result.append(0.0)
            continue
        score = value / (1 + value)
        told = i < until and value < again * told_at
        if score >= ALERT:
            until = i + quiet
            told_at = told_at if told else value
        result.append(TOLD * score if told else score)
    return result
