"""Compares messages with listed indicators; the list may change between two looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.known_context import PLAIN, contexts_of_links, contexts_of_words
from seawall.detectors.known_lexicons import Lexicons
from seawall.measures.hashes import HashIndex
from seawall.model import CONTEXTS, HITS, SECONDED, Indicator, IndicatorKind

NEEDS = ("message_id", "sent_at", "text", "text_key", "links", "media")

Found = tuple[int, str, str, bool]
"""Row of the messages, indicator, context, disguised."""

_DIGESTS = {IndicatorKind.SHA256: "sha256", IndicatorKind.MD5: "md5", IndicatorKind.VIDEO_MD5: "md5"}


class Matcher:
    """Indicators in a form in which many messages are compared with them at once. For one thread.

    Args:
        distance: bits of 256 in which two pictures' PDQ hashes may differ.
        quality: pictures whose hash has a lower quality (0 to 100) are not compared.

    >>> from seawall.detectors.known import EXAMPLE
    >>> matcher = Matcher()
    >>> matcher.put([EXAMPLE])
    >>> len(matcher)
    1
    """

    def __init__(self, distance: int = 31, quality: int = 50) -> None:
        self.distance, self.quality = distance, quality
        self._held: dict[str, Indicator] = {}
        self._exact: dict[IndicatorKind, dict[str, list[str]]] = {}
        self._pictures = HashIndex()
        self._words: dict[str, str] = {}
        self._lexicons: Lexicons | None = None

    def __len__(self) -> int:
        return len(self._held)

    def put(self, indicators: Iterable[Indicator]) -> None:
        """Compare with these from now on; one that is held already is replaced."""
        fresh = list(indicators)
        self.drop([one.id for one in fresh])
        for one in fresh:
            self._held[one.id] = one
            if one.kind in SECONDED:
                self._words[one.id] = one.value
                self._lexicons = None
            elif one.kind is not IndicatorKind.PDQ:
                self._exact.setdefault(one.kind, {}).setdefault(one.value, []).append(one.id)
        pictures = [one for one in fresh if one.kind is IndicatorKind.PDQ]
        if pictures:
            self._pictures.add([one.id for one in pictures], [one.value for one in pictures])

    def drop(self, ids: Iterable[str]) -> None:
        """Compare with these no more; those that are not held are passed over."""
        pictures = []
        for id_ in ids:
            one = self._held.pop(id_, None)
            if one is None:
                continue
            if one.kind in SECONDED:
                del self._words[id_]
                self._lexicons = None
            elif one.kind is IndicatorKind.PDQ:
                pictures.append(id_)
            else:
                same = self._exact[one.kind][one.value]
                same.remove(id_)
                if not same:
                    del self._exact[one.kind][one.value]
        if pictures:
            self._pictures.remove(pictures)

    def hits(self, rows: pa.Table) -> pa.Table:
        """``HITS`` of messages.

        Args:
            rows: with the columns ``NEEDS``, as in the lake.
        """
        if not self._held or not rows.num_rows:
            return HITS.empty_table()
        rows = rows.combine_chunks()
        found: dict[tuple[int, str], tuple[str, bool]] = {}
        for row, indicator, context, disguised in self._all(rows):
            then = found.get((row, indicator), (context, disguised))
            plainer = min(then[0], context, key=CONTEXTS.index)
            found[row, indicator] = plainer, then[1] and disguised
        return _table(rows, found)

    def _all(self, rows: pa.Table) -> Iterator[Found]:
        if self._words:
            yield from self._worded(rows["text"].combine_chunks())
        if self._exact.get(IndicatorKind.TEXT):
            yield from self._copied(rows["text_key"].combine_chunks())
        if self._exact.get(IndicatorKind.URL) or self._exact.get(IndicatorKind.DOMAIN):
            yield from self._linked(rows)
        if len(self._pictures) or any(self._exact.get(kind) for kind in _DIGESTS):
            yield from self._shown(rows["media"].combine_chunks())

    def _worded(self, texts: pa.Array) -> Iterator[Found]:
        if self._lexicons is None:
            self._lexicons = Lexicons(self._words)
        spans = list(self._lexicons.match(texts))
        where = contexts_of_words(texts, [(row, start, end) for row, _, start, end, _ in spans])
        for (row, id_, _, _, disguised), context in zip(spans, where, strict=True):
            yield row, id_, context, disguised

    def _copied(self, keys: pa.Array) -> Iterator[Found]:
        listed = self._exact[IndicatorKind.TEXT]
        wanted = pa.array([int(value, 16) for value in listed], pa.uint64())
        for row in np.flatnonzero(_true(pc.is_in(keys, value_set=wanted))).tolist():
            for id_ in listed[f"{keys[row].as_py():016x}"]:
                yield row, id_, PLAIN, False

    def _linked(self, rows: pa.Table) -> Iterator[Found]:
        links = rows["links"].combine_chunks()
        parents, flat = _flattened(links)
        if not len(flat):
            return
        urls = flat.field("url").dictionary_encode()
        lookup = [self._of_address(url) for url in urls.dictionary.to_pylist()]
        interesting = np.array([bool(ids) for ids in lookup])
        codes = pc.fill_null(urls.indices, -1).to_numpy(zero_copy_only=False)
        places = np.flatnonzero((codes >= 0) & interesting[codes])
        if not len(places):
            return
        lines = parents[places]
        hosts = [_host(urls.dictionary[int(code)].as_py()) for code in codes[places].tolist()]
        where = contexts_of_links(rows["text"].combine_chunks(), lines, hosts)
        for place, row, context in zip(places.tolist(), lines.tolist(), where, strict=True):
            for id_ in lookup[codes[place]]:
                yield row, id_, context, False

    def _of_address(self, url: str) -> list[str]:
        """The indicators of an address: itself, its host, and the hosts above."""
        found = list(self._exact.get(IndicatorKind.URL, {}).get(url, ()))
        domains = self._exact.get(IndicatorKind.DOMAIN)
        if domains:
            host = _host(url)
            while host:
                found += domains.get(host, ())
                host = host.partition(".")[2]
        return found

    def _shown(self, media: pa.Array) -> Iterator[Found]:
        parents, flat = _flattened(media)
        if not len(flat):
            return
        names = {flat.type.field(place).name for place in range(flat.type.num_fields)}
        for kind, column in _DIGESTS.items():
            listed = self._exact.get(kind)
            if not listed or column not in names:
                continue
            values = pc.ascii_lower(flat.field(column))
            for place in np.flatnonzero(_true(pc.is_in(values, value_set=pa.array(list(listed))))).tolist():
                for id_ in listed[values[place].as_py()]:
                    yield int(parents[place]), id_, PLAIN, False
        if len(self._pictures):
            yield from self._alike(parents, flat)

    def _alike(self, parents: npt.NDArray[np.int64], flat: pa.StructArray) -> Iterator[Found]:
        good = pc.greater_equal(pc.fill_null(flat.field("quality"), 100), self.quality)
        places = np.flatnonzero(_true(pc.and_(pc.is_valid(flat.field("pdq")), good)))
        if not len(places):
            return
        near = self._pictures.query(flat.field("pdq").take(pa.array(places)), distance=self.distance)
        for query, id_ in zip(near["query"].to_pylist(), near["id"].to_pylist(), strict=True):
            yield int(parents[places[query]]), id_, PLAIN, False


def _table(rows: pa.Table, found: dict[tuple[int, str], tuple[str, bool]]) -> pa.Table:
    """Sorted by row and indicator."""
    pairs = sorted(found)
    places = pa.array([row for row, _ in pairs], pa.int64())
    columns = [
        pa.array([indicator for _, indicator in pairs], pa.string()),
        rows["message_id"].take(places),
        rows["sent_at"].take(places),
        pa.array([found[pair][0] for pair in pairs], pa.string()),
        pa.array([found[pair][1] for pair in pairs], pa.bool_()),
    ]
    return pa.Table.from_arrays(columns, schema=HITS)


def _flattened(lists: pa.ListArray) -> tuple[npt.NDArray[np.int64], pa.StructArray]:
    """Items of lists, and the row of each."""
    parents = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    return parents, pc.list_flatten(lists)


def _true(mask: pa.Array) -> npt.NDArray[np.bool_]:
    values: npt.NDArray[np.bool_] = pc.fill_null(mask, False).to_numpy(zero_copy_only=False)
    return values


def _host(url: str) -> str:
    """The host of a canonical address, which has no user and ends its authority with a slash."""
    return url.partition("://")[2].partition("/")[0].partition(":")[0]
