"""Any table of messages, interactions or deletions: CSV, NDJSON or Parquet with columns that are named or guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import (
    INTERACTION_KINDS,
    LENGTH_CLASSES,
    RAW_CHANNELS,
    RAW_DELETIONS,
    RAW_INTERACTIONS,
    RAW_MESSAGES,
    raw_table,
)
from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources import values
from seawall.sources.channel_columns import CHANNEL_KIND_WORDS, KIND_NOT_KNOWN, TOLD, channels_of
from seawall.sources.clock import Clock
from seawall.sources.columns import Form, Layout, guesses, layout_of, recognised
from seawall.sources.media_words import media_lists
from seawall.sources.opening import columns_in, open_table
from seawall.sources.parquet_rows import PARQUET_MAGIC
from seawall.sources.synonyms import INTERACTION_KIND_WORDS, MESSAGE_KIND_WORDS, folded
from seawall.sources.tabular import Chunk, Faults

KINDS_ASSUMED = "Kinds of message that are not known were read as posts, replies or reposts by what else is told."


class Generic:
    """A table whose columns are found by name, or stated with --map."""

    name: ClassVar[str] = "generic"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """0.5 where the columns tell all that is needed; 0.2 where there are columns but they must be named."""
        columns = columns_in(file)
        if recognised(columns):
            return 0.5
        return 0.2 if len(columns) > 1 or file.head(4) == PARQUET_MAGIC else 0.0

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of messages, of interactions or of deletions.

        Raises:
            InputError: no table can be made out, or it is damaged.
            ConfigurationError: a column or the order of dates must be stated.
        """
        table = open_table(file, options.encoding)
        layout = layout_of(table.columns, options.mapping, file.label)
        yield from _batches(table.chunks(layout.wanted), layout, options, file.label)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """A table of messages, the same as NDJSON, a table of interactions and one of deletions."""
        return (
            (
                "messages.csv",
                (
                    b"id,author,time,text,channel\n"
                    b'1,rosa,2026-05-03T14:05:00Z,"The slugs are back, again",vegetables\n'
                    b"2,linden,2026-05-03T14:06:00Z,Beer traps near the lettuce,vegetables\n"
                ),
            ),
            (
                "messages.ndjson",
                (
                    b'{"id": 1, "user": {"username": "rosa"}, "created_at": 1777817100, "text": "Ride at nine?"}\n'
                    b'{"id": 2, "user": {"username": "linden"}, "created_at": 1777817160, "text": "At ten."}\n'
                ),
            ),
            ("ties.csv", b"source,target,time,kind\n17,4,1777817100,dm\n4,17,1777817160,dm\n"),
            ("gone.csv", b"message_id,channel,deleted_at\n1,vegetables,2026-05-03T15:00:00Z\n"),
        )


def _batches(chunks: Iterator[Chunk], layout: Layout, options: ReadOptions, label: str) -> Iterator[RawBatch]:
    first = next(chunks, None)
    if first is None:
        return
    when = layout.columns.get(_WHEN[layout.records])
    clock = Clock.settled(options, None if when is None else first.columns[when], label)
    guessed = guesses(layout, options.mapping)
    for chunk in chain([first], chunks):
        batch = batch_of(chunk, layout, clock, options.platform or "generic")
        yield replace(batch, assumptions=(*batch.assumptions, guessed)) if guessed else batch


def batch_of(chunk: Chunk, layout: Layout, clock: Clock, platform: str) -> RawBatch:
    """The raw batch of one chunk of a table that has this layout."""
    return _BUILDERS[layout.records](_Reading(chunk, layout, clock), platform)


_WHEN: Mapping[Form, str] = {"messages": "sent_at", "interactions": "at", "deletions": "deleted_at"}


