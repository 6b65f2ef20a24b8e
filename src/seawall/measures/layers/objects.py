"""What each layer looks at: the same message reposted, the same link, text or hashtag in messages of two accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Indices, numbered
from seawall.measures.keys import Keys, Mask, identity_keys, mix, presence, present
from seawall.measures.layers.messages import Messages
from seawall.measures.tables import require_columns

COLUMNS = {
    "repost": "repost_of",
    "link": "links",
    "text": "text_key",
    "similar": "message_id",
    "hashtag": "hashtags",
    "hashtag_sequence": "hashtags",
    "reply": "reply_to",
    "mention": "mentions",
    "media": "media",
}
"""The column of ``messages`` from which a layer takes its objects."""

LAYERS = tuple(COLUMNS)

LEAST_QUALITY = 50
"""The PDQ hash of a picture of lower quality says nothing."""

Label = Callable[[npt.NDArray[Any]], pa.Array]


@dataclass(frozen=True, slots=True)
class Acts:
    """Who did something to which object in which message: one entry an act.

    Args:
        row: the row of the message.
        object: the number of the object.
        first: one entry an object: the place of an act on it, for ``label``.
        key: one entry an object: a hash of it.
        label: places of acts -> what their objects are called, as strings.
    """

    row: Indices
    object: Indices
    first: Indices
    key: Keys
    label: Label

    def __len__(self) -> int:
        return len(self.row)

    def names(self, objects: npt.NDArray[Any]) -> pa.Array:
        """What objects are called, by their numbers."""
        return self.label(self.first[objects])


def acts(messages: Messages, layer: str, clusters: pa.Table | None) -> Acts:
    """The acts of one layer. Empty and null objects are none; one message acts on one object once.

    Only a repost counts for ``repost``, and for the other layers only what is no repost.
    """
    column = COLUMNS[layer]
    if layer == "similar":
        return _similar(messages, clusters)
    if layer in ("repost", "reply", "text"):
        values = messages.table[column]
        rows = np.arange(len(values), dtype=np.int32)
        return _of(messages, rows, values, reposts=layer == "repost")
    rows, values = flat(messages.table[column])
    if layer == "link" and pa.types.is_struct(values.type):
        values = field_of(values, "url")
    if layer == "media":
        return _media(messages, rows, values)
    if layer == "hashtag_sequence":
        return _sequences(messages, rows, values)
    return _of(messages, rows, values)


def _usable(messages: Messages, rows: Indices, told: Mask | None, *, reposts: bool) -> Mask | None:
    """Which acts count. None = all."""
    keep = told
    for mask in (messages.usable, None if reposts else messages.own):
        if mask is not None:
            keep = mask[rows] if keep is None else keep & mask[rows]
    return keep


def _of(messages: Messages, rows: Indices, values: pa.ChunkedArray, *, reposts: bool = False) -> Acts:
    keep = _usable(messages, rows, present(values), reposts=reposts)
    if keep is not None:
        rows, values = rows[keep], values.filter(pa.array(keep))
    keys = identity_keys(values)
    return _numbered(rows, keys, lambda places: values.take(pa.array(places)).cast(pa.string()))


def _numbered(rows: Indices, keys: Keys, label: Label) -> Acts:
    codes, firsts = numbered(keys)
    key = keys[firsts]
    once = _once_a_message(rows, codes, len(firsts))
    if not once.all():
        rows, codes = rows[once], codes[once]
    return Acts(rows, codes, firsts, key, label)


@compiled
def _once_a_message(rows: Indices, codes: Indices, found: int) -> Mask:
    """Which acts are the first of their message on their object; acts of one message stand together."""
    last = np.full(found, -1, np.int64)
    keep = np.empty(len(rows), np.bool_)
    for act in range(len(rows)):
        keep[act] = last[codes[act]] != rows[act]
        last[codes[act]] = rows[act]
    return keep


def flat(column: pa.ChunkedArray) -> tuple[Indices, pa.ChunkedArray]:
    """The values of lists one after the other, and the row of each."""
    rows, values, done = [np.empty(0, np.int32)], [], 0
    for chunk in column.chunks:
        lengths = pc.fill_null(pc.list_value_length(chunk), 0).to_numpy()
        rows.append(np.repeat(np.arange(done, done + len(chunk), dtype=np.int32), lengths))
        values.append(_without_views(pc.list_flatten(chunk)))
        done += len(chunk)
    kind = values[0].type if values else _without_views(pa.array([], column.type.value_type)).type
    return np.concatenate(rows), pa.chunked_array(values, kind)


def _without_views(values: pa.Array) -> pa.Array:
    return values.cast(pa.large_string()) if pa.types.is_string_view(values.type) else values


def field_of(values: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """A field of structs, null where there is none."""
    names = [field.name for field in values.type]
    if name not in names:
        return pa.chunked_array([pa.nulls(len(values), pa.string())])
    chunks = [_without_views(pc.struct_field(chunk, name)) for chunk in values.chunks]
    return pa.chunked_array(chunks, chunks[0].type if chunks else pa.string())


def _similar(messages: Messages, clusters: pa.Table | None) -> Acts:
    if clusters is None:
        raise MeasureError("The layer of near-duplicates needs clusters.", where="clusters")
    require_columns(clusters, ("cluster",))
    column = next((name for name in ("message_id", "text_key") if name in clusters.column_names), None)
    if column is None or column not in messages.table.column_names:
        raise MeasureError(
            "The clusters cannot be matched with the messages.",
            where="clusters",
            mend="Give a table of message_id and cluster, or of text_key and cluster.",
        )
    wanted, given = messages.table[column], clusters[column]
    if pa.types.is_integer(wanted.type) != pa.types.is_integer(given.type):
        raise MeasureError(f"{column} has another type than in the messages.", where="clusters")
    place = _places(identity_keys(wanted), present(wanted), identity_keys(given), present(given))
    _refuse_ambiguous(identity_keys(given), identity_keys(clusters["cluster"]))
    found = np.flatnonzero(place >= 0).astype(np.int32)
    return _of(messages, found, clusters["cluster"].take(pa.array(place[found])))


def _places(wanted: Keys, asked: Mask | None, given: Keys, told: Mask | None) -> npt.NDArray[np.int64]:
    """The place of each wanted key among the given ones, -1 where it is not there."""
    codes, firsts = numbered(np.concatenate([given, wanted]))
    place = np.full(len(firsts), -1, np.int64)
    rows = np.arange(len(given)) if told is None else np.flatnonzero(told)
    place[codes[rows]] = rows
    out = place[codes[len(given) :]]
    return out if asked is None else np.where(asked, out, -1)


def _refuse_ambiguous(given: Keys, clusters: Keys) -> None:
    codes, firsts = numbered(given)
    if (clusters != clusters[firsts[codes]]).any():
        raise MeasureError("A text stands in two clusters.", where="clusters", mend="Give each text once.")


@compiled
def _in_order(rows: Indices, keys: Keys) -> tuple[Indices, Keys]:
    """For each row with two different values or more: one key of all its values in their order."""
    found = 0
    out_rows, out_keys = np.empty(len(rows), np.int32), np.empty(len(rows), np.uint64)
    start = 0
    while start < len(rows):
        end, several, key = start, False, np.uint64(0)
        while end < len(rows) and rows[end] == rows[start]:
            several = several or keys[end] != keys[start]
            key = mix(key + keys[end] + np.uint64(0x9E3779B97F4A7C15))
            end += 1
        if several:
            out_rows[found], out_keys[found] = rows[start], key
            found += 1
        start = end
    return out_rows[:found], out_keys[:found]


def _sequences(messages: Messages, rows: Indices, values: pa.ChunkedArray) -> Acts:
    keep = _usable(messages, rows, present(values), reposts=False)
    keys = identity_keys(values)
    if keep is not None:
        rows, keys = rows[keep], keys[keep]
    rows, keys = _in_order(rows, keys)
    column = messages.table["hashtags"]

    def label(places: npt.NDArray[Any]) -> pa.Array:
        lists = [column[int(row)].as_py() for row in rows[places]]
        return pa.array([" ".join(tag for tag in tags if tag) for tags in lists], pa.string())

    return _numbered(rows, keys, label)


def _media(messages: Messages, rows: Indices, items: pa.ChunkedArray) -> Acts:
    """A file is its PDQ hash where one is known for it, in whichever message, and otherwise its SHA-256."""
    if not pa.types.is_struct(items.type):
        raise MeasureError("Media are no structs.", where="column media", mend="Give kind, sha256, pdq of each.")
    sha, pdq, quality = field_of(items, "sha256"), field_of(items, "pdq"), field_of(items, "quality")
    good = presence(pdq) & ~pc.fill_null(pc.less(quality.cast(pa.int64()), LEAST_QUALITY), fill_value=False).to_numpy()
    named = presence(sha)
    sha_keys, pdq_keys = identity_keys(sha), identity_keys(pdq)
    codes, firsts = numbered(sha_keys)
    unknown = np.iinfo(np.uint64).max
    known = np.full(len(firsts), unknown, np.uint64)
    both = good & named
    np.minimum.at(known, codes[both], pdq_keys[both])
    by_file = np.where(named, known[codes], unknown)
    keys = np.where(by_file != unknown, by_file, np.where(good, pdq_keys, sha_keys))
    keep = _usable(messages, rows, good | named, reposts=False)
    places = np.arange(len(rows)) if keep is None else np.flatnonzero(keep)

    def label(wanted: npt.NDArray[Any]) -> pa.Array:
        at = places[wanted]
        return pa.array(
            [f"pdq:{pdq[int(k)].as_py()}" if good[k] else f"sha256:{sha[int(k)].as_py()}" for k in at], pa.string()
        )

    found = _numbered(rows[places], keys[places], label)
    codes, _ = numbered(keys[places])
    by_picture = np.flatnonzero((good & (keys == pdq_keys))[places])
    found.first[codes[by_picture]] = by_picture
    return found
