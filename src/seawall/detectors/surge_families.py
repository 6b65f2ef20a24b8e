"""Which discoveries are told where several kinds of series are looked at together: Benjamini and Bogomolov's rule.

Each kind of series (platforms, their channels, their languages, ...) is a family of tests with its own false-discovery
rate. Looking at many families and telling what stands out in a few of them would make that rate too large among those
few. So a family is selected if it has a discovery at q by itself, and in the R selected ones of m families tests are
told at q R / m (Benjamini, Bogomolov, JRSS B 76, 2014, theorem 1): then the expected part of false discoveries,
averaged over the selected families, is at most q. Which families are selected depends on each family alone, as the
theorem asks.

A surge that shows in a platform, its channels and its languages costs nothing by this; one that shows in one kind of
series alone must be as many times clearer as kinds were looked at. No series is passed over because its platform as a
whole is calm: a surge of one small channel is none of a large platform.
"""

from __future__ import annotations

from collections.abc import Sequence


def widened(families: Sequence[Sequence[float]], q: float) -> list[list[float]]:
    """The q of each test in the company of the other families, at most 1.

    Args:
        families: of each family that was looked at the q of its discoveries within it (Benjamini, Hochberg, 1995).
        q: the rate at which families are selected.

    >>> widened([[0.01, 0.03], [], [0.2], [0.04]], 0.05)
    [[0.02, 0.06], [], [0.4], [0.08]]
    """
    selected = sum(any(one <= q for one in family) for family in families)
    factor = len(families) / max(selected, 1)
    return [[min(one * factor, 1.0) for one in family] for family in families]
