"""Databases that somebody has changed behind Seawall's back, or that are older, damaged, or refuse to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from seawall.casebook import Casebook, tables
from seawall.errors import StorageError
from seawall.model import Outcome
from tests.casebook.builders import account, accounts, alert
from tests.casebook.test_erasing import GONE, MESSAGE, filled
from tests.servers.postgresql import ROLE, PostgresServer


@pytest.fixture
def database(own_database: str) -> str:
    return own_database


def test_an_older_casebook_gains_what_it_lacks(server: PostgresServer, database: str, path: str) -> None:
    """Tables and guards that are missing are made as it is opened, and the schema is told anew."""
    server.administer(
        "DROP TABLE exchanges",
        "DROP TRIGGER audit_no_delete ON audit",
        "UPDATE meta SET value = '2'",
        database=database,
    )
    book = Casebook.open(path)
    assert book.indicators.checkpoint("feud") is None
    assert book.audit.verify() == []
    told = server.administer("SELECT value FROM meta WHERE key = 'schema'", database=database)
    assert told == [(str(tables.SCHEMA_VERSION),)]


def test_rows_in_tables_of_another_owner_are_told(server: PostgresServer, database: str, book: Casebook) -> None:
    """A role that may not rewrite the tables says so, instead of leaving old bytes in silence."""
    filled(book)
    server.administer("ALTER TABLE cases OWNER TO postgres", f"GRANT ALL ON cases TO {ROLE}", database=database)
    with pytest.raises(StorageError, match="does not own"):
        book.erase([GONE], [MESSAGE], reviewer="Rosa")
    assert GONE not in str(book.case_files())


def test_damaged_pages_are_told(server: PostgresServer, database: str, book: Casebook) -> None:
    """A byte that changed on the server's disk is found by its checksums, when the casebook is looked through."""
    book.propose([alert()], lake_version="v1")
    assert book.problems() == []
    ((place,),) = server.administer("SELECT pg_relation_filepath('cases')", database=database)
    server.administer("CHECKPOINT")
    book._store._engine.dispose()
    server.stop()
    try:
        file = server.data / str(place)
        content = bytearray(file.read_bytes())
        content[-20] ^= 1
        file.write_bytes(content)
    finally:
        server.start()
    (told,) = book.problems()
    assert "damaged" in told


def acts_on(book: Casebook, case_id: str) -> tuple[Callable[[], object], ...]:
    return (
        lambda: book.propose([alert(accounts([8]))], lake_version="v1"),
        lambda: book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Seen."),
        lambda: book.hold(account(1), reviewer="Rosa", reason="Another complaint."),
        lambda: book.erase([account(1)], reviewer="Rosa"),
        lambda: book.subject(account(1), reviewer="Rosa"),
        lambda: book.audit.append("Rosa", "export"),
    )


@pytest.mark.parametrize(("code", "said"), [("53100", "is full"), ("58030", "failed"), ("25006", "cannot be written")])
def test_a_server_that_refuses_to_write_the_audit_refuses_the_act(
    server: PostgresServer, database: str, book: Casebook, code: str, said: str
) -> None:
    """A full disk, a failing one or a standby: the act is refused in a sentence, and nothing of it stays."""
    case_id = book.propose([alert()], lake_version="v1").opened[0]
    server.administer(
        f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'compost' "
        f"USING ERRCODE = '{code}'; END $$",
        "CREATE TRIGGER broken BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION refuse()",
        database=database,
    )
    before = (book.case_files(), book.holds(), book.audit.entries())
    for act in acts_on(book, case_id):
        with pytest.raises(StorageError, match=said) as refused:
            act()
        assert "compost" not in str(refused.value)
        assert (book.case_files(), book.holds(), book.audit.entries()) == before
