"""From communities to places: which part of the members link to a new place, and whether they fall silent."""

from __future__ import annotations

from seawall.measures.flow.measure import flows
from seawall.measures.flow.result import Flows

__all__ = ["Flows", "flows"]
