"""What chance alone would give: two p-values of every edge, which answer two questions and are never mixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seawall.measures.coshare.bicm import fit
from seawall.measures.coshare.cosharing import cosharing
from seawall.measures.coshare.discovery import false_discovery
from seawall.measures.coshare.sharing import Sharing
from seawall.measures.coshare.sweep import Edges
from seawall.measures.coshare.tails import Floats
from seawall.measures.coshare.timing import timing
from seawall.measures.keys import Mask


@dataclass(frozen=True, slots=True)
class Significance:
    """What the tests gave, one entry an edge, and what they rest on.

    A pair that is no edge counts as a hypothesis whose p-value is 1. Who shared what is given when timing is tested, so
    its hypotheses are the pairs that share an object. When sharing itself is tested it is not given, so its hypotheses
    are all pairs of accounts.
    """

    expected: Floats
    p: Floats
    p_sharing: Floats
    pairs: int  # at least as many as there are pairs that share an object
    all_pairs: int
    sharing: Sharing | None = None  # None where it is not at hand
    ranked: tuple[Floats, Floats] | None = None  # q and q_sharing, where they rest on more edges than these

    def ranks(self) -> tuple[Floats, Floats]:
        """q and q_sharing of every edge."""
        if self.ranked is not None:
            return self.ranked
        return false_discovery(self.p, self.pairs), false_discovery(self.p_sharing, self.all_pairs)

    def only(self, kept: Mask, ranked: tuple[Floats, Floats]) -> Significance:
        """Of the edges that are kept, with what all were ranked by."""
        arrays = (self.expected[kept], self.p[kept], self.p_sharing[kept])
        return Significance(*arrays, self.pairs, self.all_pairs, None, (ranked[0][kept], ranked[1][kept]))


def judge(sharing: Sharing, edges: Edges) -> Significance:
    """Test every edge."""
    times = timing(sharing, edges)
    model = fit(np.diff(sharing.starts), sharing.sharers)
    p_sharing = cosharing(model, model.account_class, edges, times.common)
    return Significance(times.expected, times.p, p_sharing, sharing.pairs, sharing.all_pairs, sharing)
