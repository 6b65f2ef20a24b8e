"""What safeguarding reads in a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.casebook.supporting import SupportCase

if TYPE_CHECKING:
    from seawall.workspace.opened import OpenedFolder


def supported(workspace: OpenedFolder) -> tuple[SupportCase, ...]:
    """The cases that ended in an offer of support, the latest first; the read is audited.

    Raises:
        RuleError: the person is not of safeguarding.
        StorageError: the audit cannot be written, so nothing is shown.
    """
    found = workspace.casebook.support.all(reviewer=workspace.reviewer)
    workspace.casebook.audit.append(workspace.reviewer, "read", {"table": "safeguarding", "cases": len(found)})
    return found
