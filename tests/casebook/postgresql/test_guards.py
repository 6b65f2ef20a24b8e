"""The audit on a server is append-only, whoever asks, and says when it was made otherwise."""

from __future__ import annotations

from random import Random

import pg8000
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from seawall.casebook import AuditHead, Casebook
from seawall.casebook.checkpoints import sign
from seawall.errors import StorageError
from tests.casebook.builders import START, account, alert
from tests.casebook.tampering import COLUMNS, KINDS, Log, tampered
from tests.casebook.test_tampering import problems, write_acts
from tests.servers.postgresql import PASSWORD, ROLE, PostgresServer


@pytest.fixture
def database(own_database: str) -> str:
    return own_database


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_audit_table_refuses_changes(book: Casebook, statement: str) -> None:
    """The database itself refuses, the owner of the table as well."""
    book.propose([alert()], lake_version="v1")
    with pytest.raises(StorageError, match="refused to be changed"), book._store.write() as connection:
        connection.exec_driver_sql(statement)
    assert len(book.audit.entries()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER audit_no_delete ON audit",
        "ALTER TABLE audit DISABLE TRIGGER audit_no_delete",
        "CREATE OR REPLACE FUNCTION seawall_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    ],
    ids=["dropped", "disabled", "toothless"],
)
def test_a_missing_guard_is_reported(server: PostgresServer, database: str, book: Casebook, statement: str) -> None:
    """A guard that is gone, switched off, or lets through shows before anything was changed."""
    server.administer(statement, database=database)
    assert "The guard audit_no_delete of the audit table is gone." in book.audit.verify()


def test_a_role_that_does_not_own_the_audit_can_still_do_everything(
    server: PostgresServer, database: str, book: Casebook
) -> None:
    """As the how-to advises: the audit belongs to somebody else, and Seawall's role may only read and append."""
    server.administer(
        "ALTER TABLE audit OWNER TO postgres",
        f"REVOKE ALL ON audit FROM {ROLE}",
        f"GRANT SELECT, INSERT ON audit TO {ROLE}",
        database=database,
    )
    write_acts(book)
    book.release(account(1), reviewer="Rosa", reason="Settled.")
    book.erase([account(1)], reviewer="Rosa")
    assert book.audit.verify() == []
    for statement in ("ALTER TABLE audit DISABLE TRIGGER ALL", "DELETE FROM audit"):
        with pytest.raises(StorageError, match="may not do that"), book._store.write() as connection:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("kind", KINDS)
def test_every_tampering_is_found(server: PostgresServer, database: str, book: Casebook, kind: str) -> None:
    """What somebody with all rights on the server does to the audit shows against a checkpoint: five of each kind."""
    write_acts(book)
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    checkpoint = sign(book.audit.head(), START, key).text
    rows = server.administer(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY sequence", database=database)  # noqa: S608
    log = Log(tuple(dict(zip(COLUMNS, row, strict=True)) for row in rows), book.audit.head())
    link = pg8000.connect("postgres", host="127.0.0.1", port=server.port, database=database, password=PASSWORD)
    for seed in range(5):
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
    head = AuditHead(log.head.count, log.head.hash)
    cursor.execute("UPDATE audit_head SET entries = %s, hash = %s", (head.count, head.hash))
    cursor.execute("ALTER TABLE audit ENABLE TRIGGER ALL")
    link.commit()
