"""Tables that 4CAT exports: the posts of many platforms in one set of columns, as CSV or NDJSON.

Format: https://github.com/digitalmethodsinitiative/4cat, ``map_item`` of its data sources. All have ``id``,
``thread_id``, ``author``, ``body`` and a time; what else there is differs by platform. ``link`` is the post's own
address, no link in it. Who could read the posts is not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError
from seawall.model import RAW_MESSAGES, raw_table
from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources import values
from seawall.sources.chunk_fields import ChunkFields
from seawall.sources.clock import Clock
from seawall.sources.media_kinds import known_kind
from seawall.sources.media_words import media_lists
from seawall.sources.opening import columns_in, open_table
from seawall.sources.tabular import Chunk

ALWAYS = ("id", "thread_id", "author", "body")
"""Columns of every export; with them stands one of ``TIMES``."""

TIMES = ("unix_timestamp", "timestamp")
"""The first that there is counts: the second is written without a zone."""

_EDITS = ("unix_timestamp_edited", "timestamp_edited")
_CHANNELS = ("chat", "board", "subreddit", "group", "channel")
_LANGUAGES = ("language_guess", "language", "lang")
_NAMES = ("author_name", "author_fullname", "author_full")
_HANDLES = ("author_username",)
_FORWARDED, _RETWEETED, _REPLIED = "author_forwarded_from_username", "retweeted_user", "replied_user"
_KNOWN = (
    *(*ALWAYS, *TIMES, *_EDITS, *_CHANNELS, *_LANGUAGES, *_NAMES, *_HANDLES, _FORWARDED, _RETWEETED, _REPLIED),
    *("author_id", "author_type_id", "author_is_bot", "author_followers", "subject", "reply_to", "tiktok_url"),
    *("attachment_type", "attachment_filename", "images", "videos", "image_file", "media_type"),
    *("hashtags", "mentions", "urls", "is_retweet", "is_quote_tweet", "is_reply", "quoted_user"),
)
_PLATFORMS = (
    (_FORWARDED, "telegram"),
    ("tiktok_url", "tiktok"),
    (_RETWEETED, "x"),
    ("author_type_id", "4chan"),
    ("subreddit", "reddit"),
)
"""A column that only the posts of one platform have."""

_NOBODY = "Anonymous"
_UNNAMED = "4cat"


class FourCat:
    """Reads exports of 4CAT."""

    name: ClassVar[str] = "4cat"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """0.8 where the columns of every export are there."""
        return 0.8 if _is_export(columns_in(file)) else 0.0

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of messages.

        Raises:
            InputError: no table can be made out, or it is damaged.
            ConfigurationError: columns are missing, or the order of dates must be stated.
        """
        table = open_table(file, options.encoding)
        if not _is_export(table.columns):
            missing = [name for name in (*ALWAYS, TIMES[0]) if name not in table.columns]
            raise ConfigurationError(
                "It does not have the columns of an export of 4CAT.",
                where=file.label,
                mend=f"Missing are {', '.join(missing)}. Read it with --source generic and name its columns.",
            )
        chunks = table.chunks([name for name in _KNOWN if name in table.columns])
        first = next(chunks, None)
        if first is None:
            return
        when = next(name for name in TIMES if name in table.columns)
        clock = Clock.settled(options, first.columns[when], file.label)
        guessed = _platform(table.columns)
        for chunk in chain([first], chunks):
            yield _batch(chunk, clock, options.platform or guessed, None if options.platform else guessed)

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """Posts of Telegram, X and 4chan as 4CAT exports them, about gardens."""
        return (
            (
                "telegram.csv",
                (
                    b"id,thread_id,chat,author,author_username,author_name,author_is_bot,body,reply_to,timestamp,"
                    b"unix_timestamp,author_forwarded_from_username\n"
                    b"7,gardens,gardens,501,rosa,Rosa,no,Bring gloves,,2024-04-12 09:00:00,1712905200,\n"
                    b"8,gardens,gardens,502,linden,Linden,no,And labels,7,2024-04-12 09:01:00,1712905260,seeds\n"
                ),
            ),
            (
                "x.ndjson",
                (
                    b'{"id": "71", "thread_id": "71", "unix_timestamp": 1712905200, '
                    b'"link": "https://x.com/rosa/status/71", "body": "RT @plots: Bring gloves #gardening", '
                    b'"author": "rosa", "author_fullname": "Rosa", "author_id": "501", "is_retweet": "yes", '
                    b'"retweeted_user": "plots", "hashtags": "gardening", "urls": "", "mentions": ""}\n'
                ),
            ),
            (
                "4chan.csv",
                (
                    b"id,thread_id,timestamp,body,subject,author,author_type_id\n"
                    b"901,900,2024-04-12 07:00:00,Slugs again,The lettuce,Anonymous,k2Xw\n"
                    b"902,900,2024-04-12 07:01:00,Beer traps,,Fern,\n"
                ),
            ),
        )


def _is_export(columns: Sequence[str]) -> bool:
    return set(ALWAYS) <= set(columns) and any(name in columns for name in TIMES)


def _platform(columns: Sequence[str]) -> str:
    return next((platform for column, platform in _PLATFORMS if column in columns), _UNNAMED)


def _said(guessed: str) -> str:
    """What was assumed of the platform."""
    told = "Nothing tells the platform" if guessed == _UNNAMED else f"The columns are those of {guessed}"
    return f"{told}, so that the platform is called {guessed}; --platform names it otherwise."


