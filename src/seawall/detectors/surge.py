"""Surges and collapses: when much more, or much less, was written than the weeks before let expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.examples import messages_table
from seawall.detectors.surge_collected import Collected
from seawall.detectors.surge_running import look
from seawall.detectors.surge_standing import SurgeStanding
from seawall.detectors.surge_words import series_title, surge_doubts, surge_sentence
from seawall.measures.bursts import expectation
from seawall.measures.bursts.plan import FIRST_MONDAY, parse_bin
from seawall.model import COVERAGE, Alert, Severity, Subject
from seawall.protocols import Window

KINDS = ("platform", "channel", "language")
CONTEXT_BINS = 60
MOST_POINTS = 200


@dataclass(frozen=True)
class SurgeDetector:
    """Windows in which a platform, a channel or a language of a platform rose or fell beyond its own past.

    One alert per window. It counts messages, and says nothing about accounts. Each of the three kinds of series
    keeps its own false-discovery rate. See ``seawall.measures.surges`` for the method. The bin in which collection ends
    is not over: it can show a rise while it builds, and no fall.

    Args:
        bin: width of a bin, "1d".
        q: the false-discovery rate up to which a window is told, at most 0.05.
        least_factor: told are rises by at least this factor, and falls to at most one in so many.
        least_change: told are windows with at least so many messages more, or fewer, than expected.
        least_messages: series with fewer messages in all are left out.

    >>> detector = SurgeDetector()
    >>> from seawall.checks import MemoryWindow
    >>> alert = next(detector.detect(MemoryWindow(detector.examples()[0], detector)))
    >>> alert.sentence.split(":")[0]
    'Messages on garden rose 4.0-fold (3.4-4.7) from 1 to 10 June 2026 UTC'
    """

    bin: str = "1d"
    q: float = 0.05
    least_factor: float = 1.5
    least_change: int = 50
    least_messages: int = 200

    name: ClassVar[str] = "surge"
    version: ClassVar[str] = "2"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": ("platform", "channel_id", "language", "kind", "sent_at"),
        "coverage": ("source", "platform", "channel_id", "start", "end", "complete"),
    }

    def detect(self, window: Window) -> Iterator[Alert]:
        """The surges and collapses of this window, by kind of series, series and time."""
        counted = window.query(self._counting())
        if not counted.num_rows:
            return
        whole = counted.filter(pc.equal(counted["kind"], "platform"))
        spans = whole.group_by("platform").aggregate([("first", "min"), ("last", "max")]).to_pylist()
        collected = Collected(
            window.query("SELECT * FROM coverage").to_pylist(),
            {row["platform"]: (row["first_min"], row["last_max"]) for row in spans},
            window.start,
            window.end,
        )
        yield from self.of(counted, collected)

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> SurgeStanding:
        """The counts of all series, kept while records come in."""
        return SurgeStanding(parse_bin(self.bin), self.of, saved)

    def of(self, counted: pa.Table, collected: Collected) -> Iterator[Alert]:
        """The surges and collapses of counts: ``kind, platform, name, at, count``, a row a series and bin."""
        whole = counted.filter(pc.equal(counted["kind"], "platform"))
        totals = dict(zip(*whole.group_by("platform").aggregate([("count", "sum")]).to_pydict().values(), strict=True))
        for kind in KINDS:
            yield from self._of_kind(kind, self._own(kind, counted, totals), collected)

    def _counting(self) -> str:
        """Messages by platform, by channel and by language, a row a bin; a later revision is not another message."""
        width = parse_bin(self.bin)
        return f"""
            SELECT
                CASE grouping(channel_id, language) WHEN 3 THEN 'platform' WHEN 1 THEN 'channel' ELSE 'language' END
                    AS kind,
                platform, coalesce(channel_id, language) AS name, count(*) AS count,
                min(sent_at) AS first, max(sent_at) AS last,
                make_timestamptz(bin * {width} + {FIRST_MONDAY}) AS at
            FROM (
                SELECT *, CAST(floor((epoch_us(sent_at) - {FIRST_MONDAY}) / {width}) AS BIGINT) AS bin
                FROM messages WHERE kind <> 'edit'
            )
            GROUP BY GROUPING SETS ((platform, bin), (platform, channel_id, bin), (platform, language, bin))
            HAVING grouping(channel_id, language) = 3 OR coalesce(channel_id, language, 'und') <> 'und'
        """  # noqa: S608 - numbers of our own

    def _own(self, kind: str, counted: pa.Table, platforms: Mapping[str, int]) -> pa.Table:
        """Counts of the series of this kind that are large enough, and not all of their platform once more."""
        counted = counted.filter(pc.equal(counted["kind"], kind))
        key = pc.binary_join_element_wise(counted["platform"], pc.fill_null(counted["name"], ""), "\t")
        counted = counted.append_column("series", key)
        totals = counted.group_by(["series", "platform"]).aggregate([("count", "sum")]).to_pylist()
        chosen = [
            row["series"]
            for row in totals
            if row["count_sum"] >= self.least_messages
            and (kind == "platform" or row["count_sum"] < platforms[row["platform"]])
        ]
        return counted.filter(pc.is_in(counted["series"], pa.array(chosen, pa.string())))

    def _of_kind(self, kind: str, counted: pa.Table, collected: Collected) -> Iterator[Alert]:
        if not counted.num_rows:
            return
        names = [tuple(key.split("\t")) for key in sorted(pc.unique(counted["series"]).to_pylist())]
        spans = {
            f"{platform}\t{name}": collected.of(platform, name if kind == "channel" else None)
            for platform, name in names
        }
        counts = counted.select(["series", "at", "count"])
        found, coverage = look(counts, spans, self.bin)
        told = [row for row in found.to_pylist() if self._telling(row)]
        chosen = counts.filter(pc.is_in(counts["series"], pa.array({row["series"] for row in told}, pa.string())))
        pictures = _Pictures(expectation(chosen, bin=self.bin, coverage=coverage), parse_bin(self.bin))
        for row in told:
            platform = row["series"].split("\t")[0]
            peers = [other for other, _ in names if other == platform]
            alone = len(peers) > 1 and not any(_together(row, other) for other in told)
            running = row["end"] > max(end for _, end in spans[row["series"]])
            yield self._alert(kind, {**row, "running": running}, collected, alone, pictures)

    def _telling(self, row: dict[str, Any]) -> bool:
        far = row["factor"] >= self.least_factor or row["factor"] <= 1.0 / self.least_factor
        return bool(row["q"] <= self.q and far and abs(row["observed"] - row["expected"]) >= self.least_change)

    def _alert(self, kind: str, row: dict[str, Any], collected: Collected, alone: bool, pictures: _Pictures) -> Alert:
        platform, name = row["series"].split("\t")
        title, width = series_title(kind, platform, name), timedelta(microseconds=parse_bin(self.bin))
        doubt = tuple(
            surge_doubts(
                row,
                width,
                alone=alone,
                told=collected.told(platform),
                newcomers=collected.newcomers(platform, row["start"] - timedelta(days=14), row["end"]),
            )
        )
        subject = () if kind == "platform" else (Subject(kind, name),)
        return Alert(
            detector=self.name,
            version=self.version,
            parameters=asdict(self),
            anchor=f"{kind} {platform} {name} {row['direction']} {row['start']:%Y-%m-%dT%H:%M}",
            start=row["start"],
            end=row["end"],
            subjects=(*subject, Subject("platform", platform)),
            severity=_severity(row),
            score=(1.0 - row["q"]) * row["history"] * 0.9 ** (len(doubt) - 1),
            sentence=surge_sentence(title, row, width),
            doubt=doubt,
            p=row["p"],
            q=row["q"],
            observed=float(row["observed"]),
            expected=row["expected"],
            details={
                "series": title,
                "bin": self.bin,
                "direction": row["direction"],
                "factor": row["factor"],
                "factor_interval": [row["factor_low"], row["factor_high"]],
                "baseline_weeks": 13,
                "history": row["history"],
                "unknown_bins": row["unknown"],
                "picture": pictures.around(row),
            },
        )

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """A gardening platform with an open day in June that everybody talks about, and one without."""
        return _world(4), _world(1)


def _severity(row: dict[str, Any]) -> Severity:
    """By the factor that is at least sure, and by how many messages it is about."""
    if row["direction"] == "down":
        return Severity.MEDIUM if row["factor_high"] <= 1 / 3 and row["expected"] >= 1000 else Severity.LOW
    more = row["observed"] - row["expected"]
    if row["factor_low"] >= 3.0 and more >= 1000:
        return Severity.HIGH
    return Severity.MEDIUM if row["factor_low"] >= 1.5 and more >= 100 else Severity.LOW


def _together(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether another series of the platform changed in the same direction at the same time."""
    same = row["series"].split("\t")[0] == other["series"].split("\t")[0] and row["direction"] == other["direction"]
    return bool(
        same and row["series"] != other["series"] and row["start"] < other["end"] and other["start"] < row["end"]
    )


