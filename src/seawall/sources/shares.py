"""Tables of shares as CooRTweet takes them: object_id, account_id, content_id, timestamp_share.

A row says that an account shared an object (a post, a link, a text) in a message of its own. There is no text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError
from seawall.model import RAW_MESSAGES, Visibility, raw_table
from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources import values
from seawall.sources.clock import Clock
from seawall.sources.opening import columns_in, open_table
from seawall.sources.tabular import Chunk, Faults

COLUMNS = ("object_id", "account_id", "content_id", "timestamp_share")
PUBLIC_SHARES = "Tables of shares hold public posts and no text; each row was read as a public repost."


class Shares:
    """CSV, NDJSON or Parquet with the four columns of a table of shares."""

    name: ClassVar[str] = "shares"
    version: ClassVar[str] = "1"

    def recognise(self, file: Input) -> float:
        """0.95 where all four columns are there."""
        return 0.95 if set(columns_in(file)).issuperset(COLUMNS) else 0.0

    def read(self, file: Input, options: ReadOptions, checkpoint: str | None = None) -> Iterator[RawBatch]:
        """Batches of reposts without text.

        Raises:
            InputError: no table can be made out, or it is damaged.
            ConfigurationError: a column is missing, or the order of dates must be stated.
        """
        table = open_table(file, options.encoding)
        missing = [name for name in COLUMNS if name not in table.columns]
        if missing:
            raise ConfigurationError(
                f"A table of shares has the columns {', '.join(COLUMNS)}.",
                where=file.label,
                mend=f"Missing: {', '.join(missing)}. Rename the columns, or read it with --source generic and --map.",
            )
        chunks = table.chunks(COLUMNS)
        first = next(chunks, None)
        if first is None:
            return
        clock = Clock.settled(options, first.columns["timestamp_share"], file.label)
        visibility = options.visibility or Visibility.PUBLIC
        for chunk in chain([first], chunks):
            yield _batch(chunk, clock, visibility, options.platform or "shares")

    def examples(self) -> Sequence[tuple[str, bytes]]:
        """Three shares of one object."""
        return (
            (
                "shares.csv",
                (
                    b"object_id,account_id,content_id,timestamp_share\n"
                    b"seed-swap,a1,m1,1623881091\nseed-swap,a2,m2,1623881093\nseed-swap,a3,m3,1623881099\n"
                ),
            ),
        )


def _batch(chunk: Chunk, clock: Clock, visibility: Visibility, platform: str) -> RawBatch:
    rows = len(chunk.positions)
    faults = Faults(rows)
    assumptions = {PUBLIC_SHARES} if visibility is Visibility.PUBLIC else set()
    told = {name: values.ids(chunk.columns[name]) for name in COLUMNS[:3]}
    sent_at = clock.read(chunk.columns["timestamp_share"], "sent_at", faults, assumptions, required=True)
    for name in COLUMNS[:2]:
        faults.add(values.mask(pc.is_null(told[name])), name, "nothing is told")
    fields: dict[str, Any] = {
        "position": pa.array(chunk.positions),
        "message_id": told["content_id"],
        "account": values.identity(rows, id=told["account_id"]),
        "sent_at": sent_at,
        "kind": pa.repeat("repost", rows),
        "visibility": pa.repeat(str(visibility), rows),
        "repost_of": told["object_id"],
    }
    good = pa.array(faults.good)
    return RawBatch(
        platform=platform,
        records=chunk.records,
        messages=raw_table(RAW_MESSAGES, {name: column.filter(good) for name, column in fields.items()}),
        rejected=faults.rejected(chunk),
        assumptions=tuple(sorted(assumptions)),
    )
