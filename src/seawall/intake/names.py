"""Hide in a message's text the persons whom its record, or the records around it, name."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.lists import parents
from seawall.intake.message_rows import MessageRows
from seawall.intake.tokens import tokenise
from seawall.intake.told_names import hide_anywhere, hide_names


def hide_identities(texts: pa.Array, rows: MessageRows) -> pa.Array:
    """Texts with typed tokens instead of addresses, @names and the names that the records themselves tell.

    Names of the same record are hidden whatever they are; those of other records of the batch only where they look
    like an identity, because a display name may be an ordinary word.
    """
    where, names = _told_names(rows)
    in_order = np.argsort(where, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(where, minlength=len(texts)))]).astype(np.int32)
    by_row = pa.ListArray.from_arrays(pa.array(ends), names.take(pa.array(in_order)))
    return hide_anywhere(hide_names(tokenise(texts), by_row), names.unique())


def _told_names(rows: MessageRows) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], pa.Array]:
    """Handles and display names that records tell, and the row of each."""
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
