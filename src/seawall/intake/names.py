"""Hide the persons whom a message's record, or the records around it, name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.lists import parents, with_values
from seawall.intake.message_rows import MessageRows
from seawall.intake.tokens import tokenise
from seawall.intake.told_names import hide_anywhere, hide_names


@dataclass(frozen=True, slots=True)
class ToldNames:
    """Handles and display names that the records of a batch tell."""

    by_row: pa.ListArray
    distinct: pa.Array

    def hide_in_texts(self, texts: pa.Array) -> pa.Array:
        """Texts with typed tokens instead of addresses, @names and told names.

        Names of the same record are hidden whatever they are; those of other records of the batch only where they
        look like an identity, because a display name may be an ordinary word.
        """
        return self.hide_in_words(hide_names(tokenise(texts), self.by_row))

    def hide_in_words(self, words: pa.Array) -> pa.Array:
        """Strings without the told names that look like an identity."""
        return hide_anywhere(words, self.distinct)

    def hide_in_lists(self, lists: pa.ListArray) -> pa.ListArray:
        """The same for lists of strings."""
        return with_values(lists, self.hide_in_words(lists.flatten()))


def told_names(rows: MessageRows) -> ToldNames:
    """The names in the accounts, mentions and acts of each row."""
    where, names = _names_and_rows(rows)
    in_order = np.argsort(where, kind="stable")
    counts = np.bincount(where, minlength=len(rows.account))
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    by_row = pa.ListArray.from_arrays(pa.array(ends), names.take(pa.array(in_order)))
    return ToldNames(by_row, names.unique())


def _names_and_rows(rows: MessageRows) -> tuple[npt.NDArray[np.int64], pa.Array]:
    everywhere = np.arange(len(rows.account))
    mentions, acts = rows.column("mentions"), rows.column("acts")
    told = [(everywhere, rows.column(name)) for name in ("account", "reply_to_account", "repost_of_account")]
    told += [(parents(mentions), mentions.flatten()), (parents(acts), pc.struct_field(acts.flatten(), [1]))]
    where, names = [], []
    for row, identities in told:
        for name in identities.flatten()[1:]:
            there = pc.is_valid(name)
            where.append(row[there.to_numpy(zero_copy_only=False)])
            names.append(name.filter(there))
    return np.concatenate(where), pa.concat_arrays(names)
