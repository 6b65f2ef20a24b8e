"""What an operator sets for a connection to Jetstream."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx

from seawall.errors import ConfigurationError
from seawall.protocols import Connection
from seawall.sources.bluesky_ids import did_of
from seawall.sources.bluesky_record import COLLECTIONS, PROFILE
from seawall.sources.live.http_address import base_address
from seawall.sources.live.stated import stated_list, stated_moment

LARGEST_RECORD = 4_000_000
"""Bytes; the server leaves out what is larger, which no record may be. A frame has room for it."""

_MOST_DIDS = 10_000
_IN_ADDRESS = 100
"""So many accounts are named in the address; more are told in a first frame."""

_USUAL = tuple(name for name in COLLECTIONS if name != PROFILE)
_PATH = "subscribe"
_HTTP = {"wss": "https", "ws": "http"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What to read, and from when on."""

    base: httpx.URL
    dids: tuple[str, ...]  # empty = of everybody
    collections: tuple[str, ...]
    since_us: int | None  # UTC microseconds; None = from now on

    @staticmethod
    def of(connection: Connection) -> Settings:
        """The settings of a connection.

        Raises:
            ConfigurationError: one cannot be read.
        """
        where = f"connection {connection.name}"
        dids = stated_list(connection.settings.get("dids", ""))
        if len(dids) > _MOST_DIDS or not all(map(did_of, dids)):
            raise ConfigurationError(
                f"These are no identifiers of accounts, or more than {_MOST_DIDS:,}.",
                where=f"{where}, dids",
                mend="Write each as did:plc:..., as its profile shows it, not as a handle.",
            )
        collections = stated_list(connection.settings.get("collections", "")) or _USUAL
        if not set(collections) <= set(COLLECTIONS):
            raise ConfigurationError(
                "Not all of these are kinds of records that are read.",
                where=f"{where}, collections",
                mend=f"There are: {', '.join(COLLECTIONS)}.",
            )
        since = stated_moment(connection.settings.get("since", ""), where)
        return Settings(_base(connection.url, where), dids, collections, since)

    def address(self, cursor: int | None) -> httpx.URL:
        """Where to listen from a time on (UTC microseconds), or from now on."""
        params: list[tuple[str, str]] = [("wantedCollections", name) for name in self.collections]
        params.append(("maxMessageSizeBytes", str(LARGEST_RECORD)))
        if self.tells_later:
            params.append(("requireHello", "true"))
        else:
            params += [("wantedDids", did) for did in self.dids]
        if cursor is not None:
            params.append(("cursor", str(cursor)))
        return self.base.copy_with(params=params)

    @property
    def tells_later(self) -> bool:
        """Whether the accounts are told in a first frame."""
        return len(self.dids) > _IN_ADDRESS

    @property
    def hello(self) -> dict[str, object]:
        """The first frame that tells them."""
        wanted = {"wantedCollections": self.collections, "wantedDids": self.dids}
        return {"type": "options_update", "payload": {**wanted, "maxMessageSizeBytes": LARGEST_RECORD}}


def _base(url: str, where: str) -> httpx.URL:
    """The address of /subscribe, whether it was given as wss, as https, or without the path."""
    parts = urlsplit(url.strip())
    given = urlunsplit(parts._replace(scheme=_HTTP.get(parts.scheme, parts.scheme)))
    address = base_address(given, where)
    path = address.path.rstrip("/")
    return address.copy_with(path=path if path.endswith(_PATH) else f"{path}/{_PATH}")
