"""The survival function of spells of one group: Kaplan and Meier's, or Turnbull's where ends lie between two ages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.measures.lifetimes.bands import bands
from seawall.measures.lifetimes.risk import Risk, risk
from seawall.measures.lifetimes.spells import Spells

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Curve:
    """One element an age: ``risk.at``. ``squares``: the variance of the logarithm of ``survival``.

    ``since``: from which age on the step at this age may have happened; the age itself where that is known exactly.
    """

    risk: Risk
    survival: Floats
    squares: Floats
    since: Ints

    def limits(self, z: float, form: str) -> tuple[Floats, Floats]:
        """Low and high, see ``bands``."""
        return bands(self.survival, self.squares, z, form)


def curve(spells: Spells) -> Curve:
    """The survival function of spells, at least one."""
    table = risk(spells)
    if spells.interval:
        from seawall.measures.lifetimes.turnbull import between  # late: compiled kernels, which most spells need not

        survival, squares, since = between(spells, table.at)
        return Curve(table, survival, squares, since)
    survival, squares = product_limit(table)
    return Curve(table, survival, squares, table.at)


def product_limit(table: Risk) -> tuple[Floats, Floats]:
    """Kaplan and Meier's estimate (1958) and Greenwood's sum (1926), which stays as it is where everything ended."""
    exposed, ended = table.exposed.astype(np.float64), table.ended.astype(np.float64)
    left = exposed - ended
    some = ended > 0
    kept = np.ones(len(exposed))
    kept[some] = left[some] / exposed[some]
    steps = np.zeros(len(exposed))
    part = some & (left > 0)
    steps[part] = ended[part] / exposed[part] / left[part]
    return np.cumprod(kept, dtype=np.float64), np.cumsum(steps, dtype=np.float64)
