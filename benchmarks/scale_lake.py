"""A lake of many millions of messages and a quarter as many interactions, written through the product's own lake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.scale_dealings import Dealings, dealings
from benchmarks.scale_texts import sentences
from benchmarks.scale_world import BEGIN, DAY, DOMAIN, GROUP, PAGE, PLACE, PLAIN, REPOST, RUSH, TAGS, TEXT, Acts
from seawall.lake import Lake
from seawall.measures.text import match_keys
from seawall.model import TABLES, UTC_MICROSECONDS
from seawall.protocols import NO_EDIT, CleanBatch, RowKeys

BATCH = 500_000
PLATFORMS = ("garden", "cycling")
LANGUAGES = ("en", "nl", "de", "fr")
STANDING = 3_000
"""Domains that were there before."""
VARIED = 0.25
"""So many copies of a text have a word of their own."""
Told = Callable[[str, int, int], None]


def write(folder: Path, made: Acts, seed: int = 1, told: Told | None = None) -> None:
    """Make a lake of these messages, with a quarter as many interactions; the same for the same seed."""
    messages = len(made)
    beside = dealings(messages // 4, made.accounts, made.days, seed)
    names = _Names(made)
    with Lake.create(folder) as lake:
        count = -(-messages // BATCH)
        ends = np.append(made.at[BATCH::BATCH] - BEGIN, np.iinfo(np.int64).max)
        first = 0
        for number in range(count):
            stop = int(np.searchsorted(beside.at, ends[number]))
            rows = slice(number * BATCH, min(messages, (number + 1) * BATCH))
            clean = _batch(made, names, rows, beside, slice(first, stop), number, seed)
            lake.commit(
                clean, feed="scale", number=number + 1, last=number == count - 1, source="generic", platform="garden",
                extractor="generic/1", checkpoint=None,
            )  # fmt: skip
            first = stop
            if told is not None:
                told("writing messages", rows.stop, messages)


class _Names:
    """Ids by number, made once."""

    def __init__(self, made: Acts) -> None:
        self.accounts = _hex("a", made.accounts)
        self.channels = pc.binary_join_element_wise("garden:c", pa.array(range(made.channels)).cast(pa.string()), "")
        self.domains = pc.binary_join_element_wise("site", pa.array(range(STANDING)).cast(pa.string()), ".example", "")


def _hex(letter: str, count: int) -> pa.Array:
    """Names that look like pseudonyms."""
    random = np.random.default_rng(count)
    words = random.bytes(10 * count).hex()
    return pa.array([letter + words[20 * place : 20 * place + 20] for place in range(count)])


def _numbered(head: str, numbers: npt.NDArray[np.int64], tail: str = "") -> pa.Array:
    return pc.binary_join_element_wise(head, pa.array(numbers).cast(pa.string()), tail, "")


def _batch(
    made: Acts, names: _Names, rows: slice, beside: Dealings, acted: slice, number: int, seed: int
) -> CleanBatch:
    random = np.random.default_rng([seed, number])
    messages, interactions = _messages(made, names, rows, random), _interactions(beside, names, acted)
    tables = {name: schema.empty_table() for name, schema in TABLES.items() if name != "batches"}
    tables |= {"messages": messages, "interactions": interactions, "accounts": _accounts(messages)}
    if number == 0:
        tables |= {"channels": _channels(names), "coverage": _coverage(made)}
    return CleanBatch(
        records=len(messages) + len(interactions),
        tables=tables,
        message_keys=_keys(len(messages), [seed, number, 0]),
        interaction_keys=_keys(len(interactions), [seed, number, 1]),
        parents=np.full(len(interactions), -1, np.int64),
    )


def _keys(count: int, seed: list[int]) -> RowKeys:
    random = np.random.default_rng(seed)
    ids, contents = random.integers(0, 2**64 - 1, (2, count), np.uint64)
    return RowKeys(ids, contents, np.full(count, NO_EDIT), np.zeros(count, np.bool_))


def _messages(made: Acts, names: _Names, rows: slice, random: np.random.Generator) -> pa.Table:
    what, thing, at = made.what[rows], made.thing[rows], made.at[rows]
    count = len(what)
    own = np.arange(rows.start, rows.stop)
    texts = sentences(*_said(what, thing, own, random))
    lively = (at - BEGIN) // DAY % 60 - 45
    platform = ((made.channel[rows] % 10 < 3) | ((lively >= 0) & (lively < 10) & (random.random(count) < 0.1))).astype(
        int
    )
    language = np.minimum(made.channel[rows] % 7, len(LANGUAGES) - 1)
    columns = {
        "message_id": _numbered("garden:", own),
        "platform": pa.array(PLATFORMS).take(pa.array(platform)),
        "source": pa.repeat("generic", count),
        "channel_id": names.channels.take(pa.array(made.channel[rows])),
        "account_id": names.accounts.take(pa.array(made.account[rows])),
        "sent_at": pa.array(at).cast(UTC_MICROSECONDS),
        "collected_at": pa.array(np.full(count, at[-1] if count else 0)).cast(UTC_MICROSECONDS),
        "kind": pa.array(["post", "repost"]).take(pa.array((what == REPOST).astype(int))),
        "visibility": pa.repeat("public", count),
        "text": texts,
        "text_key": match_keys(texts),
        "language": pa.array(LANGUAGES).take(pa.array(language)),
        "repost_of": pc.if_else(pa.array(what == REPOST), _numbered("garden:o", thing), pa.scalar(None, pa.string())),
        "links": _links(names, what, thing, own, random),
        "hashtags": _hashtags(what, thing),
        "raw_ref": _raw_ref(own),
        "batch": pa.repeat(pa.scalar(0, pa.int64()), count),
    }
    return _table("messages", columns, count)


def _table(name: str, columns: dict[str, pa.Array], count: int) -> pa.Table:
    schema = TABLES[name]
    arrays = [columns.get(column.name, pa.nulls(count, column.type)) for column in schema]
    return pa.Table.from_arrays(
        [array.cast(field.type) for array, field in zip(arrays, schema, strict=True)], schema=schema
    )


def _said(
    what: npt.NDArray[np.int8], thing: npt.NDArray[np.int64], own: npt.NDArray[np.int64], random: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Which sentence each message says, and which word of it is another; 0 = none."""
    shared = np.isin(what, (TEXT, GROUP, REPOST, RUSH))
    sentence = np.where(shared, thing * 16 + what, -1 - own)
    varied = np.isin(what, (TEXT, RUSH)) & (random.random(len(what)) < VARIED)
    return sentence, np.where(varied, 1 + random.integers(0, 1_000, len(what)), 0)


