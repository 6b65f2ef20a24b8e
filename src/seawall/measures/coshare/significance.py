"""What chance alone would give: two p-values of every edge, which answer two questions and are never mixed."""

from __future__ import annotations

from dataclasses import dataclass

from seawall.measures.coshare.cosharing import cosharing
from seawall.measures.coshare.sharing import Sharing
from seawall.measures.coshare.sweep import Edges
from seawall.measures.coshare.tails import Floats
from seawall.measures.coshare.timing import timing


@dataclass(frozen=True, slots=True)
class Significance:
    """One entry an edge, and what the tests rest on.

    A pair that is no edge counts as a hypothesis whose p-value is 1. Who shared what is given when timing is tested, so
    its hypotheses are the pairs that share an object. When sharing itself is tested it is not given, so its hypotheses
    are all pairs of accounts.
    """

    expected: Floats
    p: Floats
    p_sharing: Floats
    sharing: Sharing


def judge(sharing: Sharing, edges: Edges) -> Significance:
    """Test every edge."""
    times = timing(sharing, edges)
    return Significance(times.expected, times.p, cosharing(sharing, edges, times.common), sharing)
