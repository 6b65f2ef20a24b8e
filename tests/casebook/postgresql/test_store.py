"""What an SQLite file promises, a server keeps: one writer, whole transactions, one view, and it forgets."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pg8000
import pytest
from sqlalchemy import func, insert, select, text

from seawall.casebook import Casebook, store_postgresql, tables
from seawall.errors import RuleError, StorageError, WorkspaceError
from seawall.model import Outcome
from tests.casebook.builders import accounts, alert
from tests.casebook.test_deciding import test_processes_that_decide_at_once_neither_lose_nor_double as at_once
from tests.casebook.test_erasing import GONE, KEPT, MESSAGE, filled
from tests.servers.postgresql import PASSWORD, ROLE, PostgresServer


@pytest.mark.verify
def test_processes_that_decide_at_once_neither_lose_nor_double(path: str) -> None:
    """Four processes decide the same cases: each case has exactly the two decisions that the rule wants."""
    at_once(path, Outcome.REFER, 2)


def test_a_newer_casebook_is_refused(server: PostgresServer, database: str, path: str) -> None:
    """A casebook of a later schema is left alone, with a message that says so."""
    server.administer("UPDATE meta SET value = '99' WHERE key = 'schema'", database=database)
    with pytest.raises(WorkspaceError, match="newer Seawall"):
        Casebook.open(path)


def test_a_reader_sees_one_moment(book: Casebook) -> None:
    """What is written while somebody reads is not in their view, however often they look."""
    count = select(func.count()).select_from(tables.audit)
    with book._store.read() as connection:
        before = connection.scalar(count)
        book.audit.append("Rosa", "export")
        assert connection.scalar(count) == before
    with book._store.read() as connection:
        assert connection.scalar(count) == 1


def test_a_reader_cannot_write(book: Casebook) -> None:
    """Only ``write`` writes."""
    with pytest.raises(StorageError, match="cannot be written"), book._store.read() as connection:
        connection.execute(insert(tables.meta).values(key="compost", value="ripe"))


def test_writers_wait_for_one_another(book: Casebook) -> None:
    """While one writes, another waits at the door; then it sees what the first has written."""
    with book._store.write() as connection:
        other = threading.Thread(target=book.audit.append, args=("Nils", "export"))
        other.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        while not connection.scalar(waiting):
            assert other.is_alive()
        assert connection.scalar(select(func.count()).select_from(tables.audit)) == 0
        connection.execute(insert(tables.meta).values(key="compost", value="ripe"))
    other.join()
    assert [entry.actor for entry in book.audit.entries()] == ["Nils"]


def test_a_writer_that_does_not_end_is_told(book: Casebook) -> None:
    """Whoever waits too long for another writer is told so, and nothing of their act happened."""
    with book._store.write() as connection:
        connection.execute(insert(tables.meta).values(key="compost", value="ripe"))

        def impatient() -> None:
            with book._store.read() as link:
                link.exec_driver_sql("SET LOCAL lock_timeout = '10ms'")
                link.exec_driver_sql(f"SELECT pg_advisory_xact_lock({store_postgresql._WRITERS})")

        with ThreadPoolExecutor(1) as pool, pytest.raises(StorageError, match="Another process holds the casebook"):
            pool.submit(impatient).result()


def test_fifty_people_at_once_neither_lose_nor_double(server: PostgresServer, book: Casebook) -> None:
    """Fifty threads decide the same five cases: each case has one decision, and the connections stay within bounds."""
    case_ids = list(book.propose([alert(accounts([n])) for n in range(5)], lake_version="v1").opened)

    def decide(person: int) -> int:
        made = 0
        for case_id in case_ids:
            try:
                book.decide(case_id, reviewer=f"Person {person}", outcome=Outcome.WATCH, reason="Seen.")
                made += 1
            except RuleError:
                continue
        return made

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(decide, range(50))) == len(case_ids)
    assert [len(file.case.decisions) for file in book.case_files()] == [1] * len(case_ids)
    assert book.audit.verify() == []
    ((open_links,),) = server.administer("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", given=(ROLE,))
    assert open_links <= store_postgresql._MOST_OPEN


def test_opening_it_again_shares_the_connections(server: PostgresServer, database: str, path: str) -> None:
    """A console opens the casebook for each request: the connections of a process are the same ones."""
    for _ in range(30):
        assert Casebook.open(path).audit.verify() == []
    counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    assert server.administer(counted, given=(database,)) == [(1,)]


def test_text_compares_byte_by_byte(book: Casebook) -> None:
    """Order does not depend on the language of the database: large letters come before small ones, as in a file."""
    names = ["apple", "Zinnia", "äpfel", "Apple", "zinnia"]
    with book._store.write() as connection:
        connection.execute(insert(tables.exchanges), [{"bank": name, "checkpoint": "{}"} for name in names])
    with book._store.read() as connection:
        listed = connection.scalars(select(tables.exchanges.c.bank).order_by(tables.exchanges.c.bank)).all()
    assert listed == sorted(names)


def test_no_byte_of_an_erased_account_stays_in_the_tables(
    server: PostgresServer, database: str, book: Casebook
) -> None:
    """After the erasure the pseudonym and the message id are in no table, index or statistic of the server."""
    filled(book)
    server.administer("ANALYZE", "CHECKPOINT", database=database)
    assert GONE.encode() in table_bytes(server.data)
    book.erase([GONE], [MESSAGE], reviewer="Rosa")
    server.administer("CHECKPOINT", "CHECKPOINT")
    content = table_bytes(server.data)
    assert GONE.encode() not in content
    assert b'"forum:77"' not in content
    assert KEPT.encode() in content
    assert b"forum:770" in content
    assert book.problems() == []


def table_bytes(data: Path) -> bytes:
    """Every byte but of the write-ahead log, which no erasure reaches."""
    return b"".join(
        path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file() and "pg_wal" not in path.parts
    )


@pytest.mark.parametrize("begin", ["BEGIN ISOLATION LEVEL REPEATABLE READ", "BEGIN"])
def test_a_reader_that_keeps_old_rows_alive_is_reported(
    server: PostgresServer, database: str, book: Casebook, monkeypatch: pytest.MonkeyPatch, begin: str
) -> None:
    """While another process reads, the erasure says that old bytes stay; repeated later it succeeds."""
    filled(book)
    monkeypatch.setattr(store_postgresql, "BUSY_SECONDS", 0.1)
    with book._store.read() as connection:  # the connection that the erasure will take
        connection.exec_driver_sql("SET lock_timeout = '100ms'")
    reader = pg8000.connect(ROLE, host="127.0.0.1", port=server.port, database=database, password=PASSWORD)
    reader.autocommit = True
    cursor = reader.cursor()
    for statement in (begin, "SELECT count(*) FROM cases"):
        cursor.execute(statement)
    with pytest.raises(StorageError, match="another process still reads"):
        book.erase([GONE], [MESSAGE], reviewer="Rosa")
    reader.close()
    book.erase([GONE], [MESSAGE], reviewer="Rosa")
    server.administer("CHECKPOINT", "CHECKPOINT")
    assert GONE.encode() not in table_bytes(server.data)


def _ended_by_the_server(server: PostgresServer, database: str) -> None:
    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    server.administer(ends, given=(database,))


def test_a_link_that_breaks_before_the_end_leaves_nothing(
    server: PostgresServer, database: str, book: Casebook
) -> None:
    """When the server ends a connection within an act, the act is refused and did not happen; the next one does."""

    def act() -> None:
        with book._store.write() as connection:
            connection.execute(insert(tables.meta).values(key="compost", value="ripe"))
            _ended_by_the_server(server, database)
            connection.execute(insert(tables.meta).values(key="leaves", value="ripe"))

    with pytest.raises(StorageError, match="server"):
        act()
    assert book.audit.append("Rosa", "export").count == 1
    assert server.administer("SELECT key FROM meta", database=database) == [("schema",)]


def test_a_link_that_breaks_at_the_very_end_is_not_claimed_either_way(
    server: PostgresServer, database: str, book: Casebook
) -> None:
    """When the answer to the last step is missing, the error says that the act may have been recorded or not."""

    def act() -> None:
        with book._store.write() as connection:
            connection.execute(insert(tables.meta).values(key="compost", value="ripe"))
            _ended_by_the_server(server, database)

    with pytest.raises(StorageError, match="recorded or not"):
        act()