class _Reading:
    """One chunk while its columns become fields."""

    def __init__(self, chunk: Chunk, layout: Layout, clock: Clock) -> None:
        self.chunk = chunk
        self.layout = layout
        self.clock = clock
        self.rows = len(chunk.positions)
        self.faults = Faults(self.rows)
        self.assumptions: set[str] = set()

    def column(self, name: str) -> pa.Array | None:
        """The column of a field, or its constant, or None."""
        if name in self.layout.constants:
            return pa.array([self.layout.constants[name]] * self.rows, pa.string())
        column = self.layout.columns.get(name)
        return None if column is None else self.chunk.columns[column]

    def some(self, names: Sequence[str], convert: Any) -> dict[str, Any]:
        """Those of these fields that the table tells, converted."""
        told = {name: self.column(name) for name in names}
        return {name: convert(column) for name, column in told.items() if column is not None}

    def times(self, name: str, *, required: bool = False) -> pa.Array | None:
        """A field as times."""
        column = self.column(name)
        if column is None:
            return None
        return self.clock.read(column, name, self.faults, self.assumptions, required=required)

    def who(self, name: str) -> pa.Array | None:
        """A field that is an account."""
        parts = {
            "id": self.some([f"{name}_id"], values.ids),
            "handle": self.some([f"{name}_handle"], values.handles),
            "name": self.some([f"{name}_name"], values.ids),
        }
        told = {part: next(iter(found.values())) for part, found in parts.items() if found}
        return values.identity(self.rows, **told) if told else None

    def kept(self, schema: pa.Schema, fields: Mapping[str, Any]) -> pa.Table:
        """The rows without a fault, as a table of a raw schema."""
        told = {name: column for name, column in fields.items() if column is not None}
        good = pa.array(self.faults.good)
        filtered = {name: column.filter(good) for name, column in told.items()}
        return raw_table(schema, {"position": pa.array(self.chunk.positions).filter(good)} | filtered)


def _messages(reading: _Reading, platform: str) -> RawBatch:
    fields: dict[str, Any] = {"sent_at": reading.times("sent_at", required=True)}
    fields |= {name: reading.times(name) for name in ("edited_at", "deleted_at", "account_created_at")}
    fields |= {name: reading.who(name) for name in ("account", "reply_to_account", "repost_of_account")}
    fields |= reading.some(("message_id", "channel_id", "language", "reply_to", "repost_of", "thread_of"), values.ids)
    fields |= reading.some(("text",), values.strings)
    fields |= reading.some(("links", "hashtags"), values.lists)
    fields["media"] = _media(reading)
    fields |= reading.some(("followers", "following"), values.counts)
    fields |= reading.some(("reported", "declared_bot"), values.flags)
    fields |= reading.some(("visibility",), _lower)
    mentions = reading.column("mentions")
    if mentions is not None:
        fields["mentions"] = values.identity_lists(_without_at(values.lists(mentions)), "handle")
    fields["kind"] = _kinds(reading, fields)
    return RawBatch(
        platform=platform,
        records=reading.chunk.records,
        messages=reading.kept(RAW_MESSAGES, fields),
        rejected=reading.faults.rejected(reading.chunk),
        channels=_channels(reading, fields.get("channel_id")),
        assumptions=tuple(sorted(reading.assumptions)),
    )


def _media(reading: _Reading) -> pa.Array | None:
    """Kinds of media as told, with the SHA-256 that stands in the same place of a list beside them."""
    kinds, hashes = reading.column("media"), reading.column("media_sha256")
    if kinds is None:
        return None
    return media_lists(values.lists(kinds), None if hashes is None else values.lists(hashes))


def _channels(reading: _Reading, channel_id: pa.Array | None) -> pa.Table:
    """What columns such as channel_handle tell of channels, where their kind is told."""
    kind = reading.column("channel_kind")
    if kind is None or channel_id is None:
        return raw_table(RAW_CHANNELS)
    known = _by_words(kind, CHANNEL_KIND_WORDS)
    if values.mask(pc.and_(pc.is_null(known), pc.is_valid(kind))).any():
        reading.assumptions.add(KIND_NOT_KNOWN)
    told: dict[str, pa.Array] = {"kind": known}
    for name in TOLD[1:]:
        if name.endswith("_at"):
            found = reading.times(f"channel_{name}")
        else:
            column = reading.column(f"channel_{name}")
            found = None if column is None else values.handles(column) if name == "handle" else values.ids(column)
        if found is not None:
            told[name] = found
    return channels_of(channel_id, told)


def _lower(column: pa.Array) -> pa.Array:
    return pc.utf8_lower(values.ids(column))


