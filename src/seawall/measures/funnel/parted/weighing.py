"""Account after account through its events: scores by the models of each day, and what it teaches them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seawall.measures.borrowing import whole
from seawall.measures.compiled import compiled
from seawall.measures.funnel.evidence import evidence, evidence_again
from seawall.measures.funnel.model import SUSPECT as SUSPECTED
from seawall.measures.funnel.model import teach
from seawall.measures.funnel.parted.events import TOUCH
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.ties import is_hub
from seawall.measures.funnel.words import COUNTS, LINKS, N_APPROACHED, N_BROUGHT, NEVER, TERMS, TIMINGS


class Units(NamedTuple):
    """Accounts, or accounts of one team, each with its events in the order of time (``when`` of ``EVENTS``)."""

    rows: Array  # bounds of its events
    members: Array  # bounds of its accounts
    edges: Array  # bounds of its edges
    member: Array  # of each event
    when: Array
    place: Array
    by: Array
    newcomer: Array
    one: Array  # of each edge
    other: Array
    since: Array
    ends: Array  # when a team became too many
    cover: Array  # from which and up to which moment its epochs are taught by this slice of it


class Members(NamedTuple):
    """What is known of each account; from ``crossed`` on it is found."""

    counts: Array  # as they were before the first event
    joined: Array  # since when it is in a team
    brought: Array  # since when it is known as a newcomer of a funnel-like hub
    suspect: Array  # since when it does not teach
    crossed: Array  # the same, as far as it shows in these events
    best: Array
    terms: Array
    alert: Array
    first: Array


class Taught(NamedTuple):
    """What is taught from each epoch on, beside what was taught before."""

    shares: Array
    told: Array
    repeats: Array
    times: Array


class Memory(NamedTuple):
    """What is remembered of each account of a unit while its events are gone through."""

    label: Array  # equal for those that share a script by now
    touched: Array
    told: Array  # whether it teaches
    was: Array  # the counts that it taught
    counts: Array  # the counts that were weighed last, what was reckoned of them, and by the model of which epoch
    parts: Array
    epoch: Array


@compiled
def _fresh(size: int) -> Memory:
    return Memory(
        np.arange(size), np.zeros(size, np.bool_), np.zeros(size, np.bool_), np.zeros((size, COUNTS), np.int32),
        np.zeros((size, COUNTS), np.int32), np.zeros((size, LINKS + TIMINGS)), np.full(size, -1, np.int64),
    )  # fmt: skip


@compiled
def _teach(counts: Array, by: int, taught: Taught, epoch: int) -> None:
    teach(counts, by, taught.shares[epoch], taught.told[epoch], taught.repeats[epoch], taught.times[epoch])


@compiled
def _keep(members: Members, account: int, score: float, now: int, bound: float, terms: Array) -> None:
    if score > members.best[account]:
        members.best[account] = score
        for term in range(len(TERMS)):
            members.terms[account, term] = terms[term]
        if score >= bound:
            members.alert[account] = min(members.alert[account], now)
        if score >= SUSPECTED:
            members.suspect[account] = min(members.suspect[account], now)
            members.crossed[account] = min(members.crossed[account], now)


@compiled
def _team_counts(members: Members, start: int, label: Array, head: int, team: Array) -> int:
    """Add up the counts of a team; how many it is."""
    size = 0
    team[:] = 0
    for k in range(len(label)):
        if label[k] == head:
            size += 1
            for place in range(COUNTS):
                team[place] += members.counts[start + k, place]
    team[N_BROUGHT] = 0  # a team knows who was brought before it joined
    for k in range(len(label)):
        if label[k] == head and members.brought[start + k] < members.joined[start + k]:
            team[N_BROUGHT] += 1
    return size


@compiled
def _score_alone(
    members: Members, memory: Memory, start: int, k: int, model: Array, now: int, bound: float, terms: Array, epoch: int
) -> None:
    account, fresh = start + k, memory.epoch[k] != epoch
    memory.epoch[k] = epoch
    score = evidence_again(model, members.counts[account], terms, memory.counts[k], memory.parts[k], fresh)
    _keep(members, account, score, now, bound, terms)


@compiled
def _score_teams(
    members: Members, memory: Memory, start: int, model: Array, now: int, bound: float, terms: Array, team: Array
) -> None:
    label, touched = memory.label, memory.touched
    for head in range(len(label)):
        looked = False
        for k in range(len(label)):
            looked |= touched[k] and label[k] == head
        size = _team_counts(members, start, label, head, team) if looked else 0
        for k in range(len(label)):
            if size > 1 and label[k] == head and is_hub(members.counts[start + k]):
                _keep(members, start + k, evidence(model, team, size, terms), now, bound, terms)


@compiled
def _join(units: Units, edge: int, stop: int, now: int, label: Array) -> int:
    """Put together who shares a script by now; up to which edge."""
    while edge < stop and units.since[edge] <= now:
        gone, stays = label[units.other[edge]], label[units.one[edge]]
        for k in range(len(label)):
            if label[k] == gone:
                label[k] = stays
        edge += 1
    return edge


@compiled
def _tell_epoch(members: Members, memory: Memory, start: int, epoch: int, begins: int, taught: Taught) -> None:
    """What the accounts of a unit teach from an epoch on, instead of what they taught before."""
    told, was = memory.told, memory.was
    for k in range(len(told)):
        if told[k]:
            _teach(was[k], -1, taught, epoch)
        told[k] = not members.suspect[start + k] < begins
        if told[k]:
            was[k] = members.counts[start + k]
            _teach(was[k], 1, taught, epoch)


@compiled
def _take(
    units: Units, members: Members, memory: Memory, start: int, row: int, stop: int, brought: Array, logged: int
) -> tuple[int, int]:
    """Take in the events of one moment; the next row, and how many rows of ``brought`` there are."""
    now = units.when[row]
    while row < stop and units.when[row] == now:
        k, place = units.member[row], units.place[row]
        if place < COUNTS:
            members.counts[start + k, place] += units.by[row]
            if place == N_APPROACHED:
                members.first[start + k] = min(members.first[start + k], now)
        elif place == TOUCH:
            memory.touched[k] = True
            if units.newcomer[row] != 0 and members.suspect[start + k] < now:
                brought[logged, 0], brought[logged, 1] = row, now
                logged += 1
        row += 1
    return row, logged


@compiled
def _look(
    members: Members, memory: Memory, start: int, ended: bool, models: Array, epoch: int, now: int, bound: float,
    terms: Array, team: Array,
) -> None:  # fmt: skip
    """Score the accounts that are looked at, and those that share a script with them."""
    looked = False
    for k in range(len(memory.touched)):
        if members.brought[start + k] <= now:
            members.counts[start + k, N_BROUGHT] = 1
        if memory.touched[k]:
            looked = True
            _score_alone(members, memory, start, k, models[epoch], now, bound, terms, epoch)
    if looked and not ended and len(memory.touched) > 1:
        _score_teams(members, memory, start, models[epoch], now, bound, terms, team)
    memory.touched[:] = False


@compiled
def _close(members: Members, memory: Memory, start: int, last: int, taught: Taught) -> None:
    """A later slice tells what the accounts teach from its first epoch on."""
    for k in range(len(memory.told)):
        if memory.told[k] and last < len(taught.told):
            _teach(memory.was[k], -1, taught, last)
        if members.brought[start + k] != NEVER:
            members.counts[start + k, N_BROUGHT] = 1


@compiled
def weigh(
    units: Units, members: Members, epochs: Array, models: Array, bound: float, taught: Taught, brought: Array
) -> int:
    """Go through unit after unit.

    Args:
        units: see ``Units``.
        members: see ``Members``; written to.
        epochs: when models were learnt anew.
        models: the first one, and that of each epoch.
        bound: the score at which an account is alerted about.
        taught: written to.
        brought: rows of events that are about newcomers of accounts that were funnel-like before, with their moments;
            written to.

    Returns:
        How many rows of ``brought`` there are.
    """
    terms, team, logged = np.zeros(len(TERMS)), np.zeros(COUNTS, np.int32), 0
    for unit in range(len(units.rows) - 1):
        row, stop = units.rows[unit], units.rows[unit + 1]
        start, edge = units.members[unit], units.edges[unit]
        memory, dirty = _fresh(units.members[unit + 1] - start), True
        epoch = np.searchsorted(epochs, units.cover[unit, 0])
        last = np.searchsorted(epochs, units.cover[unit, 1])
        while row < stop:
            now = units.when[row]
            if epoch < last and epochs[epoch] < now:
                if dirty:
                    _tell_epoch(members, memory, start, epoch, epochs[epoch], taught)
                dirty, epoch = False, min(np.searchsorted(epochs, now), last)
            edge = _join(units, edge, units.edges[unit + 1], now, memory.label)
            row, logged = _take(units, members, memory, start, row, stop, brought, logged)
            ended, by_now = units.ends[unit] <= now, np.searchsorted(epochs, now)
            _look(members, memory, start, ended, models, by_now, now, bound, terms, team)
            dirty = True
        if epoch < last and dirty:
            _tell_epoch(members, memory, start, epoch, epochs[epoch], taught)
        _close(members, memory, start, whole(last), taught)
    return logged
