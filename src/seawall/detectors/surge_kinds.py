"""The kinds of series whose surges are looked for, and which messages count in them.

* ``platform``, ``channel``, ``language``: messages.
* ``media``: messages with a video, an image, an audio recording or a document, each kind once a message; a message
  without any counts as ``link`` where it has links, else as ``text``. Service messages have none.
* ``domain``: messages with a link to a registrable domain, each domain once a message.
* ``accounts``: accounts active on the platform, each once a bin. There is no series of one account.
* ``indicator``: messages with a domain, an address or a text that a person has listed.
* ``cluster``: copies of one text (equal match keys), found by ``surge_texts`` in all messages at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

KINDS = ("platform", "channel", "language", "media", "domain", "accounts")
"""Kinds of series that are always looked at."""
LISTED = ("indicator", "cluster")
"""Kinds of series that have to be asked for."""
TEXT = "text:"
"""A text among names of indicators: this, and its match key."""
AUTHORS = 3
"""Copies of a text are a cluster where so many accounts wrote them."""


def spread(
    rows: pa.Table, kinds: Sequence[str], indicators: Sequence[str], clusters: Sequence[str] = ()
) -> Iterator[tuple[str, pa.Array, pa.Array]]:
    """Kind of series, numbers of the rows of ``messages`` that count, and the names of their series.

    A message is spread over all of its series, and stands once in each.

    Args:
        rows: of messages.
        kinds: of series.
        indicators: for the kind "indicator".
        clusters: for the kind "cluster": texts as names of indicators.
    """
    everything = pa.array(np.arange(len(rows)))
    yield "platform", everything, pa.nulls(len(rows), pa.string())
    yield "channel", *_named(everything, rows["channel_id"])
    yield "language", *_named(everything, pc.if_else(pc.equal(rows["language"], "und"), None, rows["language"]))
    if "media" in kinds:
        yield from (("media", *pair) for pair in _media(rows))
    if "domain" in kinds:
        yield "domain", *_once(*_inside(rows["links"], "domain"))
    if "indicator" in kinds and indicators:
        links = [_inside(rows["links"], part) for part in ("domain", "url")]
        yield "indicator", *_listed([*links, _texts(rows, everything)], indicators)
    if "cluster" in kinds and clusters:
        yield "cluster", *_listed([_texts(rows, everything)], clusters)


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


def text_names(keys: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts among names of indicators, by their match keys."""
    return pc.binary_join_element_wise(TEXT, keys.cast(pa.string()), "")


def _texts(rows: pa.Table, everything: pa.Array) -> tuple[pa.Array, pa.Array]:
    return _named(everything, text_names(rows["text_key"]))


def _listed(pairs: Sequence[tuple[pa.Array, pa.Array]], names: Sequence[str]) -> tuple[pa.Array, pa.Array]:
    numbers, given = (pa.concat_arrays([pair[side] for pair in pairs]) for side in (0, 1))
    own = pc.is_in(given, value_set=pa.array(names, pa.string()))
    return _once(numbers.filter(own), given.filter(own))


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