def _without_at(found: pa.Array) -> pa.Array:
    bare = pc.replace_substring_regex(found.flatten(), r"^@", "")
    lengths = pc.fill_null(pc.list_value_length(found), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
    return pa.ListArray.from_arrays(offsets, bare, mask=found.is_null())


def _kinds(reading: _Reading, fields: Mapping[str, Any]) -> pa.Array:
    """Kinds as told; where not told or not known, by what the message answers or repeats."""
    post = pa.array(["post"] * reading.rows, pa.string())
    derived = post
    for name, kind in (("reply_to", "reply"), ("repost_of", "repost")):
        if name in fields:
            derived = pc.if_else(pc.is_valid(fields[name]), kind, derived)
    told = reading.column("kind")
    if told is None:
        return derived
    known = _by_words(told, MESSAGE_KIND_WORDS)
    if values.mask(pc.and_(pc.is_null(known), pc.is_valid(told))).any():
        reading.assumptions.add(KINDS_ASSUMED)
    plain = pc.or_kleene(pc.is_null(known), pc.equal(known, "post"))
    return pc.if_else(plain, derived, known)


def _by_words(told: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Each word's kind; null where no kind has the word."""
    kind_of = {folded(word): kind for kind, listed in words.items() for word in listed.split()}
    distinct = pc.dictionary_encode(values.strings(told))
    kinds = pa.array(
        [None if word is None else kind_of.get(folded(word.strip())) for word in distinct.dictionary.to_pylist()],
        pa.string(),
    )
    return kinds.take(distinct.indices)


_ALONE = ("join", "leave")
"""Kinds of interaction that need nobody whom they are directed at."""


def _interactions(reading: _Reading, platform: str) -> RawBatch:
    faults = reading.faults
    fields: dict[str, Any] = {"at": reading.times("at", required=True)}
    kinds = _by_words(reading.column("kind"), INTERACTION_KIND_WORDS)
    alone = values.mask(pc.fill_null(pc.is_in(kinds, pa.array(_ALONE)), False))
    for name in ("source_account", "target_account"):
        column = reading.column(name)
        told = values.ids(column) if column is not None else pa.nulls(reading.rows, pa.string())
        fields[name] = values.identity(reading.rows, id=told)
        needed = ~alone if name == "target_account" else np.ones_like(alone)
        faults.add(needed & ~values.mask(pc.is_valid(told)), name, "no account is told")
    faults.add(~values.mask(pc.is_valid(kinds)), "kind", f"not one of {', '.join(INTERACTION_KINDS)}")
    fields["kind"] = kinds
    fields |= reading.some(("interaction_id", "channel_id", "message_id", "contact_kind", "contact"), values.ids)
    fields |= reading.some(("reply",), values.strings)
    fields |= reading.some(("visibility",), _lower)
    fields |= reading.some(("reported",), values.flags)
    fields |= reading.some(("length_class",), values.ids)
    if "length_class" in fields:
        known = pc.or_kleene(
            pc.is_null(fields["length_class"]), pc.is_in(fields["length_class"], pa.array(LENGTH_CLASSES))
        )
        faults.add(~values.mask(known), "length_class", f"not one of {', '.join(LENGTH_CLASSES)}")
    return RawBatch(
        platform=platform,
        records=reading.chunk.records,
        messages=raw_table(RAW_MESSAGES),
        interactions=reading.kept(RAW_INTERACTIONS, fields),
        rejected=faults.rejected(reading.chunk),
        assumptions=tuple(sorted(reading.assumptions)),
    )


def _deletions(reading: _Reading, platform: str) -> RawBatch:
    fields: dict[str, Any] = {"deleted_at": reading.times("deleted_at", required=True)}
    fields |= reading.some(("message_id", "channel_id"), values.ids)
    fields |= reading.some(("visibility",), _lower)
    reading.faults.add(~values.mask(pc.is_valid(fields["message_id"])), "message_id", "no message is told")
    return RawBatch(
        platform=platform,
        records=reading.chunk.records,
        messages=raw_table(RAW_MESSAGES),
        deletions=reading.kept(RAW_DELETIONS, fields),
        rejected=reading.faults.rejected(reading.chunk),
        assumptions=tuple(sorted(reading.assumptions)),
    )


_BUILDERS: Mapping[Form, Callable[[_Reading, str], RawBatch]] = {
    "messages": _messages,
    "interactions": _interactions,
    "deletions": _deletions,
}
