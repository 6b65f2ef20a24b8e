"""Addresses that an operator typed for an XMPP connection."""

from __future__ import annotations

import httpx
from slixmpp.jid import JID, InvalidJID

from seawall.errors import ConfigurationError


def room_address(told: str, where: str) -> str:
    """The bare address of a room, in small letters.

    Raises:
        ConfigurationError: it is none.
    """
    try:
        found = JID(told.strip())
    except InvalidJID:
        found = JID("")
    if not found.user or not found.domain or found.resource:
        raise ConfigurationError(
            "This is no address of a room.", where=f"{where}, rooms", mend="Write it as rides@rooms.example.org"
        )
    return str(found.bare).lower()


def own_address(told: str, where: str) -> JID:
    """The account that Seawall reads with.

    Raises:
        ConfigurationError: it is none.
    """
    try:
        found = JID(told.strip())
    except InvalidJID:
        found = JID("")
    if not found.user or not found.domain:
        raise ConfigurationError("This is no JID.", where=f"{where}, jid", mend="Write it as seawall@example.org")
    return found


def server_address(url: str, where: str) -> tuple[bool, str, int]:
    """Whether TLS begins at once, the host (empty: as the JID's domain says), and the port.

    >>> server_address("xmpp://chat.garden.example", "club"), server_address("", "club")
    ((False, 'chat.garden.example', 5222), (False, '', 0))

    Raises:
        ConfigurationError: it is no address, or holds a password.
    """
    if not url.strip():
        return False, "", 0
    scheme, mark, rest = url.strip().partition("://")
    try:
        found = httpx.URL(f"http://{rest}") if mark and scheme in ("xmpp", "xmpps") else None
    except (httpx.InvalidURL, ValueError):
        found = None
    if found is None or not found.host or found.userinfo or found.path not in ("", "/") or found.query:
        raise ConfigurationError(
            "This is no address of an XMPP server, or it holds a password.",
            where=where,
            mend="Write it as xmpp://example.org, or leave it empty.",
        )
    return scheme == "xmpps", found.host, found.port or (5223 if scheme == "xmpps" else 5222)
