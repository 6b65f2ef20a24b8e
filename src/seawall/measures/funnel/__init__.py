"""Funnels: accounts that repeat one sequence of acts towards many strangers, seen in the order of time."""

from __future__ import annotations

from seawall.measures.funnel.hubs import FunnelsMeasure, Hubs
from seawall.measures.funnel.measure import funnels
from seawall.measures.funnel.result import Funnels
from seawall.measures.funnel.stream import HORIZON, FunnelStream
from seawall.measures.funnel.weights import BOUND
from seawall.measures.funnel.words import STAGES, TERMS

__all__ = ["BOUND", "HORIZON", "STAGES", "TERMS", "FunnelStream", "Funnels", "FunnelsMeasure", "Hubs", "funnels"]
