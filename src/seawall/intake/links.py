"""Links: found in running text or told beside it, brought to one canonical form.

Canonical means: scheme and host in lower case and ASCII (UTS 46), no user information, default port, fragment or
tracking parameters, dot segments resolved, percent-encoding normal, the remaining parameters sorted by name, hosts
that are the same place merged, names of persons hidden (``places``). http and https stay apart, except on hosts of
the table, which all speak https.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from urllib.parse import parse_qs

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.addresses import MAX_HOST, Address, parse, scheme_of
from seawall.intake.app_links import to_web
from seawall.intake.hosts import has_public_suffix, look_up
from seawall.intake.place_table import REDIRECTS, SCHEMELESS
from seawall.intake.places import NAME_COMES_NEXT, WEB, Hide, Link, locate
from seawall.model import LINK

_BODY = r'[^\s<>"`«»“”„\x00-\x20\x7f|{}^。，、；！？（）【】「」『』《》]'
_HOSTS = "|".join(map(re.escape, sorted(SCHEMELESS, key=len, reverse=True)))
_SCHEME = r"(?:https?|ftp|tg)://"
_MATRIX = r"matrix:(?:u|r|roomid)/"
_BARE = rf"(?:www\.|(?:www\.|m\.|mobile\.)?(?:{_HOSTS})/)"

_ORDINARY = re.compile(rf"https?://{_BODY}+")
_ANYHOW = re.compile(rf"(?:{_SCHEME}|{_MATRIX}|(?<![\w@./-]){_BARE}){_BODY}+", re.IGNORECASE)
_HAS_ORDINARY = "https?://"
_HAS_OTHER = (
    rf"(?i:(?:^|[^\w@./-])(?:www\.|(?:(?:www|m|mobile)\.)?(?:{_HOSTS})/))|(?i:tg://|ftp://|matrix:)"
    r"|(?:H[Tt][Tt][Pp]|hT[Tt][Pp]|htT[Pp]|httP|httpS)[Ss]?://"
)

_TRAILING = ".,;:!?'*’…)]"
_OPENS = {")": "(", "]": "["}
_AMP = re.compile(r"/(?:amp|c|v|i)/(?P<secure>s/)?(?P<rest>[\w-]+(?:\.[\w-]+)+(?:/.*)?)", re.DOTALL)
_MOST_HOPS = 3

_PLAIN = re.compile(r"(https?://)([a-z0-9.-]+)((?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*/?)")
_PLAIN_HOST = re.compile(r"(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_TELLING_SEGMENTS = NAME_COMES_NEXT | {"invite"}
_LONGEST_PLAIN = 240
_SPECIAL_HOSTS = (".onion", "google.com", ".cdn.ampproject.org")


def canonical(url: str, hide: Hide) -> Link | None:
    """The canonical form of one address, or null where it is none that a browser would open.

    Contacts (mailto, tel) are no links. Pages that only lead on (google.com/url and its like) give the address
    that they lead to.

    >>> hide = lambda name: "~0"
    >>> canonical("HTTPS://www.Garden.example:443/a/../seeds?b=2&utm_source=x&a=1#top", hide).url
    'https://www.garden.example/seeds?a=1&b=2'
    >>> canonical("t.me/joinchat/AbCdEf123", hide)
    Link(url='https://t.me/+AbCdEf123', domain='t.me', place='telegram_invite')
    >>> canonical("mailto:club@garden.example", hide) is None
    True
    """
    address = _address(url)
    for _ in range(_MOST_HOPS):
        target = _leads_to(address) if address is not None else None
        if target is None:
            break
        address = target
    return locate(address, hide) if address is not None else None


def _address(url: str) -> Address | None:
    scheme = scheme_of(url)
    if scheme in ("http", "https", "ftp"):
        return parse(url)
    if scheme in ("tg", "matrix"):
        web = to_web(url)
        return parse(web) if web is not None else None
    address = parse(f"https://{url.strip()}")
    return address if address is not None and has_public_suffix(address.host) else None


def _leads_to(address: Address) -> Address | None:
    """The address behind a redirecting or AMP page, where the page says it."""
    if address.host in ("www.google.com", "google.com") or address.host.endswith(".cdn.ampproject.org"):
        behind = _AMP.fullmatch(address.path)
        if behind is not None:
            query = f"?{address.query}" if address.query else ""
            return parse(f"http{'s' if behind['secure'] else ''}://{behind['rest']}{query}")
    for redirect in REDIRECTS:
        if address.host in redirect.hosts and address.path == redirect.path:
            told = parse_qs(address.query)
            for parameter in redirect.parameters:
                if told.get(parameter):
                    return parse(told[parameter][0])
    return None


def plain(url: str) -> Link | None:
    """The fast way for the addresses that are canonical as they stand; null for all others.

    It takes ASCII addresses without query, percent signs, capitals in the host, dots at the start of a segment, or
    anything else that ``canonical`` would change or hide, and gives the same as ``canonical``.

    >>> plain("https://garden.example/seeds/carrots.html").domain
    'garden.example'
    >>> plain("https://t.me/fern") is None
    True
    """
    matched = _PLAIN.fullmatch(url) if len(url) <= _LONGEST_PLAIN else None
    if matched is None:
        return None
    scheme, name, path = matched.groups()
    host = _plain_host(name)
    if host is None or (path.count("/") > 1 and not _TELLING_SEGMENTS.isdisjoint(path.lower().split("/"))):
        return None
    if host.place != WEB:
        scheme = "https://"
    return Link(f"{scheme}{host.url}{path or '/'}", host.domain, host.place)


@lru_cache(maxsize=65536)
def _plain_host(name: str) -> Link | None:
    """Host, domain and place for addresses of a host whose paths need no look; null for the others."""
    if not _PLAIN_HOST.fullmatch(name) or len(name) > MAX_HOST or name.endswith(_SPECIAL_HOSTS):
        return None
    host = look_up(name)
    if host.family is None:
        return Link(host.name, host.domain, WEB)
    if host.family.persons or host.family.subdomains or host.family.rules:
        return None
    return Link(host.name, host.domain, host.family.place)


def extract_links(texts: pa.Array, told: pa.ListArray | None, hide: Hide) -> pa.ListArray:
    """The links of each row, told ones first, each once.

    Args:
        texts: strings; a null has no links.
        told: lists of addresses that the source tells beside the text, or null.
        hide: a name -> what is kept of it, as ``Pseudonyms.hide``.

    Returns:
        ``list<model.LINK>``, null where a row has no link. An address that was cut short (by an ellipsis) and one
        that no browser would open are left out.
    """
    other = pc.fill_null(pc.match_substring_regex(texts, _HAS_OTHER), False)
    candidates = _rows_with_candidates(texts, told, other)
    table = _Links(hide)
    lengths = np.zeros(len(texts), np.int32)
    codes: list[int] = []
    given = told.take(candidates).to_pylist() if told is not None else [None] * len(candidates)
    rows = (column.to_pylist() for column in (candidates, texts.take(candidates), other.take(candidates)))
    for row, text, other_forms, addresses in zip(*rows, given, strict=True):
        found = table.codes(addresses or (), in_text(text, other_forms=other_forms) if text else ())
        lengths[row] = len(found)
        codes.extend(found)
    return _as_lists(lengths, codes, table.found)


def in_text(text: str, *, other_forms: bool = True) -> list[str]:
    """What looks like an address in running text, without the punctuation around it.

    Without ``other_forms``, only what begins with a plain ``http://`` or ``https://`` is looked for: ten times faster.

    >>> in_text("Seeds (see https://garden.example/a_(b)), or t.me/garden_club!")
    ['https://garden.example/a_(b)', 't.me/garden_club']
    """
    pattern = _ANYHOW if other_forms else _ORDINARY
    return [trimmed(found) for found in pattern.findall(text) if "…" not in found]


def trimmed(found: str) -> str:
    """An address without the punctuation of the sentence that it stands in.

    >>> trimmed("https://garden.example/seeds)."), trimmed("https://garden.example/a_(b)")
    ('https://garden.example/seeds', 'https://garden.example/a_(b)')
    """
    if found[-1] not in _TRAILING:
        return found
    surplus = {close: found.count(close) - found.count(opens) for close, opens in _OPENS.items()}
    end = len(found)
    while end and found[end - 1] in _TRAILING:
        last = found[end - 1]
        if last in surplus:
            if surplus[last] <= 0:
                break
            surplus[last] -= 1
        end -= 1
    return found[:end]


class _Links:
    """The distinct links of a batch, each taken apart once."""

    def __init__(self, hide: Hide) -> None:
        self._hide = hide
        self._by_text: dict[str, int | None] = {}
        self._by_url: dict[str, int] = {}
        self.found: list[Link] = []

    def codes(self, *addresses: Iterable[str | None]) -> list[int]:
        """Numbers of the links of one row, each once, in the order in which they were met."""
        numbers: dict[int, None] = {}
        for address in chain(*addresses):
            number = self._by_text[address] if address in self._by_text else self._number(address)
            if number is not None:
                numbers[number] = None
        return list(numbers)

    def _number(self, address: str | None) -> int | None:
        link = plain(address) or canonical(address, self._hide) if address else None
        number = None
        if link is not None:
            number = self._by_url.setdefault(link.url, len(self.found))
            if number == len(self.found):
                self.found.append(link)
        if address is not None:
            self._by_text[address] = number
        return number


def _rows_with_candidates(texts: pa.Array, told: pa.ListArray | None, other: pa.Array) -> pa.Array:
    """Indices of the rows that may hold a link; all others need not be looked at in Python."""
    may = pc.or_(other, pc.fill_null(pc.match_substring_regex(texts, _HAS_ORDINARY), False))
    if told is not None:
        may = pc.or_(may, pc.fill_null(pc.greater(pc.list_value_length(told), 0), False))
    return pc.indices_nonzero(may)


def _as_lists(lengths: npt.NDArray[np.int32], codes: list[int], found: list[Link]) -> pa.ListArray:
    columns = zip(*found, strict=True) if found else ([], [], [])
    distinct = pa.StructArray.from_arrays([pa.array(column, pa.string()) for column in columns], fields=list(LINK))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(
        pa.array(offsets), distinct.take(pa.array(codes, pa.int32())), type=pa.list_(LINK), mask=pa.array(lengths == 0)
    )
