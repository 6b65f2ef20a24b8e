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
from seawall.detectors.surge_counts import Counting
from seawall.detectors.surge_families import widened
from seawall.detectors.surge_kinds import KINDS, LISTED
from seawall.detectors.surge_pictures import Pictures, basis
from seawall.detectors.surge_series import COLUMNS, Family, Judging, SurgeSeries
from seawall.detectors.surge_standing import SurgeStanding
from seawall.detectors.surge_texts import CommonTexts
from seawall.detectors.surge_words import series_title, surge_doubts, surge_sentence
from seawall.errors import ConfigurationError
from seawall.measures.bursts import expectation
from seawall.measures.bursts.plan import parse_bin
from seawall.model import COVERAGE, Alert, Severity, Subject
from seawall.protocols import Window

SUBJECTS = {"accounts": "activity", "cluster": "text"}
"""What an alert calls the subject of a kind of series, where it is not called as the kind is."""


@dataclass(frozen=True)
class SurgeDetector:
    """Windows in which a series of counts rose or fell beyond its own past: a platform, a channel, a language, ...

    One alert per window. It counts messages, and accounts without telling one from another; no series is about one
    account. ``seawall.detectors.surge_kinds`` says what is counted, ``seawall.measures.surges`` how it is judged. Each
    kind of series keeps its own false-discovery rate, and what stands out in few kinds of many must stand out further
    (``seawall.detectors.surge_families``). The bin in which collection ends is not over: it can show a rise while it
    builds, and no fall.

    Args:
        bin: width of a bin, "1d".
        q: the false-discovery rate up to which a window is told, at most 0.05.
        least_factor: told are rises by at least this factor, and falls to at most one in so many.
        least_change: told are windows with at least so many messages more, or fewer, than expected.
        least_messages: series with fewer messages in all are left out.
        kinds: of series, "platform" among them; beside the usual ones "indicator", and "cluster" (not while watching).
        indicators: for the kind "indicator": domains, addresses, and texts as "text:" with their match key.

    Raises:
        ConfigurationError: a kind that does not exist, or no platforms among them.

    >>> detector = SurgeDetector()
    >>> from seawall.checks import MemoryWindow
    >>> alert = next(detector.detect(MemoryWindow(detector.examples()[0], detector)))
    >>> alert.sentence.split(":")[0]
    'Messages on garden rose 4.0-fold (3.3-4.8) from 1 to 10 June 2026 UTC'
    """

    bin: str = "1d"
    q: float = 0.05
    least_factor: float = 1.5
    least_change: int = 50
    least_messages: int = 200
    kinds: tuple[str, ...] = KINDS
    indicators: tuple[str, ...] = ()

    name: ClassVar[str] = "surge"
    version: ClassVar[str] = "3"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": COLUMNS,
        "coverage": ("source", "platform", "channel_id", "start", "end", "complete"),
    }

    def __post_init__(self) -> None:
        if "platform" not in self.kinds or not set(self.kinds) <= {*KINDS, *LISTED}:
            raise ConfigurationError(
                "A kind of series does not exist, or the platforms are missing.",
                where="kinds",
                mend=f"Choose platform, and from {', '.join([*KINDS[1:], *LISTED])}.",
            )

    def detect(self, window: Window) -> Iterator[Alert]:
        """The surges and collapses of this window, by kind of series, series and time."""
        clusters = self._clusters(window)
        looked = SurgeSeries(
            self._judging,
            Counting(parse_bin(self.bin), self.kinds, self.indicators, clusters),
            window.query("SELECT * FROM coverage").to_pylist(),
            window.start,
            window.end,
        )
        families, collected = window.engine.run(looked, window.table("messages", looked.columns))
        yield from self._told(families, collected)

    def _clusters(self, window: Window) -> tuple[str, ...]:
        if "cluster" not in self.kinds:
            return ()
        common = CommonTexts(self.least_messages)
        return tuple(window.engine.run(common, window.table("messages", common.columns)))

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> SurgeStanding:
        """The counts of all series, kept while records come in.

        Raises:
            ConfigurationError: clusters were asked for: which texts will be common cannot be known while they come.
        """
        if "cluster" in self.kinds:
            raise ConfigurationError(
                "Clusters of texts are found in all messages at once, and not while they come.",
                where="kinds",
                mend="Watch without the kind cluster, or list a text among the indicators.",
            )
        return SurgeStanding(
            parse_bin(self.bin),
            self.of,
            saved,
            kinds=self.kinds,
            indicators=self.indicators,
            least=self.least_messages,
        )

    def of(self, counted: pa.Table, collected: Collected) -> Iterator[Alert]:
        """The surges and collapses of counts: ``kind, platform, name, at, count``, a row a series and bin."""
        yield from self._told(self._judging.here(counted, collected), collected)

    @property
    def _judging(self) -> Judging:
        return Judging(self.bin, self.kinds, self.least_messages)

    def _told(self, families: list[Family], collected: Collected) -> Iterator[Alert]:
        for family, qs in zip(families, widened([one.found["q"].to_pylist() for one in families], self.q), strict=True):
            yield from self._of_family(family, qs, collected)

    def _of_family(self, family: Family, qs: list[float], collected: Collected) -> Iterator[Alert]:
        """The alerts of one kind of series, with what q they have in the company of the other kinds."""
        rows = [{**row, "q": q} for row, q in zip(family.found.to_pylist(), qs, strict=True)]
        told = [row for row in rows if self._telling(row)]
        if not told:
            return
        named = pa.array({row["series"] for row in told}, pa.string())
        chosen = family.counts.filter(pc.is_in(family.counts["series"], named))
        pictures = Pictures(
            expectation(chosen, bin=self.bin, coverage=family.coverage), parse_bin(self.bin), _unit(family.kind)
        )
        for row in told:
            platform = row["series"].split("\t", 1)[0]
            peers = family.peers[platform]
            alone = peers > 1 and not any(_together(row, other) for other in told)
            running = row["end"] > max(end for _, end in family.spans[row["series"]])
            yield self._alert(family, {**row, "running": running}, collected, alone, pictures)

    def _telling(self, row: dict[str, Any]) -> bool:
        far = row["factor"] >= self.least_factor or row["factor"] <= 1.0 / self.least_factor
        return bool(row["q"] <= self.q and far and abs(row["observed"] - row["expected"]) >= self.least_change)

    def _alert(
        self, family: Family, row: dict[str, Any], collected: Collected, alone: bool, pictures: Pictures
    ) -> Alert:
        kind, (platform, name) = family.kind, row["series"].split("\t", 1)
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
        subject = () if kind == "platform" else (Subject(SUBJECTS.get(kind, kind), name or kind),)
        return Alert(
            detector=self.name,
            version=self.version,
            parameters={**asdict(self), "kinds": [kind], "indicators": list(self.indicators)},
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
                "history": row["history"],
                "unknown_bins": row["unknown"],
                **basis(row, family.spans[row["series"]], pictures.first(row["series"]), self.bin),
                "picture": pictures.around(row),
            },
        )

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """A gardening platform with an open day in June that everybody talks about, and one without."""
        return _world(4), _world(1)


def _unit(kind: str) -> str:
    return "accounts" if kind == "accounts" else "messages"


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
    same = (
        row["series"].split("\t", 1)[0] == other["series"].split("\t", 1)[0] and row["direction"] == other["direction"]
    )
    return bool(
        same and row["series"] != other["series"] and row["start"] < other["end"] and other["start"] < row["end"]
    )


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
