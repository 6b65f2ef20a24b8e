"""Public conformance checks: what every source, measure, detector and engine must keep to."""

from __future__ import annotations

from seawall.checks.detectors import check_detector
from seawall.checks.engines import check_engine
from seawall.checks.expanders import check_expander
from seawall.checks.failure import CheckFailed
from seawall.checks.live import check_live_source
from seawall.checks.live_detectors import check_live_detector
from seawall.checks.measures import check_measure
from seawall.checks.memory_window import MemoryWindow
from seawall.checks.parted_engine import PartedEngine
from seawall.checks.sources import check_source

__all__ = [
    "CheckFailed",
    "MemoryWindow",
    "PartedEngine",
    "check_detector",
    "check_engine",
    "check_expander",
    "check_live_detector",
    "check_live_source",
    "check_measure",
    "check_source",
]