def _links(
    names: _Names, what: npt.NDArray[np.int8], thing: npt.NDArray[np.int64], own: npt.NDArray[np.int64],
    random: np.random.Generator,
) -> pa.Array:  # fmt: skip
    """A page of a domain; every fifth message that says something of its own links to a page that nobody else does."""
    alone = (what == PLAIN) & (own % 5 == 0)
    linked = np.flatnonzero(np.isin(what, (PAGE, GROUP, DOMAIN, PLACE)) | alone)
    kind, things = what[linked], thing[linked]
    named = np.where(alone[linked], (STANDING * random.random(len(linked)) ** 3).astype(np.int64), things % STANDING)
    domain = names.domains.take(pa.array(named))
    domain = pc.if_else(pa.array(kind == DOMAIN), _numbered("new", things, ".example"), domain)
    domain = pc.if_else(pa.array(kind == PLACE), _numbered("plot", things, ".example"), domain)
    shared = np.isin(kind, (PAGE, GROUP))
    page = pc.binary_join_element_wise(
        pa.array(["/a", "/p", "/g"]).take(pa.array(np.where(kind == GROUP, 2, shared.astype(int)))),
        pa.array(np.where(shared, things, own[linked])).cast(pa.string()), "",
    )  # fmt: skip
    url = pc.binary_join_element_wise("https://", domain, page, "")
    values = pa.StructArray.from_arrays([url, domain, pa.repeat("web", len(linked))], ["url", "domain", "place"])
    return _lists(len(what), linked, values, 1)


