"""See Seawall work: real, openly licensed data, from import to brief, in one call."""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from seawall.demo.simulated import PLATFORM, write_simulated
from seawall.detectors import CanaryDetector, CoordinationDetector, FunnelDetector, SurgeDetector
from seawall.model import Visibility
from seawall.protocols import Progress, ReadOptions
from seawall.workspace import AddResult, DetectResult, Workspace

DETECTORS = (
    CoordinationDetector(window_s=600, min_accounts=2, layers=("repost",)),
    SurgeDetector(),
    CanaryDetector(),
    FunnelDetector(),
)
"""With a wider window than usual, and pairs too, because the table is small."""

CHAT_GAPS = tuple(
    (datetime(2011, 4, first, tzinfo=UTC), datetime(2011, 4, last, tzinfo=UTC)) for first, last in ((15, 17), (18, 28))
)
"""The log of the help channel has three stretches; between them nothing was collected, which is not silence."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What was built and what to try next."""

    workspace: Path
    brief: Path
    added: tuple[AddResult, ...]
    detected: DetectResult
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "workspace": str(self.workspace),
            "brief": str(self.brief),
            "added": [result.as_dict() for result in self.added],
            "detected": self.detected.as_dict(),
            "seconds": round(self.seconds, 1),
        }

    def __str__(self) -> str:
        shares, chat, haze, simulated = self.added
        place = shlex.quote(str(self.workspace))
        return (
            f"Read 35,125 public shares of posts of 2021 (CooRTweet, MIT): {shares}\n"
            f"Read a public help channel of 2011 (Ubuntu IRC, CC BY 4.0): {chat}\n"
            f"Read tweets about the haze of 2013 in Singapore (CrisisLex, MIT): {haze}\n"
            f"Simulated a funnel among those who speak in that channel, on a platform of its own: {simulated}\n"
            f"Looked for what is unusual: {self.detected}\n"
            f"\nDone in {self.seconds:.0f} s. Look at it:\n"
            f"  {self.brief}  (open it in a browser)\n"
            f"Then try:\n"
            f"  seawall serve {place}  (decide in the browser)\n"
            f"  seawall cases {place}\n"
            f"  seawall case {place} CASE\n"
            f"  seawall decide {place} CASE no_action --reason 'A fan club.'\n"
            f"  seawall audit {place} verify"
        )


def build(folder: str | Path, *, progress: Progress | None = None) -> Demonstration:
    """Make a workspace from the packaged data, look for what is unusual, open cases, write the brief.

    Raises:
        WorkspaceError: the folder is not empty.
    """
    began = time.perf_counter()
    data = files("seawall.demo") / "data"
    public = Visibility.PUBLIC
    with Workspace.create(folder) as workspace:
        with as_file(data / "shares.parquet") as shares:
            first = workspace.add(shares, source="shares", options=ReadOptions(platform="x"), progress=progress)
        with as_file(data / "chat.ndjson.gz") as chat:
            options = ReadOptions(visibility=public, platform="irc")
            second = workspace.add(chat, source="generic", options=options, progress=progress)
            fourth = _simulated(workspace, chat, progress)
        with as_file(data / "haze.csv.gz") as haze:
            told = {"account": "=unknown"}  # the set tells no accounts, so that all rows stand under one
            options = ReadOptions(visibility=public, platform="crisislex", mapping=told)
            third = workspace.add(haze, source="generic", options=options, progress=progress)
        for start, end in CHAT_GAPS:
            for platform in ("irc", PLATFORM):
                workspace.state_coverage(platform=platform, start=start, end=end, complete=False)
        detected = workspace.detect(DETECTORS, progress=progress)
        brief = workspace.brief()
    return Demonstration(Path(folder), brief, (first, second, third, fourth), detected, time.perf_counter() - began)


def _simulated(workspace: Workspace, chat: Path, progress: Progress | None) -> AddResult:
    """Plant a funnel among those who speak in the chat, on a platform whose name says that it is simulated."""
    with TemporaryDirectory() as folder:
        table = write_simulated(chat, Path(folder) / "simulated")
        options = ReadOptions(visibility=Visibility.PUBLIC, platform=PLATFORM)
        return workspace.add(table, source="generic", options=options, progress=progress)
