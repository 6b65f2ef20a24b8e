"""The composition root and the only writer: what ``seawall.open()`` returns."""

from __future__ import annotations

from seawall.workspace.identities import make_reviewer_key
from seawall.workspace.indicators import IndicatorList, ListResult, Terms
from seawall.workspace.indicators_match import Match, MatchResult
from seawall.workspace.indicators_rescan import RescanResult
from seawall.workspace.results import AddResult, DetectResult, FileResult, IncompleteImportError
from seawall.workspace.warming import warm_kernels
from seawall.workspace.workspace import Workspace

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
    "Terms",
    "Workspace",
    "make_reviewer_key",
    "warm_kernels",
]
