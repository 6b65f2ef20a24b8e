"""Whether the files of a workspace are what was written: every one of them is looked at."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from seawall.engine.live import damaged_state
from seawall.errors import StorageError
from seawall.journal import check_journal
from seawall.lake import Problem
from seawall.vault import Vault
from seawall.workspace.audit_key import audit_key
from seawall.workspace.auditing import verify_audit
from seawall.workspace.brief_digests import damaged_briefs
from seawall.workspace.desk import WATCH
from seawall.workspace.people import SIGN_IN_KEY, sign_in_key
from seawall.workspace.settings import REPLY_KEY, live_reply_key, load_settings, pseudonym_key

if TYPE_CHECKING:
    from seawall.workspace.workspace import Workspace


def problems(workspace: Workspace) -> Iterator[str]:
    """What is wrong with the files of a workspace, a sentence each."""
    for part in (_settings, _keys, _lake, _journal, _casebook, _vault, _outward, _watch, _briefs, _left_over):
        yield from _readable(part, workspace)


def _readable(part: Callable[[Workspace], Iterable[str]], workspace: Workspace) -> Iterator[str]:
    """What a part says; what cannot be read at all is told as well, and the other parts are looked at nevertheless."""
    try:
        yield from part(workspace)
    except StorageError as error:
        yield str(error)


def _settings(workspace: Workspace) -> Iterator[str]:
    load_settings(workspace.path)
    yield from ()


def _keys(workspace: Workspace) -> Iterator[str]:
    for path in sorted((workspace.path / "keys").iterdir()):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"Others can read a key. ({path}) Mend it with: chmod 600 {path}"
    if (workspace.path / REPLY_KEY).exists():
        live_reply_key(workspace.path)
    if (workspace.path / SIGN_IN_KEY).exists():
        sign_in_key(workspace.path)
    pseudonym_key(workspace.path)
    audit_key(workspace.path)


def _lake(workspace: Workspace) -> Iterator[str]:
    with workspace.reading() as lake:
        yield from map(_told, lake.check())


def _journal(workspace: Workspace) -> Iterator[str]:
    yield from map(_told, check_journal(workspace.path / "journal"))


def _casebook(workspace: Workspace) -> Iterator[str]:
    yield from workspace.casebook.problems()
    yield from workspace.casebook.approached.problems()
    yield from verify_audit(workspace, None)[0]


def _vault(workspace: Workspace) -> Iterator[str]:
    if workspace.settings.identities == "vault":
        Vault.open(workspace.path / "vault").verify()
    yield from ()


def _outward(workspace: Workspace) -> Iterator[str]:
    """What is read from where, and who is told."""
    workspace.connections.all()
    workspace.receivers.all()
    yield from ()


def _watch(workspace: Workspace) -> Iterator[str]:
    if damaged_state(workspace.path / WATCH):
        yield (
            f"The saved state of watching is damaged. ({workspace.path / WATCH}) "
            "The next seawall watch removes it, and builds it anew from the lake."
        )


def _briefs(workspace: Workspace) -> Iterator[str]:
    for path in damaged_briefs(workspace.path):
        yield f"A brief is not what was written. ({path}) Write it anew with seawall brief."


def _left_over(workspace: Workspace) -> Iterator[str]:
    """Spill files of a killed run; the next run removes them."""
    for path in sorted((workspace.path / "tmp").iterdir()):
        if not os.access(path, os.W_OK):
            yield f"A file of an earlier run cannot be removed. ({path}) Remove it."


def _told(problem: Problem) -> str:
    return f"{problem.what} ({problem.where}) {problem.mend}"
