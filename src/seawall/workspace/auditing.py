"""The audit of a workspace: whether it is whole, and signed checkpoints of it to keep elsewhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from seawall.casebook import AuditHead
from seawall.errors import ConfigurationError
from seawall.workspace.audit_key import audit_key, make_audit_key
from seawall.workspace.settings import disk_refused, write_private

if TYPE_CHECKING:
    from seawall.casebook.checkpoints import Checkpoint
    from seawall.workspace.workspace import Workspace

_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-zA-Z]+)")
_MOST_CHARACTERS = 10_000


def checkpoint(workspace: Workspace, out: Path | None) -> str:
    """See ``Workspace.checkpoint``."""
    from seawall.casebook.checkpoints import public_half, sign

    key = make_audit_key(workspace.path)
    head = workspace.casebook.audit.append(workspace.reviewer, "checkpoint", {"key": public_half(key)})
    text = sign(head, datetime.now(UTC), key).text
    if out is not None:
        try:
            write_private(out, text + "\n")
        except OSError as error:
            raise disk_refused(error, out) from error
    return text


def verify_audit(workspace: Workspace, against: str | Path | None) -> tuple[list[str], str]:
    """See ``Workspace.verify_audit``."""
    audit = workspace.casebook.audit
    kept = None if against is None else _kept(str(against))
    faults: list[str] = []
    if kept is not None and not isinstance(kept, AuditHead):
        from seawall.casebook.checkpoints import public_half

        key = audit_key(workspace.path)
        faults = list(kept.faults(None if key is None else public_half(key)))
        kept = kept.audit_head
    problems = [*faults, *audit.verify(kept)]
    head = audit.head()
    return problems, f"{head.count}:{head.hash}"


def _kept(against: str) -> AuditHead | Checkpoint:
    """What was kept elsewhere: a head, a checkpoint, or a file with one of them."""
    told = against.strip()
    if not (told.startswith("{") or _HEAD.fullmatch(told)) and Path(against).is_file():
        told = _read(Path(against)).strip()
    head = _HEAD.fullmatch(told)
    if head:
        return AuditHead(int(head[1]), head[2])
    if told.startswith("{"):
        from seawall.casebook.checkpoints import read

        return read(told)
    raise ConfigurationError(
        "This is not a head of an audit, nor a checkpoint.",
        where="--against",
        mend="Give what seawall audit DIR checkpoint made, or a head as verify printed it, as 12:9f3a...",
    )


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_CHARACTERS)
    except OSError as error:
        raise disk_refused(error, path) from error
