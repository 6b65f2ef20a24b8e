"""What is wrong with an address, or on the way to a server, is a sentence, and never with a password in it."""

from __future__ import annotations

import socket
import traceback
from pathlib import Path

import pytest
from pg8000 import DatabaseError

from seawall.casebook import Casebook
from seawall.casebook.postgresql_refusals import refusal
from seawall.casebook.store_opening import server_address, store_at
from seawall.errors import ConfigurationError, SeawallError, StorageError
from tests.servers.postgresql import PASSWORD, ROLE, PostgresServer

SECRET = "turnip-4711"  # noqa: S105 - of no server
BASE = f"postgresql+pg8000://{ROLE}:{SECRET}@"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://rosa:turnip-4711@db.test/casebook",
        "postgresql+psycopg2://rosa:turnip-4711@db.test/casebook",
        "postgresql+pg8000://rosa:turnip-4711@db.test",
        "postgresql+pg8000://db.test/casebook?password=turnip-4711",
        "postgresql+pg8000://rosa:turnip-4711@db.test:port/casebook",
        "postgresql+pg8000://rosa:turnip-4711@db.test/casebook?sslmode=perhaps",
        "postgresql+pg8000://rosa:turnip-4711@db.test/casebook?options=-c%20fsync=off",
        "postgresql+pg8000://rosa:turnip-4711@db.test/casebook?sslmode=require&sslmode=disable",
        "mysql://rosa:turnip-4711@db.test/casebook",
        "sqlite://",
        "://turnip-4711",
    ],
)
def test_an_address_that_cannot_be_one_is_refused_without_its_password(address: str) -> None:
    """Another database or driver, a missing part or an unknown option: the message shows how an address looks."""
    with pytest.raises(ConfigurationError) as refused:
        store_at(address)
    assert_silent(refused.value)


def assert_silent(error: SeawallError) -> None:
    """Neither the message nor the traceback has the password."""
    assert SECRET not in str(error)
    assert SECRET not in "".join(traceback.format_exception(error))
    assert error.mend


def test_a_password_does_not_stand_in_settings() -> None:
    """An address with a password is refused where it would be kept; without one it is kept as it was given."""
    plain = f"postgresql+pg8000://{ROLE}@db.test:5433/casebook?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"
    assert server_address(plain) == plain
    with pytest.raises(ConfigurationError, match="SEAWALL_CASEBOOK_PASSWORD") as refused:
        server_address(f"{BASE}db.test/casebook")
    assert_silent(refused.value)


def test_a_missing_file_of_certificates_is_told(tmp_path: Path) -> None:
    """The server is on another machine, so that its certificate is looked at before anything is sent."""
    address = f"{BASE}db.test/casebook?sslrootcert={tmp_path / 'ca.pem'}"
    with pytest.raises(ConfigurationError, match="certificates"):
        Casebook.open(address)


def test_nobody_listens() -> None:
    """A server that is down is a StorageError that says to look whether it runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(StorageError, match="cannot be reached") as refused:
            Casebook.open(f"{BASE}127.0.0.1:{taken.getsockname()[1]}/casebook")
    assert_silent(refused.value)


@pytest.mark.parametrize(
    ("role", "password", "other", "options", "said"),
    [
        (ROLE, SECRET, None, "", "does not accept this role or its password"),
        (ROLE, "", None, "", "does not accept this role or its password"),
        ("nobody", SECRET, None, "", "does not accept this role or its password"),
        (ROLE, PASSWORD, "no_such_database", "", "no such database"),
        (ROLE, PASSWORD, None, "?sslmode=require", "cannot be reached"),
        (ROLE, PASSWORD, None, "?unix_sock=/nowhere/.s.PGSQL.5432", "cannot be reached"),
    ],
    ids=["wrong password", "no password", "unknown role", "unknown database", "no encryption", "no socket"],
)
def test_a_server_that_does_not_let_in_is_told(
    server: PostgresServer, database: str, role: str, password: str, other: str | None, options: str, said: str
) -> None:
    """What the server refuses is said in a sentence, with how to mend it."""
    address = f"postgresql+pg8000://{role}@127.0.0.1:{server.port}/{other or database}{options}"
    with pytest.raises(StorageError, match=said) as refused:
        Casebook.open(address, password=password)
    assert_silent(refused.value)
    assert PASSWORD not in str(refused.value)


def test_a_role_without_the_right_to_make_tables_is_told(server: PostgresServer) -> None:
    """A database of somebody else, in which the role may only look."""
    name = server.new_database()
    try:
        server.administer(f"ALTER DATABASE {name} OWNER TO postgres")
        with pytest.raises(StorageError, match="may not do that"):
            Casebook.open(server.address(name))
    finally:
        server.drop(name)


def test_a_database_in_another_encoding_is_refused(server: PostgresServer) -> None:
    """Words in every script need UTF-8: said before any table is made."""
    server.administer(
        f"CREATE DATABASE latin OWNER {ROLE} TEMPLATE template0 ENCODING LATIN1 "
        "LOCALE_PROVIDER libc LOCALE 'C' STRATEGY FILE_COPY"
    )
    try:
        with pytest.raises(ConfigurationError, match="UTF-8"):
            Casebook.open(server.address("latin"))
        assert server.administer("SELECT to_regclass('meta')", database="latin") == [(None,)]
    finally:
        server.drop("latin")


@pytest.mark.parametrize("code", ["53100", "53300", "40P01", "57P03", "XX001", "22021", ""])
def test_no_refusal_repeats_what_the_server_said(code: str) -> None:
    """Whatever the code is, known or not, the server's own words, which may quote values, stay out."""
    told = refusal(DatabaseError({"C": code, "M": f"Key ({SECRET}) exists", "D": SECRET}), "database club on db.test")
    assert_silent(told)
    assert "database club on db.test" in str(told)
