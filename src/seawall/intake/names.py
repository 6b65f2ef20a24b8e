"""Hide the persons whom a message's record, or the records around it, name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_plus

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.lists import parents, with_values
from seawall.intake.message_rows import MessageRows
from seawall.intake.tokens import tokenise
from seawall.intake.told_names import Sought, hide_anywhere, hide_names, sought
from seawall.model import RAW_ACT

_ESCAPE = r"%[0-9A-Fa-f]{2}|[^\s+]\+[^\s+]"
_BLANKS = re.compile(r"(\s+)")
_UNESCAPED = "/:?#[]@!$&'()*,;=~"


@dataclass(frozen=True, slots=True)
class ToldNames:
    """Handles and display names that the records of a batch tell."""

    by_row: pa.ListArray
    anywhere: Sought

    def hide_in_texts(self, texts: pa.Array) -> pa.Array:
        """Texts with typed tokens instead of addresses, @names and told names.

        Names of the same record are hidden whatever they are; those of other records of the batch only where they
        look like an identity, because a display name may be an ordinary word.
        """
        return self._hide_in_escapes(self.hide_in_words(hide_names(tokenise(texts), self.by_row)))

    def hide_in_words(self, words: pa.Array) -> pa.Array:
        """Strings without the told names that look like an identity."""
        return hide_anywhere(words, self.anywhere)

    def hide_in_addresses(self, urls: pa.Array) -> pa.Array:
        """Addresses without told names that look like an identity, in percent-encoding too."""
        return self._hide_in_escapes(self.hide_in_words(urls))

    def hide_in_lists(self, lists: pa.ListArray) -> pa.ListArray:
        """The same for lists of strings."""
        return with_values(lists, self.hide_in_words(lists.flatten()))

    def _hide_in_escapes(self, texts: pa.Array) -> pa.Array:
        """The same inside words with escaped blanks and letters, which are addresses or pieces of them."""
        escaped = pc.fill_null(pc.match_substring_regex(texts, _ESCAPE), False)
        if not pc.any(escaped).as_py():
            return texts
        pieces = [_BLANKS.split(text) for text in texts.filter(escaped).to_pylist()]
        encoded = [word for words in pieces for word in words if "%" in word or "+" in word]
        plain = pa.array([unquote_plus(word) for word in encoded], pa.string())
        hidden = self.hide_in_words(plain)
        changed = dict(zip(encoded, hidden.to_pylist(), strict=True))
        same = dict(zip(encoded, plain.to_pylist(), strict=True))
        rewritten = [
            "".join(quote(changed[word], _UNESCAPED) if changed.get(word) != same.get(word) else word for word in words)
            for words in pieces
        ]
        return pc.replace_with_mask(texts, escaped, pa.array(rewritten, texts.type))


def told_names(rows: MessageRows) -> ToldNames:
    """The names in the accounts, mentions and acts of each row."""
    where, names = _names_and_rows(rows)
    in_order = np.argsort(where, kind="stable")
    counts = np.bincount(where, minlength=len(rows.account))
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    by_row = pa.ListArray.from_arrays(pa.array(ends), names.take(pa.array(in_order)))
    return ToldNames(by_row, sought(names.unique()))


def _names_and_rows(rows: MessageRows) -> tuple[npt.NDArray[np.int64], pa.Array]:
    everywhere = np.arange(len(rows.account))
    mentions, acts = rows.column("mentions"), rows.column("acts")
    told = [(everywhere, rows.column(name)) for name in ("account", "reply_to_account", "repost_of_account")]
    told.append((parents(mentions), mentions.flatten()))
    told += [
        (parents(acts), pc.struct_field(acts.flatten(), RAW_ACT.get_field_index(who))) for who in ("target", "source")
    ]
    where, names = [], []
    for row, identities in told:
        for name in identities.flatten()[1:]:
            there = pc.is_valid(name)
            where.append(row[there.to_numpy(zero_copy_only=False)])
            names.append(name.filter(there))
    return np.concatenate(where), pa.concat_arrays(names)
