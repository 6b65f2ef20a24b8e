"""Keyed pseudonyms: the same account gives the same text, and nobody without the key can tell whose it is.

Each is BLAKE2b with a key (RFC 7693, section 2.9), over the kind of thing, the platform and the value. An account
that a source names by a stable id becomes ``a`` and 20 hexadecimal digits (80 bits); one that is named only by a
handle or a display name becomes ``h`` and 20; a channel ``c`` and 20.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError

KEY_BYTES = 32
_DIGEST_BYTES = 10
_CACHED = 1 << 15
_NOT_IN_A_NUMBER = re.compile(r"[^0-9]")
_NO_CONTROLS = {ord(mark): None for mark in "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"}


def new_keys() -> tuple[bytes, bytes]:
    """A fresh key for pseudonyms and one for replies, 32 random bytes each.

    >>> [len(key) for key in new_keys()]
    [32, 32]
    """
    return secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)


def normal_handle(handle: str) -> str:
    """A handle as platforms compare them: without ``@``, case and invisible marks.

    >>> normal_handle(" @Garden_Club ")
    'garden_club'
    """
    return unicodedata.normalize("NFKC", handle.translate(_NO_CONTROLS)).strip().lstrip("@").casefold()


def normal_name(name: str) -> str:
    """A display name without case, invisible marks and doubled blanks.

    >>> normal_name("Fern  Meadow ")
    'fern meadow'
    """
    return " ".join(unicodedata.normalize("NFKC", name.translate(_NO_CONTROLS)).casefold().split())


def normal_contact(kind: str, value: str) -> str:
    """An outside address in the form in which two spellings of it are the same.

    >>> normal_contact("phone", "+44 (0) 20 7946-0001"), normal_contact("email", "Club@Garden.example")
    ('4402079460001', 'club@garden.example')
    """
    if kind == "phone":
        return _NOT_IN_A_NUMBER.sub("", value)
    return normal_handle(value) if kind == "handle" else normal_name(value)


class Pseudonyms:
    """All keyed hashes of a workspace.

    Args:
        key: of accounts, channels, contacts, messages and names in links; 32 bytes.
        reply_key: of replies only; 32 bytes. Whoever holds it can test guessed sentences, so a one-off
            import uses a fresh one and forgets it.

    Raises:
        ConfigurationError: a key has another length.
    """

    def __init__(self, key: bytes, reply_key: bytes) -> None:
        if len(key) != KEY_BYTES or len(reply_key) != KEY_BYTES:
            raise ConfigurationError(f"A key has {KEY_BYTES} bytes.", mend="Restore the workspace's key file.")
        self._key = key
        self._reply_key = reply_key
        self._digest = lru_cache(maxsize=_CACHED)(self._compute)
        self.index_key = self._derived(b"index 1")
        """16 bytes for the 64-bit hashes that find duplicates."""
        self.spare_index_key = self._derived(b"index 2")

    def hide(self, name: str) -> str:
        """What stands in a link instead of a name: ``~`` and 16 hexadecimal digits."""
        return f"~{self._digest('place', '', name)[:16]}"

    def accounts(self, platform: str, identities: pa.StructArray) -> pa.Array:
        """``model.RAW_IDENTITY`` structs -> account ids; null where nothing is told."""
        ids, handles, names = identity_fields(identities)
        known = pc.is_valid(ids)
        handles = pc.if_else(known, None, handles)
        names = pc.if_else(pc.or_(known, pc.is_valid(handles)), None, names)
        return pc.coalesce(
            self._each(ids, lambda value: f"a{self._digest('account', platform, value)}"),
            self.handles(platform, handles),
            self._each(names, lambda value: f"h{self._digest('name', platform, normal_name(value))}"),
        )

    def handles(self, platform: str, handles: pa.Array) -> pa.Array:
        """Bare handles -> the account ids that they get until an alias resolves them."""
        return self._each(handles, lambda value: f"h{self._digest('handle', platform, normal_handle(value))}")

    def alias_keys(self, platform: str, identities: pa.StructArray) -> pa.Array:
        """The ``h`` pseudonym of accounts that tell an id too: of the handle, or of the name where there is none."""
        ids, handles, names = identity_fields(identities)
        nameless = pa.StructArray.from_arrays(
            [pa.nulls(len(ids), pa.string()), handles, names], names=["id", "handle", "name"]
        )
        return pc.if_else(pc.is_valid(ids), self.accounts(platform, nameless), None)

    def channels(self, platform: str, ids: pa.Array) -> pa.Array:
        """A platform's channel ids -> channel pseudonyms."""
        return self._each(ids, lambda value: f"c{self._digest('channel', platform, value)}")

    def messages(self, platform: str, ids: pa.Array) -> pa.Array:
        """Raw ids of closed and direct messages -> what stands for them."""
        return self._each(ids, lambda value: self._digest("message", platform, value))

    def names_in_ids(self, platform: str, ids: pa.Array) -> pa.Array:
        """Ids that begin with an account's stable id and a slash, with its pseudonym there; others as they are."""
        return self._each(ids, lambda value: self._without_account(platform, value))

    def _without_account(self, platform: str, value: str) -> str:
        account, slash, rest = value.partition("/")
        return f"a{self._digest('account', platform, account)}/{rest}" if slash else value

    def contacts(self, kinds: pa.Array, values: pa.Array) -> pa.Array:
        """Outside addresses of a kind -> keys, the same on every platform."""
        told = [
            None if kind is None or value is None else self._digest("contact", kind, normal_contact(kind, value))
            for kind, value in zip(kinds.to_pylist(), values.to_pylist(), strict=True)
        ]
        return pa.array(told, pa.string())

    def replies(self, match_keys: pa.Array) -> pa.Array:
        """Match keys of texts (uint64), or opaque keys of words (strings) -> reply keys, under a key of their own."""
        return self._each(match_keys.cast(pa.string()), self._reply)

    def _reply(self, match_key: str) -> str:
        return blake2b(match_key.encode(), key=self._reply_key, digest_size=_DIGEST_BYTES, person=b"reply").hexdigest()

    def _compute(self, kind: str, platform: str, value: str) -> str:
        data = f"{platform}\0{value}".encode("utf-8", "surrogatepass")
        return blake2b(data, key=self._key, digest_size=_DIGEST_BYTES, person=kind.encode()).hexdigest()

    def _derived(self, purpose: bytes) -> bytes:
        return blake2b(purpose, key=self._key, digest_size=16, person=b"derived").digest()

    @staticmethod
    def _each(values: pa.Array, pseudonym: Callable[[str], str]) -> pa.Array:
        """Apply to each distinct value once."""
        if values.null_count == len(values):
            return pa.nulls(len(values), pa.string())
        encoded = values.dictionary_encode()
        distinct = pa.array([pseudonym(value) for value in encoded.dictionary.to_pylist()], pa.string())
        return distinct.take(encoded.indices)


def identity_fields(identities: pa.StructArray) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Id, handle and name of identities; an empty text counts as not told."""
    ids, handles, names = identities.flatten()
    return tuple(_none_if_empty(column) for column in (ids, handles, names))


def _none_if_empty(column: pa.Array) -> pa.Array:
    if column.null_count == len(column):
        return column
    return pc.if_else(pc.match_substring_regex(column, r"[^@\s\x{200e}\x{200f}\x{feff}]"), column, None)
