"""From an address to what is kept of it: which place it leads to, with the names of persons hidden.

The same place gives the same text, so that it can be counted; what may name a person is replaced by ``~`` and a
keyed hash. The caller gives the hash (see ``pseudonyms.Pseudonyms.hide``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from seawall.intake.addresses import MAX_ADDRESS, Address, normal_host
from seawall.intake.hosts import Host, look_up
from seawall.intake.place_rules import Family, Rule, words
from seawall.intake.place_table import MATRIX
from seawall.intake.tracking import without_tracking

Hide = Callable[[str], str]
"""A name -> ``~`` and hexadecimal digits: the same for the same name and workspace."""

WEB = "web"

NAME_COMES_NEXT = words(
    "u user users usr profile profiles people person member members author authors account accounts "
    "direct channel group"
)
"""On a host that the table does not know, the segment after one of these is hidden."""

NAME_PARAMETERS = words(
    "user username user_name userid user_id u uid email e-mail mail account acct name login member author profile "
    "screen_name handle phone tel from to sender recipient nick nickname fullname first_name last_name q_user"
)
"""Parameters whose value is hidden wherever they stand."""

_INVITE = re.compile(r"/invite/\w{4,64}/?")
_END_OF_HOST = re.compile("[/:#]")
_SAFE = re.compile(r"[\w.:%/=~-]*", re.ASCII)
_TELLING_VALUE = re.compile(r"@|://")


class Link(NamedTuple):
    """What the lake keeps of an address, as in ``model.LINK``."""

    url: str
    domain: str
    place: str


def locate(address: Address, hide: Hide) -> Link:
    """The place of an address, and its canonical form without names.

    >>> from seawall.intake.addresses import parse
    >>> locate(parse("https://mobile.twitter.com/fern/status/12?s=20"), lambda name: "~fern's hash")
    Link(url="https://x.com/~fern's hash/status/12", domain='x.com', place='x_status')
    """
    host = look_up(address.host)
    if len(address.path) > MAX_ADDRESS:
        return Link(f"{address.scheme}://{address.authority}/{hide(address.path)}", host.domain, WEB)
    if host.family is None or address.port is not None:
        return _unknown(address, host, hide)
    known = _by_rule(host.family, _path_with_owner(address, host), address, hide)
    if known is None and host.family.servers:
        known = _room(address, hide)
    if known is not None:
        return known
    if host.family.persons:
        return _without_names(host.family, address, host, hide)
    owner = f"{hide(f'{host.name}:{host.owner}')}." if host.owner else ""
    url = f"https://{owner}{host.name}{_tail(address, hide)}"
    return Link(url, host.domain, host.family.place)


def _path_with_owner(address: Address, host: Host) -> str:
    """NAME.t.me/5 is the same as t.me/NAME/5."""
    if host.owner and host.family is not None and host.family.rules:
        return f"/{host.owner}{address.path}".rstrip("/")
    return address.path


def _by_rule(family: Family, path: str, address: Address, hide: Hide) -> Link | None:
    subject = f"{path}#{unquote(address.fragment)}" if family.fragment else path
    given: dict[str, str] | None = None
    for shape in family.rules:
        matched = shape.pattern.fullmatch(subject)
        if matched is None:
            continue
        holes = matched.groupdict("")
        if shape.query:
            given = dict(parse_qsl(address.query)) if given is None else given
            if not all(given.get(parameter) for parameter in shape.query):
                continue
            holes |= {hole: given[parameter] for parameter, hole in shape.query.items()}
        return _filled(family, shape, holes, hide)
    return None


def _filled(family: Family, shape: Rule, holes: dict[str, str], hide: Hide) -> Link | None:
    safe = {}
    for hole, value in holes.items():
        if hole.startswith("name"):
            safe[hole] = hide(f"{family.place}:{unquote(value).lower()}")
            continue
        told = normal_host(value) if hole in ("host", "server") and ":" not in value else value
        told = told.lower() if told is not None and hole.startswith("community") else told
        if told is None or not _SAFE.fullmatch(told):
            return None
        safe[hole] = told
    url = f"https://{shape.form.format_map(safe)}"
    return Link(url, look_up(_END_OF_HOST.split(url[8:], maxsplit=1)[0]).domain, shape.place)


def _without_names(family: Family, address: Address, host: Host, hide: Hide) -> Link:
    """An address of a platform that no rule knows: what is not a word of the platform may be a name."""
    segments = [
        segment if segment in family.words else hide(f"{family.place}:{unquote(segment).lower()}")
        for segment in [host.owner or "", *address.path.split("/")]
        if segment
    ]
    parameters = [
        f"{key}={hide(f'{family.place}:{unquote(value).lower()}')}"
        for key, value in _pairs(without_tracking(address.query))
        if key.isidentifier()
    ]
    query = f"?{'&'.join(parameters)}" if parameters else ""
    return Link(f"https://{host.name}/{'/'.join(segments)}{query}", host.domain, family.place)


def _unknown(address: Address, host: Host, hide: Hide) -> Link:
    """An address of a host that the table does not know, or on a port of its own."""
    room = _room(address, hide)
    if room is not None:
        return room
    name = host.name if address.port is None else address.authority
    url = f"{address.scheme}://{name}{_tail(address, hide)}"
    return Link(url, host.domain, _kind(address, host))


def _room(address: Address, hide: Hide) -> Link | None:
    """The Matrix room that a copy of Element on any host shows."""
    return _by_rule(MATRIX, address.path, address, hide) if address.fragment.startswith("/") else None


def _kind(address: Address, host: Host) -> str:
    if address.host.endswith(".onion"):
        return "onion"
    if _INVITE.fullmatch(address.path):
        return "rocketchat_invite"
    first = next((unquote(segment) for segment in address.path.split("/") if segment), "")
    if first.startswith("@"):
        return "mastodon"
    return host.family.place if host.family is not None else WEB


def _tail(address: Address, hide: Hide) -> str:
    """Path and query with what may be a name hidden."""
    before, segments = "", []
    for segment in address.path.split("/"):
        plain = unquote(segment)
        telling = "@" in plain or plain.startswith("~") or (before in NAME_COMES_NEXT and segment != "")
        segments.append(hide(plain.lower()) if telling else segment)
        before = plain.lower()
    parameters = []
    for key, value in _pairs(without_tracking(address.query)):
        plain = unquote(value)
        names_someone = value != "" and (key.lower() in NAME_PARAMETERS or bool(_TELLING_VALUE.search(plain)))
        key = hide(unquote(key)) if "@" in unquote(key) else key
        parameters.append(f"{key}={hide(plain.lower())}" if names_someone else f"{key}={value}" if value else key)
    return "/".join(segments) + (f"?{'&'.join(parameters)}" if parameters else "")


def _pairs(query: str) -> list[tuple[str, str]]:
    parts = (parameter.partition("=") for parameter in query.split("&") if parameter)
    return [(key, value) for key, _, value in parts]
