"""Rows that stream by, of which at most so many are kept: always the same ones, whatever the order."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.keys import identity_keys


class Sample:
    """The rows with the smallest hashes of their message's id: a fair sample, the same in any order.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: list[pa.Table] = []
        self._held = 0
        self.seen = 0

    def add(self, rows: pa.Table) -> None:
        """Take rows in; they have ``message_id`` and ``sent_at``."""
        if rows.num_rows:
            self._parts.append(rows)
            self._held += rows.num_rows
            self.seen += rows.num_rows
            if self._held > 2 * self._most:
                self._parts = [self._smallest(pa.concat_tables(self._parts))]
                self._held = self._parts[0].num_rows

    def table(self, schema: pa.Schema) -> pa.Table:
        """The rows that are kept, by time and id."""
        rows = self._smallest(pa.concat_tables([schema.empty_table(), *self._parts]))
        return rows.take(pc.sort_indices(rows, [("sent_at", "ascending"), ("message_id", "ascending")]))

    @property
    def share(self) -> float:
        """The part of what was seen that is kept."""
        return min(1.0, self._most / max(self.seen, 1))

    def _smallest(self, rows: pa.Table) -> pa.Table:
        if rows.num_rows <= self._most:
            return rows
        keys = identity_keys(rows["message_id"])
        return rows.take(pa.array(np.argsort(keys, kind="stable")[: self._most]))
