"""Posts of information operations on X: the files that X released, and those in the style of FiveThirtyEight.

Both are public posts of accounts that the platform removed. Times have minute resolution and no zone; they are
UTC by convention of the sets. Lists are written as Python literals, counts as floats, unknown counts as -1.
FiveThirtyEight's files know an account by its handle only, and write dates as month/day/year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError
from seawall.model import RAW_MESSAGES, Visibility, raw_table
from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources import values
from seawall.sources.chunk_fields import ChunkFields
from seawall.sources.clock import Clock
from seawall.sources.opening import columns_in, open_table
from seawall.sources.tabular import Chunk
from seawall.sources.times import UTC_ASSUMED

RELEASED = ("tweetid", "userid", "tweet_text", "tweet_time")
"""Columns that tell a file as X released it."""

RESTYLED = ("content", "publish_date", "followers", "following", "post_type")
"""Columns that tell a file in the style of FiveThirtyEight; with them stands ``author`` or ``author_id``."""

UTC_BY_CONVENTION = "Times carry no zone; UTC was taken, as is the convention of these sets."

_RELEASED_COLUMNS = """tweetid userid user_screen_name user_display_name follower_count following_count
    account_creation_date tweet_language tweet_text tweet_time in_reply_to_userid in_reply_to_tweetid
    quoted_tweet_tweetid is_retweet retweet_userid retweet_tweetid hashtags urls user_mentions"""
_RESTYLED_COLUMNS = """message_id tweet_id external_author_id author author_id content language publish_date
    following followers post_type retweet"""


class XOperations:
    """CSV or Parquet of information operations on X."""

    name: ClassVar[str] = "x_operations"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """0.95 where the columns are those of the sets."""
        columns = set(columns_in(file))
        return 0.95 if columns.issuperset(RELEASED) or _is_restyled(columns) else 0.0

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of public messages.

        Raises:
            InputError: no table can be made out, or it is damaged.
            ConfigurationError: columns of the sets are missing.
        """
        table = open_table(file, options.encoding)
        released = set(RELEASED) <= set(table.columns)
        if not released and not _is_restyled(set(table.columns)):
            missing = [name for name in RELEASED if name not in table.columns]
            raise ConfigurationError(
                "It does not have the columns of an information operation on X.",
                where=file.label,
                mend=f"Missing are {', '.join(missing)}. Read it with --source generic and name its columns.",
            )
        known = (_RELEASED_COLUMNS if released else _RESTYLED_COLUMNS).split()
        chunks = table.chunks([name for name in known if name in table.columns])
        first = next(chunks, None)
        if first is None:
            return
        clock = Clock.settled(options, None, file.label, known_order="mdy")
        for chunk in chain([first], chunks):
            yield _batch(chunk, _released if released else _restyled, clock, options.platform or "x")

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """A file as X released it and one in the style of FiveThirtyEight."""
        return (
            (
                "released.csv",
                (
                    b"tweetid,userid,user_screen_name,follower_count,tweet_language,tweet_text,tweet_time,is_retweet,"
                    b"retweet_userid,retweet_tweetid,hashtags,urls,user_mentions\n"
                    b"1116000000000000000,42,plots,412.0,en,Bring gloves #gardening,2019-04-12 07:03,False,,,"
                    b"['gardening'],[],[]\n"
                    b"1116000000000007919,43,rider,57.0,en,RT @plots: Bring gloves,2019-04-12 07:50,True,42,"
                    b"1116000000000000000,[],[],['42']\n"
                ),
            ),
            (
                "restyled.csv",
                (
                    b"author,content,region,language,publish_date,following,followers,post_type,retweet\n"
                    b"PLOTS,Bring gloves #gardening,United Kingdom,English,5/5/2015 0:05,12,-1,,0\n"
                    b"RIDER,Bring gloves #gardening,United Kingdom,English,5/5/2015 0:06,12,57,RETWEET,1\n"
                ),
            ),
        )


