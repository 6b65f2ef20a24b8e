"""One detector while records come in: its state, its latest alerts, and when it is worth asking again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from seawall.engine.local import LocalEngine
from seawall.engine.window import TableWindow
from seawall.errors import ConfigurationError
from seawall.model import Alert
from seawall.protocols import Detector, LiveDetector, Standing, fed_table

HELD_TABLES = ("messages", "coverage")

REST = 4.0
"""After an answer a detector rests for so many times as long as the answer took: it has a fifth of the time."""
LONGEST_REST = 300.0
"""Seconds; it is asked at least so often."""
UNCHANGED_REST = 60.0
"""Seconds between two answers while nothing comes: only the time of day can change them."""


@dataclass
class Running:
    """A detector at work.

    Args:
        detector: with a standing state or without; without one it is run over the recent messages.
        clock: seconds that only grow.

    Raises:
        ConfigurationError: it has no standing state, and needs tables of which nothing recent is held; or it has one
            that would have to be fed two tables.
    """

    detector: Detector
    clock: Callable[[], float]
    standing: Standing | None = None
    seconds: float = 0.0  # that the latest answer took
    answered: float | None = None  # when, by the clock
    fed: int = -1  # how many changes the latest answer knew
    told: list[Alert] = field(default_factory=list)
    table: str = field(init=False)  # that its state is fed

    def __post_init__(self) -> None:
        self.table = fed_table(self.detector)
        other = sorted(set(self.detector.needs) - set(HELD_TABLES))
        self.take_up(None)
        if self.standing is None and other:
            raise ConfigurationError(
                f"The detector needs the table {', '.join(other)}, of which nothing recent is held.",
                where=f"detector {self.detector.name}",
                mend="Give it a standing state, or run it with seawall detect.",
            )

    @property
    def identity(self) -> list[Any]:
        """Name, version and parameters: another detector cannot use its state."""
        parameters: Any = self.detector
        return [self.detector.name, self.detector.version, asdict(parameters)]

    def columns(self, table: str) -> tuple[str, ...]:
        """What it may see of a table."""
        return self.detector.needs.get(table, ())

    def take_up(self, saved: Mapping[str, pa.Table] | None) -> None:
        """Begin with a state that was saved, or with an empty one."""
        if isinstance(self.detector, LiveDetector):
            self.standing = self.detector.standing(saved)

    def feed(self, table: str, removed: pa.Table, added: pa.Table) -> None:
        """Take rows out and put rows in, if they are of the table that it watches."""
        if self.standing is not None and table == self.table:
            seen = list(self.columns(table))
            self.standing.feed(removed.select(seen), added.select(seen))

    def forget(self, table: str, before: datetime) -> None:
        """Let a state go of what is over, if it watches this table."""
        if self.standing is not None and table == self.table:
            self.standing.forget(before)

    def due(self, fed: int) -> bool:
        """Whether it is worth asking, ``fed`` changes having come."""
        if self.answered is None:
            return True
        rest = min(REST * self.seconds, LONGEST_REST)
        return self.clock() - self.answered >= (rest if fed != self.fed else max(rest, UNCHANGED_REST))

    def ask(self, fed: int, coverage: pa.Table, now: datetime, recent: Callable[[], pa.Table]) -> None:
        """Hold the alerts of this moment."""
        began = self.clock()
        if self.standing is not None:
            seen = [name for name in coverage.schema.names if name in self.columns("coverage")]
            self.told = list(self.standing.alerts(coverage.select(seen), now))
        else:
            self.told = list(self.detector.detect(_window(self.detector, coverage, recent)))
        self.answered, self.fed = self.clock(), fed
        self.seconds = self.answered - began


def _window(detector: Detector, coverage: pa.Table, recent: Callable[[], pa.Table]) -> TableWindow:
    def read(table: str, columns: tuple[str, ...]) -> pa.RecordBatchReader:
        rows = recent() if table == "messages" else coverage
        return rows.select(list(columns)).to_reader()

    return TableWindow(read, detector.needs, LocalEngine())
