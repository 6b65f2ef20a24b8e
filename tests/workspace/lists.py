"""What tests of lists in a workspace share."""

from __future__ import annotations

from typing import Any

import seawall
from seawall.workspace import Terms, Workspace

FEUD = Terms("feud", "The tulip feud.", live=True, confidence=80)


def listed(workspace: Workspace, kind: str, value: str, terms: Terms = FEUD) -> str:
    """List something, seconded where it needs to be; its id."""
    one = workspace.indicators.add(kind, value, terms)
    if one.status == "proposed":
        seawall.open(workspace.path, reviewer="Iris").indicators.second(one.id)
    return one.id


def claims(workspace: Workspace) -> list[dict[str, Any]]:
    """What alerts say, without when and in which revision."""
    columns = ("detector", "anchor", "subjects", "severity", "score", "evidence", "doubt", "sentence", "details")
    rows = workspace.alerts().select(list(columns)).to_pylist()
    return sorted(rows, key=lambda row: (row["subjects"][0]["id"], row["anchor"]))
