"""A casebook in a database of its own, on a server that lives as long as the tests run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import delete

from seawall.casebook import Casebook, tables
from seawall.casebook.metadata import metadata
from seawall.casebook.store_postgresql import PostgresqlStore, server_tables
from tests.casebook import fresh
from tests.casebook.conftest import ticking_clock
from tests.servers.postgresql import PostgresServer, running_postgresql

KEPT = server_tables().tables.keys() - {tables.meta.name}
"""The tables that a casebook on a server has, but for the one that tells its schema."""


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with running_postgresql() as started:
        started.prepare()
        yield started


@pytest.fixture(scope="session")
def template(server: PostgresServer) -> str:
    """A database with the casebook's tables and nothing in them."""
    name = server.new_database()
    close(Casebook.open(server.address(name)))
    return name


@pytest.fixture(scope="session")
def common(server: PostgresServer, template: str) -> str:
    """A database that many tests use, one after another."""
    return server.new_database(template)


def empty(server: PostgresServer, name: str) -> None:
    """Leave a database as it was when its casebook was made."""
    statements = [str(delete(table)) for table in reversed(metadata.sorted_tables) if table.name in KEPT]
    server.administer(
        "SET session_replication_role = replica",
        "; ".join(statements),
        "DELETE FROM meta WHERE key <> 'schema'",
        "UPDATE meta SET value = %s",
        database=name,
        given=(str(tables.SCHEMA_VERSION),),
    )


@pytest.fixture
def database(server: PostgresServer, common: str) -> str:
    """The name of a database with an empty casebook."""
    empty(server, common)
    return common


@pytest.fixture
def own_database(server: PostgresServer, template: str) -> Iterator[str]:
    """The name of a database whose tables the test may change."""
    name = server.new_database(template)
    yield name
    server.drop(name)


@pytest.fixture
def path(server: PostgresServer, database: str) -> str:
    """Where the casebook is: the address of its database."""
    return server.address(database)


@pytest.fixture
def book(path: str) -> Iterator[Casebook]:
    opened = Casebook.open(path, clock=ticking_clock())
    yield opened
    close(opened)


@pytest.fixture(scope="module")
def fresh_on_the_server(server: PostgresServer, common: str) -> Iterator[None]:
    """Casebooks for the examples of Hypothesis are on the server as well."""

    @contextmanager
    def in_a_database() -> Iterator[Casebook]:
        empty(server, common)
        yield Casebook.open(server.address(common), clock=ticking_clock())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh, "in_a_folder", in_a_database)
        yield


def close(book: Casebook) -> None:
    """Close the connections of a casebook."""
    assert isinstance(book._store, PostgresqlStore)
    book._store._engine.dispose()
