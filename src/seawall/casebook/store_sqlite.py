"""A casebook in an SQLite file: transactions in it, and what is wrong when the disk refuses."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from seawall.casebook import guards, seals, tables
from seawall.casebook.metadata import metadata
from seawall.casebook.store import BUSY_SECONDS, Store, keep_version, read_version
from seawall.errors import StorageError

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",  # VACUUM must leave no copy in a temporary folder
)
_REFUSALS = {
    "SQLITE_FULL": ("The disk is full; nothing was recorded.", "Free some space and repeat the command."),
    "SQLITE_READONLY": ("The casebook cannot be written.", "Check the permissions of the file and its folder."),
    "SQLITE_CANTOPEN": ("The casebook cannot be opened.", "Check that its folder exists and may be written."),
    "SQLITE_BUSY": ("Another process holds the casebook.", "Wait until it has finished and repeat the command."),
    "SQLITE_CORRUPT": (
        "The casebook is damaged.",
        "Restore it from a copy; seawall audit verify tells what is missing.",
    ),
    "SQLITE_NOTADB": ("This file is not a casebook.", "Check the path, or restore the casebook from a copy."),
    "SQLITE_IOERR": ("The disk failed while the casebook was used.", "Check the disk, then run seawall doctor."),
}


class SqliteStore(Store):
    """Transactions on one file. Each opens its own connection, so that threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = path.name
        self._engine = _engine(path)

    def create(self) -> None:
        """See ``Store.create``."""
        with self._refusals():
            if not self.path.exists():
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
                _sync_folder(self.path.parent)
            self._use_write_ahead_log()
        with self._transaction() as connection:
            before = seals.schema_sum(connection)
            metadata.create_all(connection)
            guards.put(connection)
            version = read_version(connection, self.where)
            if version is None:
                keep_version(connection, version)
            seals.seal_anew(connection, before)
            if version is not None and version < tables.SCHEMA_VERSION:
                changes = seals.watched(connection)
                keep_version(connection, version)
                changes.keep(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """See ``Store.read``."""
        with self._refusals(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """See ``Store.write``."""
        with self._transaction() as connection:
            changes = seals.watched(connection)
            yield connection
            changes.keep(connection)

    def problems(self) -> Iterator[str]:
        """See ``Store.problems``."""
        try:
            with self.read() as connection:
                found = list(seals.broken(connection))
        except (StorageError, UnicodeError, ValueError, TypeError):
            found = ["The casebook cannot be read: the file is damaged."]
        yield from found

    def unreadable(self, error: Exception) -> str:
        """See ``Store.unreadable``."""
        del error  # whatever kept it from being read, the file is what is at hand
        return "The audit cannot be read: the file is damaged."

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._refusals(), self._engine.connect() as plain:
            connection = plain.execution_options(seawall_write=True)
            with connection.begin():
                yield connection

    def scrub(self) -> None:
        """See ``Store.scrub``."""
        with self._refusals(), closing(self._raw()) as raw:
            raw.execute("VACUUM")
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StorageError(
                "The rows are erased, but another process still reads the casebook, so that its log keeps old bytes.",
                where=self.where,
                mend="Close the other process and repeat the erasure.",
            )

    def _raw(self) -> sqlite3.Connection:
        return _prepared(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None))

    def _use_write_ahead_log(self) -> None:
        """The switch takes an exclusive lock without waiting for it, hence the repeats."""
        for attempt in range(50):
            with closing(self._raw()) as raw:
                try:
                    raw.execute("PRAGMA journal_mode = WAL")
                    return
                except sqlite3.OperationalError as error:
                    if not _name(error).startswith("SQLITE_BUSY") or attempt == 49:
                        raise
            time.sleep(0.1)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._refusal(error.orig) from error
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise self._refusal(error) from error

    def _refusal(self, error: BaseException | None) -> StorageError:
        name = _name(error)
        if name == "SQLITE_CONSTRAINT_TRIGGER":
            return StorageError(
                "The audit refused to be changed, so the act was refused as well.",
                where=self.where,
                mend="Run seawall audit verify.",
            )
        for prefix, (what, mend) in _REFUSALS.items():
            if name.startswith(prefix):
                return StorageError(what, where=self.where, mend=mend)
        return StorageError(f"The casebook refused ({name}).", where=self.where, mend="Run seawall doctor.")


def _name(error: BaseException | None) -> str:
    """SQLite's own name of the error; never its text, which may quote values."""
    if isinstance(error, UnicodeDecodeError):
        return "SQLITE_CORRUPT"  # a name in the schema, which SQLite quotes
    if isinstance(error, PermissionError):
        return "SQLITE_READONLY"
    if isinstance(error, OSError):
        return "SQLITE_CANTOPEN"
    return str(getattr(error, "sqlite_errorname", None) or type(error).__name__)


def _sync_folder(folder: Path) -> None:
    """Wait until the casebook's name is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prepared(raw: sqlite3.Connection) -> sqlite3.Connection:
    """A connection with its pragmas; none that is half prepared stays open, because it would keep its locks."""
    try:
        for pragma in _PRAGMAS:
            raw.execute(pragma)
    except BaseException:
        raw.close()
        raise
    return raw


def _engine(path: Path) -> Engine:
    engine = create_engine("sqlite://", poolclass=NullPool, hide_parameters=True, creator=lambda: _connect(path))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("seawall_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _connect(path: Path) -> sqlite3.Connection:
    """A connection to an existing file: after a deletion, nothing empty is put in its place."""
    uri = f"{path.resolve().as_uri()}?mode=rw"
    return _prepared(
        sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    )
