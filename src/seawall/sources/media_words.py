"""Words for kinds of media in columns of tables -> lists of media."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model import RAW_MEDIA
from seawall.sources.media_kinds import known_kind

_WORDS = {
    "video": "video videos clip reel gif animation igtv videonote",
    "image": "image images photo photos picture pictures pic sticker screenshot",
    "audio": "audio voice music podcast song voicenote",
    "document": "document documents file files attachment pdf",
}
_SHA256 = "^[0-9a-fA-F]{64}$"
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in words.split()}


def kind_of(word: str | None) -> str | None:
    """The kind that a word, a MIME type or the name of a file tells; None for what is no media (a link, a poll).

    >>> kind_of("Photo"), kind_of("audio/ogg"), kind_of("ride.mp4"), kind_of("poll"), kind_of("application/pdf")
    ('image', 'audio', 'video', None, 'document')
    """
    text = (word or "").strip().casefold()
    head, slash, _ = text.partition("/")
    if slash and head == "application":
        return "document"
    return _KIND_OF.get(text) or _KIND_OF.get(head) or known_kind(text)


def media_lists(found: pa.Array, hashes: pa.Array | None = None) -> pa.Array:
    """Lists of such words as lists of ``model.RAW_MEDIA``; a list without any media is null.

    Args:
        found: words.
        hashes: SHA-256 in hex digits, in the same places of lists of the same lengths; others are left out.
    """
    words = found.flatten().dictionary_encode()
    known = pa.array([kind_of(word) for word in words.dictionary.to_pylist()], pa.string())
    kinds = known.take(words.indices) if len(known) else pa.nulls(len(words), pa.string())
    told = pc.is_valid(kinds)
    rows = pc.list_parent_indices(found).filter(told).to_numpy()
    lengths = np.bincount(rows, minlength=len(found))
    kinds = kinds.filter(told)
    prints = {"kind": kinds} if hashes is None else {"kind": kinds, "sha256": _beside(found, hashes).filter(told)}
    parts = [prints.get(field.name, pa.nulls(len(kinds), field.type)) for field in RAW_MEDIA]
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    items = pa.StructArray.from_arrays(parts, fields=list(RAW_MEDIA))
    return pa.ListArray.from_arrays(offsets, items, mask=pa.array(lengths == 0))


def _beside(found: pa.Array, hashes: pa.Array) -> pa.Array:
    """The hash in the same place, for each entry of the lists; null where the lists are not of one length."""
    lengths = [pc.fill_null(pc.list_value_length(one), 0).to_numpy() for one in (found, hashes)]
    starts = np.cumsum(lengths[1]) - lengths[1]
    rows = pc.list_parent_indices(found).to_numpy()
    within = np.arange(len(rows)) - (np.cumsum(lengths[0]) - lengths[0])[rows]
    fits = (lengths[0] == lengths[1])[rows]
    taken = hashes.flatten().take(pa.array(starts[rows] + within, mask=~fits))
    return pc.if_else(pc.match_substring_regex(taken, _SHA256), pc.utf8_lower(taken), None)
