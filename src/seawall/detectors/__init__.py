"""What Seawall looks for, one idea a file. They propose; they write nothing."""

from __future__ import annotations

from seawall.detectors.canary import CanaryDetector
from seawall.detectors.coordination import CoordinationDetector
from seawall.detectors.output import OutputDetector
from seawall.detectors.surge import SurgeDetector
from seawall.protocols import Detector

DETECTORS: tuple[Detector, ...] = (CoordinationDetector(), SurgeDetector(), OutputDetector(), CanaryDetector())
"""The detectors that run unless others are named, with their usual parameters."""

__all__ = ["DETECTORS", "CanaryDetector", "CoordinationDetector", "OutputDetector", "SurgeDetector"]
