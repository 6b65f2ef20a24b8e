"""Places that are new and rising over channels and communities."""

from __future__ import annotations

from seawall.measures.emergence.measure import emerging
from seawall.measures.emergence.result import Emerging

__all__ = ["Emerging", "emerging"]