def _batch(chunk: Chunk, clock: Clock, platform: str, guessed: str | None) -> RawBatch:
    fields = ChunkFields(chunk, clock)
    columns = {"position": pa.array(chunk.positions), **_columns(fields)}
    good = pa.array(fields.faults.good)
    return RawBatch(
        platform=platform,
        records=chunk.records,
        messages=raw_table(RAW_MESSAGES, {name: column.filter(good) for name, column in columns.items()}),
        rejected=fields.faults.rejected(chunk),
        ids_within_channel=fields.has("chat"),
        assumptions=tuple(sorted(fields.assumptions | ({_said(guessed)} if guessed else set()))),
    )


def _first(fields: ChunkFields, names: Sequence[str], convert: Any = values.ids) -> pa.Array:
    """The first of these columns that there is."""
    return fields(next((name for name in names if fields.has(name)), names[0]), convert)


def _columns(fields: ChunkFields) -> Mapping[str, pa.Array]:
    kind, reposted = _kinds(fields)
    mentions, thread = fields("mentions", values.lists), fields("thread_id")
    return {
        "message_id": fields("id"),
        "channel_id": _first(fields, _CHANNELS),
        "account": _account(fields),
        "sent_at": fields.times(next(name for name in TIMES if fields.has(name)), "sent_at", required=True),
        "kind": kind,
        "text": _text(fields),
        "language": _first(fields, _LANGUAGES),
        "reply_to": fields("reply_to"),
        "reply_to_account": values.identity(fields.rows, handle=fields(_REPLIED, values.handles)),
        "repost_of_account": values.identity(fields.rows, handle=reposted),
        "thread_of": pc.if_else(pc.equal(thread, fields("id")), pa.scalar(None, pa.string()), thread),
        "mentions": values.identity_lists(mentions, "handle"),
        "links": fields("urls", values.lists),
        "hashtags": fields("hashtags", values.lists),
        "media": _media(fields),
        "edited_at": fields.times(next(filter(fields.has, _EDITS), _EDITS[0]), "edited_at", required=False),
        "followers": fields("author_followers", values.counts),
        "declared_bot": fields("author_is_bot", values.flags),
    }


def _media(fields: ChunkFields) -> pa.Array:
    """What a post carries: Telegram tells a word, and of a document its name; others list images and videos, or files.

    A post of TikTok is a video.
    """
    attached = zip(fields("attachment_type").to_pylist(), fields("attachment_filename").to_pylist(), strict=True)
    telegram = [(known_kind(name) or word) if word == "document" else word for word, name in attached]
    tiktok = pc.if_else(pc.is_valid(fields("tiktok_url")), "video", pa.scalar(None, pa.string()))
    parts = [pa.array(telegram, pa.string()), tiktok, fields("media_type"), fields("image_file")]
    parts += [_repeated(fields(name, values.lists), kind) for name, kind in (("images", "image"), ("videos", "video"))]
    return media_lists(pc.split_pattern(pc.binary_join_element_wise(*parts, "\n", null_handling="skip"), "\n"))


def _repeated(found: pa.Array, word: str) -> pa.Array:
    """The word as often as there are entries."""
    lengths = pc.fill_null(pc.list_value_length(found), 0).to_pylist()
    return pa.array(["\n".join([word] * length) for length in lengths], pa.string())


def _account(fields: ChunkFields) -> pa.StructArray:
    """Telegram's ``author`` is an id. Who is anonymous is known within a thread only, if the board numbers posters."""
    author = fields("author", values.handles)
    poster = fields("author_type_id")
    anonymous = pc.fill_null(pc.equal(author, _NOBODY), False)
    in_thread = pc.binary_join_element_wise(fields("thread_id"), poster, ":")
    if fields.has("author_username"):
        stable, handle = pc.coalesce(fields("author_id"), fields("author")), fields("author_username", values.handles)
    else:
        stable = pc.coalesce(fields("author_id"), pc.if_else(anonymous, in_thread, pa.scalar(None, pa.string())))
        handle = pc.if_else(anonymous, pa.scalar(None, pa.string()), author)
    account = values.identity(fields.rows, id=stable, handle=handle, name=_first(fields, _NAMES))
    fields.faults.add(~values.mask(pc.is_valid(account)), "author", "it tells no account, or one that many share")
    return account


def _kinds(fields: ChunkFields) -> tuple[pa.Array, pa.Array]:
    """Kinds, and the handles of the accounts that are repeated."""
    forwarded, retweeted = fields(_FORWARDED, values.handles), fields(_RETWEETED, values.handles)
    quoted = fields("quoted_user", values.handles)
    told = {
        name: pc.fill_null(fields(name, values.flags), False) for name in ("is_retweet", "is_quote_tweet", "is_reply")
    }
    is_repost = pc.or_(told["is_retweet"], pc.is_valid(forwarded))
    is_reply = pc.or_(told["is_reply"], pc.is_valid(fields("reply_to")))
    kind = pc.case_when(pc.make_struct(is_repost, told["is_quote_tweet"], is_reply), "repost", "quote", "reply", "post")
    return kind, pc.coalesce(forwarded, retweeted, quoted)


def _text(fields: ChunkFields) -> pa.Array:
    """The subject, where there is one, above the body."""
    body, subject = fields("body", values.strings), fields("subject", values.strings)
    both = pc.binary_join_element_wise(subject, body, "\n\n")
    return pc.coalesce(both, body, subject)