class _Pictures:
    """Cuts what a picture shows out of the expectations of all series."""

    def __init__(self, expected: pa.Table, width: int) -> None:
        self._width = timedelta(microseconds=width)
        self._of: dict[str, pa.Table] = {
            name: expected.filter(pc.equal(expected["series"], name))
            for name in pc.unique(expected["series"]).to_pylist()
        }

    def around(self, row: dict[str, Any]) -> dict[str, Any]:
        """The window with some bins before and after it; the end of a very long one is left out."""
        rows = self._of[row["series"]]
        first = rows["at"][0].as_py()
        begin = max((row["start"] - first) // self._width - CONTEXT_BINS, 0)
        length = min((row["end"] - row["start"]) // self._width + 2 * CONTEXT_BINS, MOST_POINTS)
        rows = rows.slice(begin, length)
        return {
            "unit": "messages per day" if self._width == timedelta(days=1) else "messages per bin",
            "source": "messages in the lake, by time sent, UTC",
            "bin_seconds": self._width.total_seconds(),
            "at": [at.isoformat() for at in rows["at"].to_pylist()],
            **{name: rows[name].to_pylist() for name in ("observed", "expected", "low", "high")},
        }


def _world(factor: int) -> dict[str, pa.Table]:
    begin, days = datetime(2026, 1, 1, tzinfo=UTC), 180
    rows = []
    for day in range(days):
        count = (24 + day * 7 % 13) * (factor if 151 <= day < 161 else 1)
        for number in range(count):
            at = begin + timedelta(days=day, minutes=number * 7)
            member = f"a{number % 17:020x}"
            rows.append({"sent_at": at, "channel_id": f"c{number % 2:020x}", "account_id": member, "language": "en"})
    known = {"source": "example", "platform": "garden", "channel_id": None, "how": "stated", "complete": True}
    coverage = [{**known, "start": begin, "end": begin + timedelta(days=days), "batch": 1}]
    return {"messages": messages_table(rows), "coverage": pa.Table.from_pylist(coverage, schema=COVERAGE)}
