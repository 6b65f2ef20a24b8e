"""What a picture of before and after says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from seawall.brief.content import Timeline


@dataclass(frozen=True, slots=True)
class EffectPanel:
    """One action and measure. ``line``: days of both windows, no windows marked; ``acted``: midnight of its day."""

    line: Timeline
    acted: datetime
    sentence: str  # with ratio and interval
    label: str  # the same, short
    verdict: str
    doubt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EffectPage:
    """All that a page of effects says. ``tables``: caption -> head and rows, as text."""

    title: str
    sentence: str
    workspace: str
    made_at: datetime
    lake_version: str
    version: str  # of Seawall
    panels: tuple[EffectPanel, ...]
    hidden: int  # panels that are not drawn
    tables: Mapping[str, tuple[Sequence[str], Sequence[Sequence[str]]]]
    doubt: tuple[str, ...]
    left_out: Mapping[str, int]
    command: str | None = None
