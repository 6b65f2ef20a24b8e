from __future__ import annotations

import multiprocessing
import resource
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from seawall.casebook import Casebook
from seawall.errors import ConfigurationError, StorageError, WorkspaceError
from tests.casebook.builders import accounts, alert


def test_a_newer_casebook_is_refused(path: Path) -> None:
    """A casebook of a later schema is left alone, with a message that says so."""
    Casebook.open(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
        raw.commit()
    with pytest.raises(WorkspaceError, match="newer Seawall"):
        Casebook.open(path)


def test_a_file_that_is_no_casebook_is_a_storage_error(path: Path) -> None:
    """Another file, a folder and a missing folder are reported without a traceback and without their content."""
    path.write_bytes(b"a secret recipe for compost " * 500)
    with pytest.raises(StorageError, match="not a casebook") as refused:
        Casebook.open(path)
    assert "compost" not in str(refused.value)
    for elsewhere in (path.parent, path.parent / "missing" / "casebook.sqlite"):
        with pytest.raises(StorageError):
            Casebook.open(elsewhere)


def test_an_address_of_another_database_is_a_configuration_error() -> None:
    """What cannot be opened yet is said plainly, without repeating the address and its password."""
    with pytest.raises(ConfigurationError) as refused:
        Casebook.open("postgresql://rosa:secret@db.test/casebook")
    assert "secret" not in str(refused.value)


def test_a_url_opens_the_same_casebook(book: Casebook, path: Path) -> None:
    """sqlite:///PATH is the same as PATH."""
    book.propose([alert()], lake_version="v1")
    assert Casebook.open(f"sqlite:///{path}").cases() == book.cases()


def test_a_deleted_casebook_is_not_silently_replaced(book: Casebook, path: Path) -> None:
    """When the file is gone, reading is an error and not an empty answer."""
    path.unlink()
    with pytest.raises(StorageError):
        book.cases()
    assert not path.exists()


def test_the_casebook_is_durable_and_forgets(book: Casebook, path: Path) -> None:
    """Each connection syncs fully, checks foreign keys, overwrites what is deleted and writes ahead."""
    with book._store.read() as connection:
        told = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    assert told == ["wal", 2, 1, 1]


def _propose_on_a_full_disk(path: Path) -> str:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    room = path.stat().st_size + 20_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    book = Casebook.open(path)
    try:
        book.propose([alert(accounts([n]), sentence="compost " * 100) for n in range(200)], lake_version="v1")
    except StorageError as error:
        return str(error)
    return "accepted"


def test_a_full_disk_refuses_the_act_and_loses_nothing(book: Casebook, path: Path) -> None:
    """When no more bytes can be written, the act is a StorageError and the casebook is as before."""
    book.propose([alert()], lake_version="v1")
    before = (book.case_files(), book.audit.head())
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        told = pool.apply(_propose_on_a_full_disk, (path,))
    assert "casebook" in told
    assert "compost" not in told
    assert (book.case_files(), book.audit.head()) == before
    assert book.audit.verify() == []
