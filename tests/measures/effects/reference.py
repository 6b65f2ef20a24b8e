"""Slow and obviously correct: all channels and blocks as one normal law, and moves counted account by account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
FLAT = 1e7
"""Variance of what channels share: nothing is known of it."""


def joint(covariances: Sequence[Floats]) -> Floats:
    """Covariance of channels x blocks, one after another: each channel's own, and what all share in each block."""
    blocks = len(covariances[0])
    whole: Floats = np.asarray(
        np.kron(np.ones((len(covariances), len(covariances))), FLAT * np.eye(blocks)), np.float64
    )
    for place, own in enumerate(covariances):
        whole[place * blocks : (place + 1) * blocks, place * blocks : (place + 1) * blocks] += own
    return whole


def log_likelihood(covariances: Sequence[Floats], logs: Floats) -> float:
    """Of all logs under one law, up to a constant that no law changes."""
    whole, values = joint(covariances), logs.ravel()
    return float(-0.5 * np.linalg.slogdet(whole)[1] - 0.5 * values @ np.linalg.solve(whole, values))


def predicted(covariances: Sequence[Floats], logs: Floats, before: int, weights: Floats) -> tuple[float, float]:
    """Mean and variance of the weighted mean of the first channel's blocks after, given all else."""
    whole, values = joint(covariances), logs.ravel()
    after = np.arange(before, logs.shape[1])
    known = np.setdiff1d(np.arange(len(values)), after)
    pull = np.linalg.solve(whole[np.ix_(known, known)], whole[np.ix_(known, after)])
    mean = values[known] @ pull
    spread = whole[np.ix_(after, after)] - whole[np.ix_(after, known)] @ pull
    share = weights / weights.sum()
    return float(share @ mean), float(share @ spread @ share)


Row = tuple[int, str, str]
"""Day since the action, account, unit."""


def went(rows: Sequence[Row], acted: set[str], window: int) -> Counter[str]:
    """Where each account of an acted unit went: the place's name, "where they were" or "seen nowhere"."""
    found: Counter[str] = Counter()
    near = [row for row in rows if -window <= row[0] < window]
    for account in sorted({who for day, who, unit in near if day < 0 and unit in acted}):
        known = {unit for day, who, unit in near if who == account and day < 0}
        after = [(day, unit) for day, who, unit in near if who == account and day >= 0]
        fresh = Counter(unit for _, unit in after if unit not in known)
        if fresh:
            first = {unit: min(day for day, one in after if one == unit) for unit in fresh}
            most = max(fresh.values())
            found[min((first[unit], unit) for unit in fresh if fresh[unit] == most)[1]] += 1
        else:
            found["where they were" if after else "seen nowhere"] += 1
    return found
