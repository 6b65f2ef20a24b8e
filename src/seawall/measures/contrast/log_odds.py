"""Which words, links or texts are used more here than elsewhere: log-odds with an informative prior."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError

Floats = npt.NDArray[np.float64]


def log_odds(
    focus: npt.ArrayLike, rest: npt.ArrayLike, focus_total: float, rest_total: float, *, prior: float = 100.0
) -> tuple[Floats, Floats]:
    """How much likelier each thing is in the focus than in the rest, and by how many standard errors.

    The difference of log-odds with a Dirichlet prior that is the share of the thing in both together (Monroe, Colaresi,
    Quinn: *Fightin' Words*, Political Analysis 16, 2008, equations 15, 16, 19 and 22): rare things are drawn towards
    no difference, so that neither chance nor size decides.

    Args:
        focus: how often each thing was counted in the focus.
        rest: how often in the rest; same length.
        focus_total: of the messages (or words) in the focus; at least each count.
        rest_total: of those in the rest.
        prior: as many messages as the prior is worth.

    Returns:
        Difference of log-odds, and its z; 0 for a thing that is in neither.

    Raises:
        MeasureError: lengths differ, a count is negative or above its total, or the prior is not above 0.

    >>> difference, z = log_odds([30, 30], [30, 3], 1000, 1000)
    >>> difference.round(2).tolist(), z.round(1).tolist()
    ([0.0, 1.94], [0.0, 3.9])
    """
    here, there = np.asarray(focus, np.float64), np.asarray(rest, np.float64)
    if here.shape != there.shape or prior <= 0:
        raise MeasureError("Counts of focus and rest belong together, and the prior is above 0.", where="focus")
    for counts, total in ((here, focus_total), (there, rest_total)):
        if len(counts) and (counts.min() < 0 or counts.max() > total):
            raise MeasureError("A count is negative, or larger than the total that it is part of.", where="focus")
    share = (here + there) / max(focus_total + rest_total, 1.0)
    told = share > 0
    alpha = np.where(told, prior * np.minimum(share, 1 - 1e-9), 1.0)
    odds = [
        np.log((counts + alpha) / (total + prior - counts - alpha))
        for counts, total in ((here, focus_total), (there, rest_total))
    ]
    difference = np.where(told, odds[0] - odds[1], 0.0)
    error = np.sqrt(1.0 / (here + alpha) + 1.0 / (there + alpha))
    return difference, difference / error
