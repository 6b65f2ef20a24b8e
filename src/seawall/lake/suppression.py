"""Which pseudonyms and ids of their messages were erased, so that a later import does not bring them back.

Only salted keyed hashes of them are kept, in DIR/index/erased.json.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import StorageError
from seawall.lake.disk import disk_errors, write_durably
from seawall.lake.pseudonyms import authors, leading_to
from seawall.lake.sums import with_check, without_check


class Suppression:
    """The list of erased pseudonyms, and the number of erasures so far (the *epoch*)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._salt = secrets.token_bytes(32)
        self._hashes: set[str] = set()
        self.epoch = 0
        self.pending = False
        if not path.exists():
            return
        with disk_errors(path):
            content = path.read_bytes()
        try:
            held = without_check(json.loads(content))
            self._salt = bytes.fromhex(held["salt"])
            self._hashes = set(held["hashes"])
            self.epoch = int(held["epoch"])
            self.pending = bool(held["pending"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise StorageError(
                "The list of erased accounts is damaged.",
                where=str(path),
                mend="Restore this file from a backup; without it, erased accounts could be imported again.",
            ) from None

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def _hash(self, pseudonym: str) -> str:
        return hashlib.blake2b(pseudonym.encode(), key=self._salt, digest_size=16).hexdigest()

    def begin(self, pseudonyms: Iterable[str]) -> None:
        """Before anything is erased: the list holds the pseudonyms, and a new epoch begins."""
        self._hashes |= {self._hash(pseudonym) for pseudonym in pseudonyms}
        self.epoch += 0 if self.pending else 1
        self.pending = True
        self._save()

    def finish(self) -> None:
        """After everything is erased."""
        self.pending = False
        self._save()

    def add(self, names: Iterable[str]) -> None:
        """Put further handles of erased accounts on the list, and ids of their messages."""
        self._hashes |= {self._hash(name) for name in names}
        self._save()

    def _save(self) -> None:
        content = {
            "epoch": self.epoch,
            "pending": self.pending,
            "salt": self._salt.hex(),
            "hashes": sorted(self._hashes),
        }
        with disk_errors(self._path):
            write_durably(self._path, json.dumps(with_check(content)).encode(), mode=0o600)

    def among(self, pseudonyms: Iterable[str]) -> Collection[str]:
        """Those of the pseudonyms that are on the list."""
        return [pseudonym for pseudonym in pseudonyms if self._hash(pseudonym) in self._hashes]

    def among_columns(self, columns: Iterable[pa.ChunkedArray]) -> pa.Array:
        """Those of the pseudonyms in these columns that are on the list."""
        return pa.array(sorted(self.among(_distinct(columns))), pa.string())

    def messages_among(self, columns: Iterable[pa.ChunkedArray]) -> pa.Array:
        """Those of the ids of messages in these columns that are on the list, or whose author is."""
        ids = pa.array(sorted(_distinct(columns)), pa.string())
        named = authors(ids)
        wanted = pa.array(self.among(_distinct([named])), pa.string())
        return ids.filter(leading_to(ids, pa.array(self.among(ids.to_pylist()), pa.string()), wanted))


def _distinct(columns: Iterable[pa.ChunkedArray]) -> set[str]:
    distinct: set[str] = set()
    for column in columns:
        flat = pc.list_flatten(column) if pa.types.is_list(column.type) else column
        distinct.update(value for value in pc.unique(flat).to_pylist() if value is not None)
    return distinct
