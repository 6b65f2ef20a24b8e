"""What a brief tells of where people go as a whole: flows, how long channels live, and what came after actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from seawall.brief.effect_content import EffectPanel
from seawall.brief.flow_content import Flow
from seawall.brief.survival_content import SurvivalShown


@dataclass(frozen=True, slots=True)
class FlowsTold:
    """Where the members of each platform link to."""

    sentence: str
    flows: tuple[Flow, ...]
    hidden: int  # platforms that are not shown


@dataclass(frozen=True, slots=True)
class LivesTold:
    """How long channels live."""

    sentence: str
    shown: SurvivalShown
    compared: str | None  # what the log-rank test says
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EffectsTold:
    """What came before and after some actions."""

    actions: str  # which: "cases that were referred"
    sentence: str
    panels: tuple[EffectPanel, ...]
    hidden: int  # panels that are not drawn
    untold: tuple[str, ...]  # sentences of measures of which nothing can be told
    tables: Mapping[str, tuple[Sequence[str], Sequence[Sequence[str]]]]  # caption -> head and rows, as text
    doubt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Going:
    """All of it. None: not looked at, because the records hold no links, no ends, or no actions."""

    flows: FlowsTold | None = None
    lives: LivesTold | None = None
    effects: tuple[EffectsTold, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)  # why, in words -> how many
    refused: tuple[str, ...] = ()  # sentences on what could not be computed
