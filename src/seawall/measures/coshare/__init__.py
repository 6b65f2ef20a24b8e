"""Who acted on the same object within seconds of whom: the exact network, and what chance explains of it."""

from __future__ import annotations

from seawall.measures.coshare.measure import CoordinationMeasure, coordination
from seawall.measures.coshare.network import Network
from seawall.measures.coshare.pooling import pooled
from seawall.measures.coshare.standing import StandingCoordination

__all__ = ["CoordinationMeasure", "Network", "StandingCoordination", "coordination", "pooled"]
