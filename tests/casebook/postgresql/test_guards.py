"""The audit on a server is append-only, whoever asks, and says when it was made otherwise."""

from __future__ import annotations

import pytest

from seawall.casebook import Casebook
from seawall.errors import StorageError
from tests.casebook.builders import account
from tests.casebook.test_tampering import write_acts
from tests.servers.postgresql import ROLE, PostgresServer


@pytest.fixture
def database(own_database: str) -> str:
    return own_database


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
