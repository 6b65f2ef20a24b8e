"""What Seawall looks for, one idea a file. They propose; they write nothing."""

from __future__ import annotations

from seawall.detectors.campaign import CampaignDetector
from seawall.detectors.canary import CanaryDetector
from seawall.detectors.coordination import CoordinationDetector
from seawall.detectors.coordination_watched import WatchedCoordination
from seawall.detectors.emerging import EmergingDetector
from seawall.detectors.funnel import FunnelDetector
from seawall.detectors.migration import MigrationDetector, WatchedMigration
from seawall.detectors.output import OutputDetector
from seawall.detectors.spread import SpreadDetector, WatchedSpread
from seawall.detectors.successor import SuccessorDetector
from seawall.detectors.surge import SurgeDetector
from seawall.protocols import Detector

_ALIKE: tuple[Detector, ...] = (
    SurgeDetector(),
    OutputDetector(),
    FunnelDetector(),
    EmergingDetector(),
    CanaryDetector(),
)

WATCHING: tuple[Detector, ...] = (WatchedCoordination(), *_ALIKE, WatchedSpread(), WatchedMigration())
"""The detectors that look while records come in, with their usual parameters: each keeps a state of its own."""

DETECTORS: tuple[Detector, ...] = (
    CoordinationDetector(),
    *_ALIKE,
    SpreadDetector(),
    CampaignDetector(),
    MigrationDetector(),
    SuccessorDetector(),
)
"""The detectors that run over the lake unless others are named; a candidate rests on weeks of messages."""

__all__ = [
    "DETECTORS",
    "WATCHING",
    "CampaignDetector",
    "CanaryDetector",
    "CoordinationDetector",
    "EmergingDetector",
    "FunnelDetector",
    "MigrationDetector",
    "OutputDetector",
    "SpreadDetector",
    "SuccessorDetector",
    "SurgeDetector",
    "WatchedCoordination",
    "WatchedMigration",
    "WatchedSpread",
]
