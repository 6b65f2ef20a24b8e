"""How well each law tells some channels, and what all of them share, block by block.

What channels share is not modelled: it may move anyhow (shocks, weeks, drifts), and is taken out exactly, as a fixed
effect of each block (restricted likelihood; Patterson and Thompson, Biometrika 58, 1971).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.effects.blocks import UNKNOWN, Blocks
from seawall.measures.effects.laws import Laws

Floats = npt.NDArray[np.float64]


class Evidence(NamedTuple):
    """Of some channels, under each law.

    ``likelihood``: log, laws. ``shared``, ``shared_covariance``: what they share and how surely (laws x blocks, laws x
    blocks x blocks; zeros where nothing is shared). ``covariance``, ``precision``: a list by channel, laws x blocks x
    blocks.
    """

    likelihood: Floats
    shared: Floats
    shared_covariance: Floats
    covariance: list[Floats]
    precision: list[Floats]


def evidence(blocks: Blocks, channels: range, grid: Laws, *, sharing: bool) -> Evidence:
    """What ``channels`` say of the laws.

    Args:
        blocks: of all channels.
        channels: their rows.
        grid: the laws.
        sharing: whether what they share is taken out; that needs two, or one that another is held against.
    """
    shape = grid.moving.shape
    found = Evidence(np.zeros(shape[0]), np.zeros(shape[:2]), np.zeros(shape), [], [])
    weighed, total = np.zeros(shape[:2]), np.zeros(shape)
    for row in channels:
        covariance = covariance_of(blocks, row, grid)
        precision: Floats = np.asarray(np.linalg.inv(covariance), np.float64)
        pull = precision @ blocks.logs[row]
        found.likelihood[:] += 0.5 * (np.linalg.slogdet(precision)[1] - pull @ blocks.logs[row])
        weighed += pull
        total += precision
        found.covariance.append(covariance)
        found.precision.append(precision)
    if not sharing or not channels:
        return found
    found.shared_covariance[:] = np.linalg.inv(total)
    found.shared[:] = (found.shared_covariance @ weighed[:, :, None])[:, :, 0]
    found.likelihood[:] += 0.5 * ((weighed * found.shared).sum(1) + np.linalg.slogdet(found.shared_covariance)[1])
    return found


def covariance_of(blocks: Blocks, row: int, grid: Laws, *, chance: Floats | None = None) -> Floats:
    """Covariance of one channel's logs under each law; ``chance`` in place of its own."""
    by_chance = blocks.chance[row] if chance is None else chance
    noise = grid.single[:, None] / blocks.known[row] + by_chance
    whole: Floats = grid.moving + noise[:, :, None] * np.eye(noise.shape[1])
    return whole


class Foretold(NamedTuple):
    """The mean log level after, seen from before, under each law: ``mean``, ``variance``, and ``misfit`` of before.

    ``weights``: laws x blocks after, how much each counts. ``spread``: log determinant of the covariance before.
    """

    mean: Floats
    variance: Floats
    misfit: Floats
    weights: Floats
    spread: Floats


def foretell(away: Floats, covariance: Floats, weights: Floats, grid: Laws) -> Foretold:
    """The best guess of the mean of the blocks after from those before (normal, all laws at once).

    Args:
        away: laws x blocks, logs less what is shared; the blocks after are not looked at.
        covariance: of them, laws x blocks x blocks.
        weights: laws x blocks after; they are scaled to sum 1.
        grid: the laws.
    """
    before, after = grid.before, grid.after
    inverse = np.linalg.inv(covariance[:, before, before])
    share = weights / weights.sum(1, keepdims=True)
    across = np.einsum("lb,lbc->lc", share, covariance[:, after, before])
    pull = np.einsum("lbc,lc->lb", inverse, away[:, before])
    variance = np.einsum("lb,lbc,lc->l", share, covariance[:, after, after], share)
    variance -= np.einsum("lb,lbc,lc->l", across, inverse, across)
    misfit = (pull * away[:, before]).sum(1)
    return Foretold((across * pull).sum(1), variance, misfit, share, -np.linalg.slogdet(inverse)[1])


def placebos(blocks: Blocks, channels: range, grid: Laws, found: Evidence, weight: Floats) -> list[float]:
    """Each channel foretold as if it had been acted on, by the others: squared misses in units of what was foretold.

    Only laws that carry weight are asked.
    """
    kept = np.flatnonzero(weight > 0.02 * weight.max())
    share = weight[kept] / weight[kept].sum()
    sharing = len(channels) > 1
    total = np.linalg.inv(found.shared_covariance[kept]) if sharing else None
    missed = []
    for place, row in enumerate(channels):
        if not all((blocks.chance[row, side] < UNKNOWN).any() for side in (grid.before, grid.after)):
            continue
        covariance, shared = found.covariance[place][kept], np.zeros(found.shared[kept].shape)
        if total is not None:
            others = np.linalg.inv(total - found.precision[place][kept])
            pull = np.einsum("lbc,lc->lb", total, found.shared[kept]) - found.precision[place][kept] @ blocks.logs[row]
            shared = np.einsum("lbc,lc->lb", others, pull)
            covariance = covariance + others
        away = blocks.logs[row] - shared
        told = foretell(away, covariance, blocks.exposure[row, grid.after] * np.exp(shared[:, grid.after]), grid)
        miss = (told.weights * away[:, grid.after]).sum(1) - told.mean
        missed.append(float((share * miss**2 / told.variance).sum()))
    return missed
