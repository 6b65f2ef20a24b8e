"""Rises of channels that began together -> candidates, with how likely that is by chance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.campaign_counts import Counted, Series
from seawall.detectors.surge_collected import Collected, Interval
from seawall.detectors.surge_pictures import drawn
from seawall.detectors.surge_running import look
from seawall.measures.bursts import expectation
from seawall.measures.bursts.plan import parse_bin
from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.synchrony import chance_together, joined
from seawall.model.instants import INSTANT, microseconds

NORMAL = 1.959964
"""97.5 % of a normal distribution."""


@dataclass(frozen=True)
class Rise:
    """A window in which one channel rose."""

    platform: str
    channel: str | None
    start: datetime
    end: datetime
    observed: int
    expected: float
    factor: float
    factor_low: float
    factor_high: float
    history: float
    unknown: int
    running: bool  # its last bin is not over

    @property
    def series(self) -> Series:
        """Whose rise it is."""
        return self.platform, self.channel

    def told(self) -> dict[str, Any]:
        """As JSON."""
        times = {"start": self.start.isoformat(), "end": self.end.isoformat()}
        return {**asdict(self), **times}

    @property
    def more(self) -> float:
        """Messages beyond what was expected."""
        return self.observed - self.expected


@dataclass(frozen=True)
class Candidate:
    """Rises of different channels that began together.

    Args:
        rises: by start, platform and channel.
        p: an upper bound for the chance that so many begin together.
        q: the same over all candidates (Benjamini-Hochberg).
        looked_at: how many channels of these platforms were looked at.
        until: up to when all of these channels are collected.
    """

    rises: tuple[Rise, ...]
    p: float
    q: float
    looked_at: int
    until: datetime

    @property
    def start(self) -> datetime:
        """When the first one began."""
        return self.rises[0].start

    @property
    def end(self) -> datetime:
        """When the last one ended."""
        return max(rise.end for rise in self.rises)

    @property
    def platforms(self) -> list[str]:
        """Those of its channels, sorted."""
        return sorted({rise.platform for rise in self.rises})

    @property
    def observed(self) -> int:
        """Messages of all rises."""
        return sum(rise.observed for rise in self.rises)

    @property
    def expected(self) -> float:
        """Messages that were to be expected in them."""
        return math.fsum(rise.expected for rise in self.rises)

    @property
    def factor(self) -> tuple[float, float, float]:
        """Observed / expected with a 95 % interval: as if all expectations erred together, which is the widest."""
        factor = self.observed / self.expected
        error = math.fsum(
            rise.expected / self.expected * math.log(rise.factor_high / rise.factor_low) / (2 * NORMAL)
            for rise in self.rises
        )
        return factor, factor * math.exp(-NORMAL * error), factor * math.exp(NORMAL * error)


@dataclass(frozen=True)
class Looking:
    """What counts as a rise, and what as together.

    Args:
        bin: width of a bin.
        q: the false-discovery rate up to which a rise, and a candidate, counts.
        least_channels: below so many a candidate is none.
        tolerance: bins within which the rises begin.
        least_factor: of a rise.
        least_change: of a rise, in messages.
        least_messages: of a channel in all.
    """

    bin: str
    q: float
    least_channels: int
    tolerance: int
    least_factor: float
    least_change: int
    least_messages: int

    @property
    def width(self) -> timedelta:
        """Of a bin."""
        return parse_bin(self.bin) * INSTANT

    def candidates(self, counted: Counted, collected: Collected) -> tuple[list[Candidate], Pictures]:
        """Those up to ``q``, by start; and what draws their channels."""
        counts, names = self._series(counted.counts)
        if len(names) < self.least_channels:
            return [], Pictures(counts, None, self.bin)
        spans = {key: collected.of(*series) for key, series in names.items()}
        found, coverage = look(counts, spans, self.bin)
        rises = [
            _rise(row, *names[row["series"]], spans[row["series"]]) for row in found.to_pylist() if self._counts(row)
        ]
        pictures = Pictures(counts, coverage, self.bin)
        return self.together(rises, {names[key]: span for key, span in spans.items()}), pictures

    def _series(self, counts: pa.Table) -> tuple[pa.Table, dict[str, Series]]:
        """``series, at, count`` of the channels that are large enough, and who they are."""
        key = pc.binary_join_element_wise(counts["platform"], pc.fill_null(counts["channel"], ""), "\t")
        counts = counts.append_column("series", key)
        totals = counts.group_by(["series", "platform", "channel"]).aggregate([("count", "sum")]).to_pylist()
        chosen = sorted(
            (row["series"], (row["platform"], row["channel"]))
            for row in totals
            if row["count_sum"] >= self.least_messages
        )
        names = dict(chosen)
        kept = counts.filter(pc.is_in(counts["series"], pa.array(list(names), pa.string())))
        return kept.select(["series", "at", "count"]), names

    def _counts(self, row: dict[str, Any]) -> bool:
        more = row["observed"] - row["expected"]
        return bool(
            row["direction"] == "up"
            and row["q"] <= self.q
            and row["factor"] >= self.least_factor
            and more >= self.least_change
        )

    def together(self, rises: Sequence[Rise], spans: dict[Series, list[Interval]]) -> list[Candidate]:
        """Rises, by channel and start, that are joined up to ``q``; ``spans`` tells of each channel what is known."""
        series = sorted(spans, key=str)
        number = {one: place for place, one in enumerate(series)}
        groups = joined(
            [number[rise.series] for rise in rises],
            [microseconds(rise.start) for rise in rises],
            [microseconds(rise.end) for rise in rises],
            [round(rise.more) for rise in rises],
            tolerance=self.tolerance * self.width // INSTANT,
            least=self.least_channels,
        )
        windows = Counter(rise.series for rise in rises)
        own = [windows[one] for one in series]
        lengths = [sum(((end - begin) for begin, end in spans[one]), timedelta()) / self.width for one in series]
        chances = [chance_together(own, lengths, within=self.tolerance + 1, size=len(members)) for members in groups]
        found = []
        for members, p, q in zip(groups, chances, benjamini_hochberg(np.array(chances)), strict=True):
            if q <= self.q:
                chosen = tuple(
                    sorted((rises[place] for place in members), key=lambda one: (one.start, str(one.series)))
                )
                platforms = {rise.platform for rise in chosen}
                beside = sum(platform in platforms for platform, _ in series)
                until = min(spans[rise.series][-1][1] for rise in chosen)
                found.append(Candidate(chosen, p, float(q), beside, until))
        return found


def _rise(row: dict[str, Any], platform: str, channel: str | None, spans: list[Interval]) -> Rise:
    return Rise(
        platform=platform,
        channel=channel,
        running=row["end"] > spans[-1][1],
        **{name: row[name] for name in ("start", "end", "observed", "expected", "history", "unknown")},
        **{name: row[name] for name in ("factor", "factor_low", "factor_high")},
    )


class Pictures:
    """Cuts what a picture of a channel shows out of the expectations.

    Args:
        counts: ``series, at, count``.
        coverage: on which the rises rest; None where nothing was looked for.
        bin: width of a bin.
    """

    def __init__(self, counts: pa.Table, coverage: pa.Table | None, bin: str) -> None:  # noqa: A002
        self._counts, self._coverage, self._bin = counts, coverage, bin

    def of(
        self, candidate: Candidate, rises: Sequence[Rise], before: int, after: int
    ) -> dict[Series, dict[str, list[Any]]]:
        """Observed, expected and band of the channels of these rises, bin by bin around the candidate."""
        width = parse_bin(self._bin) * INSTANT
        names = {f"{rise.platform}\t{rise.channel or ''}": rise.series for rise in rises}
        chosen = self._counts.filter(pc.is_in(self._counts["series"], pa.array(list(names), pa.string())))
        bins = expectation(chosen, bin=self._bin, coverage=self._coverage)
        begin, end = candidate.start - before * width, candidate.end + after * width
        shown = pc.and_(pc.greater_equal(bins["at"], begin), pc.less(bins["at"], end))
        bins = bins.filter(shown)
        pictures = {}
        for key, series in names.items():
            pictures[series] = drawn(bins.filter(pc.equal(bins["series"], key)))
        return pictures
