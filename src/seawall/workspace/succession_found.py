"""Which channels of the lake came after which, in all that is shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief.words import counted
from seawall.detectors.successor_traces import Left, left_in
from seawall.detectors.successor_words import WEAK, called, why
from seawall.errors import InputError
from seawall.measures import Successors, successors
from seawall.measures.tables import as_table, require_columns
from seawall.model import SIMULATED, is_simulated
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder


@dataclass(frozen=True, slots=True)
class SuccessorsFound:
    """What was found.

    - ``found``: what ``seawall.measures.successors`` gives.
    - ``channels``: the channels of the lake, as the measure took them.
    - ``unknown``: how many ends of a list name no channel of the lake.
    """

    found: Successors
    channels: pa.Table
    unknown: int = 0

    @property
    def sentence(self) -> str:
        """What was found, in one sentence with its numbers."""
        ends = self.found.ends
        told = len(ends) - ends["successor"].null_count
        if not len(ends):
            return "No channel is known to have ended."
        head = SIMULATED if all(map(is_simulated, pc.unique(self.channels["platform"]).to_pylist())) else ""
        return (
            f"{head}Of {counted(len(ends), 'channel')} that ended, {told:,} have a likely successor "
            f"(a probability of {self.found.least:.0%} or more); for {len(ends) - told:,} none is told."
        )

    def rows(self) -> list[dict[str, Any]]:
        """Each end with what its channel and the likeliest one are called, and the weightiest reasons in words."""
        names = {row["channel"]: called(row["channel"], row["handle"]) for row in self.channels.to_pylist()}
        reasons: dict[tuple[str, str], list[str]] = {}
        for row in self.found.reasons.to_pylist():
            if row["nats"] >= WEAK:
                reasons.setdefault((row["ended"], row["candidate"]), []).append(why(row))
        return [
            row
            | {
                "ended_name": names[row["ended"]],
                "likeliest_name": names.get(row["likeliest"]),
                "reasons": reasons.get((row["ended"], row["likeliest"]), []),
            }
            for row in self.found.ends.to_pylist()
        ]

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        left_out = dict(self.found.left_out)
        if self.unknown:
            left_out["ends of the list that name no channel here"] = self.unknown
        return {
            "sentence": self.sentence,
            "least": self.found.least,
            "ends": self.rows(),
            "candidates": self.found.candidates.to_pylist(),
            "left_out": left_out,
        }


def successors_of(
    workspace: OpenedFolder, ends: Any, least: float, start: datetime | None, end: datetime | None,
    progress: Progress | None,
) -> SuccessorsFound:  # fmt: skip
    """See ``SuccessorReading.successors``."""
    span = {name: str(at) for name, at in (("start", start), ("end", end)) if at is not None}
    told = {"table": "messages", "for": "successors"}
    workspace.casebook.audit.append(workspace.reviewer, "read", told | span)
    with workspace.reading() as lake:
        if progress is not None:
            progress("reading messages", 0, None)
        left = left_in(lambda table, columns: lake.reader(table, columns, start=start, end=end))
    if not len(left.channels):
        raise InputError(
            "The lake holds no channel.", where=workspace.path.name, mend="Import messages of channels first."
        )
    known, unknown = _ends(ends, left)
    if progress is not None:
        progress("comparing channels", 0, None)
    tables = {"links": left.links, "forwards": left.forwards, "media": left.media, "clusters": left.clusters}
    return SuccessorsFound(successors(known, left.channels, least=least, **tables), left.channels, unknown)


def _ends(given: Any, left: Left) -> tuple[pa.Table | None, int]:
    """The ends of a list, by pseudonym, handle or address; and how many name nothing that is here."""
    if given is None:
        return None, 0
    table = as_table(given)
    require_columns(table, ("channel", "at"))
    names: dict[str, str] = {}
    for row in left.channels.to_pylist():
        for name in (row["address"], row["handle"], row["channel"]):
            if name:
                names[name.lower()] = row["channel"]
    told = [None if name is None else name.strip().lower().lstrip("@") for name in table["channel"].to_pylist()]
    channel = pa.array([names.get(name) if name else None for name in told], pa.string())
    here = pc.is_valid(channel)
    found = pa.table({"channel": channel, "at": table["at"]}).filter(here)
    return found, len(table) - len(found)
