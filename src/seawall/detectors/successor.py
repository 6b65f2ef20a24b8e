"""Channels and groups that come after one that ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors import successor_words as words
from seawall.detectors.successor_example import successor_example
from seawall.detectors.successor_traces import CHANNELS, INTERACTIONS, MESSAGES, Left, left_in
from seawall.errors import ConfigurationError
from seawall.measures import Successors, successors
from seawall.measures.succession import LEAST
from seawall.model import Alert, Severity, Subject, is_simulated
from seawall.protocols import Window

EVIDENCE = 50
"""So many messages are named as evidence."""
LISTED = 5
"""So many candidates stand in an alert's details."""
AROUND = timedelta(days=30)
"""Gaps in collection within this time of an end are told as a doubt."""


@dataclass(frozen=True)
class SuccessorDetector:
    """Channels and groups that likely come after one that ended: announced, named alike, posting what it had.

    One alert an end whose successor has a probability of at least ``least``; see ``seawall.measures.successors``. It
    looks at what channels do and are called; persons and direct conversations are no channels, and no account is told.

    Args:
        least: the probability from which on a successor is told.

    Raises:
        ConfigurationError: it is no probability above 0.

    >>> from seawall.checks import MemoryWindow
    >>> detector = SuccessorDetector()
    >>> alert = next(detector.detect(MemoryWindow(detector.examples()[0], detector)))
    >>> alert.sentence.split(",")[0], alert.score > 0.9
    ('@allotment_club_2', True)
    """

    least: float = LEAST

    name: ClassVar[str] = "successor"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": MESSAGES,
        "channels": CHANNELS,
        "interactions": INTERACTIONS,
        "coverage": ("platform", "start", "end", "complete"),
    }

    def __post_init__(self) -> None:
        if not 0 < self.least <= 1:
            raise ConfigurationError("A probability lies above 0 and up to 1.", where="least", mend="Take 0.8.")

    def detect(self, window: Window) -> Iterator[Alert]:
        """The successors of this window, in the order of the ends."""
        left = left_in(window.rows)
        ends = _ends(left.channels, window.start, window.end)
        if not len(ends):
            return
        found = successors(
            ends, left.channels, links=left.links, forwards=left.forwards, media=left.media, clusters=left.clusters,
            least=self.least,
        )  # fmt: skip
        coverage = window.rows("coverage", self.needs["coverage"]).read_all().to_pylist()
        gaps = [(row["start"], row["end"]) for row in coverage if not row["complete"]]
        yield from self._alerts(found, left, gaps)

    def _alerts(self, found: Successors, left: Left, gaps: list[tuple[datetime, datetime]]) -> Iterator[Alert]:
        known = {row["channel"]: row for row in left.channels.to_pylist()}
        for end in found.ends.filter(pc.is_valid(found.ends["successor"])).to_pylist():
            old, new = known[end["ended"]], known[end["successor"]]
            why, others = (
                one.filter(pc.equal(one["ended"], end["ended"])) for one in (found.reasons, found.candidates)
            )
            reasons = why.filter(pc.equal(why["candidate"], end["successor"])).to_pylist()
            yield self._alert(end, old, new, reasons, others.to_pylist(), known, left, gaps)

    def _alert(
        self, end: dict[str, Any], old: dict[str, Any], new: dict[str, Any], reasons: list[dict[str, Any]],
        candidates: list[dict[str, Any]], known: dict[str, dict[str, Any]], left: Left,
        gaps: list[tuple[datetime, datetime]],
    ) -> Alert:  # fmt: skip
        at, platform = end["at"], old["platform"]
        terms = {row["term"]: row for row in reasons}
        days = terms["opened"]["observed"] if "opened" in terms else None
        opened = at if days is None else at + timedelta(days=days)
        others = [row for row in candidates if row["candidate"] != end["successor"]]
        second = max(others, key=lambda row: row["probability"], default=None)
        about = {
            "old": words.called(end["ended"], old["handle"]),
            "new": words.called(end["successor"], new["handle"]),
            "at": at,
            "opened_days": days,
            "probability": end["probability"],
            "none": end["none"],
            "second": None
            if second is None
            else (words.called(second["candidate"], known[second["candidate"]]["handle"]), second["probability"]),
        }
        gap = any(begin < at + AROUND and stop > at - AROUND for begin, stop in gaps)
        return Alert(
            detector=self.name,
            version=self.version,
            parameters=asdict(self),
            anchor=f"{platform} {end['ended']} {at:%Y-%m-%d}",
            start=min(at, opened),
            end=max(at, opened),
            subjects=(Subject("channel", end["ended"]), Subject("channel", end["successor"])),
            severity=Severity.LOW,
            score=end["probability"],
            sentence=words.sentence(platform, about, reasons),
            evidence=evidence(left, old, new),
            doubt=tuple(words.doubts(about, reasons, set(terms), gap=gap)),
            details={
                "platform": platform,
                "simulated": is_simulated(platform),
                "ended": end["ended"],
                "ended_at": at.isoformat(),
                "end_reason": old["end_reason"],
                "successor": end["successor"],
                "opened_at": None if days is None else opened.isoformat(),
                "probability": end["probability"],
                "no_successor": end["none"],
                "terms": [{name: row[name] for name in ("term", "nats", "observed", "expected")} for row in reasons],
                "candidates": [
                    {name: row[name] for name in ("candidate", "nats", "probability")} for row in candidates[:LISTED]
                ],
                "candidates_total": end["candidates"],
            },
        )

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """An allotment club's channel ends and opens again under a like name; another club opens meanwhile."""
        return successor_example(back=True), successor_example(back=False)


def _ends(channels: pa.Table, start: datetime | None, end: datetime | None) -> pa.Table:
    """The ends that the lake tells of, within a window."""
    ended = channels.filter(pc.is_valid(channels["ended_at"])).select(["channel", "ended_at"])
    ended = ended.rename_columns(["channel", "at"])
    for bound, keep in ((start, pc.greater_equal), (end, pc.less)):
        if bound is not None:
            ended = ended.filter(keep(ended["at"], pa.scalar(bound, ended["at"].type)))
    return ended


def evidence(left: Left, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Messages in which one gives the other's address or forwards it, by time."""
    found: list[tuple[datetime, str]] = []
    for one, other in ((old, new), (new, old)):
        here = left.links.filter(pc.equal(left.links["channel"], one["channel"]))
        address = other["address"]
        if address is not None:
            leads = pc.or_(pc.equal(here["url"], address), pc.starts_with(here["url"], f"{address}/"))
            found += _times(here.filter(leads))
        forwards = left.forwards.filter(pc.equal(left.forwards["channel"], one["channel"]))
        found += _times(forwards.filter(pc.equal(forwards["origin"], other["channel"])))
    return tuple(dict.fromkeys(message for _, message in sorted(found)))[:EVIDENCE]


def _times(rows: pa.Table) -> list[tuple[datetime, str]]:
    rows = rows.filter(pc.is_valid(rows["message"]))
    return list(zip(rows["at"].to_pylist(), rows["message"].to_pylist(), strict=True))
