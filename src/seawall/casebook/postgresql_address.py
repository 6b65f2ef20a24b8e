"""Where a PostgreSQL server is, and how to speak with it; its password is in no message."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from seawall.casebook.store import BUSY_SECONDS
from seawall.errors import ConfigurationError
from seawall.model.loopback import is_loopback

DRIVER = "postgresql+pg8000"
_PORT = 5432
_OPTIONS = ("sslmode", "sslrootcert", "unix_sock")
_MODES = ("disable", "require", "verify-full")
_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 600
_SESSION = {
    "client_encoding": "UTF8",
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
    "lock_timeout": f"{BUSY_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{_ANSWER_SECONDS}s",
}
"""What every connection asks of the server, whatever its settings are."""


@dataclass(frozen=True, slots=True)
class Address:
    """A database on a server, and the role that opens it."""

    host: str
    port: int
    database: str
    user: str
    mode: str  # disable, require (encrypted), verify-full (encrypted, and the server is who it says)
    root_certificate: str | None  # file with the certificates that vouch for the server; None = the system's
    unix_sock: str | None
    password: str | None = field(repr=False)

    @property
    def where(self) -> str:
        """What messages call it."""
        return f"database {self.database} on {self.unix_sock or self.host}"


def address_of(url: URL, password: str | None) -> Address:
    """The parts of an address.

    Raises:
        ConfigurationError: a part is missing, or it has options that Seawall does not know.
    """
    options = {name: value for name, value in url.query.items() if isinstance(value, str)}
    if not url.username or not url.database:
        raise unusable("This address of a database lacks its role or its database.")
    if set(url.query) - set(_OPTIONS) or len(options) < len(url.query):
        raise unusable(f"This address of a database has options other than {', '.join(_OPTIONS)}.")
    host = url.host or "localhost"
    mode = options.get("sslmode") or ("disable" if "unix_sock" in options or is_loopback(host) else "verify-full")
    if mode not in _MODES:
        raise unusable(f"sslmode is one of {', '.join(_MODES)}.")
    return Address(
        host=host,
        port=url.port or _PORT,
        database=url.database,
        user=url.username,
        mode=mode,
        root_certificate=options.get("sslrootcert"),
        unix_sock=options.get("unix_sock"),
        password=password if url.password is None else url.password,
    )


def unusable(what: str) -> ConfigurationError:
    """An address that cannot be one of a casebook."""
    return ConfigurationError(
        what, where="casebook", mend=f"Give a path, sqlite:///PATH, or {DRIVER}://ROLE@HOST/DATABASE."
    )


def connect(address: Address) -> Any:
    """A new connection of pg8000.

    Raises:
        ConfigurationError: pg8000 is not installed, or the certificates cannot be read.
        Exception: what pg8000 and the system raise; see ``postgresql_refusals``.
    """
    try:
        import pg8000  # an extra
        from scramp import ScramException
    except ImportError:
        raise ConfigurationError(
            "A casebook on PostgreSQL needs the package pg8000.",
            where="casebook",
            mend="Install it with: pip install 'seawall[postgresql]'",
        ) from None
    encryption = _encryption(address)
    try:
        connection = pg8000.Connection(
            user=address.user,
            host=address.host,
            database=address.database,
            password=address.password or "",
            ssl_context=encryption,
            sock=_link(address),
            application_name="seawall",
            startup_params=_SESSION,
        )
    except ScramException:
        raise pg8000.DatabaseError({"C": "28P01"}) from None
    connection.register_out_adapter(str, storable)
    for text_oid in (25, 1043):  # text, varchar
        connection.register_in_adapter(text_oid, as_stored)
    return connection


def storable(text: str) -> str:
    """A text that PostgreSQL can keep: it has no NUL, which stands as U+FDD0 and 0; U+FDD0 itself is followed by 1.

    >>> as_stored(storable("a\\0b")) == "a\\0b", storable("compost")
    (True, 'compost')
    """
    if "\0" in text or "\ufdd0" in text:
        return text.replace("\ufdd0", "\ufdd01").replace("\0", "\ufdd00")
    return text


def as_stored(text: str) -> str:
    """What ``storable`` made a text of."""
    if "\ufdd0" in text:
        return text.replace("\ufdd00", "\0").replace("\ufdd01", "\ufdd0")
    return text


def _link(address: Address) -> socket.socket:
    if address.unix_sock is not None:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(_CONNECT_SECONDS)
        try:
            link.connect(address.unix_sock)
        except OSError:
            link.close()
            raise
    else:
        link = socket.create_connection((address.host, address.port), _CONNECT_SECONDS)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    link.settimeout(_ANSWER_SECONDS)
    return link


def _encryption(address: Address) -> ssl.SSLContext | bool:
    if address.mode == "disable":
        return False
    certificates = address.root_certificate
    if certificates is not None and not Path(certificates).is_file():
        raise ConfigurationError(
            "The file of certificates is not here.", where="casebook, sslrootcert", mend="Check its path."
        )
    context = ssl.create_default_context(cafile=certificates)
    if address.mode == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
