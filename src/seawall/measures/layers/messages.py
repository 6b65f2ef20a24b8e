"""Messages as arrays: accounts and messages numbered, times in microseconds, once for all layers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.coshare.network import plain
from seawall.measures.coshare.ordering import Indices, numbered
from seawall.measures.keys import Keys, Mask, Times, identity_keys, microseconds, presence, present
from seawall.measures.tables import place_of, require_columns

NEEDED = ("message_id", "account_id", "sent_at")
MOST_MESSAGES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Messages:
    """What every layer needs to know of each message.

    Args:
        table: as it was handed in.
        names: the accounts in the order of their ids; an account's number is its place here.
        account: one entry a row.
        message: one entry a row: rows of one message have one number; a row without an id is a message of its own.
        message_key: one entry a row, from the message's id alone.
        at: one entry a row: UTC microseconds.
        usable: which rows have an account and a time. None = all.
        own: which rows are no reposts. None = all.
    """

    table: pa.Table
    names: pa.Array
    account: Indices
    message: Times
    message_key: Keys
    at: Times
    usable: Mask | None
    own: Mask | None

    @classmethod
    def of(cls, table: pa.Table) -> Messages:
        """The arrays of a table with the lake's columns.

        Raises:
            MeasureError: ``message_id``, ``account_id`` or ``sent_at`` is missing, or cannot be used.
        """
        require_columns(table, NEEDED)
        if len(table) > MOST_MESSAGES:
            raise MeasureError("There are more than 2^31 messages.", mend="Look at a shorter stretch of time.")
        at, usable = microseconds(table["sent_at"])
        told = present(table["account_id"])
        if told is not None:
            usable = told if usable is None else usable & told
        account, names = _accounts(table["account_id"])
        message, message_key = _message_numbers(table["message_id"])
        own = None
        if "repost_of" in table.column_names:
            reposts = presence(table["repost_of"])
            own = None if not reposts.any() else ~reposts
        return cls(table, names, account, message, message_key, at, usable, own)

    def __len__(self) -> int:
        return len(self.at)

    def number_of(self, account: object) -> int:
        """The number of an account, by its id.

        Raises:
            MeasureError: the messages have no such account.
        """
        place = place_of(account, self.names)
        if place is None:
            raise MeasureError(
                "The messages have no such account.", where="evidence", mend="Take accounts from .pairs or .nodes."
            )
        return place

    def ids(self, messages: Times) -> pa.ChunkedArray:
        """The ids of messages, by their numbers."""
        return self.table["message_id"].take(pa.array(messages))


def _accounts(column: pa.ChunkedArray) -> tuple[Indices, pa.Array]:
    codes, firsts = numbered(identity_keys(column))
    names = plain(column.take(pa.array(firsts)))
    order = pc.sort_indices(names).to_numpy()
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[codes], names.take(pa.array(order))


def _message_numbers(column: pa.ChunkedArray) -> tuple[Times, Keys]:
    """The number of a message is the row in which it comes first; its key is zero where it has no id."""
    keys = identity_keys(column)
    codes, _ = numbered(keys)
    first = np.full(int(codes.max(initial=-1)) + 1, len(codes), np.int64)
    rows = np.arange(len(codes), dtype=np.int64)
    np.minimum.at(first, codes, rows)
    named = present(column)
    if named is None:
        return first[codes], keys
    return np.where(named, first[codes], rows), np.where(named, keys, np.uint64(0))
