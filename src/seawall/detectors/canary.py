"""A harmless phrase that proves the whole chain alive, from import to alert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.canary_standing import CanaryStanding
from seawall.detectors.examples import messages_table
from seawall.detectors.wording import counted, moment
from seawall.model import Alert, Severity, Subject
from seawall.protocols import Window

CANARY_PHRASE = "seawall canary: the greenhouse door is open"
"""Post it in a test channel: an alert must follow. Like the test string of spam filters, it means nothing else."""

CANARY_KEY = 12280865996870975116
"""The match key of the phrase (``seawall.measures.text.match_key``), which is all that a detector sees of a text."""

Rows = TypeVar("Rows", pa.Table, pa.RecordBatch)


@dataclass(frozen=True)
class CanaryDetector:
    """Fires on messages whose text is ``CANARY_PHRASE``, however disguised: it speaks about messages, not accounts.

    Args:
        text_key: the match key to look for.

    >>> firing, quiet = CanaryDetector().examples()
    >>> firing["messages"].num_rows, quiet["messages"].num_rows
    (2, 2)
    """

    text_key: int = CANARY_KEY

    name: ClassVar[str] = "canary"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"messages": ("message_id", "sent_at", "text_key")}

    def detect(self, window: Window) -> Iterator[Alert]:
        """At most one alert, about the messages that carry the phrase, the earliest first."""
        found: list[tuple[datetime, str]] = []
        for batch in window.rows("messages", self.needs["messages"]):
            rows = self.carriers(batch)
            found += zip(rows["sent_at"].to_pylist(), rows["message_id"].to_pylist(), strict=True)
        yield from self.of(sorted(found))

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> CanaryStanding:
        """The messages that carry the phrase, kept while records come in."""
        return CanaryStanding(self.carriers, self.of, saved)

    def carriers(self, rows: Rows) -> Rows:
        """The rows whose text is the phrase."""
        return rows.filter(pc.equal(rows["text_key"], pa.scalar(self.text_key, pa.uint64())))

    def of(self, found: Sequence[tuple[datetime, str]]) -> Iterator[Alert]:
        """The alert about these messages, sorted by time and id; none where there are none."""
        if not found:
            return
        ids = list(dict.fromkeys(message for _, message in found))
        times = [at for at, _ in found]
        yield Alert(
            detector=self.name,
            version=self.version,
            parameters=asdict(self),
            anchor=ids[0],
            start=times[0],
            end=times[-1],
            subjects=tuple(Subject("message", message) for message in ids),
            severity=Severity.LOW,
            score=1.0,
            sentence=(
                f"The canary phrase stands in {counted(len(ids), 'message')}, first on {moment(times[0])}: "
                "the chain from import to alert works."
            ),
            evidence=tuple(ids),
            doubt=("This is a test of Seawall itself: it says nothing about whoever wrote the phrase.",),
            observed=float(len(ids)),
        )

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """Two messages, one with the phrase; two without."""
        firing: list[dict[str, Any]] = [{"text_key": self.text_key}, {"text_key": 7}]
        quiet: list[dict[str, Any]] = [{"text_key": 7}, {"text_key": None}]
        return {"messages": messages_table(firing)}, {"messages": messages_table(quiet)}
