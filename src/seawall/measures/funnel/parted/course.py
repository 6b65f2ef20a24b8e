"""The course of the measure over parts: from the rows of a platform to the hubs that are told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.measures.funnel.model import first_model
from seawall.measures.funnel.parted.acts import acts_of, days, in_order, meetings, sums
from seawall.measures.funnel.parted.events import events
from seawall.measures.funnel.parted.handing import handed
from seawall.measures.funnel.parted.knitting import (
    carried,
    corners,
    earliest,
    ends,
    knit_hubs,
    linked,
    marks,
    sliced,
    tails,
    with_carried,
)
from seawall.measures.funnel.parted.learning import epochs_of, learnt
from seawall.measures.funnel.parted.notes import HUB, Looking
from seawall.measures.funnel.parted.placing import UNIT, Begun, Placing, add_up, begun
from seawall.measures.funnel.parted.replay import chats_of, events_of, records_of
from seawall.measures.funnel.parted.scripts import (
    edges_of,
    first_two,
    first_users,
    line_events,
    lines_of,
    moments,
    of_calm_moments,
    ties_of,
    use_events,
    uses,
)
from seawall.measures.funnel.parted.slices import Slices, slices_of
from seawall.measures.funnel.parted.teams import Teams, teams_of
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.weights import WEIGHTS
from seawall.measures.funnel.words import N_HANDED, N_KNIT
from seawall.parts import Parts


@dataclass(frozen=True)
class Found:
    """What comes back of a platform.

    Args:
        acts: how many there are, repetitions once.
        model: the last one.
        hubs: rows of ``NOTES``: those at or above the bound.
        records: ``hub, newcomer, record`` of their pairs.
        knit: ``hub, newcomer`` of those of their pairs that are no meetings of strangers.
        handed: ``hub, newcomer`` of those that were handed on.
        teams: who shares a script.
    """

    acts: int
    model: Array
    hubs: pa.Table
    records: pa.Table
    knit: pa.Table
    handed: pa.Table
    teams: Teams


def found_on(platform: str, rows: Parts, bound: float, most: int) -> Found | None:
    """Go through the rows of a platform; None where it has no act.

    Args:
        platform: its name.
        rows: of all platforms, with the measure's columns.
        bound: the score at which an account is alerted about.
        most: accounts with more acts are cut in slices of time.
    """
    acts = rows.each(partial(acts_of, platform)).by("one", "other").each(in_order).kept()
    told = acts.each(days).by("day").each(partial(sums, ("day",))).all()
    if not len(told):
        return None
    last_day = max(told["day"].to_pylist())
    slices = slices_of(acts, most)
    pairs = acts.each(meetings)
    knit = _knit(acts, slices).by("one", "other").beside(pairs, knit_hubs).kept()
    chats = acts.each(partial(chats_of, last_day)).by("newcomer").each(partial(handed, last_day)).kept()
    lines = acts.each(uses).each(first_two).by("hub", "key").each(lines_of).kept()
    teams = teams_of(_edges(acts, lines).all())
    placing = Placing.of(teams, slices)
    placed = (
        acts.each(partial(events_of, last_day))
        .joined(acts.each(uses).each(use_events))
        .joined(lines.each(line_events))
        .joined(knit.each(_knit_events))
        .joined(chats.each(_handed_events))
        .each(placing)
    )
    epochs = epochs_of(told)
    models = np.tile(first_model(WEIGHTS), (len(epochs) + 1, 1))
    look = Looking(bound, epochs, models, teams, placing.slices, _begun(placed, placing))
    last, notes = learnt(placed.by(*UNIT).kept(), placing, look)
    hubs = _told(notes.each(_hubs).all(), bound)
    names = pa.table({"account": hubs["account"].combine_chunks().unique()})
    return Found(
        acts=sum(told["rows"].to_pylist()),
        model=last.models[-1],
        hubs=hubs,
        records=acts.beside_all(names, partial(records_of, last_day)).all(),
        knit=knit.beside_all(names, _of_hubs).all(),
        handed=chats.beside_all(names, _of_hubs).all(),
        teams=teams,
    )


def _knit(acts: Parts, slices: Slices) -> Parts:
    """Which pairs are no meetings of strangers (``MARKS``), as parts that know of them tell."""
    rows = acts.each(meetings).each(ends).by("centre", "began").each(linked).each(partial(sliced, slices))
    by_slice = rows.by("centre", "slice")
    if slices.at:
        left = by_slice.each(partial(_tails_of, np.array(list(slices.at), np.uint64))).all()
        by_slice = by_slice.beside_all(carried(left, slices), with_carried)
    return by_slice.each(corners).by("one", "other").beside(acts.each(meetings), marks).each(earliest)


def _tails_of(accounts: Array, rows: pa.Table) -> pa.Table:
    return tails(rows.filter(pa.array(np.isin(rows["centre"].to_numpy(), accounts))))


def _edges(acts: Parts, lines: Parts) -> Parts:
    ties = lines.each(first_users).by("key").each(ties_of).by("at")
    calm = ties.beside(acts.each(moments).by("at"), of_calm_moments)
    return calm.by("one", "other").each(edges_of)


def _begun(placed: Parts, placing: Placing) -> Begun:
    if not placing.slices.at:
        return Begun()
    told = placed.each(placing.slice_sums).by("account", "slice").each(add_up).all()
    return begun(told, placing.slices)


def _knit_events(rows: pa.Table) -> pa.Table:
    return events(rows["hub"].to_numpy(), 2 * rows["at"].to_numpy() + 1, N_KNIT)


def _handed_events(rows: pa.Table) -> pa.Table:
    return events(rows["hub"].to_numpy(), rows["when"].to_numpy(), N_HANDED)


def _hubs(notes: pa.Table) -> pa.Table:
    return notes.filter(pa.array(notes["what"].to_numpy() == HUB))


def _told(hubs: pa.Table, bound: float) -> pa.Table:
    """The rows of those that reached the bound; those that are cut have one for each slice."""
    best: dict[Any, float] = {}
    accounts, parts = hubs["account"].to_pylist(), hubs["parts"].to_pylist()
    for account, (score, *_) in zip(accounts, parts, strict=True):
        best[account] = max(score, best.get(account, score))
    return hubs.filter(pa.array([best[account] >= bound for account in accounts], pa.bool_()))


def _of_hubs(rows: pa.Table, hubs: pa.Table) -> pa.Table:
    own = np.isin(rows["hub"].to_numpy(), hubs["account"].to_numpy())
    return rows.filter(pa.array(own)).select(["hub", "newcomer"])
