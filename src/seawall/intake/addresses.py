"""Split a web address as browsers do, so that no trick makes us name a host that nobody would reach.

The steps follow the WHATWG URL standard (https://url.spec.whatwg.org, *basic URL parser* and *host parsing*):
tabs and line breaks vanish, a backslash is a slash, everything before the last ``@`` is user information, the
host is percent-decoded before UTS 46, and a host that ends in a number is an IPv4 address or nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from yarl import URL

from seawall.intake.host_names import in_ascii
from seawall.intake.numeric_hosts import ipv4, ipv6, is_number

MAX_HOST = 253
MAX_ADDRESS = 2048
"""Longest address in characters that is taken apart; a longer one is kept as its host and a hash."""

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_EDGES = "".join(map(chr, range(0x21)))
_TAB_OR_BREAK = re.compile(r"[\t\n\r]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_AUTHORITY_END = re.compile(r"[/\\?#]")
_FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_PLAIN_ADDRESS = re.compile(r"[!-~]*")
_PLAIN_REST = re.compile(r"(?:/(?!\.)[A-Za-z0-9._~@:-]*)+(?:\?[A-Za-z0-9._~=&-]+)?")
"""Path and query that are normal as they stand: no escapes, no signs that are written in two ways, no dot segments."""

_PLAIN_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21}


class Address(NamedTuple):
    """The parts of an address in their normal form: an ASCII host in lower case, no user information."""

    scheme: str
    host: str
    port: int | None  # null for the scheme's own
    path: str  # percent-encoded, dot segments resolved, begins with "/"
    query: str  # without "?"
    fragment: str  # without "#"

    @property
    def authority(self) -> str:
        """Host and port as an address writes them."""
        return self.host if self.port is None else f"{self.host}:{self.port}"


def parse(url: str) -> Address | None:
    """The parts of a http, https or ftp address; null for anything else and for what a browser would refuse.

    >>> parse("HTTP://garden.example:80@Evil.EXAMPLE\\\\a/../b?x=1").host
    'evil.example'
    >>> parse("http://0x7f.1/").host
    '127.0.0.1'
    >>> parse("http://garden.example:seed/") is None
    True
    """
    text = url if _PLAIN_ADDRESS.fullmatch(url) else _TAB_OR_BREAK.sub("", _SURROGATE.sub("\ufffd", url).strip(_EDGES))
    matched = _SCHEME.match(text)
    if matched is None:
        return None
    scheme = matched[1].lower()
    if scheme not in _DEFAULT_PORTS:
        return None
    rest = text[matched.end() :].lstrip("/\\")
    end = _AUTHORITY_END.search(rest)
    cut = end.start() if end else len(rest)
    located = _host_and_port(rest[:cut].rpartition("@")[2])
    if located is None:
        return None
    host, port = located
    before, _, fragment = rest[cut:].partition("#")
    path, _, query = before.partition("?")
    normal = _normal_path(path.replace("\\", "/"), query)
    if normal is None:
        return None
    return Address(scheme, host, None if port == _DEFAULT_PORTS[scheme] else port, *normal, fragment)


def scheme_of(url: str) -> str:
    """The scheme in lower case, or the empty text.

    >>> scheme_of("MailTo:club@garden.example")
    'mailto'
    """
    matched = _SCHEME.match(url.strip(_EDGES))
    return matched[1].lower() if matched else ""


def _host_and_port(text: str) -> tuple[str, int | None] | None:
    host, port = text, ""
    colon = text.rfind(":")
    if colon > text.rfind("]"):
        host, port = text[:colon], text[colon + 1 :]
    digits = port.lstrip("0") or port[:1]
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= 5 and int(digits) <= 65535):
        return None
    normal = normal_host(host)
    return None if normal is None else (normal, int(digits) if digits else None)


@lru_cache(maxsize=1 << 16)
def normal_host(text: str) -> str | None:
    """The host that a browser would connect to, in ASCII; null where it would refuse.

    >>> normal_host("Сад.example"), normal_host("%67arden.example"), normal_host("garden..example")
    ('xn--80ai1b.example', 'garden.example', None)
    """
    if text.startswith("["):
        return ipv6(text)
    if len(text) > 4 * MAX_HOST:
        return None
    host = _decoded(text)
    if host is None:
        return None
    host = host.removesuffix(".")
    if not host or len(host) > MAX_HOST or _FORBIDDEN_IN_HOST.search(host):
        return None
    labels = host.split(".")
    if is_number(labels[-1]):
        return ipv4(labels)
    if not all(_PLAIN_LABEL.fullmatch(label) for label in labels):
        return None
    return host


def _decoded(text: str) -> str | None:
    """The host after percent-decoding and UTS 46, in ASCII and lower case."""
    try:
        return in_ascii(unquote_to_bytes(text).decode() if "%" in text else text)
    except (ValueError, IndexError, OverflowError):
        return None


def _normal_path(path: str, query: str) -> tuple[str, str] | None:
    """Path and query with percent-encoding and dot segments in their normal form, stable when taken twice."""
    rest = f"/{path.removeprefix('/')}" + (f"?{query}" if query else "")
    if len(rest) > MAX_ADDRESS:
        return rest, ""
    if _PLAIN_REST.fullmatch(rest):
        return (rest[: -len(query) - 1], query) if query else (rest, "")
    try:
        for _ in range(3):
            parsed = URL(f"http://h{rest}")
            again = parsed.raw_path + (f"?{parsed.raw_query_string}" if parsed.raw_query_string else "")
            if again == rest:
                break
            rest = again
    except ValueError:
        return None
    return parsed.raw_path, parsed.raw_query_string
