"""Reviewers' keys, and opening the vault with two of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from seawall.casebook.rules import Act
from seawall.errors import ConfigurationError, RuleError
from seawall.workspace.settings import disk_refused, write_private

if TYPE_CHECKING:
    from seawall.vault import ReviewerKey
    from seawall.workspace.opened import OpenedFolder
    from seawall.workspace.workspace import Workspace

PSEUDONYM = re.compile(r"[ah][0-9a-f]{20}")


def make_reviewer_key(file: Path, passphrase: str) -> tuple[Path, Path]:
    """Write ``file.pub`` and ``file.key``; their paths, the public one first.

    Raises:
        ConfigurationError: the passphrase is too weak.
        StorageError: a file exists already or cannot be written.
    """
    from seawall.vault import new_reviewer_key

    public, private = new_reviewer_key(passphrase)
    paths = file.with_name(file.name + ".pub"), file.with_name(file.name + ".key")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        for path, text in zip(paths, (public, private), strict=True):
            write_private(path, text if text.endswith("\n") else text + "\n")
    except OSError as error:
        raise disk_refused(error, file) from error
    return paths


def unmask(workspace: Workspace, accounts: Sequence[str], keys: Sequence[tuple[Path, str]], reason: str) -> pa.Table:
    """See ``Workspace.unmask``."""
    from seawall.vault import Vault

    check_vault(workspace)
    workspace.permit(Act.UNMASK)
    if len(keys) != 2:
        raise RuleError("Exactly two reviewers open the vault.", mend="Name two key files: --key A --key B")
    one, two = (_opened(path, passphrase) for path, passphrase in keys)
    book = workspace.casebook
    book.audit.append(
        workspace.reviewer,
        "unmask",
        {
            "accounts": [book.commit(account) for account in accounts],
            "keys": [one.public.hex(), two.public.hex()],
            "reason": reason,
        },
    )
    return Vault.open(workspace.path / "vault").unmask(accounts, one, two, reason)


def check_vault(workspace: OpenedFolder) -> None:
    """See ``Workspace.check_vault``."""
    if workspace.settings.identities != "vault":
        raise ConfigurationError(
            "This workspace forgot identities when it imported them.",
            where=str(workspace.path),
            mend="Only a workspace made with --identities vault can open them.",
        )


def checked(accounts: str | Sequence[str]) -> list[str]:
    """The pseudonyms as a list.

    Raises:
        ConfigurationError: one of them cannot be the pseudonym of an account.
    """
    listed = [accounts] if isinstance(accounts, str) else list(accounts)
    if not listed or not all(PSEUDONYM.fullmatch(account) for account in listed):
        raise ConfigurationError(
            "This is not the pseudonym of an account.",
            where="ACCOUNT",
            mend="It is a or h and 20 hex digits; or name the account by its platform and id or handle.",
        )
    return listed


def _opened(path: Path, passphrase: str) -> ReviewerKey:
    from seawall.vault import open_reviewer_key

    try:
        private = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "This reviewer's key cannot be read.", where=str(path), mend="Name the private half, FILE.key."
        ) from error
    return open_reviewer_key(private, passphrase)
