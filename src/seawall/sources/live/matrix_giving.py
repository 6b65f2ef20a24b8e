"""Records and coverage that wait to be given as one raw batch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import RAW_COVERAGE, RAW_MESSAGES, raw_table
from seawall.protocols import LIVE_RECORDS, RawBatch, ReadOptions
from seawall.sources.live.parsing import joined, parsed
from seawall.sources.matrix import Matrix
from seawall.sources.matrix_rooms import Rooms
from seawall.sources.raw_rows import Row

WATCHED = "watched"


class Giving:
    """Collects; ``batch`` hands over, with the rooms as they are at that moment."""

    def __init__(self, rooms: Rooms, options: ReadOptions) -> None:
        self._source = Matrix(rooms)
        self._options = options
        self._lines: list[bytes] = []
        self._reported: list[bytes] = []
        self._coverage: list[Row] = []

    @property
    def waiting(self) -> bool:
        """Whether there is anything to give."""
        return bool(self._lines or self._reported or self._coverage)

    @property
    def full(self) -> bool:
        """Whether a batch can hold no more."""
        return len(self._lines) + len(self._reported) >= LIVE_RECORDS - 2

    def add(self, record: Any) -> None:
        """A record; one that is no event is rejected in the batch."""
        self._lines.append(msgspec.json.encode(record))

    def add_reported(self, records: list[Row]) -> None:
        """Records of a message that a participant reported."""
        self._reported += map(msgspec.json.encode, records)

    def cover(self, room: str | None, start: int, end: int, *, complete: bool) -> None:
        """What was read of a time, in UTC microseconds; room None = everything."""
        if start < end:
            row = {"channel_id": room, "start": start, "end": end, "complete": complete, "how": WATCHED}
            self._coverage.append(row)

    def lose(self, room: str | None, start: int, end: int) -> None:
        """What could not be read."""
        self.cover(room, start, end, complete=False)

    def batch(self, checkpoint: str) -> RawBatch:
        """Everything up to here."""
        made = parsed(self._source, self._lines, self._options, checkpoint)
        if self._reported:
            told = _after(parsed(self._source, self._reported, self._options, checkpoint), len(self._lines))
            yes = pa.array([True] * told.messages.num_rows, pa.bool_())
            place = RAW_MESSAGES.get_field_index("reported")
            told = replace(told, messages=told.messages.set_column(place, RAW_MESSAGES.field(place), yes))
            made = joined([made, told], made.platform, checkpoint)
        columns = {name: [row[name] for row in self._coverage] for name in RAW_COVERAGE.names}
        made = replace(made, coverage=raw_table(RAW_COVERAGE, columns))
        self._lines, self._reported, self._coverage = [], [], []
        return made


def _after(batch: RawBatch, records: int) -> RawBatch:
    """The batch with positions that follow those of so many records."""
    moved = {}
    for name in ("messages", "interactions", "deletions", "rejected"):
        table = getattr(batch, name)
        place = table.schema.get_field_index("position")
        moved[name] = table.set_column(place, table.schema.field(place), pc.add(table["position"], records))
    return replace(batch, **moved)