def _hashtags(what: npt.NDArray[np.int8], thing: npt.NDArray[np.int64]) -> pa.Array:
    tagged = np.flatnonzero(what == TAGS)
    pairs = np.column_stack([thing[tagged] % 300, 300 + thing[tagged] // 300]).ravel()
    return _lists(len(what), tagged, _numbered("tag", pairs), 2)


def _lists(count: int, places: npt.NDArray[np.int64], values: pa.Array, each: int) -> pa.Array:
    """Lists of so many values at these places, and nulls elsewhere."""
    sizes = np.zeros(count, np.int64)
    sizes[places] = each
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(sizes == 0))


def _raw_ref(own: npt.NDArray[np.int64]) -> pa.Array:
    return pa.StructArray.from_arrays([pa.repeat("0123456789abcdef", len(own)), pa.array(own)], ["file", "position"])


def _interactions(beside: Dealings, names: _Names, rows: slice) -> pa.Table:
    own = np.arange(rows.start, rows.stop)
    count = len(own)
    accounts = pa.concat_arrays([names.accounts, _hex("h", beside.others)])
    kinds = pa.array(beside.kinds)
    contact, key = beside.contact[rows], beside.key[rows]
    told = pa.array(contact >= 0)
    columns = {
        "interaction_id": _numbered("garden:i", own),
        "platform": pa.repeat("garden", count),
        "source": pa.repeat("generic", count),
        "at": pa.array(BEGIN + beside.at[rows]).cast(UTC_MICROSECONDS),
        "kind": kinds.take(pa.array(beside.kind[rows])),
        "source_account": accounts.take(pa.array(beside.source[rows])),
        "target_account": accounts.take(pa.array(beside.target[rows])),
        "contact_kind": pc.if_else(told, "email", pa.scalar(None, pa.string())),
        "contact_key": pc.if_else(told, _numbered("k", contact), pa.scalar(None, pa.string())),
        "reply_key": pc.if_else(pa.array(key != 0), _numbered("r", key), pa.scalar(None, pa.string())),
        "reported": pa.repeat(False, count),
        "batch": pa.repeat(pa.scalar(0, pa.int64()), count),
    }
    return _table("interactions", columns, count)


def _accounts(messages: pa.Table) -> pa.Table:
    seen = messages.group_by(["account_id"]).aggregate([("sent_at", "min"), ("sent_at", "max")])
    count = len(seen)
    columns = {
        "account_id": seen["account_id"],
        "platform": pa.repeat("garden", count),
        "first_seen": seen["sent_at_min"],
        "last_seen": seen["sent_at_max"],
        "batch": pa.repeat(pa.scalar(0, pa.int64()), count),
    }
    return _table("accounts", columns, count)


def _channels(names: _Names) -> pa.Table:
    count = len(names.channels)
    columns = {
        "channel_id": names.channels,
        "platform": pa.array(PLATFORMS).take(pa.array((np.arange(count) % 10 < 3).astype(int))),
        "kind": pa.repeat("group", count),
        "visibility": pa.repeat("public", count),
        "batch": pa.repeat(pa.scalar(0, pa.int64()), count),
    }
    return _table("channels", columns, count)


def _coverage(made: Acts) -> pa.Table:
    columns = {
        "source": pa.repeat("generic", len(PLATFORMS)),
        "platform": pa.array(PLATFORMS),
        "start": pa.array([BEGIN] * len(PLATFORMS)).cast(UTC_MICROSECONDS),
        "end": pa.array([BEGIN + made.days * DAY] * len(PLATFORMS)).cast(UTC_MICROSECONDS),
        "complete": pa.repeat(True, len(PLATFORMS)),
        "how": pa.repeat("export", len(PLATFORMS)),
        "batch": pa.repeat(pa.scalar(0, pa.int64()), len(PLATFORMS)),
    }
    return _table("coverage", columns, len(PLATFORMS))
