"""How far each term is believed: benchmarks/successors_fit.py fits it on simulated takedowns of the fitting ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from seawall.measures.succession.evidence import Evidence
from seawall.measures.succession.words import COPIES, FRIENDLY, OUTSIDE, RIVALS, TERMS, Floats

CAPS: Mapping[str, float] = {
    "opened": 0.0, "announced": 5.5, "points_back": 4.5, "audience": 4.0, "handle": 4.5, "links": 4.0, "sources": 2.0,
    "forwards": 3.0, "media": 4.0, "texts": 4.0,
}  # fmt: skip
"""No term says more than that, in nats: what it takes for granted is wrong now and then. When a channel opened can only
speak against it: which channels are known at all is chosen by whoever collects."""
LEAST_NATS = -2.0


@dataclass(frozen=True)
class Weights:
    """How evidence becomes a score.

    Args:
        prior: log-odds that an end has a successor.
        terms: the weight of each term.
        fans: how many channels, for each end, only copy what the old one had.
        imitators: how many take its name, too, and all else that whoever likes can take.
        friends: how many young channels it names and forwards, and that do so with it, because they like each other.
    """

    prior: float = 0.0
    terms: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(TERMS[:RIVALS], 1.0))
    fans: float = 0.1
    imitators: float = 0.04
    friends: float = 0.1

    def parts(self, found: Evidence) -> Floats:
        """What each term adds, one row a pair, all capped and weighed; a term that is not known adds nothing.

        Strangers and friends are rival explanations: for them the evidence of ``OUTSIDE`` and of ``FRIENDLY`` speaks as
        loudly as for a successor.
        """
        caps = np.array([CAPS[name] for name in TERMS[:RIVALS]])
        lowest = np.where(np.arange(RIVALS) == 0, -np.inf, LEAST_NATS)
        told = np.clip(np.nan_to_num(found.nats[:, :RIVALS]), lowest, caps)
        weighed = np.zeros_like(found.nats)
        weighed[:, :RIVALS] = told * np.array([self.terms[name] for name in TERMS[:RIVALS]])
        copies, outside, friendly = (
            np.exp(np.maximum(weighed[:, which].sum(axis=1), 0)) for which in (COPIES, OUTSIDE, FRIENDLY)
        )
        strange, near = (np.exp(np.minimum(nats, 0)) for nats in (found.strangers, found.friends))
        others = (self.fans * copies + self.imitators * outside) * strange + self.friends * friendly * near
        weighed[:, RIVALS] = -np.log1p(others)
        return weighed


FITTED = Weights(
    prior=0.0,
    terms={
        "opened": 1.12, "announced": 1.25, "points_back": 1.25, "audience": 1.25, "handle": 0.93, "links": 1.25,
        "sources": 0.19, "forwards": 0.03, "media": 1.25, "texts": 1.25,
    },
    fans=0.62,
    imitators=0.115,
    friends=0.29,
)  # fmt: skip
"""What the script printed. Forwards of the old channel say little beside other copies: fans forward it as much."""
