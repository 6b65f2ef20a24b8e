"""Links: found in running text or told beside it, brought to one canonical form.

Canonical means: scheme and host in lower case and ASCII (UTS 46), no user information, default port, fragment or
tracking parameters, dot segments resolved, percent-encoding normal, the remaining parameters sorted by name, hosts
that are the same place merged, names of persons hidden (``places``). http and https stay apart, except on hosts of
the table, which all speak https.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from urllib.parse import parse_qs

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.addresses import Address, parse, scheme_of
from seawall.intake.app_links import to_web
from seawall.intake.hosts import has_public_suffix
from seawall.intake.lists import parents
from seawall.intake.place_table import REDIRECTS, SCHEMELESS
from seawall.intake.places import Hide, Link, locate
from seawall.intake.plain_links import MIXED, find_plain, plain_links
from seawall.intake.plain_rules import links_by_rule
from seawall.model import LINK

_BODY = r'[^\s<>"`«»“”„\x00-\x20\x7f|{}^。，、；！？（）【】「」『』《》]'
_HOSTS = "|".join(map(re.escape, sorted(SCHEMELESS, key=len, reverse=True)))
_SCHEME = r"(?:https?|ftp|tg)://"
_MATRIX = r"matrix:(?:u|r|roomid)/"
_BARE = rf"(?:www\.|(?:www\.|m\.|mobile\.)?(?:{_HOSTS})/)"

_ORDINARY = re.compile(rf"https?://{_BODY}+")
_ANYHOW = re.compile(rf"(?:{_SCHEME}|{_MATRIX}|(?<![\w@./-]){_BARE}){_BODY}+", re.IGNORECASE)
_HAS_OTHER = (
    rf"(?i:(?:^|[^\w@./-])(?:www\.|(?:(?:www|m|mobile)\.)?(?:{_HOSTS})/))|(?i:tg://|ftp://|matrix:)"
    r"|(?:H[Tt][Tt][Pp]|hT[Tt][Pp]|htT[Pp]|httP|httpS)[Ss]?://"
)

_SCHEMELESS = re.compile(r"\s*[^\s/\\:@?#]+(?::\d+)?(?:[/?#]|\s*$)")

_TRAILING = ".,;:!?'*’…)]"
_OPENS = {")": "(", "]": "["}
_AMP = re.compile(r"/(?:amp|c|v|i)/(?P<secure>s/)?(?P<rest>[\w-]+(?:\.[\w-]+)+(?:/.*)?)", re.DOTALL)
_AMP_CACHE = ".cdn.ampproject.org"
_LEADING_ON = frozenset({"www.google.com", "google.com"}).union(*(redirect.hosts for redirect in REDIRECTS))
_MOST_HOPS = 3
_REMEMBERED, _LONGEST_REMEMBERED = 1 << 16, 300


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
    address = parse(f"https://{url.strip()}") if _SCHEMELESS.match(url) else None
    return address if address is not None and has_public_suffix(address.host) else None


def _leads_to(address: Address) -> Address | None:
    """The address behind a redirecting or AMP page, where the page says it."""
    if address.host not in _LEADING_ON and not address.host.endswith(_AMP_CACHE):
        return None
    if address.host in ("www.google.com", "google.com") or address.host.endswith(_AMP_CACHE):
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
    kinds, plain_rows, plain = find_plain(texts)
    other = pc.fill_null(pc.match_substring_regex(texts, _HAS_OTHER), False).to_numpy(zero_copy_only=False)
    alone = ~other[plain_rows]
    looked_at = np.flatnonzero(other | (kinds == MIXED))
    rows, found = [plain_rows[alone]], [plain.filter(pa.array(alone))]
    by_hand = [in_text(text, other_forms=bool(other[row])) for row, text in _chosen(texts, looked_at)]
    rows.append(np.repeat(looked_at, [len(addresses) for addresses in by_hand]))
    found.append(pa.array(list(chain.from_iterable(by_hand)), pa.string()))
    if told is not None:
        rows.insert(0, parents(told))
        found.insert(0, told.flatten())
    return _as_lists(len(texts), np.concatenate(rows), _resolved(pa.concat_arrays(found), hide))


def _chosen(texts: pa.Array, rows: npt.NDArray[np.int64]) -> Iterator[tuple[int, str]]:
    return zip(rows.tolist(), texts.take(pa.array(rows)).to_pylist(), strict=True)


def _resolved(addresses: pa.Array, hide: Hide) -> pa.StructArray:
    """The link of each address, null where it is none; each distinct address is taken apart once."""
    encoded = addresses.dictionary_encode()
    links = plain_links(encoded.dictionary)
    for way in (links_by_rule, _by_hand):
        links = _completed(links, encoded.dictionary, hide, way)
    return links.take(encoded.indices)


def _completed(
    links: pa.StructArray, addresses: pa.Array, hide: Hide, way: Callable[[pa.Array, Hide], pa.StructArray]
) -> pa.StructArray:
    """The links, and where they are null what another way gives."""
    if not links.null_count:
        return links
    missing = pc.is_null(links)
    found = way(addresses.filter(missing), hide)
    places = np.arange(len(links))
    places[missing.to_numpy(zero_copy_only=False)] = len(links) + np.arange(len(found))
    return pa.concat_arrays([links, found]).take(pa.array(places))


def _by_hand(addresses: pa.Array, hide: Hide) -> pa.StructArray:
    links = [
        (_remembered if len(address) <= _LONGEST_REMEMBERED else canonical)(address, hide) if address else None
        for address in addresses.to_pylist()
    ]
    columns = ([link[part] if link else None for link in links] for part in range(len(LINK)))
    return pa.StructArray.from_arrays(
        [pa.array(column, pa.string()) for column in columns],
        fields=list(LINK),
        mask=pa.array([link is None for link in links], pa.bool_()),
    )


_remembered = lru_cache(maxsize=_REMEMBERED)(canonical)
"""The same addresses come again, in other batches."""


def _as_lists(count: int, rows: npt.NDArray[np.int64], links: pa.StructArray) -> pa.ListArray:
    """Links sorted into their rows, in the order in which they come, each once a row."""
    there = pc.is_valid(links)
    rows, links = rows[there.to_numpy(zero_copy_only=False)], links.filter(there)
    codes = links.field("url").dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    _, first = np.unique(rows * (len(codes) + 1) + codes, return_index=True)
    first.sort()
    chosen = first[np.argsort(rows[first], kind="stable")]
    lengths = np.bincount(rows[chosen], minlength=count)
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(
        pa.array(ends), links.take(pa.array(chosen)), type=pa.list_(LINK), mask=pa.array(lengths == 0)
    )


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
