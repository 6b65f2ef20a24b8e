"""DuckDB in memory, without access to anything but what is registered.

What does not fit in memory spills to DIR/tmp, but only where the statement cannot see private words: with a
column of text, links, hashtags, media or titles in view there is no folder to spill to, and a statement that
needs more memory than there is fails with a StorageError instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa

from seawall.errors import MeasureError, SeawallError, StorageError
from seawall.lake.disk import disk_errors

MEMORY_SHARE = 0.25
"""Of the machine's memory, the most that a statement holds before it spills."""

MEMORY_MOST = 2 << 30
"""Bytes that a statement holds at most before it spills."""


class Stream(Protocol):
    """Rows that can be read again and again."""

    def reader(self) -> pa.RecordBatchReader:
        """The rows from the beginning."""
        ...


class Session:
    """A connection that sees the views under their names and can reach nothing else; for one statement.

    Args:
        spill: the folder for what does not fit in memory; None where private words are in view.
    """

    def __init__(self, views: Mapping[str, Stream], spill: Path | None) -> None:
        self._failures: list[SeawallError] = []
        memory = min(MEMORY_MOST, int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * MEMORY_SHARE))
        with disk_errors("DuckDB"):
            if spill is not None:
                spill.mkdir(parents=True, exist_ok=True)
            self._connection = duckdb.connect(
                ":memory:",
                config={
                    "memory_limit": f"{memory >> 20}MiB",
                    "temp_directory": str(spill) if spill is not None else "",
                    "preserve_insertion_order": False,
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                },
            )
            self._connection.execute("SET python_enable_replacements = false")
            for name, view in views.items():
                self._connection.register(name, _Watched(view, self._failures))
            self._connection.execute("SET enable_external_access = false")
            self._connection.execute("SET lock_configuration = true")

    def stream(self, sql: str, schema: pa.Schema | None = None) -> pa.RecordBatchReader:
        """The statement's result as a stream, at whose end the connection is closed.

        Args:
            schema: what the result is cast to; without it the result's own.

        Raises:
            MeasureError: the statement does not fit the tables.
            StorageError: memory or disk (also while the stream is read).
        """
        try:
            with self._errors():
                rows = self._connection.sql(sql).to_arrow_reader(131_072)
                wanted = schema if schema is not None else result_schema(rows.schema)
        except BaseException:
            self._connection.close()
            raise
        return pa.RecordBatchReader.from_batches(wanted, self._batches(rows, wanted))

    def _batches(self, rows: pa.RecordBatchReader, wanted: pa.Schema) -> Iterator[pa.RecordBatch]:
        try:
            with self._errors():
                for batch in rows:
                    yield from pa.Table.from_batches([batch]).cast(wanted).to_batches()
        finally:
            rows.close()
            self._connection.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """What the views raised comes first, because DuckDB passes it on as words only."""
        with disk_errors("DuckDB"):
            try:
                yield
            except (duckdb.Error, pa.ArrowException, OSError) as error:
                if self._failures:
                    raise self._failures.pop() from None
                if isinstance(error, duckdb.OutOfMemoryException) or "Out of Memory" in str(error):
                    raise StorageError(
                        "A statement needs more memory than it may have, and private words are never spilled.",
                        where="DuckDB",
                        mend="Ask for fewer columns or a shorter time.",
                    ) from None
                if isinstance(error, (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError)):
                    raise MeasureError(
                        "The statement cannot be run over these tables.",
                        where=type(error).__name__,
                        mend="Check the names and types of its tables and columns.",
                    ) from None
                raise


class _Watched:
    """A view that remembers what was raised while it was read."""

    def __init__(self, view: Stream, failures: list[SeawallError]) -> None:
        self._view = view
        self._failures = failures

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        with self._remembered():
            rows = self._view.reader()
        return pa.RecordBatchReader.from_batches(rows.schema, self._batches(rows)).__arrow_c_stream__(requested_schema)

    def _batches(self, rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        with self._remembered():
            yield from rows

    @contextmanager
    def _remembered(self) -> Iterator[None]:
        try:
            yield
        except SeawallError as error:
            self._failures.append(error)
            raise


def result_schema(schema: pa.Schema) -> pa.Schema:
    """DuckDB's names of types as the model has them: every time is in UTC.

    >>> result_schema(pa.schema([("at", pa.timestamp("us", tz="Etc/UTC"))])).field("at").type.tz
    'UTC'
    """
    return pa.schema(
        [
            column.with_type(pa.timestamp(column.type.unit, tz="UTC"))
            if pa.types.is_timestamp(column.type) and column.type.tz
            else column
            for column in schema
        ]
    )
