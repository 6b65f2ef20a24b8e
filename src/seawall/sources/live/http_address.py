"""The address of a server that somebody typed: whether Seawall may talk to it at all."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address

import httpx

from seawall.errors import ConfigurationError, ConnectError

_PORTS = {"https": 443, "http": 80}

Origin = tuple[str, str, int]
"""Scheme, host and port."""


def base_address(url: str, where: str) -> httpx.URL:
    """The address, with a slash at its end.

    >>> str(base_address("https://chat.garden.example", "connection club"))
    'https://chat.garden.example/'

    Raises:
        ConfigurationError: it is no https or http address, or holds a password, a query or a fragment.
    """
    try:
        address = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise _unusable("The address cannot be read.", where) from error
    if address.scheme not in _PORTS or not address.host:
        raise _unusable("The address names no server.", where)
    if address.userinfo:
        raise ConfigurationError(
            "The address holds a user name or a token.",
            where=where,
            mend="Leave out what stands before the @, and give the token when Seawall asks for it.",
        )
    if address.query or address.fragment:
        raise _unusable("The address holds more than a server and a path.", where)
    return address.copy_with(path=address.path.rstrip("/") + "/")


def _unusable(what: str, where: str) -> ConfigurationError:
    return ConfigurationError(what, where=where, mend="Write it as https://chat.example.org")


def origin(address: httpx.URL) -> Origin:
    """Scheme, host and port: what must stay the same through redirects.

    >>> origin(httpx.URL("https://chat.garden.example/a")) == origin(httpx.URL("https://chat.garden.example:443/b"))
    True
    """
    return address.scheme, address.host, address.port or _PORTS.get(address.scheme, 0)


async def refuse_unencrypted(address: httpx.URL, where: str, *, insecure: bool) -> None:
    """Let http pass only to this machine or a private network, because a token would be readable on the way.

    Raises:
        ConfigurationError: it leads elsewhere, and the operator has not said that this is meant.
        ConnectError: the host's name is not known.
    """
    if address.scheme == "https" or insecure:
        return
    for found in await _addresses(address, where):
        number = ip_address(found.partition("%")[0])
        if not (number.is_loopback or number.is_private or number.is_link_local):
            raise ConfigurationError(
                "The address is not encrypted, and leads out of this machine's own network: the token could be read "
                "on the way.",
                where=where,
                mend='Use https. If this is really meant, set insecure to "yes".',
            )


async def _addresses(address: httpx.URL, where: str) -> list[str]:
    try:
        async with asyncio.timeout(10):
            found = await asyncio.get_running_loop().getaddrinfo(
                address.host, origin(address)[2], type=socket.SOCK_STREAM
            )
    except (OSError, UnicodeError, TimeoutError) as error:
        raise unknown_host(where) from error
    return [str(one[4][0]) for one in found]


def unknown_host(where: str) -> ConnectError:
    """The error for a name that no name server knows."""
    return ConnectError(
        "The name of the server is not known.", where=where, mend="Check the address, and that the network is up."
    )
