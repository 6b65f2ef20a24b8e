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

from seawall.errors import MeasureError, StorageError
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


def connect(views: Mapping[str, Stream], spill: Path | None) -> duckdb.DuckDBPyConnection:
    """A connection that sees the views under their names and can reach nothing else.

    Args:
        spill: the folder for what does not fit in memory; None where private words are in view.
    """
    memory = min(MEMORY_MOST, int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * MEMORY_SHARE))
    with disk_errors("DuckDB"):
        if spill is not None:
            spill.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{memory >> 20}MiB",
                "temp_directory": str(spill) if spill is not None else "",
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        connection.execute("SET python_enable_replacements = false")
        for name, view in views.items():
            connection.register(name, view)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def statement_errors() -> Iterator[None]:
    """Tell a statement that cannot be right from memory that is too small and from a disk that refuses.

    Raises:
        MeasureError: the statement does not fit the tables.
        StorageError: memory or disk.
    """
    with disk_errors("DuckDB"):
        try:
            yield
        except duckdb.OutOfMemoryException:
            raise StorageError(
                "A statement needs more memory than it may have, and private words are never spilled.",
                where="DuckDB",
                mend="Ask for fewer columns or a shorter time.",
            ) from None
        except (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError) as error:
            raise MeasureError(
                "The statement cannot be run over these tables.",
                where=type(error).__name__,
                mend="Check the names and types of its tables and columns.",
            ) from None


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


def stream(connection: duckdb.DuckDBPyConnection, sql: str, schema: pa.Schema | None = None) -> pa.RecordBatchReader:
    """The result of a statement as a stream; the connection is closed at its end.

    Args:
        schema: what the result is cast to; without it the result's own.
    """
    with statement_errors():
        rows = connection.sql(sql).to_arrow_reader(131_072)
        wanted = schema if schema is not None else result_schema(rows.schema)

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            with statement_errors():
                for batch in rows:
                    yield pa.Table.from_batches([batch]).cast(wanted).combine_chunks().to_batches()[0]
        finally:
            rows.close()
            connection.close()

    return pa.RecordBatchReader.from_batches(wanted, batches())
