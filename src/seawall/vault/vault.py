"""The vault of a workspace: a folder of sealed files."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b, sha256
from pathlib import Path

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from seawall.errors import ConfigurationError, RuleError, WorkspaceError
from seawall.model import IDENTITIES
from seawall.vault import sealed_file
from seawall.vault.halves import Halves
from seawall.vault.reviewer_keys import ReviewerKey, public_key_bytes
from seawall.vault.sealed_file import INDEX_BYTES, SUFFIX, UNFINISHED, Record, SealedFile
from seawall.vault.shares import DATA_KEY_BYTES, damaged, joined, open_halves, open_key, seal_key

_SETTINGS = "vault.json"
_PADDED_TO = 64
"""Plaintexts grow to a multiple of so many bytes, so that a length tells little about a name."""


class Vault:
    """Identities under lock and key. Make one with ``create``, reopen it with ``open``.

    One writer at a time, which the workspace's lock sees to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.reviewers, self._index_key = _read_settings(folder / _SETTINGS)
        """Public keys of the reviewers to whom identities are sealed."""
        self._public_keys = [public_key_bytes(public) for public in self.reviewers]
        self._sealed_here: set[bytes] = set()
        self._session_key = secrets.token_bytes(32)
        for leftover in folder.glob(f"*{UNFINISHED}"):
            leftover.unlink(missing_ok=True)

    @classmethod
    def create(cls, folder: Path, reviewer_public_keys: Sequence[str]) -> Vault:
        """A new, empty vault for these reviewers.

        Raises:
            ConfigurationError: fewer than two different keys, or a text that is no key.
            WorkspaceError: there is a vault already.
            StorageError: the disk refused.
        """
        publics = reviewers_of(reviewer_public_keys)
        if (folder / _SETTINGS).exists():
            raise WorkspaceError("There is a vault already.", where=str(folder), mend="Use it, or name another folder.")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sealed_file.sync_folder(folder.parent)
        except OSError as error:
            raise sealed_file.refused(error) from error
        settings = {"format": 1, "reviewers": publics, "index_key": secrets.token_hex(32)}
        settings["check"] = _check(settings)
        sealed_file.write_durably(folder / _SETTINGS, json.dumps(settings, indent=2).encode())
        return cls(folder)

    @classmethod
    def open(cls, folder: Path) -> Vault:
        """The vault in a folder, still sealed.

        Raises:
            WorkspaceError: there is no vault in this folder.
            StorageError: its settings are damaged.
        """
        return cls(folder)

    def seal(self, identities: pa.Table) -> int:
        """Add identities, durably: they are on the disk when this returns.

        What this object sealed before is not sealed again.

        Args:
            identities: ``model.IDENTITIES``.

        Returns:
            How many were new.

        Raises:
            StorageError: the disk refused; nothing was added.
        """
        new = {self._session_tag(row): row for row in identities.to_pylist()}
        fresh = {tag: row for tag, row in new.items() if tag not in self._sealed_here}
        if not fresh:
            return 0
        name, data_key = sealed_file.new_name(), secrets.token_bytes(DATA_KEY_BYTES)
        cipher = ChaCha20Poly1305(data_key)
        records = tuple(self._sealed(row, cipher, name) for row in fresh.values())
        SealedFile(name, seal_key(data_key, self._public_keys, name.encode()), records).write(self._folder)
        self._sealed_here.update(fresh)
        return len(fresh)

    def unmask(self, pseudonyms: Iterable[str], one: ReviewerKey, two: ReviewerKey, reason: str) -> pa.Table:
        """Who these pseudonyms are: ``model.IDENTITIES``, each naming once.

        The caller writes the audit entry first: this method cannot know of it.

        Raises:
            RuleError: no reason, the same reviewer twice, or somebody who is not a reviewer of this vault.
            StorageError: the vault was changed or cannot be read.
        """
        self._check(one, two, reason)
        return self._identities(pseudonyms, lambda file: open_key(file.shares, one, two, file.name.encode()))

    def halves(self, pseudonyms: Iterable[str], key: ReviewerKey) -> Halves:
        """What one reviewer contributes to opening these pseudonyms. The caller wipes it.

        Raises:
            RuleError: somebody who is not a reviewer of this vault.
            StorageError: the vault was changed or cannot be read.
        """
        if key.public not in self._public_keys:
            raise _not_sealed_to_them()
        wanted = {self._index(pseudonym) for pseudonym in pseudonyms}
        of_files = {
            file.name: open_halves(file.shares, key, file.name.encode()) for file, _ in self._with_records(wanted)
        }
        return Halves(key.public, of_files)

    def unmask_with(self, pseudonyms: Iterable[str], one: Halves, two: Halves) -> pa.Table:
        """Who these pseudonyms are, as ``unmask`` says, from what two reviewers contributed for the same ones.

        Raises:
            RuleError: both are of one reviewer.
            StorageError: the vault was changed since, or cannot be read.
        """
        if one.public == two.public:
            raise _one_alone()

        def key(file: SealedFile) -> bytes:
            mine, theirs = one.of_files.get(file.name, {}), two.of_files.get(file.name, {})
            both = mine.keys() & theirs.keys()
            if len(both) != 1:
                raise damaged()
            (pair,) = both
            return joined(mine[pair], theirs[pair])

        return self._identities(pseudonyms, key)

    def erase(self, pseudonyms: Iterable[str]) -> int:
        """Remove all that is sealed of these pseudonyms, without opening anything.

        Returns:
            How many records were removed.

        Raises:
            StorageError: the disk refused; run it again, what is removed stays removed.
        """
        unwanted = {self._index(pseudonym) for pseudonym in pseudonyms}
        removed = 0
        for file in self._files():
            kept = tuple(record for record in file.records if record.index not in unwanted)
            if len(kept) == len(file.records):
                continue
            removed += len(file.records) - len(kept)
            self._rewrite(file, kept)
        self._sealed_here.clear()
        return removed

    def verify(self) -> None:
        """Read every file, without opening anything.

        Raises:
            StorageError: one is not what was written.
        """
        for _ in self._files():
            pass

    def _rewrite(self, file: SealedFile, kept: tuple[Record, ...]) -> None:
        if kept:
            SealedFile(file.name, file.shares, kept).write(self._folder)
            return
        try:
            (self._folder / f"{file.name}{SUFFIX}").unlink()
            sealed_file.sync_folder(self._folder)
        except OSError as error:
            raise sealed_file.refused(error) from error

    def _with_records(self, wanted: set[bytes]) -> Iterator[tuple[SealedFile, list[Record]]]:
        for file in self._files():
            chosen = [record for record in file.records if record.index in wanted]
            if chosen:
                yield file, chosen

    def _identities(self, pseudonyms: Iterable[str], data_key: Callable[[SealedFile], bytes]) -> pa.Table:
        wanted = {self._index(pseudonym) for pseudonym in pseudonyms}
        found: dict[tuple[str | None, ...], None] = {}
        for file, chosen in self._with_records(wanted):
            cipher = ChaCha20Poly1305(data_key(file))
            found.update((self._opened(record, cipher, file.name), None) for record in chosen)
        columns = zip(*found, strict=True) if found else ([] for _ in IDENTITIES)
        return pa.table([pa.array(column, pa.string()) for column in columns], schema=IDENTITIES)

    def _check(self, one: ReviewerKey, two: ReviewerKey, reason: str) -> None:
        if not reason.strip():
            raise RuleError("Nobody is unmasked without a reason.", mend="Say why, in a sentence.")
        if one.public == two.public:
            raise _one_alone()
        if not {one.public, two.public} <= set(self._public_keys):
            raise _not_sealed_to_them()

    def _files(self) -> Iterator[SealedFile]:
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            yield sealed_file.read(path)

    def _sealed(self, row: dict[str, str | None], cipher: ChaCha20Poly1305, name: str) -> Record:
        plain = json.dumps([row[field] for field in IDENTITIES.names], ensure_ascii=False).encode("utf-8")
        index, nonce = self._index(str(row["pseudonym"])), secrets.token_bytes(12)
        padded = plain + b" " * (-len(plain) % _PADDED_TO)
        return Record(index, nonce, cipher.encrypt(nonce, padded, name.encode() + index))

    @staticmethod
    def _opened(record: Record, cipher: ChaCha20Poly1305, name: str) -> tuple[str | None, ...]:
        try:
            return tuple(json.loads(cipher.decrypt(record.nonce, record.sealed, name.encode() + record.index)))
        except InvalidTag:
            raise damaged() from None

    def _index(self, pseudonym: str) -> bytes:
        return blake2b(pseudonym.encode(), key=self._index_key, digest_size=INDEX_BYTES).digest()

    def _session_tag(self, row: dict[str, str | None]) -> bytes:
        told = json.dumps([row[field] for field in IDENTITIES.names]).encode()
        return blake2b(told, key=self._session_key, digest_size=16).digest()


