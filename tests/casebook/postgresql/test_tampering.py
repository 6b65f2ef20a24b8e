"""The audit on a server refuses to be changed, and shows it where somebody with all rights there changed it."""

from __future__ import annotations

from random import Random

import pg8000
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from seawall.casebook import Casebook
from seawall.casebook.checkpoints import sign
from seawall.errors import StorageError
from tests.casebook.builders import START, alert
from tests.casebook.tampering import COLUMNS, KINDS, Log, tampered
from tests.casebook.test_tampering import problems, write_acts
from tests.servers.postgresql import PASSWORD, PostgresServer


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_audit_table_refuses_changes(book: Casebook, statement: str) -> None:
    """The database itself refuses, the owner of the table as well."""
    book.propose([alert()], lake_version="v1")
    with pytest.raises(StorageError, match="refused to be changed"), book._store.write() as connection:
        connection.exec_driver_sql(statement)
    assert len(book.audit.entries()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_tampering_is_found(server: PostgresServer, database: str, book: Casebook, kind: str) -> None:
    """What somebody with all rights on the server does to the audit shows against a checkpoint: three of each kind."""
    write_acts(book)
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    checkpoint = sign(book.audit.head(), START, key).text
    rows = server.administer(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY sequence", database=database)  # noqa: S608
    log = Log(tuple(dict(zip(COLUMNS, row, strict=True)) for row in rows), book.audit.head())
    link = pg8000.connect("postgres", host="127.0.0.1", port=server.port, database=database, password=PASSWORD)
    for seed in range(3):
        put(link, tampered(log, kind, Random(f"{kind} {seed}")))
        assert problems(book.audit, checkpoint, key) != []
    put(link, log)
    link.close()
    assert problems(book.audit, checkpoint, key) == []


def put(link: pg8000.Connection, log: Log) -> None:
    """Write a log over the one that is there, past the guards."""
    cursor = link.cursor()
    cursor.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
    cursor.execute("DELETE FROM audit")
    slots = ", ".join(["%s"] * len(COLUMNS))
    for row in log.rows:
        values = [row[name] for name in COLUMNS]
        cursor.execute(f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES ({slots})", values)  # noqa: S608
    cursor.execute("UPDATE audit_head SET entries = %s, hash = %s", (log.head.count, log.head.hash))
    cursor.execute("ALTER TABLE audit ENABLE TRIGGER ALL")
    link.commit()
