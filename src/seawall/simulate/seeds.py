"""Where chance comes from: one seed, and a stream of its own for each part of a world."""

from __future__ import annotations

import numpy as np

from seawall.errors import ConfigurationError


def stream(seed: int, part: int) -> np.random.Generator:
    """The generator of a part of a world.

    Raises:
        ConfigurationError: the seed is no whole number from 0 on.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ConfigurationError("A seed is a whole number from 0 on.", where="seed", mend="As in: seed=7")
    return np.random.default_rng([int(seed), part])
