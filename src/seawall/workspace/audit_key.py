"""The Ed25519 key with which a workspace signs checkpoints of its audit: ``keys/audit.key``, for its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from seawall.errors import StorageError
from seawall.workspace.checked_file import read_checked, write_checked
from seawall.workspace.settings import disk_refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

AUDIT_KEY = Path("keys") / "audit.key"


def audit_key(folder: Path) -> Ed25519PrivateKey | None:
    """The private key; None where none was made yet.

    Raises:
        StorageError: the file is damaged or cannot be read.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    held = read_checked(folder / AUDIT_KEY, None)
    if held is None:
        return None
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(held))
    except (ValueError, TypeError):
        raise StorageError(
            "The key of the audit is damaged.", where=str(folder / AUDIT_KEY), mend="Restore it from a backup."
        ) from None


def make_audit_key(folder: Path) -> Ed25519PrivateKey:
    """The private key, made now where there is none. Of several processes that make it at once, one makes it for all.

    Raises:
        StorageError: the disk refused, or the file is damaged.
    """
    held = audit_key(folder)
    if held is not None:
        return held
    path = folder / AUDIT_KEY
    own = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_checked(own, secrets.token_hex(32))
    try:
        os.link(own, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise disk_refused(error, path) from error
    finally:
        own.unlink()
    made = audit_key(folder)
    if made is None:
        raise StorageError("The key of the audit is gone.", where=str(path), mend="Repeat the command.")
    return made
