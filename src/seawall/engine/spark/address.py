"""Addresses of engines: what may be said, what of it may be shown, and whether somebody answers there."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from seawall.errors import ConfigurationError, ConnectError

KNOCK_SECONDS = 5.0
MOST_THREADS = 1024
LOCAL_TRIES = 2
"""A task on this machine is tried so often."""

PORTS = {"spark": 7077, "sc": 15002}
_LOCAL = re.compile(r"local(?:\[(\*|\d+)\])?")
_MEND = "Give local, local[*], local[4], spark://HOST:PORT or sc://HOST:PORT."


@dataclass(frozen=True)
class Address:
    """Where a Spark cluster is.

    Args:
        kind: "local", "spark" (a standalone cluster's master) or "sc" (Spark Connect).
        master: what Spark is told; it may hold a token.
        hosts: who should answer.

    >>> Address.read("local[2]").master, Address.read("sc://club.example/;token=x").shown
    ('local[2,2]', 'sc://club.example:15002')
    """

    kind: str
    master: str = field(repr=False)
    hosts: tuple[tuple[str, int], ...] = ()

    @classmethod
    def read(cls, told: str) -> Address:
        """An address as people write it.

        Raises:
            ConfigurationError: it is none; the message does not repeat it, as it may hold a token.
        """
        local = _LOCAL.fullmatch(told)
        if local is not None:
            return cls("local", f"local[{_threads(local[1] or '1')},{LOCAL_TRIES}]")
        kind, _, rest = told.partition("://")
        if kind not in PORTS or not rest:
            raise ConfigurationError("This is no address of an engine.", where="engine", mend=_MEND)
        places = rest.split(",") if kind == "spark" else [re.split("[/;]", rest)[0]]
        return cls(kind, told, tuple(_host(place, PORTS[kind]) for place in places))

    @property
    def shown(self) -> str:
        """The address without what nobody else should see."""
        if not self.hosts:
            return self.kind
        return f"{self.kind}://" + ",".join(
            f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.hosts
        )

    def knock(self) -> str:
        """Does one of the hosts answer? Spark itself would try for a minute before it says that nobody is there.

        Returns:
            our own address on the way there, under which workers find us.

        Raises:
            ConnectError: nobody does.
        """
        reason = "no answer"
        for place in self.hosts:
            try:
                with socket.create_connection(place, KNOCK_SECONDS) as way:
                    return str(way.getsockname()[0])
            except TimeoutError:
                reason = f"no answer within {KNOCK_SECONDS:g} seconds"
            except OSError as error:
                reason = error.strerror or reason
        if not self.hosts:
            return "127.0.0.1"
        raise ConnectError(
            f"Nobody answers at the address of the cluster: {reason}.",
            where=self.shown,
            mend="Check the address, and that the cluster runs there.",
        )


def _threads(told: str) -> str:
    if told != "*" and not 1 <= int(told) <= MOST_THREADS:
        raise ConfigurationError(f"local takes 1 to {MOST_THREADS} threads.", where="engine", mend=_MEND)
    return told


def _host(place: str, default: int) -> tuple[str, int]:
    try:
        told = urlsplit(f"//{place}")
        host, port = told.hostname, told.port or default
    except ValueError:
        raise ConfigurationError(
            "The port of an engine's address is no number from 1 to 65535.", where="engine", mend=_MEND
        ) from None
    if not host or told.path or told.query or told.fragment or told.username is not None:
        raise ConfigurationError("This is no address of an engine.", where="engine", mend=_MEND)
    return host, port
