"""Gathers what a brief tells of where people go: flows, how long channels live, what came before and after actions.

Each part is looked at only where the lake holds what it rests on: links, channels that ended, actions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief.going_content import EffectsTold, FlowsTold, Going, LivesTold
from seawall.casebook import CaseFile
from seawall.casebook.glances import DECIDED as CASE_DECIDED
from seawall.errors import ConfigurationError, InputError, MeasureError
from seawall.lake import Lake
from seawall.model import SIMULATED, Outcome, is_simulated
from seawall.workspace import effects_shown
from seawall.workspace.effects import ACTIONS, DECIDED, effect_of
from seawall.workspace.flowing import flows_of, flows_shown, sentence
from seawall.workspace.lifetimes import spells_of
from seawall.workspace.looking_lives import DORMANT_DAYS, WINDOW_DAYS, has_actions, own_actions
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.survival_found import LEFT_OUT, survival_found
from seawall.workspace.survival_pages import survival_shown

Told = TypeVar("Told")

MOST_FLOWS, MOST_PANELS = 3, 6
REFERRED, LISTED = "cases that were referred", "the operator's list of actions"
_LINKS = "SELECT count(*) AS found FROM messages WHERE len(links) > 0 AND visibility <> 'direct'"
_ENDS = "SELECT count(*) AS found FROM channels WHERE ended_at IS NOT NULL AND coalesce(kind, '') <> 'direct'"


class _Gathered:
    """What was left out and refused while the parts were looked at."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self.refused: list[str] = []

    def part(self, what: str, look: Callable[[], Told]) -> Told | None:
        """A part, or None where it cannot be told; why is kept."""
        try:
            return look()
        except (ConfigurationError, InputError, MeasureError) as error:
            self.refused.append(f"{what}: {error}")
            return None


def going_of(workspace: OpenedFolder, files: Sequence[CaseFile]) -> Going | None:
    """All that the brief tells of it; None where there is nothing to look at.

    Args:
        workspace: acts as the person who asks; what is read is audited.
        files: cases as they may be shown to others.
    """
    with workspace.reading() as lake:
        linked = _any(lake, _LINKS, {"messages": ("links", "visibility")})
        ended = _any(lake, _ENDS, {"channels": ("ended_at", "kind")})
    known = _Gathered()
    flows = known.part("Flows", lambda: _flows(workspace, known)) if linked else None
    lives = known.part("Survival", lambda: _lives(workspace, known)) if ended else None
    told = (known.part(f"Before and after {what}", look) for what, look in _effects(workspace, files, known))
    effects = tuple(one for one in told if one is not None)
    if not (flows or lives or effects or known.refused):
        return None
    return Going(flows, lives, effects, dict(known.left_out), tuple(known.refused))


def _any(lake: Lake, question: str, tables: dict[str, tuple[str, ...]]) -> bool:
    return int(lake.query(question, tables)["found"][0].as_py()) > 0


def _flows(workspace: OpenedFolder, known: _Gathered) -> FlowsTold:
    found = flows_of(workspace, None, None, "week", None, whole=True)
    known.left_out.update({reason.replace("_", " "): count for reason, count in found.left_out.items()})
    shown = list(flows_shown(found))
    head = SIMULATED if shown and all(is_simulated(one.community) for one in shown) else ""
    return FlowsTold(head + sentence(found), tuple(shown[:MOST_FLOWS]), max(len(shown) - MOST_FLOWS, 0))


def _lives(workspace: OpenedFolder, known: _Gathered) -> LivesTold:
    workspace.casebook.audit.append(workspace.reviewer, "read", {"table": "messages", "for": "survival"})
    spells = spells_of(workspace, DORMANT_DAYS, None)
    by = "channel_kind" if len(pc.unique(spells.spells["channel_kind"])) > 1 else None
    found = survival_found(spells, source="channels of the lake", by=by, dormant=DORMANT_DAYS)
    known.left_out.update({LEFT_OUT[reason]: count for reason, count in found.left_out.items()})
    return LivesTold(found.sentence, survival_shown(found), found.comparison, found.assumptions)


def _effects(
    workspace: OpenedFolder, files: Sequence[CaseFile], known: _Gathered
) -> Iterator[tuple[str, Callable[[], EffectsTold]]]:
    """Each list of actions that there is, with what looks at it."""
    decided = _decided(files)
    if len(decided):
        yield REFERRED, lambda: _effect(workspace, REFERRED, decided, (DECIDED,), known)
    if has_actions(workspace):
        yield LISTED, lambda: _effect(workspace, LISTED, own_actions(workspace), (), known)


def _decided(files: Sequence[CaseFile]) -> pa.Table:
    """Cases that were referred, each on the channels and platforms of its alerts, at the time of the decision."""
    rows = [
        {"at": file.case.decisions[-1].at, "unit": unit, "action": f"case {file.case.case_id}"}
        for file in files
        if file.case.status == CASE_DECIDED and _outcome(file) is Outcome.REFER
        for unit in sorted(_units(file))
    ]
    return pa.Table.from_pylist(rows, ACTIONS)


def _outcome(file: CaseFile) -> Outcome | None:
    return file.case.decisions[-1].outcome if file.case.decisions else None


def _units(file: CaseFile) -> set[str]:
    subjects = (subject for kept in file.alerts for subject in kept.alert.subjects)
    return {subject.id for subject in subjects if subject.kind in ("channel", "platform")}


def _effect(
    workspace: OpenedFolder, what: str, actions: pa.Table, doubt: tuple[str, ...], known: _Gathered
) -> EffectsTold:
    found = effect_of(workspace, actions, False, None, None, WINDOW_DAYS, None)
    known.left_out.update(found.left_out)
    drawn = list(effects_shown.panels(found))
    return EffectsTold(
        actions=what,
        sentence=effects_shown.sentence(found),
        panels=tuple(drawn[:MOST_PANELS]),
        hidden=max(len(drawn) - MOST_PANELS, 0),
        untold=tuple(effects_shown.untold(found)),
        tables={
            "Where accounts went": (effects_shown.MOVES, effects_shown.move_cells(found, found.displacement)),
            "Where their links lead": (effects_shown.MOVES, effects_shown.move_cells(found, found.linked)),
        },
        doubt=tuple(dict.fromkeys((*doubt, *found.doubt, *found.displacement.doubt))),
    )
