"""What keeps a workspace lawful and sound: retention, erasure, holds, what is held about a person, checks."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seawall.errors import ConfigurationError, InputError, RuleError
from seawall.protocols import Progress
from seawall.workspace.settings import disk_refused, pseudonym_key, reply_key, write_private

if TYPE_CHECKING:
    from seawall.intake.pseudonyms import Pseudonyms
    from seawall.workspace.workspace import Workspace


def pseudonyms_of(
    workspace: Workspace, *, platform: str | None, id_: str | None = None, handle: str | None = None
) -> list[str]:
    """The pseudonyms under which this workspace keeps an account that is named by its id or handle.

    Raises:
        ConfigurationError: no platform, or neither id nor handle.
    """
    if not platform or not (id_ or handle):
        raise ConfigurationError(
            "An account is named by its pseudonym, or by --platform with --id or --handle.",
            mend="As in: --platform telegram --id user123",
        )
    from seawall.intake.pseudonyms import Pseudonyms

    made = Pseudonyms(pseudonym_key(workspace.path), reply_key())
    found = []
    if id_:
        found += _account(made, platform, id=id_)
    if handle:
        found += _account(made, platform, handle=handle.removeprefix("@"))
    return found


def _account(made: Pseudonyms, platform: str, **told: str) -> list[str]:
    identity = pa.array(
        [{"id": told.get("id"), "handle": told.get("handle"), "name": None}],
        pa.struct([("id", pa.string()), ("handle", pa.string()), ("name", pa.string())]),
    )
    accounts: list[str] = made.accounts(platform, identity).to_pylist()
    return accounts


def expire(workspace: Workspace, before: datetime, progress: Progress | None) -> dict[str, int]:
    """Delete rows older than ``before`` (UTC), and who was approached before then, except of held accounts."""
    from seawall.engine.live import discard
    from seawall.workspace.desk import WATCH

    workspace.casebook.audit.append(workspace.reviewer, "expire", {"before": before.isoformat()})
    held = {hold.account for hold in workspace.casebook.holds() if hold.released_at is None}
    with workspace.writing() as lake:
        discard(workspace.path / WATCH)
        gone = asdict(lake.expire(before, held=held, progress=progress))
        return gone | {"people to protect": workspace.casebook.approached.expire(before)}


def erase(workspace: Workspace, accounts: list[str], reason: str, progress: Progress | None) -> dict[str, int]:
    """Take accounts out of saved states, casebook, vault, briefs and lake, the lake last: it knows which messages go.

    Run it again after an interruption: it completes.

    Raises:
        RuleError: no reason, or an account is on legal hold; then nothing is erased.
    """
    from seawall.engine.live import discard
    from seawall.vault import Vault
    from seawall.workspace.desk import WATCH

    if not reason.strip():
        raise RuleError("Nothing is erased without a reason.", mend="Say why, in a sentence: --reason TEXT")
    book = workspace.casebook
    with workspace.writing() as lake:
        every = sorted(lake.pseudonyms_of(accounts))
        if book.held(every):
            raise RuleError(
                "This account is on legal hold, which suspends erasure.",
                mend="End the hold first: seawall hold DIR ACCOUNT --release --reason TEXT",
            )
        commitments = [book.commit(account) for account in every]
        book.audit.append(workspace.reviewer, "erase", {"accounts": commitments, "reason": reason})
        messages = lake.messages_of(accounts)
        discard(workspace.path / WATCH)
        in_casebook = book.erase(every, messages, reviewer=workspace.reviewer)
        sealed = Vault.open(workspace.path / "vault").erase(every) if workspace.settings.identities == "vault" else 0
        briefs = _remove_briefs(workspace.path / "briefs", [*every, *messages])
        gone = lake.erase(accounts, progress=progress)
    return {**gone.rows, "alerts": in_casebook.alerts, "briefs": briefs, "identities": sealed}


def _remove_briefs(folder: Path, words: list[str]) -> int:
    """Briefs that name one of these; a pseudonym may stand in them in full or shortened."""
    wanted = [word.encode() for word in words]
    removed = 0
    for path in folder.glob("*.html"):
        page = path.read_bytes()
        if any(word in page for word in wanted):
            path.unlink()
            removed += 1
    return removed


def holds(workspace: Workspace) -> list[dict[str, str]]:
    """The holds in force, the oldest first."""
    return [
        {"account": hold.account, "since": hold.at.isoformat(), "by": hold.reviewer, "reason": hold.reason}
        for hold in workspace.casebook.holds()
        if hold.released_at is None
    ]


def export_subject(workspace: Workspace, accounts: list[str], out: Path) -> int:
    """Write what is held about an account as JSON; how many records it holds.

    Raises:
        StorageError: the file cannot be written.
        InputError: nothing is held about it.
    """
    workspace.settle()
    held: dict[str, Any] = {}
    count = 0
    with workspace.reading() as lake:
        for account in accounts:
            tables = {name: rows.to_pylist() for name, rows in lake.subject(account).items()}
            messages = [row["message_id"] for row in tables["messages"]]
            seen = {"sightings": workspace.casebook.indicators.of_messages(messages)}
            book = workspace.casebook.subject(account, reviewer=workspace.reviewer)
            held[account] = tables | {"casebook": book | seen}
            count += sum(map(len, tables.values()))
    if not count:
        raise InputError("Nothing is held about this account.", mend="Check platform, id and handle.")
    try:
        write_private(out, json.dumps(held, ensure_ascii=False, indent=2, default=str) + "\n")
    except OSError as error:
        raise disk_refused(error, out) from error
    return count
