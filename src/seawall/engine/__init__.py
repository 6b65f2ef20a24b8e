"""Run measures over rows that may not fit in memory, and show detectors what they may see."""

from __future__ import annotations

from seawall.engine.local import LocalEngine
from seawall.engine.window import TIME_COLUMNS, TableWindow

__all__ = ["TIME_COLUMNS", "LocalEngine", "TableWindow"]
