"""Places for the accounts of one group in the unit disc: those with strong ties lie close, nobody covers another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Ends = npt.NDArray[np.int32]

GOLDEN_ANGLE = 2.399963229728653
STEPS = 120
APART = 40
"""How often accounts that cover one another are moved apart."""


@compiled
def _settle(x: Floats, y: Floats, ends: Ends, pull: Floats, steps: int) -> None:
    """Every two accounts push one another away, tied ones pull; moves become smaller from step to step."""
    count = len(x)
    reach = 1.0 / np.sqrt(count)
    for step in range(steps):
        right, down = -x * 0.3 * reach, -y * 0.3 * reach
        for one in range(count):
            for other in range(one):
                across, along = x[one] - x[other], y[one] - y[other]
                push = reach * reach / (across * across + along * along + 1e-9)
                right[one] += across * push
                down[one] += along * push
                right[other] -= across * push
                down[other] -= along * push
        for tie in range(len(pull)):
            one, other = ends[tie, 0], ends[tie, 1]
            across, along = x[one] - x[other], y[one] - y[other]
            force = np.sqrt(across * across + along * along) / reach * pull[tie]
            right[one] -= across * force
            down[one] -= along * force
            right[other] += across * force
            down[other] += along * force
        most = 0.12 * (1.0 - step / steps) + 0.002
        for one in range(count):
            length = np.sqrt(right[one] * right[one] + down[one] * down[one]) + 1e-12
            move = min(most, length) / length
            x[one] += right[one] * move
            y[one] += down[one] * move


@compiled
def _part(x: Floats, y: Floats, least: float, steps: int) -> None:
    """Move accounts that are nearer than ``least`` apart, inside the disc."""
    for _ in range(steps):
        moved = False
        for one in range(len(x)):
            for other in range(one):
                across, along = x[one] - x[other], y[one] - y[other]
                near = across * across + along * along
                if near < least * least:
                    distance = np.sqrt(near) + 1e-9
                    half = 0.5 * (least - distance) / distance
                    x[one] += across * half
                    y[one] += along * half
                    x[other] -= across * half
                    y[other] -= along * half
                    moved = True
        for one in range(len(x)):
            far = np.sqrt(x[one] * x[one] + y[one] * y[one])
            if far > 1.0:
                x[one] /= far
                y[one] /= far
        if not moved:
            break


def disc(count: int, ends: Ends, weights: Floats) -> tuple[Floats, Floats]:
    """Places of ``count`` accounts within the unit disc, evenly filled; the same ties give the same places.

    Forces after Fruchterman and Reingold (1991), from a spiral in the order of the accounts. Then each account keeps
    its direction, and its distance from the middle becomes half that of its rank, so that neither a dense middle nor
    one account far out wastes the room.

    Args:
        count: accounts, numbered from 0; the first ones begin in the middle.
        ends: (ties, 2) numbers of the two accounts of each tie.
        weights: (ties,) how strong each is, above 0.
    """
    turn = np.arange(count) * GOLDEN_ANGLE
    out = np.sqrt((np.arange(count) + 0.5) / count)
    x, y = out * np.cos(turn), out * np.sin(turn)
    if count < 2:
        return np.zeros(count), np.zeros(count)
    if len(ends):
        pull = np.sqrt(weights / weights.max()) / np.sqrt(2.0 * len(ends) / count)
        _settle(x, y, ends, pull, STEPS)
    x -= x.mean()
    y -= y.mean()
    far = np.hypot(x, y)
    rank = np.empty(count)
    rank[np.argsort(far, kind="stable")] = np.sqrt((np.arange(count) + 0.5) / count)
    wanted = 0.5 * far / (far.max() or 1.0) + 0.5 * rank
    x, y = x * wanted / np.maximum(far, 1e-9), y * wanted / np.maximum(far, 1e-9)
    _part(x, y, 1.3 / np.sqrt(count), APART)
    return x, y
