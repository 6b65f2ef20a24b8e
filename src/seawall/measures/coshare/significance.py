"""What chance alone would give: two p-values of every edge, which answer two questions and are never mixed."""

from __future__ import annotations

from dataclasses import dataclass

from seawall.measures.coshare.cosharing import cosharing
from seawall.measures.coshare.discovery import false_discovery
from seawall.measures.coshare.sharing import Sharing
from seawall.measures.coshare.sweep import Edges
from seawall.measures.coshare.tails import Floats
from seawall.measures.coshare.timing import timing


@dataclass(frozen=True, slots=True)
class Significance:
    """One entry an edge, and what the tests rest on."""

    expected: Floats
    p: Floats
    q: Floats
    p_sharing: Floats
    q_sharing: Floats
    sharing: Sharing


def judge(sharing: Sharing, edges: Edges) -> Significance:
    """Test every edge; a pair that is no edge counts as a hypothesis whose p-value is 1.

    Who shared what is given when timing is tested, so the hypotheses are the pairs that share an object. When sharing
    itself is tested it is not given, so the hypotheses are all pairs of accounts.
    """
    times = timing(sharing, edges)
    p_sharing = cosharing(sharing, edges, times.common)
    return Significance(
        expected=times.expected,
        p=times.p,
        q=false_discovery(times.p, sharing.pairs),
        p_sharing=p_sharing,
        q_sharing=false_discovery(p_sharing, sharing.all_pairs),
        sharing=sharing,
    )
