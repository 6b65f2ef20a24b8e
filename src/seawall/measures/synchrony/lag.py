"""How much earlier or later one series rose than the others that rose with it, with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError

Floats = npt.NDArray[np.float64]

DRAWS = 400
BLOCK = 6
"""Bins that are drawn together: neighbours are alike."""
ENOUGH = 25.0
"""The shape of the others is smoothed over about so many messages, over one bin at least and 12 at most."""
WIDEST = 12
DROP = 1.92
"""Half the 95 % quantile of chi-square with one degree of freedom: what a likelihood may lose in an interval."""
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Lag:
    """By how many bins a series rose after the others (negative: before them), with a 95 % interval."""

    bins: int
    low: int
    high: int

    @property
    def leads(self) -> bool:
        """Whether the whole interval lies before the others."""
        return self.high < 0

    @property
    def follows(self) -> bool:
        """Whether the whole interval lies after the others."""
        return self.low > 0


def lags(counts: Floats, expected: Floats, *, most: int, seed: int = 0) -> list[Lag | None]:
    """For each series its lag behind all others together.

    A series is taken to rise as the others do, so many bins later: its counts are Poisson with the mean
    expected x (1 + a x rise of the others, relative to what was expected of them, so many bins before), where ``a``
    makes the totals agree. The likeliest lag is told. The interval holds the lags that lose at most 1.92 of the
    log-likelihood, and the middle 95 % of the likeliest lags when blocks of six bins are drawn anew with replacement
    (Künsch 1989), which allows for counts that scatter more than Poisson ones.

    Args:
        counts: series x bins, of consecutive bins: from ``most`` bins before the first thing of interest to
            ``most`` bins after the last one.
        expected: what was usual in each bin, above 0; same shape.
        most: the longest lag that is looked for, in bins.
        seed: of the draws.

    Returns:
        For each series its lag; None where it or the others did not rise, or where every lag is as likely.

    Raises:
        MeasureError: shapes differ, there are fewer than two series, or too few bins for these lags.
    """
    if counts.shape != expected.shape or counts.ndim != 2 or len(counts) < 2 or most < 1:
        raise MeasureError("Lags compare two series or more of the same bins.", where="counts")
    if counts.shape[1] <= 2 * most + BLOCK:
        raise MeasureError("There are too few bins for lags as long as these.", where="most")
    usual = np.maximum(expected, TINY)
    total, usual_total = counts.sum(axis=0), usual.sum(axis=0)
    draws = np.random.default_rng(seed).multinomial
    blocks = -(-(counts.shape[1] - 2 * most) // BLOCK)
    weights = draws(blocks, np.full(blocks, 1.0 / blocks), size=DRAWS).astype(np.float64)
    return [
        _lag(counts[one], usual[one], total - counts[one], usual_total - usual[one], most, weights)
        for one in range(len(counts))
    ]


def _lag(own: Floats, usual: Floats, others: Floats, others_usual: Floats, most: int, weights: Floats) -> Lag | None:
    likelihood = _likelihoods(own, usual, _rise(others, others_usual), most)
    if likelihood is None:
        return None
    whole = likelihood.sum(axis=0)
    best = int(np.argmax(whole))
    near = np.flatnonzero(whole >= whole[best] - DROP)
    padded = np.zeros((len(weights[0]) * BLOCK, likelihood.shape[1]))
    padded[: len(likelihood)] = likelihood
    drawn = np.argmax(weights @ padded.reshape(len(weights[0]), BLOCK, -1).sum(axis=1), axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975), method="inverted_cdf")
    low, high = min(int(near[0]), int(low), best), max(int(near[-1]), int(high), best)
    if low == 0 and high == likelihood.shape[1] - 1:
        return None
    return Lag(best - most, low - most, high - most)


def _rise(counts: Floats, usual: Floats) -> Floats:
    """How far the counts lie above the usual ones, relative to them; smoothed, never below 0."""
    width = int(np.clip(ENOUGH / max(counts.mean(), TINY), 1, WIDEST))
    kernel = np.concatenate([np.arange(1, width + 1), np.arange(width - 1, 0, -1)]).astype(np.float64)
    seen = np.convolve(counts, kernel, mode="same")
    expected = np.convolve(usual, kernel, mode="same")
    rise: Floats = np.maximum(seen / expected - 1.0, 0.0)
    return rise


def _likelihoods(own: Floats, usual: Floats, rise: Floats, most: int) -> Floats | None:
    """Bins x lags: the log-likelihood of each bin at each lag, the same total being expected at each."""
    inner = slice(most, len(own) - most)
    seen, base = own[inner, None], usual[inner, None]
    lagged = np.lib.stride_tricks.sliding_window_view(rise, len(seen))[::-1].T  # column k: lag k - most
    more, shape = float((seen - base).sum()), (base * lagged).sum(axis=0)
    if more <= 0 or shape.max() <= 0:
        return None
    mean = base * (1.0 + more / np.maximum(shape, TINY) * lagged)
    found: Floats = seen * np.log(mean) - mean
    return found
