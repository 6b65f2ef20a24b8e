"""What a detector may see of the lake's tables: the columns that it declared, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from seawall.errors import ConfigurationError
from seawall.parts import Rows, TableRows
from seawall.protocols import Engine

TIME_COLUMNS = {"messages": "sent_at", "interactions": "at"}
"""The column that a window's start (inclusive) and end (exclusive) speak about; other tables are shown whole."""

Reader = Callable[[str, tuple[str, ...]], pa.RecordBatchReader]
"""Table name and columns -> the rows of the window's time, with exactly these columns; each call reads anew."""


@dataclass
class TableWindow:
    """A window over anything that reads as record batches: the lake, or tables in memory.

    Args:
        read: gives the rows of a table; it keeps to ``start`` and ``end``.
        needs: table -> columns that may be seen.
        engine: runs the detector's measures.
        start: inclusive; None = from the beginning.
        end: exclusive; None = to the end.
        rows_in: counts the rows of a table, where that is cheaper than reading them.
        in_pieces: as ``read``, for engines that read the rows themselves; None = they are read here.
    """

    read: Reader
    needs: Mapping[str, tuple[str, ...]]
    engine: Engine
    start: datetime | None = None
    end: datetime | None = None
    rows_in: Callable[[str], int] | None = None
    in_pieces: Callable[[str, tuple[str, ...]], Rows] | None = None

    def rows(self, table: str, columns: Sequence[str]) -> pa.RecordBatchReader:
        """Rows of a table with these columns.

        Raises:
            ConfigurationError: a table or column that the detector does not declare in ``needs``.
        """
        self._checked(table, columns)
        return self.read(table, tuple(columns))

    def _checked(self, table: str, columns: Sequence[str]) -> None:
        allowed = self._allowed(table)
        for column in columns:
            if column not in allowed:
                raise ConfigurationError(
                    f"The detector asks for the column {column}, which it does not declare.",
                    where=f"table {table}",
                    mend="Add it to the detector's needs, or do without it.",
                )

    def table(self, table: str, columns: Sequence[str]) -> Rows:
        """The same rows for an engine to read, in pieces and wherever it works.

        Raises:
            ConfigurationError: a table or column that the detector does not declare in ``needs``.
        """
        if self.in_pieces is None:
            return TableRows(self.rows(table, columns).read_all())
        self._checked(table, columns)
        return self.in_pieces(table, tuple(columns))

    def count(self, table: str) -> int:
        """How many rows ``rows`` will give."""
        columns = self._allowed(table)
        if self.rows_in is not None:
            return self.rows_in(table)
        return sum(len(batch) for batch in self.read(table, columns[:1]))

    def query(self, sql: str) -> pa.Table:
        """An aggregate in DuckDB's SQL over the declared tables, which hold the declared columns only.

        One SELECT; times are in UTC; files and the network are out of reach.

        Raises:
            ConfigurationError: it is not one SELECT, or DuckDB refuses it (an unknown table or column, a wrong type).
        """
        connection = duckdb.connect(":memory:", config={"enable_external_access": False})
        try:
            connection.execute("SET TimeZone = 'UTC'; SET python_enable_replacements = false")
            connection.execute("SET lock_configuration = true")
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise ConfigurationError("A window answers one SELECT at a time.", where="query")
            named = re.search(r"\bwith\b", sql, re.IGNORECASE)  # a named part may be read twice, a stream only once
            for table, columns in self.needs.items():
                mentions = len(re.findall(rf"\b{re.escape(table)}\b", sql, re.IGNORECASE))
                if mentions:
                    rows = self.read(table, columns)
                    connection.register(table, rows if mentions == 1 and not named else rows.read_all())
            return connection.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            raise ConfigurationError(
                f"The query cannot be answered: {type(error).__name__}.",
                where="query",
                mend="Check its columns against the detector's needs, and its types.",
            ) from None
        finally:
            connection.close()

    def _allowed(self, table: str) -> tuple[str, ...]:
        if table not in self.needs:
            raise ConfigurationError(
                f"The detector asks for the table {table}, which it does not declare.",
                mend="Add it to the detector's needs, or do without it.",
            )
        return self.needs[table]
