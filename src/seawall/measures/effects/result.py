"""What ``effect`` answers: a row for each action and measure, the days for pictures, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")
RESULT = pa.schema(
    [
        ("action", pa.string()),
        ("at", UTC_MICROSECONDS),
        ("measure", pa.string()),
        ("verdict", pa.string()),
        ("ratio", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("before", pa.float64()),
        ("after", pa.float64()),
        ("expected", pa.float64()),
        ("units", pa.int64()),
        ("controls", pa.int64()),
        ("days_before", pa.int64()),
        ("days_after", pa.int64()),
        ("placebos", pa.int64()),
        ("strain", pa.float64()),
        ("alone", pa.float64()),
        ("reason", pa.string()),
        ("doubt", pa.list_(pa.string())),
    ]
)
"""One row for each action and measure; null = not told. ``before``, ``after``, ``expected``: a day."""
DAYS = pa.schema(
    [
        ("action", pa.string()),
        ("measure", pa.string()),
        ("at", UTC_MICROSECONDS),
        ("after", pa.bool_()),
        ("observed", pa.float64()),
        ("expected", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)
"""One row a day of both windows; ``observed`` null = not known."""
LEFT_OUT = pa.schema([("reason", pa.string()), ("count", pa.int64())])


@dataclass(frozen=True)
class Effect:
    """Before and after: see ``seawall.measures.effect``.

    ``table``: ``RESULT``, by action and measure. ``days``: ``DAYS``. ``left_out``: ``LEFT_OUT``, what was not looked
    at and how often, by reason. ``parameters``: what was asked.
    """

    table: pa.Table
    days: pa.Table
    left_out: pa.Table
    parameters: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.table)

    @property
    def doubt(self) -> tuple[str, ...]:
        """What speaks against any of the rows, each sentence once."""
        return tuple(dict.fromkeys(sentence for row in self.table["doubt"].to_pylist() for sentence in row))


def joined(parts: Sequence[Effect]) -> Effect:
    """Answers to several questions as one, with the parameters of the first."""
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update({row["reason"]: row["count"] for row in part.left_out.to_pylist()})
    tables, days = ([getattr(part, name) for part in parts] for name in ("table", "days"))
    return Effect(pa.concat_tables(tables), pa.concat_tables(days), left_out_table(counts), parts[0].parameters)


def left_out_table(counts: Counter[str]) -> pa.Table:
    """What was left out, the most frequent reason first."""
    rows = [{"reason": reason, "count": count} for reason, count in counts.most_common() if count]
    return pa.Table.from_pylist(rows, LEFT_OUT)
