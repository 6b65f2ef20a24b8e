"""How many there would have been, as far as it can be told: a mixture over laws, checked against placebos.

Every control is foretold from its own days before and the other controls, as if it had been acted on; so is every
channel at earlier dates, where they are there. If these placebos miss by more, or less, than was foretold, the
interval grows, or shrinks, with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.effects.blocks import START, UNKNOWN, Blocks
from seawall.measures.effects.evidence import Evidence, covariance_of, evidence, foretell, placebos
from seawall.measures.effects.laws import LEVEL, Laws

Floats = npt.NDArray[np.float64]

ALIKE_CHANNELS = 12.0
"""How alike channels are taken to be in how restless they are: degrees of freedom of a channel's own scale."""
PLACEBO_PRIOR = 2.0
"""So many placebos weigh as much as the laws themselves."""


class Expected(NamedTuple):
    """The total that was to be expected after, without the action.

    ``log``, ``scale``: location and scale of its logarithm under each law (Student, ``freedom`` degrees); ``weight``:
    of each law. ``courses``: laws x blocks, what controls shared. ``placebos``: how many checked it. ``strain``: by how
    much they widened (> 1) or narrowed it.
    """

    log: Floats
    scale: Floats
    weight: Floats
    freedom: float
    courses: Floats
    placebos: int
    strain: float
    learnt: Floats


def expected(
    blocks: Blocks,
    grid: Laws,
    *,
    joined: float = 1.0,
    earlier: Sequence[Blocks] = (),
    learnt: Floats | None = None,
) -> Expected:
    """What the first row of ``blocks`` was to be expected to count after.

    Args:
        blocks: the channels acted on as one row, then the controls.
        grid: the laws.
        joined: how much of a single channel's restlessness is left in what was acted on (1: it is one channel).
        earlier: the same channels around earlier dates, at which nobody acted.
        learnt: log weight of each law, where something is known of them already.
    """
    stretches = [(blocks, range(1, len(blocks.logs))), *((one, range(len(one.logs))) for one in earlier)]
    found = [evidence(one, rows, grid, sharing=one is blocks or len(rows) > 1) for one, rows in stretches]
    shared = found[0].shared
    own = Laws(grid.days, grid.average, joined * grid.moving + (1 - joined) * LEVEL, joined * grid.single, grid.prior)
    chance = blocks.chance[0].copy()
    chance[grid.after] = 0.0  # that of the count after comes in with the count itself
    covariance = covariance_of(blocks, 0, own, chance=chance) + found[0].shared_covariance
    away, usual = blocks.logs[0] - shared, blocks.exposure[0] * np.exp(shared)
    told = foretell(away, covariance, usual[:, grid.after], grid)
    free = ALIKE_CHANNELS + float((blocks.chance[0, grid.before] < UNKNOWN).sum()) - 1
    learnt = (grid.prior if learnt is None else learnt) + sum(one.likelihood for one in found)
    likelihood = learnt - 0.5 * told.spread - 0.5 * free * np.log1p(told.misfit / ALIKE_CHANNELS)
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    strain, placebo = _strain(stretches, found, grid, weight)
    scale = strain * np.sqrt(told.variance * (ALIKE_CHANNELS + told.misfit) / free)
    log = np.log(usual[:, grid.after].sum(1) * blocks.rate[0]) + told.mean + _straight(blocks, grid, away, usual)
    return Expected(log, scale, weight, free, np.exp(shared), placebo, strain, learnt)


def _strain(
    stretches: Sequence[tuple[Blocks, range]], found: Sequence[Evidence], grid: Laws, weight: Floats
) -> tuple[float, int]:
    """By how much placebos stretch the scale, and how many there were.

    What channels share is taken from themselves, so that one of them says nothing new.
    """
    squares, fresh = 0.0, 0.0
    told = 0
    for (blocks, rows), one in zip(stretches, found, strict=True):
        if one is found[0] and len(rows) < 2:
            continue
        missed = placebos(blocks, rows, grid, one, weight)
        own = len(missed) - (1.0 if len(rows) > 1 else 0.0)
        if missed and own > 0:
            squares += own * float(np.mean(missed))
            fresh += own
            told += len(missed)
    return float(np.sqrt((PLACEBO_PRIOR + squares) / (PLACEBO_PRIOR + fresh))), told


def _straight(blocks: Blocks, grid: Laws, away: Floats, usual: Floats) -> Floats:
    """From mean logarithms to the logarithm of a total: by how much the two differed before."""
    total = np.log((blocks.counts[0, grid.before].sum() + START) / (usual[:, grid.before].sum(1) * blocks.rate[0]))
    mean = (usual[:, grid.before] * away[:, grid.before]).sum(1) / usual[:, grid.before].sum(1)
    straight: Floats = total - mean
    return straight
