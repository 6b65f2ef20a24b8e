"""One place, as its page shows it: who links to it and when, what is known of it here, and the alerts that name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.casebook.glances import Glance
from seawall.casebook.indicators_looking import IndicatorFilter
from seawall.measures.place.kinds import kind_of
from seawall.model import Indicator, IndicatorKind
from seawall.model.instants import INSTANT, microseconds
from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_held import HeldLake, Rows
from seawall.workspace.looking_messages import MessageSeen, messages_of
from seawall.workspace.looking_places import A_PAGE, PlacesFound
from seawall.workspace.looking_shelf import held_lake
from seawall.workspace.looking_timeline import MONDAY, TimelineSeen, step_for, timeline
from seawall.workspace.opened import OpenedFolder

MOST_NAMED = 20
MOST_LISTED = 20
SUBJECTS = ("place", "domain")
"""What alerts call a place: its domain, where that is the whole place."""


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    """What is known of a place.

    Args:
        told: a row of ``seawall.measures.place.PLACES``.
        emerging: its row of ``seawall.measures.emerging``; None where it does not emerge.
        moves: communities that unusually often link to it: rows of ``seawall.measures.flow.MOVES``.
        channel: what the lake tells of the channel that it is; empty where it is none of the lake.
        silent_since: when that channel wrote last (UTC); None where it is none.
        channels: those that link to it most, with their messages, ``MOST_NAMED`` at most.
        timeline: channels that linked to it over time.
        messages: those that link to it, a page of them, the latest first.
        indicators: entries of lists that are this place.
        alerts: that name it, the latest first.
    """

    told: Mapping[str, Any]
    emerging: Mapping[str, Any] | None
    moves: Sequence[Mapping[str, Any]]
    channel: Mapping[str, Any]
    silent_since: Any
    channels: Sequence[tuple[str, int]]
    timeline: TimelineSeen | None
    messages: Sequence[MessageSeen]
    messages_total: int
    page: int
    pages: int
    indicators: Sequence[Indicator]
    alerts: Sequence[Glance]
    alerts_total: int

    @property
    def is_site(self) -> bool:
        """Whether it is a host or domain, not a channel or an invite."""
        return kind_of(self.told["kind"]).what in ("domain", "host", "server")


def place_seen(
    workspace: OpenedFolder,
    found: PlacesFound,
    row: int,
    *,
    page: int,
    alerts: tuple[tuple[Glance, ...], int],
    listed: bool,
) -> PlaceSeen:
    """What is known of the place of a row.

    Args:
        workspace: of the lake.
        found: the places of the whole lake.
        row: of the place.
        page: of its messages, from 1.
        alerts: that name it, and how many there are.
        listed: whether the lists of indicators may be read.
    """
    held = held_lake(workspace.path)
    told = found.table.slice(row, 1).to_pylist()[0]
    name = told["place"]
    places = _places_of(held, found.links_to(row))
    pages = max(1, -(-len(places) // A_PAGE))
    page = min(max(page, 1), pages)
    ids = held.messages.ids.take(pa.array(places[::-1][A_PAGE * (page - 1) : A_PAGE * page])).to_pylist()
    read = messages_of(workspace, ids)
    channel = next((one for one in held.channels.values() if one.get("address") == name), {})
    return PlaceSeen(
        told=told,
        emerging=next(iter(found.emerging.filter(pc.equal(found.emerging["place"], name)).to_pylist()), None),
        moves=[one for one in found.moves if one["place"] == name],
        channel=channel,
        silent_since=_last_of(held, channel["channel_id"]) if channel else None,
        channels=held.messages.channel.counted(places)[:MOST_NAMED],
        timeline=_channels_over_time(held, places),
        messages=[read[one] for one in ids if one in read],
        messages_total=len(places),
        page=page,
        pages=pages,
        indicators=_indicators(workspace, told) if listed else (),
        alerts=alerts[0],
        alerts_total=alerts[1],
    )


def alerts_about(
    workspace: OpenedFolder, name: str, *, most: int, own: frozenset[str]
) -> tuple[tuple[Glance, ...], int]:
    """The alerts that name a place, the latest first, and how many there are."""
    parts = [workspace.casebook.glances.about(kind, name, most=most, own=own) for kind in SUBJECTS]
    rows = sorted((one for some, _ in parts for one in some), key=lambda one: (one.alert.start, one.alert_id))
    return tuple(rows[::-1][:most]), sum(total for _, total in parts)


def _places_of(held: HeldLake, ids: pa.Array) -> Rows:
    """Where messages stand among all messages, in the order of time."""
    return np.flatnonzero(pc.is_in(held.messages.ids, value_set=ids).to_numpy())


def _last_of(held: HeldLake, channel: str) -> Any:
    span = held.messages.span(held.messages.rows(MessageFilter(channel=channel)))
    return span[1] if span is not None else None


def _channels_over_time(held: HeldLake, rows: Rows) -> TimelineSeen | None:
    """How many channels linked, by step of time: the messages of each that were its first in a step, counted."""
    codes = held.messages.channel.codes[rows]
    rows, codes = rows[codes >= 0], codes[codes >= 0]
    span = held.messages.span(rows)
    if span is None:
        return None
    start, end = span[0], span[1] + INSTANT
    step = step_for(start, end)
    bins = (held.messages.times[rows] - microseconds(MONDAY)) // (step // INSTANT)
    _, first = np.unique(np.stack([bins, codes]), axis=1, return_index=True)
    seen = timeline(held, MessageFilter(start, end), "Channels that link to it", (), rows[np.sort(first)])
    if seen is None:
        return None
    return replace(seen, line=replace(seen.line, unit=seen.line.unit.replace("messages", "channels", 1)))


def _indicators(workspace: OpenedFolder, told: Mapping[str, Any]) -> Sequence[Indicator]:
    """The entries of lists that are this place, or its domain where it is no more than that."""
    book, found = workspace.casebook.indicators, []
    for kind, value in ((IndicatorKind.URL, told["place"]), (IndicatorKind.DOMAIN, told["place"])):
        wanted = IndicatorFilter(kind=kind.value, text=value)
        rows = book.looks.page(wanted, page=1, most=MOST_LISTED).rows
        found += [one for one in rows if one.value.rstrip("/") == value.rstrip("/")]
    return found
