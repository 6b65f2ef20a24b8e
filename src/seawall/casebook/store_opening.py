"""Finds the store that an address names: a path, sqlite:///PATH or postgresql+pg8000://USER@HOST/DATABASE."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from seawall.casebook.postgresql_address import DRIVER, address_of, unusable
from seawall.casebook.store import Store
from seawall.casebook.store_postgresql import PostgresqlStore
from seawall.casebook.store_sqlite import SqliteStore
from seawall.errors import ConfigurationError


def store_at(url_or_path: str | Path, password: str | None = None) -> Store:
    """The store that an address names; nothing is opened yet.

    Args:
        url_or_path: the address.
        password: of the database's role, where the address does not hold it.

    Raises:
        ConfigurationError: it is of another kind, or lacks a part. The message does not repeat it.
    """
    text = str(url_or_path)
    if "://" not in text:
        return SqliteStore(Path(text))
    url = _parsed(text)
    if url is not None and url.drivername == "sqlite" and url.database:
        return SqliteStore(Path(url.database))
    if url is not None and url.drivername == DRIVER:
        return PostgresqlStore(address_of(url, password))
    raise unusable("This casebook address is not one that Seawall can open.")


def server_address(text: str) -> str:
    """The address of a database on a server, which may stand where others can read it.

    Raises:
        ConfigurationError: it is of another kind, or holds a password.
    """
    url = _parsed(text)
    if url is None or url.drivername != DRIVER:
        raise unusable("This is not the address of a PostgreSQL database.")
    if url.password is not None:
        raise ConfigurationError(
            "A password must not stand in the address of the casebook.",
            where="casebook",
            mend="Leave it out, and set the environment variable SEAWALL_CASEBOOK_PASSWORD.",
        )
    address_of(url, None)
    return url.render_as_string(hide_password=False)


def _parsed(text: str) -> URL | None:
    """None where it is no address: what the parser says would repeat it."""
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        return None
