"""Who acted on the same object within seconds of whom: the exact coordination network."""

from __future__ import annotations

from seawall.measures.coshare.measure import CoordinationMeasure, coordination
from seawall.measures.coshare.network import Network
from seawall.measures.coshare.standing import StandingCoordination

__all__ = ["CoordinationMeasure", "Network", "StandingCoordination", "coordination"]
