"""Names on Mastodon: the server that was read, accounts, and ids of statuses.

An account's stable id is its name with its host, ``tom@garden.example``: servers never give a name to somebody else.
A status has a number of its own on each server that knows it, and deletions and replies tell only that number. So the
id of a status is the name of the server that was read, a slash and the number: ``garden.example/109372843234``. The
same status read through two servers is two messages.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from seawall.sources.json_values import Undecodable, Unusable, decoded, dict_of, id_of, identity, list_of, text_of
from seawall.sources.raw_rows import Row

NO_SERVER = (
    "The file does not tell through which server it was read; its ids are kept as those of an unnamed one. State it "
    "with --map instance==HOST."
)
_UNNAMED = "~"
_LONGEST_HOST = 253
_DEEPEST = 2  # a boost in a notification in a frame


def host_of(address: Any) -> str | None:
    """The host of a web address, with its port if it has one.

    >>> host_of("https://Garden.example/@tom"), host_of("garden.example")
    ('garden.example', None)
    """
    if not isinstance(address, str):
        return None
    try:
        found = urlsplit(address)
    except ValueError:
        return None
    host = found.netloc.rpartition("@")[2].lower()
    return host if found.scheme in ("http", "https") and 0 < len(host) <= _LONGEST_HOST else None


def server_told(value: Any, depth: int = 0) -> str | None:
    """The server through which a status, or what holds one, was read; None where it does not tell.

    Its own accounts have no host in ``acct``, and tags lead to its own pages. ``depth``: inside how many others it is.
    """
    told = dict_of(value)
    if not told or depth > _DEEPEST:
        return None
    if text_of(told.get("instance")):
        return str(told["instance"]).lower()[:_LONGEST_HOST]
    for account in (told.get("account"), told.get("target_account"), *list_of(told.get("mentions"))):
        account = dict_of(account)
        account = dict_of(account.get("account")) or account
        if text_of(account.get("acct")) and "@" not in account["acct"]:
            return host_of(account.get("url")) or host_of(account.get("uri"))
    for tag in list_of(told.get("tags")):
        address = text_of(dict_of(tag).get("url"))
        if address and "/tags/" in address:
            return host_of(address)
    for inner in ("status", "reblog", "last_status", "payload"):
        found = server_told(_unwrapped(told.get(inner)), depth + 1)
        if found is not None:
            return found
    return None


def _unwrapped(value: Any) -> Any:
    """The object itself, or the one that a frame holds as a text."""
    if not isinstance(value, str):
        return value
    try:
        return decoded(value.encode("utf-8", "replace"))
    except Undecodable:
        return None


def account_of(value: Any, server: str | None) -> Row | None:
    """Who an account or a mention tells of; None where it names nobody.

    >>> account_of({"acct": "Tom", "display_name": "Tom"}, "garden.example")
    {'id': 'tom@garden.example', 'handle': 'tom@garden.example', 'name': 'Tom'}
    """
    account = dict_of(value)
    inner = dict_of(account.get("account"))
    acct = text_of(inner.get("acct")) or text_of(account.get("acct"))
    if acct is None:
        return None
    host = server or host_of(account.get("url")) or _UNNAMED
    whole = (acct if "@" in acct else f"{acct}@{host}").lower()
    return identity(whole, whole, text_of(inner.get("display_name")) or text_of(account.get("display_name")))


def account_at(actor: Any) -> Row | None:
    """Who an ActivityPub address is of, where it holds the name.

    >>> account_at("https://garden.example/users/tom")["id"], account_at("https://garden.example/@tom")["id"]
    ('tom@garden.example', 'tom@garden.example')
    """
    host = host_of(actor)
    if host is None:
        return None
    parts = [part for part in urlsplit(str(actor)).path.split("/") if part]
    if len(parts) == 1 and parts[0].startswith("@"):
        name = parts[0][1:]
    elif len(parts) == 2 and parts[0] == "users":
        name = parts[1]
    else:
        return identity(str(actor))
    whole = f"{name}@{host}".lower()
    return identity(whole, whole)


def status_id(value: Any, server: str | None) -> str | None:
    """The id of a status that a server tells by its own number.

    >>> status_id("109372", "garden.example"), status_id(None, "garden.example")
    ('garden.example/109372', None)
    """
    number = id_of(value)
    return None if number is None else f"{server or _UNNAMED}/{number}"


def id_at(uri: Any) -> str | None:
    """The id of a status on its own server, from its ActivityPub address; None where that holds no number.

    >>> id_at("https://garden.example/users/tom/statuses/109372/activity"), id_at("https://b.example/objects/9f3a")
    ('garden.example/109372', None)
    """
    host = host_of(uri)
    if host is None:
        return None
    parts = urlsplit(str(uri)).path.removesuffix("/activity").split("/")
    return f"{host}/{parts[-1]}" if parts[-1].isascii() and parts[-1].isdigit() else None


def needed_id(value: Any, server: str | None, field: str = "id") -> str:
    """The same.

    Raises:
        Unusable: there is no number.
    """
    found = status_id(value, server)
    if found is None:
        raise Unusable(field, "missing, or neither a number nor a text")
    return found
