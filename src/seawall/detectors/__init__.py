"""What Seawall looks for, one idea a file. They propose; they write nothing."""

from __future__ import annotations

from seawall.detectors.campaign import CampaignDetector
from seawall.detectors.canary import CanaryDetector
from seawall.detectors.coordination import CoordinationDetector
from seawall.detectors.output import OutputDetector
from seawall.detectors.surge import SurgeDetector
from seawall.protocols import Detector

WATCHING: tuple[Detector, ...] = (CoordinationDetector(), SurgeDetector(), OutputDetector(), CanaryDetector())
"""The detectors that look while records come in, with their usual parameters: each keeps a state of its own."""

DETECTORS: tuple[Detector, ...] = (*WATCHING, CampaignDetector())
"""The detectors that run over the lake unless others are named; a candidate rests on weeks of messages."""

__all__ = [
    "DETECTORS",
    "WATCHING",
    "CampaignDetector",
    "CanaryDetector",
    "CoordinationDetector",
    "OutputDetector",
    "SurgeDetector",
]
