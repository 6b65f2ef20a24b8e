"""What was collected of each platform, and how busy it was, from its messages by the hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.spread_copies import Ints, Mask
from seawall.detectors.surge_collected import Collected
from seawall.measures.keys import Times
from seawall.model.instants import EPOCH, INSTANT, microseconds
from seawall.parts import Parts

HOUR = 3_600_000_000
HOURS_A_DAY = 24


@dataclass(frozen=True)
class Known:
    """Answers what is known of a platform's past.

    Args:
        hours: ``platform``, ``bin`` (hours since 1970) and ``count`` (messages).
        collected: of the same platforms.
    """

    hours: pa.Table
    collected: Collected

    @classmethod
    def of(
        cls,
        hours: pa.Table,
        coverage: Iterable[Mapping[str, Any]],
        *,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Known:
        """Where coverage tells nothing: from the hour after a platform's first message to its last message's end."""
        edges = hours.group_by("platform").aggregate([("bin", "min"), ("bin", "max")]).to_pylist()
        spans = {
            row["platform"]: (
                EPOCH + (row["bin_min"] + 1) * HOUR * INSTANT,
                EPOCH + (row["bin_max"] + 1) * HOUR * INSTANT,
            )
            for row in edges
        }
        return cls(hours, Collected(coverage, spans, start, end))

    @property
    def messages(self) -> int:
        """How many there are."""
        return int(pc.sum(self.hours["count"]).as_py() or 0)

    def new(self, platform: str, at: Times, silence: int) -> Mask:
        """Whether what began at these times began after so many microseconds that were collected."""
        found = np.zeros(len(at), bool)
        for begin, end in self.collected.of(platform):
            found |= (at >= microseconds(begin) + silence) & (at < microseconds(end))
        return found

    def missing(self, platform: str, start: int, end: int) -> float:
        """How many hours between two times (UTC microseconds) were not collected."""
        held = sum(
            max(min(microseconds(last), end) - max(microseconds(first), start), 0)
            for first, last in self.collected.of(platform)
        )
        return (end - start - held) / HOUR

    def busy(self, platform: str, at: Times) -> npt.NDArray[np.float64]:
        """Messages of the UTC days of these times, in medians of the platform's days; 1 where it was no busier."""
        rows = self.hours.filter(pc.equal(self.hours["platform"], platform))
        days = rows["bin"].to_numpy() // HOURS_A_DAY
        if not len(days):
            return np.ones(len(at))
        first: int = int(days.min())
        counts = np.bincount(days - first, weights=rows["count"].to_numpy())
        places = _clipped(at // (HOURS_A_DAY * HOUR) - first, len(counts))
        return np.asarray(np.maximum(counts[places] / np.median(counts[counts > 0]), 1.0), np.float64)


def hours_of(parts: Parts) -> pa.Table:
    """``platform``, ``bin`` and ``count`` of messages (``platform``, ``sent_at``, ``kind``), edits left out."""
    return parts.each(_counted).by("platform", "bin").each(_summed).all()


def _counted(messages: pa.Table) -> pa.Table:
    told = messages.filter(pc.not_equal(messages["kind"], "edit"))
    bins = told["sent_at"].cast(pa.int64()).to_numpy() // HOUR
    hours = pa.table({"platform": told["platform"], "bin": bins, "count": np.ones(len(told), np.int64)})
    return _summed(hours)


def _summed(hours: pa.Table) -> pa.Table:
    found = hours.group_by(["platform", "bin"]).aggregate([("count", "sum")])
    return found.rename_columns(["platform", "bin", "count"])


def _clipped(places: Ints, size: int) -> Ints:
    return np.asarray(np.clip(places, 0, size - 1), np.int64)
