"""The fast way for links that are canonical as they stand, which most are.

A kernel finds in each text the addresses that begin with ``http://`` or ``https://``, consist of ASCII letters,
digits and ``/ . _ -`` and end at a blank; a few vectorised steps bring them to the form that ``links.canonical``
gives. Whatever is less plain is left to ``links``.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.addresses import MAX_HOST
from seawall.intake.hosts import look_up
from seawall.intake.places import NAME_COMES_NEXT, NAME_PARAMETERS, WEB, Link
from seawall.intake.tracking import without_tracking
from seawall.measures.compiled import compiled
from seawall.measures.text.text_buffers import pieces, text_buffers
from seawall.model import LINK

NONE, PLAIN, MIXED = 0, 1, 2
"""A text has no link that begins in the ordinary way, only plain ones, or at least one that needs a closer look."""

_STOP, _INSIDE, _OTHER = 0, 1, 2
_SPECIAL_HOSTS = (".onion", "google.com", ".cdn.ampproject.org")
_LONGEST = 240
_SHAPE = (
    r"^(?P<scheme>https?://)(?P<host>[a-z0-9.-]+)(?P<path>(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*/?)"
    r"(?:\?(?P<query>[A-Za-z0-9_.=&-]*))?(?:#[A-Za-z0-9_.=&-]*)?$"
)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
"""No address in numbers, no international name: those are for ``addresses``."""

_TELLING = rf"(?i)/(?:{'|'.join(sorted(NAME_COMES_NEXT | {'invite'}))})/"


def _byte_classes() -> npt.NDArray[np.uint8]:
    classes = np.full(256, _OTHER, np.uint8)
    classes[: ord(" ") + 1] = _STOP
    classes[[ord(sign) for sign in '<>"`|{}^\x7f']] = _STOP
    letters = "abcdefghijklmnopqrstuvwxyz"
    classes[[ord(sign) for sign in f"{letters}{letters.upper()}0123456789/._-"]] = _INSIDE
    return classes


_CLASSES = _byte_classes()


def find_plain(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], pa.Array]:
    """What kind of links each text has (NONE, PLAIN, MIXED); rows and addresses of the plain ones.

    >>> kinds, rows, found = find_plain(pa.array(["see http://a.example/b ok", "(https://c.example?d)", "none"]))
    >>> kinds.tolist(), rows.tolist(), found.to_pylist()
    ([1, 2, 0], [0], ['http://a.example/b'])
    """
    buffers = text_buffers(texts)
    kinds = np.zeros(len(texts), np.uint8)
    most = _colons(buffers.data, buffers.offsets)
    spans, rows = np.empty((most, 2), np.int64), np.empty(most, np.int64)
    found = _scan(buffers.data, buffers.offsets, buffers.valid, _CLASSES, kinds, spans, rows)
    return kinds, rows[:found], pieces(buffers.data, spans[:found])


@compiled
def _colons(data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]) -> int:
    count = 0
    for at in range(offsets[0], offsets[-1]):
        count += data[at] == 58
    return count


@compiled
def _scan(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    valid: npt.NDArray[np.bool_],
    classes: npt.NDArray[np.uint8],
    kinds: npt.NDArray[np.uint8],
    spans: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
) -> int:
    """Fill kinds, spans and rows; the spans of a row that turns out mixed are taken back."""
    found = 0
    for row in range(len(kinds)):
        if not valid[row]:
            continue
        before, at, end = found, offsets[row], offsets[row + 1]
        while at < end:
            begin = _scheme_begin(data, offsets[row], at, end) if data[at] == 58 else -1
            at += 1
            if begin < 0:
                continue
            stop = at + 2
            while stop < end and classes[data[stop]] == 1:
                stop += 1
            if (stop < end and classes[data[stop]] == 2) or data[stop - 1] == 46:
                kinds[row], found = 2, before
                break
            if stop > at + 2:
                kinds[row] = 1
                spans[found, 0], spans[found, 1], rows[found] = begin, stop, row
                found += 1
            at = stop
    return found


@compiled
def _scheme_begin(data: npt.NDArray[np.uint8], start: int, colon: int, end: int) -> int:
    """Where ``http`` or ``https`` before this ``://`` begins; -1 if it does not stand there."""
    if colon + 2 >= end or data[colon + 1] != 47 or data[colon + 2] != 47:
        return -1
    last = colon - 1
    if last >= start and data[last] == 115:
        last -= 1
    if last - 3 < start:
        return -1
    if data[last] == 112 and data[last - 1] == 116 and data[last - 2] == 116 and data[last - 3] == 104:
        return last - 3
    return -1


def plain_links(addresses: pa.Array) -> pa.StructArray:
    """``model.LINK`` for the addresses that are plain; null for all others, which ``links.canonical`` must see.

    >>> plain_links(pa.array(["https://bit.ly/seeds", "https://t.me/fern"])).to_pylist()
    [{'url': 'https://bit.ly/seeds', 'domain': 'bit.ly', 'place': 'shortener'}, None]
    """
    shape = pc.extract_regex(addresses, _SHAPE)
    scheme, host, path, query = shape.flatten()
    encoded = host.dictionary_encode()
    known = [_plain_host(name) for name in encoded.dictionary.to_pylist()]
    name, domain, place = (
        pa.array([link[part] if link else None for link in known], pa.string()).take(encoded.indices)
        for part in range(len(LINK))
    )
    short = pc.less_equal(pc.binary_length(addresses), _LONGEST)
    good = pc.and_(pc.and_(pc.is_valid(name), short), pc.invert(pc.match_substring_regex(path, _TELLING)))
    scheme = pc.if_else(pc.equal(place, WEB), scheme, "https://")
    url = pc.binary_join_element_wise(scheme, name, pc.if_else(pc.equal(path, ""), "/", path), _queries(query), "")
    bad = pc.invert(pc.fill_null(pc.and_(good, pc.is_valid(url)), False))
    return pa.StructArray.from_arrays([url, domain, place], fields=list(LINK), mask=bad)


def _queries(queries: pa.Array) -> pa.Array:
    """What stays of each query, with its question mark; null where a parameter may name somebody."""
    encoded = queries.dictionary_encode()
    kept = [plain_query(query) for query in encoded.dictionary.to_pylist()]
    return pa.array(kept, pa.string()).take(encoded.indices)


def plain_query(query: str) -> str | None:
    """The query without tracking and in order, with its question mark; null where a parameter may name somebody.

    >>> plain_query("utm_source=feed&page=2&id=7"), plain_query("user=fern"), plain_query("")
    ('?id=7&page=2', None, '')
    """
    if not query:
        return ""
    parts = [part.partition("=") for part in without_tracking(query).split("&") if part]
    if any(value and key.lower() in NAME_PARAMETERS for key, _, value in parts):
        return None
    return f"?{'&'.join(f'{key}={value}' if value else key for key, _, value in parts)}" if parts else ""


@lru_cache(maxsize=1 << 14)
def _plain_host(name: str) -> Link | None:
    """Host, domain and place for addresses of a host whose paths need no look; null for the others."""
    if len(name) > MAX_HOST or not _HOST.fullmatch(name) or "xn--" in name or name.endswith(_SPECIAL_HOSTS):
        return None
    host = look_up(name)
    if host.family is None:
        return Link(host.name, host.domain, WEB)
    if host.family.persons or host.family.subdomains or host.family.rules:
        return None
    return Link(host.name, host.domain, host.family.place)
