"""Detectors run over the lake, and what they propose is put before people."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from seawall.detectors import DETECTORS
from seawall.protocols import Detector, Progress
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.results import DetectResult
from seawall.workspace.window import lake_window


def detect(
    workspace: OpenedFolder,
    detectors: Sequence[Detector] | None,
    start: datetime | None,
    end: datetime | None,
    progress: Progress | None,
) -> DetectResult:
    """See ``Workspace.detect``."""
    began = time.perf_counter()
    looking = DETECTORS if detectors is None else detectors
    with workspace.engine(progress) as engine, workspace.reading() as lake, lake.at_one_moment() as version:
        messages = lake.count("messages")
        feeds = lake.added_after({}, ()).mark
        counts: Counter[str] = Counter()
        alerts = []
        for done, detector in enumerate(looking):
            if progress is not None:
                progress(f"looking for {detector.name}", done, len(looking))
            window = lake_window(lake, detector, engine, start=start, end=end)
            found = list(detector.detect(window))
            counts[detector.name] += len(found)
            alerts.extend(found)
    book = workspace.casebook
    told = {"lake_version": version, "alerts": len(alerts), "engine": engine.name}
    book.audit.append(workspace.reviewer, "detect", told)
    changes = book.propose(alerts, lake_version=version)
    return DetectResult(
        alerts={detector.name: counts[detector.name] for detector in looking},
        new=len(changes.new),
        revised=len(changes.revised),
        unchanged=len(changes.unchanged),
        cases_opened=len(changes.opened),
        cases_open=book.glances.waiting().total,
        seconds=time.perf_counter() - began,
        lake_version=version,
        messages=messages,
        uncompared=book.indicators.uncompared(feeds),
    )
