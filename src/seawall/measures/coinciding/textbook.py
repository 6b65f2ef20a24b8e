"""The intervals of textbooks for a ratio of rates, to stand beside ours: most of them are too narrow for clusters."""

from __future__ import annotations

from math import exp, inf, log, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Interval = tuple[float, float]
METHODS = ("Poisson, exact", "quasi-Poisson", "Newey-West, t", "circular shift, plain")


def textbook(
    on: Floats, inside: Flags, known: Flags, surges: int, shifted: Floats, confidence: float
) -> dict[str, Interval | None]:
    """Each method's interval; None where it has none.

    Args:
        on: incidents on each day.
        inside: days of surges.
        known: days on which a surge could have been seen.
        surges: how many there are.
        shifted: the ratio at every shift of the calendar.
        confidence: of the intervals.
    """
    within, apart = on[inside & known], on[~inside & known]
    counts = float(within.sum()), float(apart.sum())
    days = len(within), len(apart)
    beyond = (1 - confidence) / 2
    if not all(counts) or not all(days):
        exact = poisson_exact(counts, days, beyond) if any(counts) and all(days) else None
        return dict.fromkeys(METHODS) | {METHODS[0]: exact}
    ratio = counts[0] / days[0] / (counts[1] / days[1])
    return {
        METHODS[0]: poisson_exact(counts, days, beyond),
        METHODS[1]: _quasi(within, apart, ratio, beyond),
        METHODS[2]: _newey_west(on, inside, known, ratio, surges, beyond),
        METHODS[3]: _plain(ratio, shifted, beyond),
    }


def poisson_exact(counts: tuple[float, float], days: tuple[int, int], beyond: float) -> Interval:
    """Clopper and Pearson's interval for the share inside, as a ratio (Biometrika 26, 1934)."""
    from scipy.stats import beta

    inside, outside = counts
    low = float(beta.ppf(beyond, inside, outside + 1)) if inside else 0.0
    high = float(beta.ppf(1 - beyond, inside + 1, outside)) if outside else 1.0
    scale = days[1] / days[0]
    return low / (1 - low) * scale, high / (1 - high) * scale if high < 1 else inf


def _quasi(within: Floats, apart: Floats, ratio: float, beyond: float) -> Interval:
    """Wald's interval of the log ratio with Pearson's dispersion (McCullagh and Nelder, 1989)."""
    from scipy.stats import t

    free = len(within) + len(apart) - 2
    if free < 1:
        return 0.0, inf
    squares = sum(float(((part - part.mean()) ** 2).sum() / part.mean()) for part in (within, apart))
    error = sqrt(squares / free * (1 / within.sum() + 1 / apart.sum()))
    return _around(ratio, float(t.ppf(1 - beyond, free)) * error)


def _newey_west(on: Floats, inside: Flags, known: Flags, ratio: float, surges: int, beyond: float) -> Interval | None:
    """Newey and West's variance of the log ratio (Econometrica 55, 1987), t with one degree less than surges."""
    from scipy.stats import t

    if surges < 2:
        return None
    days = int(known.sum())
    within, apart = inside & known, ~inside & known
    means = on[within].mean(), on[apart].mean()
    score = np.zeros(len(on))
    score[within] = (on[within] / means[0] - 1) / within.sum()
    score[apart] = -(on[apart] / means[1] - 1) / apart.sum()
    lags = max(int(4 * (days / 100) ** (2 / 9)), 1)
    variance = float(score @ score) + 2 * sum(
        (1 - lag / (lags + 1)) * float(score[lag:] @ score[:-lag]) for lag in range(1, lags + 1)
    )
    return _around(ratio, float(t.ppf(1 - beyond, surges - 1)) * sqrt(max(variance, 0.0)))


def _plain(ratio: float, shifted: Floats, beyond: float) -> Interval:
    """The ratio divided by quantiles of the ratios at all shifts, as if it varied as much whatever its size."""
    low, high = np.quantile(shifted, [beyond, 1 - beyond])
    return ratio / float(high) if high > 0 else 0.0, ratio / float(low) if low > 0 else inf


def _around(ratio: float, error: float) -> Interval:
    middle = log(ratio)
    return exp(middle - error) if error < 700 else 0.0, exp(middle + error) if middle + error < 700 else inf
