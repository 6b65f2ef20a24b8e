"""A casebook in a PostgreSQL database: the promises of an SQLite file, kept by a server.

Writers wait for one another at an advisory lock that each takes before anything else; a reader sees one snapshot.
Damaged bytes are found by the server's own checksums (``initdb --data-checksums``): no sums are kept beside the rows.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Connection, Engine, MetaData, String, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from seawall.casebook import guards, tables
from seawall.casebook.metadata import metadata
from seawall.casebook.postgresql_address import DRIVER, Address, connect
from seawall.casebook.postgresql_refusals import BUSY, code_of, refusal, unknown_outcome
from seawall.casebook.store import BUSY_SECONDS, Store, keep_version, read_version
from seawall.errors import ConfigurationError, StorageError

_WRITERS = 0x5EA_3A11
"""The advisory lock of those who write: one casebook a database."""
_KEPT_OPEN = 8
_MOST_OPEN = 40
_KEPT_ELSEWHERE = frozenset({tables.seals.name})
_LOSES_NO_ROWS = frozenset({tables.audit.name})
_OTHERS_OWN = text(
    "SELECT count(*) FROM pg_class WHERE oid IN (SELECT to_regclass(name) FROM unnest(string_to_array(:names, ' ')) "
    "AS name) AND NOT pg_has_role(relowner, 'USAGE')"
)
_SEE_OLD_ROWS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND age(backend_xmin) > age(CAST(CAST(:now AS text) AS xid))"
)


class PostgresqlStore(Store):
    """Transactions in one database. Its connections are shared by all stores of this process that name it alike."""

    def __init__(self, address: Address) -> None:
        self.where = address.where
        self._engine = _engine(address, os.getpid())

    def create(self) -> None:
        """See ``Store.create``."""
        if self._is_current():
            return
        with self.write() as connection:
            if connection.scalar(text("SHOW server_encoding")) != "UTF8":
                raise ConfigurationError(
                    "This database does not keep text in UTF-8.",
                    where=self.where,
                    mend="Make it with: createdb --template=template0 --encoding=UTF8 DATABASE",
                )
            ours = server_tables()
            ours.create_all(connection)
            _keep_no_statistics_of_text(connection, ours)
            guards.put(connection)
            keep_version(connection, read_version(connection, self.where))

    def _is_current(self) -> bool:
        with self._refusals(), self._engine.connect() as connection, connection.begin():
            if connection.scalar(text("SELECT to_regclass('meta') IS NULL")):
                return False
            return read_version(connection, self.where) == tables.SCHEMA_VERSION

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """See ``Store.read``."""
        with self._refusals(), self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """See ``Store.write``."""
        with self._refusals(), self._engine.connect() as connection, connection.begin() as transaction:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
            yield connection
            try:
                transaction.commit()
            except (DBAPIError, OSError) as error:
                code = code_of(error.orig if isinstance(error, DBAPIError) else error)
                if len(code) == len("57P01") and not code.startswith("57"):
                    raise
                raise unknown_outcome(self.where) from None

    def problems(self) -> Iterator[str]:
        """See ``Store.problems``: every row is read to its end, so that the server looks at its checksums."""
        try:
            with self.read() as connection:
                for name in server_tables().tables:
                    connection.exec_driver_sql(f'SELECT sum(length(one::text)) FROM "{name}" AS one')  # noqa: S608
        except StorageError as error:
            yield str(error)

    def scrub(self) -> None:
        """See ``Store.scrub``. The server's write-ahead log and its copies are beyond reach."""
        names = sorted(server_tables().tables.keys() - _LOSES_NO_ROWS)
        with self._refusals(), self._engine.connect() as plain:
            plain.connection.rollback()  # the pool asked whether it lives, which began a transaction
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            if connection.scalar(_OTHERS_OWN, {"names": " ".join(names)}):
                raise StorageError(
                    "The rows are erased, but this role does not own their tables, so that old bytes stay in them.",
                    where=self.where,
                    mend="Let their owner run VACUUM FULL.",
                )
            self._wait_for_readers(connection)
            try:
                for name in names:
                    connection.exec_driver_sql(f'VACUUM (FULL) "{name}"')
            except DBAPIError as error:
                if code_of(error.orig) == BUSY:
                    raise self._still_read() from None
                raise

    def unreadable(self, error: Exception) -> str:
        """See ``Store.unreadable``."""
        if isinstance(error, StorageError):
            return f"The audit cannot be read. {error}"
        return "The audit cannot be read: its rows are damaged."

    def _wait_for_readers(self, connection: Connection) -> None:
        """Rows that an older transaction may still see would be kept."""
        now = connection.scalar(text("SELECT pg_current_xact_id()::xid::text"))
        patience = time.monotonic() + BUSY_SECONDS
        while connection.scalar(_SEE_OLD_ROWS, {"now": now}):
            if time.monotonic() > patience:
                raise self._still_read()
            time.sleep(0.05)

    def _still_read(self) -> StorageError:
        return StorageError(
            "The rows are erased, but another process still reads the casebook, so that old bytes stay in its tables.",
            where=self.where,
            mend="Close the other process and repeat the erasure.",
        )

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise refusal(error.orig, self.where) from None
        except OSError as error:
            raise refusal(error, self.where) from None
        except NoneFree:
            raise StorageError(
                "Every connection to the database is in use.", where=self.where, mend="Repeat the command in a moment."
            ) from None


@lru_cache(maxsize=8)
def _engine(address: Address, process: int) -> Engine:
    """One pool of connections a database and process: a forked process must not use those of its parent."""
    del process
    return create_engine(
        f"{DRIVER}://",
        creator=lambda: connect(address),
        pool_size=_KEPT_OPEN,
        max_overflow=_MOST_OPEN - _KEPT_OPEN,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def server_tables() -> MetaData:
    """The tables as the server is to have them: text compares byte by byte, as in SQLite."""
    ours = MetaData()
    for table in metadata.sorted_tables:
        if table.name not in _KEPT_ELSEWHERE:
            for column in table.to_metadata(ours).columns:
                if isinstance(column.type, String):
                    column.type = type(column.type)(collation="C")
    return ours


def _keep_no_statistics_of_text(connection: Connection, ours: MetaData) -> None:
    """The planner's samples would outlive an erasure."""
    connection.exec_driver_sql(
        "; ".join(
            f'ALTER TABLE "{table.name}" ALTER COLUMN "{column.name}" SET STATISTICS 0'
            for table in ours.sorted_tables
            for column in table.columns
            if isinstance(column.type, String)
        )
    )
