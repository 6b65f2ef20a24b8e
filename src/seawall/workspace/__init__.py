"""The composition root and the only writer: what ``seawall.open()`` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.late import names

if TYPE_CHECKING:
    from seawall.workspace.expanding import TableExpander
    from seawall.workspace.identities import make_reviewer_key
    from seawall.workspace.indicators import IndicatorList, ListResult, Terms
    from seawall.workspace.indicators_match import Match, MatchResult
    from seawall.workspace.indicators_rescan import RescanResult
    from seawall.workspace.results import AddResult, DetectResult, FileResult, IncompleteImportError
    from seawall.workspace.warming import warm_kernels
    from seawall.workspace.workspace import Workspace
else:
    __getattr__, __dir__ = names(
        __name__,
        {
            "expanding": ("TableExpander",),
            "identities": ("make_reviewer_key",),
            "indicators": ("IndicatorList", "ListResult", "Terms"),
            "indicators_match": ("Match", "MatchResult"),
            "indicators_rescan": ("RescanResult",),
            "results": ("AddResult", "DetectResult", "FileResult", "IncompleteImportError"),
            "warming": ("warm_kernels",),
            "workspace": ("Workspace",),
        },
    )

__all__ = [
    "AddResult",
    "DetectResult",
    "FileResult",
    "IncompleteImportError",
    "IndicatorList",
    "ListResult",
    "Match",
    "MatchResult",
    "RescanResult",
    "TableExpander",
    "Terms",
    "Workspace",
    "make_reviewer_key",
    "warm_kernels",
]
