"""What a workspace is: a folder with settings, keys of its own, a lake and a casebook."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unicodedata import category

from seawall.errors import ConfigurationError, StorageError, WorkspaceError
from seawall.lake.disk import make_folder, sync_folder
from seawall.lake.sums import with_check, without_check
from seawall.workspace.checked_file import read_checked, write_checked

LAYOUT = 3
"""The number of this layout of files; a workspace with a higher one was written by a newer Seawall."""
_LAYOUT_WITHOUT_BUCKET = 2
_LAYOUT_WITHOUT_SERVER = 1

SETTINGS = "seawall.json"
REPLY_KEY = Path("keys") / "reply.key"
_ERASED = Path("index") / "erased.json"
FOLDERS = ("keys", "index", "briefs", "tmp")
_LAKE = "lake"


@dataclass(frozen=True, slots=True)
class BucketSettings:
    """Where a lake lies that is not in the folder, and how it is reached; the environment holds the credentials."""

    address: str  # s3://BUCKET/PREFIX
    owner: str  # the word in the claim that lies there
    region: str
    endpoint: str | None = None  # None = Amazon's own
    allow_http: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a workspace, as kept in ``seawall.json``."""

    layout: int
    created_at: str  # ISO 8601, UTC
    identities: str  # "drop" or "vault"
    casebook: str | None = None  # address of a database, without a password; None = a file in the folder
    lake: BucketSettings | None = None  # None = in the folder


def create_folder(
    folder: Path,
    *,
    identities: str,
    like: Path | None = None,
    casebook: str | None = None,
    lake: BucketSettings | None = None,
) -> Settings:
    """Make a new workspace folder with its keys, or with the pseudonym key and the erased accounts of another.

    Raises:
        ConfigurationError: an unknown choice for ``identities``, or a path that the lake cannot use.
        WorkspaceError: there is something in the folder already.
        StorageError: the disk refused.
    """
    if identities not in ("drop", "vault"):
        raise ConfigurationError(
            "identities is either drop or vault.", where="option identities", mend="Leave it out to drop them."
        )
    if any(category(char) in ("Cc", "Cs") for char in str(folder.absolute())):
        raise ConfigurationError(
            "The path of a workspace may not hold control characters or bytes that are no text.",
            where=str(folder),
            mend="Choose another name.",
        )
    try:
        make_folder(folder)
        if any(folder.iterdir()):
            raise WorkspaceError(
                "This folder is not empty.",
                where=str(folder),
                mend="Name a new folder, or add to the workspace that is there with seawall add.",
            )
        for name in FOLDERS if lake else (_LAKE, *FOLDERS):
            make_folder(folder / name, mode=0o700)
        key = secrets.token_hex(32) if like is None else pseudonym_key(like).hex()
        write_private(folder / "keys" / "pseudonym.key", f"{key}\n{_key_check(key)}\n")
        if like is not None and (like / _ERASED).exists():
            write_private(folder / _ERASED, (like / _ERASED).read_text(encoding="ascii"))
        created_at = datetime.now(UTC).isoformat(timespec="seconds")
        settings = Settings(_layout(casebook, lake), created_at, identities, casebook, lake)
        told = {name: value for name, value in asdict(settings).items() if value is not None}
        write_private(folder / SETTINGS, json.dumps(with_check(told), indent=2) + "\n")
    except OSError as error:
        raise disk_refused(error, folder) from error
    return settings


def _layout(casebook: str | None, lake: BucketSettings | None) -> int:
    """The lowest number that tells all of it, so that an older Seawall reads what it can."""
    if lake is not None:
        return LAYOUT
    return _LAYOUT_WITHOUT_SERVER if casebook is None else _LAYOUT_WITHOUT_BUCKET


def load_settings(folder: Path) -> Settings:
    """The settings of an existing workspace.

    Raises:
        WorkspaceError: no workspace is here, or a newer Seawall wrote it.
        StorageError: its settings cannot be read.
    """
    path = folder / SETTINGS
    if not path.is_file():
        raise WorkspaceError(
            "There is no workspace here.",
            where=str(folder),
            mend="Make one with: seawall init DIR, or see one at work with: seawall demo DIR",
        )
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        settings = _settings(without_check(told)) if told["layout"] <= LAYOUT else None
    except OSError as error:
        raise disk_refused(error, path) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StorageError(
            "The settings of this workspace are damaged.", where=str(path), mend="Restore the file from a backup."
        ) from error
    if settings is None:
        raise WorkspaceError(
            "A newer Seawall wrote this workspace.",
            where=str(folder),
            mend="Install that version: pip install -U seawall",
        )
    return settings


def _settings(told: dict[str, Any]) -> Settings:
    lake = told.pop("lake", None)
    return Settings(**told, lake=None if lake is None else BucketSettings(**lake))


def pseudonym_key(folder: Path) -> bytes:
    """The key of this workspace's pseudonyms, 32 bytes. Its file has a checksum, but not one of an older Seawall.

    Raises:
        StorageError: the file is missing or damaged.
    """
    path = folder / "keys" / "pseudonym.key"
    try:
        written, *check = path.read_text(encoding="ascii").split()
        key = bytes.fromhex(written) if check in ([], [_key_check(written)]) else b""
    except OSError as error:
        raise disk_refused(error, path) from error
    except ValueError:
        key = b""
    if len(key) != 32:
        raise StorageError(
            "The pseudonym key is damaged, so new records could not be joined to old ones.",
            where=str(path),
            mend="Restore the file from a backup; nothing was read or changed.",
        )
    return key


def _key_check(written: str) -> str:
    """Tells of a key only whether it is damaged: 16 of 256 bits."""
    return hashlib.sha256(b"seawall " + written.lower().encode()).hexdigest()[:4]


def reply_key() -> bytes:
    """A key for recognising the same reply again: it lives as long as this import, in memory only."""
    return secrets.token_bytes(32)


def live_reply_key(folder: Path) -> bytes:
    """The key by which live sources recognise the same reply tomorrow, 32 bytes; made when it is first asked for.

    Raises:
        StorageError: the disk refused, or the file is damaged.
    """
    path = folder / REPLY_KEY
    held = read_checked(path, None)
    if held is None:
        held = secrets.token_hex(32)
        write_checked(path, held)
    return bytes.fromhex(held)


def write_private(path: Path, text: str) -> None:
    """Write a small file that only its owner can read, and wait until it is on the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def disk_refused(error: OSError, place: Path) -> StorageError:
    """The operating system's refusal, in a sentence that says what to do."""
    if isinstance(error, FileExistsError):
        return StorageError("A file of this name is here already.", where=str(place), mend="Choose another name.")
    if isinstance(error, FileNotFoundError):
        return StorageError("The folder or file is not here.", where=str(place), mend="Make it, or check the path.")
    return StorageError(
        f"The disk refused: {error.strerror or 'unknown reason'}.",
        where=str(error.filename or place),
        mend="Check free space and permissions, then run the same command again; nothing acknowledged is lost.",
    )