def _is_restyled(columns: set[str]) -> bool:
    return columns.issuperset(RESTYLED) and bool({"author", "author_id"} & columns)


def _batch(chunk: Chunk, build: Any, clock: Clock, platform: str) -> RawBatch:
    fields = ChunkFields(chunk, clock)
    columns: Mapping[str, Any] = build(fields)
    assumed = {UTC_BY_CONVENTION if sentence == UTC_ASSUMED else sentence for sentence in fields.assumptions}
    good = pa.array(fields.faults.good)
    whole = {"position": pa.array(chunk.positions), **columns, "visibility": _all(fields.rows, Visibility.PUBLIC)}
    kept = whole if fields.faults.good.all() else {name: column.filter(good) for name, column in whole.items()}
    return RawBatch(
        platform=platform,
        records=chunk.records,
        messages=raw_table(RAW_MESSAGES, kept),
        rejected=fields.faults.rejected(chunk),
        assumptions=tuple(sorted(assumed)),
    )


def _all(rows: int, value: str) -> pa.Array:
    return pa.repeat(value, rows)


def _released(fields: ChunkFields) -> dict[str, Any]:
    retweet_of = fields("retweet_tweetid")
    reply_to = fields("in_reply_to_tweetid")
    reply_to_account = fields("in_reply_to_userid")
    quoted = fields("quoted_tweet_tweetid")
    is_repost = pc.or_(pc.fill_null(fields("is_retweet", values.flags), False), pc.is_valid(retweet_of))
    is_reply = pc.or_(pc.is_valid(reply_to), pc.is_valid(reply_to_account))
    kind = pc.case_when(pc.make_struct(is_repost, pc.is_valid(quoted), is_reply), "repost", "quote", "reply", "post")
    mentioned = fields("user_mentions", values.lists)
    return {
        "message_id": fields("tweetid"),
        "account": values.identity(
            fields.rows,
            id=fields("userid"),
            handle=fields("user_screen_name", values.handles),
            name=fields("user_display_name"),
        ),
        "sent_at": fields.times("tweet_time", "sent_at", required=True),
        "kind": kind,
        "text": fields("tweet_text", values.strings),
        "language": fields("tweet_language"),
        "reply_to": reply_to,
        "reply_to_account": values.identity(fields.rows, id=reply_to_account),
        "repost_of": pc.coalesce(retweet_of, quoted),
        "repost_of_account": values.identity(fields.rows, id=fields("retweet_userid")),
        "mentions": values.identity_lists(mentioned, "id"),
        "links": fields("urls", values.lists),
        "hashtags": fields("hashtags", values.lists),
        "followers": fields("follower_count", values.counts),
        "following": fields("following_count", values.counts),
        "account_created_at": fields.times("account_creation_date", "account_created_at", required=False),
    }


def _restyled(fields: ChunkFields) -> dict[str, Any]:
    post_type = pc.utf8_upper(fields("post_type"))
    is_repost = pc.or_(
        pc.fill_null(fields("retweet", values.flags), False),
        pc.fill_null(pc.is_in(post_type, pa.array(["R", "RETWEET"])), False),
    )
    is_quote = pc.is_in(post_type, pa.array(["Q", "QUOTE_TWEET", "QUOTE"]))
    kind = pc.case_when(pc.make_struct(is_quote, is_repost), "quote", "repost", "post")
    return {
        "message_id": pc.coalesce(fields("tweet_id"), fields("message_id")),
        "account": values.identity(
            fields.rows,
            id=fields("external_author_id"),
            handle=fields("author" if fields.has("author") else "author_id", values.handles),
        ),
        "sent_at": fields.times("publish_date", "sent_at", required=True),
        "kind": kind,
        "text": fields("content", values.strings),
        "language": fields("language"),
        "followers": fields("followers", values.counts),
        "following": fields("following", values.counts),
    }
