"""What the measure of surges is asked: counts, what was collected, and bins; calendar months become even and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from seawall.cli import count_months
from seawall.cli.count_bins import without_running_bin
from seawall.cli.count_facts import Facts, facts_of
from seawall.measures import SurgesMeasure, expectation
from seawall.measures.bursts.plan import parse_bin


@dataclass(frozen=True, slots=True)
class Question:
    """Counts and what was collected, in the calendar of the measure; ``ask`` makes one.

    Answers are in the calendar of people.
    """

    rows: pa.Table
    coverage: pa.Table | None
    bin: str
    sentences: tuple[str, ...]

    @property
    def months(self) -> bool:
        """Whether bins are calendar months."""
        return self.bin == count_months.MONTH

    @property
    def width(self) -> str:
        """The width that the measure is told."""
        return count_months.WIDTH if self.months else self.bin

    def windows(self) -> pa.Table:
        """The windows of ``surges``; with ``history`` ("full" or "short": the past that they rest on) and ``unknown``
        (bins of window and past that were not collected)."""
        measure = SurgesMeasure(self.width, self.coverage, details=True)
        found = measure.finalise(measure.kernel(measure.prepare(self.rows)))
        words = pc.if_else(pc.less(found.column("history"), 1.0), "short", "full")
        found = found.set_column(found.column_names.index("history"), "history", words)
        return count_months.from_weeks(found, ("start", "end")) if self.months else found

    def facts(self) -> Facts:
        """What the series are like, and what was assumed about them."""
        facts = facts_of(self.rows, self.width, self.coverage)
        if not self.months:
            return facts
        back = count_months.moment_from_weeks
        return replace(
            facts, series=tuple(replace(one, start=back(one.start), end=back(one.end)) for one in facts.series)
        )

    def expected(self, series: Sequence[str]) -> pa.Table:
        """``seawall.measures.expectation`` of these series."""
        names = self.rows.column("series").cast(pa.string())
        rows = self.rows.filter(pc.is_in(names, pa.array(series, pa.string())))
        found = expectation(rows, bin=self.width, coverage=self.coverage)
        return count_months.from_weeks(found, ("at",)) if self.months else found


def ask(rows: pa.Table, coverage: pa.Table | None, bin: str, now: datetime) -> Question:  # noqa: A002 - as the measure calls it
    """The question to the measure; rows of a bin that is not over at ``now`` are left out.

    Args:
        rows: ``series, at, count``.
        coverage: ``series, start, end``, or None.
        bin: a width as the measure takes it, or "1mo".
        now: with a zone.
    """
    question = Question(rows, coverage, bin, ())
    if question.months:
        rows, now = count_months.to_weeks(rows), count_months.moment_to_weeks(now)
        if coverage is not None:
            coverage = count_months.to_weeks(coverage, ("start", "end"), up=("start",))
    rows, sentence = without_running_bin(rows, parse_bin(question.width), now)
    return Question(rows, coverage, bin, (sentence,) if sentence else ())
