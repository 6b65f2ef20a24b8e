"""How long channels live, what came before and after actions, as pages ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from seawall.casebook.glances import DECIDED
from seawall.errors import InputError
from seawall.model import UTC_MICROSECONDS
from seawall.model.instants import EPOCH
from seawall.protocols import Progress
from seawall.workspace.effects import EffectFound, effect_of
from seawall.workspace.lifetimes import spells_of
from seawall.workspace.looking_jobs import FRESH, Job, job_of
from seawall.workspace.looking_shelf import held_lake
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.survival_found import SurvivalFound, survival_found
from seawall.workspace.text_columns import text_columns

GROUPS = ("channel_kind", "platform", "visibility")
"""What curves can be drawn by."""
DORMANT_DAYS = 30.0
ACTIONS = "actions.csv"
"""The operator's own list of actions, in the workspace's folder."""
WINDOW_DAYS = 30


@dataclass(frozen=True, slots=True)
class SurvivalAsked:
    """Which curves: by which column; None = one curve."""

    by: str | None = "channel_kind"

    @property
    def what(self) -> str:
        """See ``Asked``."""
        return "survival"


@dataclass(frozen=True, slots=True)
class EffectAsked:
    """Around which actions: ``mark`` tells one state of them from another, so that what has changed is new."""

    decisions: bool
    mark: tuple[int, int]

    @property
    def what(self) -> str:
        """See ``Asked``."""
        return "effect"


def asked_survival(workspace: OpenedFolder, asked: SurvivalAsked) -> Job[SurvivalFound]:
    """The job of how long channels live, begun if need be."""
    held = held_lake(workspace.path)

    def compute(progress: Progress) -> SurvivalFound:
        found = spells_of(workspace, DORMANT_DAYS, progress)
        return survival_found(found, source=workspace.path.resolve().name, by=asked.by, dormant=DORMANT_DAYS)

    return job_of(workspace.path, asked, held.version, held.epoch, compute)


def asked_effect(workspace: OpenedFolder, *, decisions: bool) -> Job[EffectFound]:
    """The job of before and after, begun if need be."""
    held = held_lake(workspace.path)
    asked = EffectAsked(decisions, _state(workspace, decisions))

    def compute(progress: Progress) -> EffectFound:
        actions = None if decisions else own_actions(workspace)
        return effect_of(workspace, actions, decisions, None, None, WINDOW_DAYS, progress)

    return job_of(workspace.path, asked, held.version, held.epoch, compute)


def has_actions(workspace: OpenedFolder) -> bool:
    """Whether the operator keeps a list of actions in the workspace."""
    return (workspace.path / ACTIONS).is_file()


def own_actions(workspace: OpenedFolder) -> pa.Table:
    """The operator's list of actions: ``at``, ``channel``, ``kind``.

    Raises:
        InputError: it is no such list, or a date is none.
    """
    path = workspace.path / ACTIONS
    table = text_columns(path, ("date",), ("channel", "kind"))
    try:
        dates = [datetime.fromisoformat(one) for one in table["date"].to_pylist()]
    except (TypeError, ValueError) as error:
        raise InputError(
            "A date cannot be read.", where=ACTIONS, mend="Write dates as 2026-05-31, and times in UTC."
        ) from error
    zoned = [one.replace(tzinfo=UTC) if one.tzinfo is None else one for one in dates]
    return table.drop_columns(["date"]).add_column(0, "at", pa.array(zoned, UTC_MICROSECONDS))


def _state(workspace: OpenedFolder, decisions: bool) -> tuple[int, int]:
    """What changes where the actions do: how many cases are decided, and ten minutes of time; or the file."""
    if decisions:
        return workspace.casebook.glances.by_status().get(DECIDED, 0), (datetime.now(UTC) - EPOCH) // FRESH
    told = (workspace.path / ACTIONS).stat()
    return told.st_mtime_ns, told.st_size
