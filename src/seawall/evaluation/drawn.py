"""The worlds of an evaluation, each with funnels of its own habits, on synthetic traffic or on somebody's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.evaluation.worlds import World
from seawall.simulate import FunnelSettings, funnel_world
from seawall.simulate import background as synthetic


@dataclass(frozen=True, slots=True)
class Drawn:
    """How ``evaluate_funnel`` comes by its worlds.

    Args:
        world_of: seed -> a world with its truth.
        clean_of: seed -> traffic in which nothing is planted.
        clean_seeds: of the latter, where one piece is all there is.
    """

    world_of: Callable[[int], World]
    clean_of: Callable[[int], pa.Table]
    clean_seeds: list[int] | None


def drawn_worlds(background: pa.Table | None, accounts: int, days: float) -> Drawn:
    """Worlds whose funnels are drawn from wide ranges.

    Args:
        background: interactions of one's own, as ``funnel_world`` takes them; None: synthetic ones.
        accounts, days: of synthetic ones.
    """

    def settings(seed: int, **told: Any) -> FunnelSettings:
        return FunnelSettings.drawn(np.random.default_rng(seed), wide=True, **told)

    if background is None:
        return Drawn(
            lambda seed: funnel_world(seed, settings=settings(seed, accounts=accounts, days=days)),
            lambda seed: synthetic(seed, accounts=accounts, days=days),
            None,
        )
    return Drawn(
        lambda seed: funnel_world(seed, background=background, settings=settings(seed)), lambda _: background, [0]
    )
