"""Where links lead, as pages show it: places, those that emerge, and where members link to over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief.flow_content import Flow
from seawall.measures.place import place_keys, places
from seawall.protocols import Progress
from seawall.workspace.emerging_found import emerging_of
from seawall.workspace.flowing import Q, flows_of, flows_shown
from seawall.workspace.looking_jobs import Job, job_of
from seawall.workspace.looking_shelf import held_lake
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.placing import links_of, own_table

A_PAGE = 100
MOST_FLOWS = 6
EMERGING_Q = 0.2
MOST_DRAWN = 3
"""So many emerging places, of most channels, are drawn of a whole platform."""


@dataclass(frozen=True, slots=True)
class PlacesAsked:
    """Which links: of messages from ``start`` on and before ``end`` (UTC); None = no bound."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def what(self) -> str:
        """See ``Asked``."""
        return "places"


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Which places; "" leaves nothing out."""

    kind: str = ""
    role: str = ""


@dataclass(frozen=True)
class PlacesFound:
    """What was computed of the links of a time.

    Args:
        table: ``seawall.measures.place.PLACES``, those of most channels first.
        emerging: as ``seawall.measures.emerging`` gives them, by ``found_at``.
        judged: how many places the emerging ones were compared with.
        flows: whole platforms, then communities that began to link to a new place, ``MOST_FLOWS`` at most.
        flows_total: how many communities there are with links.
        moves: rows of ``seawall.measures.flow.MOVES`` that stand out, the surest first.
        left_out: how many links were left out, by reason.
        messages: ids of the messages with links, by place in the order of ``table``.
        first: where those of each place begin in ``messages``; one more than there are places.
    """

    table: pa.Table
    emerging: pa.Table
    judged: int
    flows: tuple[Flow, ...]
    flows_total: int
    moves: tuple[Mapping[str, Any], ...]
    left_out: Mapping[str, int]
    messages: pa.Array
    first: npt.NDArray[np.int64]

    def place(self, name: str) -> int | None:
        """The row of a place; None where there is no such place."""
        row = int(pc.index(self.table["place"], pa.scalar(name, pa.string())).as_py())
        return None if row < 0 else row

    def links_to(self, row: int) -> pa.Array:
        """The ids of the messages that link to the place of a row; one that links twice stands there twice."""
        return self.messages.slice(int(self.first[row]), int(self.first[row + 1] - self.first[row]))

    def counted(self, column: str) -> dict[str, int]:
        """How many places there are of each kind, or role; the most frequent first."""
        rows = pc.value_counts(self.table[column]).to_pylist()
        return {row["values"]: row["counts"] for row in sorted(rows, key=lambda row: (-row["counts"], row["values"]))}

    def chosen(self, wanted: PlaceFilter) -> pa.Table:
        """The places that fit."""
        table = self.table
        for column, value in (("kind", wanted.kind), ("role", wanted.role)):
            if value:
                table = table.filter(pc.equal(table[column], value))
        return table


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A page of places: rows of ``PLACES``."""

    rows: Sequence[Mapping[str, Any]]
    total: int
    page: int
    pages: int


def place_page(table: pa.Table, page: int) -> PlacePage:
    """Some rows of a table of places."""
    pages = max(1, -(-len(table) // A_PAGE))
    page = min(max(page, 1), pages)
    return PlacePage(table.slice(A_PAGE * (page - 1), A_PAGE).to_pylist(), len(table), page, pages)


def asked_places(workspace: OpenedFolder, asked: PlacesAsked) -> Job[PlacesFound]:
    """The job of the places of a time, begun if need be."""
    held = held_lake(workspace.path)
    return job_of(workspace.path, asked, held.version, held.epoch, lambda told: _found(workspace, asked, told))


def _found(workspace: OpenedFolder, asked: PlacesAsked, progress: Progress) -> PlacesFound:
    start, end = asked.start, asked.end
    links = links_of(workspace, start, end, None, progress, "places")
    progress("counting places", 0, None)
    own = own_table(workspace)
    counted = places(links, table=own)
    messages, first = _by_place(links, own, counted.table["place"])
    rising = emerging_of(workspace, start, end, None, None, None, EMERGING_Q, progress)
    whole = flows_of(workspace, start, end, "week", progress, whole=True)
    single = flows_of(workspace, start, end, "week", progress)
    moves = [row for row in single.moves.to_pylist() if row["q"] <= Q and row["community"] is not None]
    moving = {row["community"] for row in moves}
    communities = list(flows_shown(single))
    risen = rising.table.sort_by([("channels", "descending"), ("place", "ascending")])["place"]
    platforms = list(flows_shown(whole, risen.to_pylist()[:MOST_DRAWN]))
    names = {one.community for one in platforms}
    shown = [*platforms, *(one for one in communities if one.community in moving - names)]
    return PlacesFound(
        table=counted.table,
        emerging=rising.table,
        judged=rising.judged,
        flows=tuple(shown[:MOST_FLOWS]),
        flows_total=len(communities),
        moves=tuple(moves),
        left_out=dict(counted.left_out),
        messages=messages,
        first=first,
    )


def _by_place(links: pa.Table, own: pa.Table | None, known: pa.ChunkedArray) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """The ids of messages by place in the order of ``known``, and where those of each begin."""
    row = pc.index_in(place_keys(links, table=own)["place"], known.combine_chunks())
    number = pc.fill_null(row, -1).to_numpy().astype(np.int64)
    order = np.argsort(number, kind="stable")
    first = np.searchsorted(number[order], np.arange(len(known) + 1))
    return links["message"].take(pa.array(order)).combine_chunks(), first.astype(np.int64)