def reviewers_of(public_keys: Sequence[str]) -> list[str]:
    """The public keys of a vault's reviewers, each once.

    Raises:
        ConfigurationError: fewer than two different keys, or a text that is no key.
    """
    publics = sorted({public.strip() for public in public_keys})
    if len({public_key_bytes(public) for public in publics}) < 2:
        raise ConfigurationError(
            "A vault needs the public keys of at least two reviewers, because one alone must not open it.",
            mend="Make one for each reviewer and name both.",
        )
    return publics


def _one_alone() -> RuleError:
    return RuleError("One reviewer alone cannot open the vault.", mend="Ask a second reviewer for approval.")


def _not_sealed_to_them() -> RuleError:
    return RuleError("This vault is not sealed to that reviewer.", mend="Ask two of its own reviewers.")


def _check(settings: Mapping[str, object]) -> str:
    return sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _read_settings(path: Path) -> tuple[tuple[str, ...], bytes]:
    """The reviewers' public keys, and the key of the index."""
    if not path.is_file():
        raise WorkspaceError(
            "There is no vault here.", where=str(path.parent), mend="Start a workspace with identities = vault."
        )
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.pop("check", None) not in (None, _check(told)):
            raise damaged()
        return tuple(map(str, told["reviewers"])), bytes.fromhex(told["index_key"])
    except OSError as error:
        raise sealed_file.refused(error) from error
    except (ValueError, KeyError, TypeError, AttributeError):
        raise damaged() from None
