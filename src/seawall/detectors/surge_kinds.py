"""The kinds of series whose surges are looked for, and how messages are counted in them: by a query, and row by row.

* ``platform``, ``channel``, ``language``: messages.
* ``media``: messages with a video, an image, an audio recording or a document, each kind once a message; a message
  without any counts as ``link`` where it has links, else as ``text``. Service messages have none.
* ``domain``: messages with a link to a registrable domain, each domain once a message.
* ``accounts``: accounts active on the platform, each once a bin. There is no series of one account.
* ``indicator``: messages with a domain, an address or a text that a person has listed.
* ``cluster``: copies of one text (equal match keys), found by ``common_texts`` in all messages at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.bursts.plan import FIRST_MONDAY

KINDS = ("platform", "channel", "language", "media", "domain", "accounts")
"""Kinds of series that are always looked at."""
LISTED = ("indicator", "cluster")
"""Kinds of series that have to be asked for."""
TEXT = "text:"
"""A text among names of indicators: this, and its match key."""
AUTHORS = 3
"""Copies of a text are a cluster where so many accounts wrote them."""

_SIGNS = dict(zip((*KINDS, *LISTED), "pclmdaix", strict=True))
"""The first letter of a key of the query -> the kind of series."""


def counting(width: int, kinds: Sequence[str], indicators: Sequence[str], clusters: Sequence[str]) -> str:
    """The query that counts all kinds of series in one pass: ``kind, platform, name, at, count, first, last``.

    Every message is spread over the keys of its series. A later revision is not another message.
    """
    keys = [
        "['p']",
        f"['c' || channel_id, 'l' || nullif(language, 'und'){', ' + repr('a') if 'accounts' in kinds else ''}]",
    ]
    if "media" in kinds:
        keys.append(f"list_transform({_media_words()}, lambda one: 'm' || one)")
    if "domain" in kinds:
        keys.append("list_distinct(list_transform(links, lambda one: 'd' || one.domain))")
    keys += [
        f"list_distinct(list_transform(list_filter({_marks()}, lambda one: one IN ({_quoted(names)})), "
        f"lambda one: '{_SIGNS[kind]}' || one))"
        for kind, names in (("indicator", indicators), ("cluster", clusters))
        if kind in kinds and names
    ]
    cases = " ".join(f"WHEN '{sign}' THEN '{kind}'" for kind, sign in _SIGNS.items())
    return f"""
        SELECT
            CASE key[1] {cases} END AS kind, platform, nullif(key[2:], '') AS name,
            CASE key WHEN 'a' THEN count(DISTINCT account_id) FILTER (key = 'a') ELSE count(*) END AS count,
            min(sent_at) AS first, max(sent_at) AS last,
            make_timestamptz(bin * {width} + {FIRST_MONDAY}) AS at
        FROM (
            SELECT platform, sent_at, account_id, unnest(list_concat({", ".join(keys)})) AS key,
                CAST(floor((epoch_us(sent_at) - {FIRST_MONDAY}) / {width}) AS BIGINT) AS bin
            FROM messages WHERE kind <> 'edit'
        )
        WHERE length(key) > 1 OR key IN ('p', 'a')
        GROUP BY platform, key, bin
    """  # noqa: S608 - names are quoted, numbers of our own


def common_texts(least: int) -> str:
    """The query for the texts of which there are so many copies by several accounts: ``name``."""
    return f"""
        SELECT DISTINCT '{TEXT}' || text_key AS name FROM messages WHERE kind <> 'edit' AND text_key IS NOT NULL
        GROUP BY platform, text_key HAVING count(*) >= {least} AND count(DISTINCT account_id) >= {AUTHORS}
        ORDER BY name
    """  # noqa: S608 - numbers of our own


def _media_words() -> str:
    kinds = "list_distinct(list_filter(list_transform(media, lambda one: one.kind), lambda one: one IS NOT NULL))"
    return f"""CASE
        WHEN kind = 'service' THEN []
        WHEN len({kinds}) > 0 THEN {kinds}
        WHEN len(links) > 0 THEN ['link'] ELSE ['text'] END"""


def _marks() -> str:
    """What an indicator can be: domains, addresses, and the text."""
    links = ", ".join(f"list_transform(links, lambda one: one.{part})" for part in ("domain", "url"))
    return f"list_concat({links}, ['{TEXT}' || text_key])"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)


def spread(rows: pa.Table, kinds: Sequence[str], indicators: Sequence[str]) -> Iterator[tuple[str, pa.Array, pa.Array]]:
    """The same, row by row: kind of series, numbers of the rows of ``messages`` that count, and their names."""
    everything = pa.array(np.arange(len(rows)))
    yield "platform", everything, pa.nulls(len(rows), pa.string())
    yield "channel", *_named(everything, rows["channel_id"])
    yield "language", *_named(everything, pc.if_else(pc.equal(rows["language"], "und"), None, rows["language"]))
    if "media" in kinds:
        yield from (("media", *pair) for pair in _media(rows))
    if "domain" in kinds:
        yield "domain", *_once(*_inside(rows["links"], "domain"))
    if "indicator" in kinds and indicators:
        yield "indicator", *_listed(rows, everything, indicators)


def _media(rows: pa.Table) -> Iterator[tuple[pa.Array, pa.Array]]:
    written = pc.not_equal(rows["kind"], "service").combine_chunks()
    numbers, kinds = _inside(rows["media"], "kind")
    own = written.take(numbers)
    numbers, kinds = _once(numbers.filter(own), kinds.filter(own))
    yield numbers, kinds
    everything = pa.array(np.arange(len(rows)))
    bare = pc.and_(written, pc.invert(pc.is_in(everything, value_set=numbers)))
    linked = pc.greater(pc.fill_null(pc.list_value_length(rows["links"]), 0), 0).combine_chunks()
    for word, chosen in (("link", pc.and_(bare, linked)), ("text", pc.and_not(bare, linked))):
        own = everything.filter(chosen)
        yield own, pa.repeat(word, len(own))


def _listed(rows: pa.Table, everything: pa.Array, indicators: Sequence[str]) -> tuple[pa.Array, pa.Array]:
    texts = pc.binary_join_element_wise(TEXT, rows["text_key"].cast(pa.string()), "")
    pairs = [_inside(rows["links"], part) for part in ("domain", "url")] + [_named(everything, texts)]
    numbers, names = (pa.concat_arrays([pair[side] for pair in pairs]) for side in (0, 1))
    own = pc.is_in(names, value_set=pa.array(indicators, pa.string()))
    return _once(numbers.filter(own), names.filter(own))


def _inside(lists: pa.ChunkedArray, part: str) -> tuple[pa.Array, pa.Array]:
    """The number of the row of each entry of the lists, and one part of it; entries without it are left out."""
    whole = lists.combine_chunks()
    whole = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    return _named(pc.list_parent_indices(whole).cast(pa.int64()), pc.struct_field(pc.list_flatten(whole), part))


def _named(numbers: pa.Array, names: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """Those that have a name."""
    if isinstance(names, pa.ChunkedArray):
        names = names.combine_chunks()
    told = pc.fill_null(pc.not_equal(names, ""), False)
    return numbers.filter(told), names.filter(told)


def _once(numbers: pa.Array, names: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Each pair once."""
    pairs = pa.table({"number": numbers, "name": names}).group_by(["number", "name"]).aggregate([])
    return pairs["number"].combine_chunks(), pairs["name"].combine_chunks()
