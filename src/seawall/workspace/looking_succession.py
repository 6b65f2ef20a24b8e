"""Channels that ended and what came after them, as pages ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from seawall.measures.succession import LEAST
from seawall.protocols import Progress
from seawall.workspace.looking_jobs import Job, job_of
from seawall.workspace.looking_shelf import held_lake
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.succession_found import SuccessorsFound, successors_of

ENDS_A_PAGE = 50
OTHERS = 3
"""So many candidates beside the likeliest are shown of an end."""


@dataclass(frozen=True, slots=True)
class SuccessorsAsked:
    """The ends that the lake tells of."""

    @property
    def what(self) -> str:
        """See ``Asked``."""
        return "successors"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A channel that may have come after another. ``reasons``: rows ``term, nats, observed, expected``."""

    channel: str
    probability: float
    reasons: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class EndSeen:
    """A channel that ended.

    Args:
        told: a row of ``Successors.ends``.
        reason: how it ended, as the lake tells it; None = not told.
        likeliest: the channel that is assigned, or the best candidate; None = there is none.
        others: the next ones.
    """

    told: Mapping[str, Any]
    reason: str | None
    likeliest: Candidate | None
    others: Sequence[Candidate]


@dataclass(frozen=True)
class SuccessorsSeen:
    """All ends of a lake, the latest first."""

    found: SuccessorsFound

    @property
    def total(self) -> int:
        """How many channels ended."""
        return len(self.found.found.ends)

    @property
    def with_one(self) -> int:
        """How many of them have a likely successor."""
        return self.total - int(self.found.found.ends["successor"].null_count)

    @cached_property
    def channels(self) -> dict[str, dict[str, Any]]:
        """What the lake tells of each channel."""
        return {row["channel"]: row for row in self.found.channels.to_pylist()}

    @cached_property
    def _ends(self) -> list[dict[str, Any]]:
        ends: list[dict[str, Any]] = self.found.found.ends.to_pylist()
        return sorted(ends, key=lambda row: (row["at"], row["ended"]), reverse=True)

    @cached_property
    def _candidates(self) -> dict[str, list[dict[str, Any]]]:
        return _by(self.found.found.candidates.to_pylist(), "ended")

    @cached_property
    def _reasons(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in self.found.found.reasons.to_pylist():
            found.setdefault((row["ended"], row["candidate"]), []).append(row)
        return found

    def chosen(self, answer: str) -> list[dict[str, Any]]:
        """The ends with a likely successor ("told"), without one ("none"), or all of them ("")."""
        if answer not in ("told", "none"):
            return self._ends
        return [row for row in self._ends if (row["successor"] is None) == (answer == "none")]

    def seen(self, ends: Sequence[Mapping[str, Any]]) -> Iterator[EndSeen]:
        """What is shown of some ends."""
        for row in ends:
            old = row["ended"]
            rows = sorted(self._candidates.get(old, ()), key=lambda one: one["rank"])
            made = [
                Candidate(one["candidate"], one["probability"], self._reasons.get((old, one["candidate"]), ()))
                for one in rows
            ]
            first = next((one for one in made if one.channel == row["likeliest"]), None)
            others = [one for one in made if one is not first]
            yield EndSeen(row, self.channels.get(old, {}).get("end_reason"), first, others[:OTHERS])


def asked_successors(workspace: OpenedFolder) -> Job[SuccessorsSeen]:
    """The job of what came after ends, begun if need be."""
    held = held_lake(workspace.path)

    def compute(progress: Progress) -> SuccessorsSeen:
        return SuccessorsSeen(successors_of(workspace, None, LEAST, None, None, progress))

    return job_of(workspace.path, SuccessorsAsked(), held.version, held.epoch, compute)


def _by(rows: Sequence[dict[str, Any]], name: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found
