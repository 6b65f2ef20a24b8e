"""Keep detectors' state while records come in: the same alerts as over the whole lake, at any moment."""

from __future__ import annotations

from seawall.engine.live.engine import LiveEngine
from seawall.engine.live.generations import damaged_state, discard

__all__ = ["LiveEngine", "damaged_state", "discard"]
