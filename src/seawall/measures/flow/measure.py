"""The measure of flows: which part of a community's members link to a place, over time, and to which new ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from scipy.stats import beta

from seawall.errors import MeasureError
from seawall.measures.flow.acts import DAY, Ints
from seawall.measures.flow.episodes import Rule, episodes
from seawall.measures.flow.moves import Bounds, Move, moves
from seawall.measures.flow.result import FLOWS, MOVES, PERIODS, Flows
from seawall.measures.flow.rows import Read, read
from seawall.measures.flow.scene import Scene

MONDAY = 4
"""5 January 1970, in days."""


def flows(
    links: Any, *, channels: Any = None, members: Any = None, period: str = "week", coverage: Any = None
) -> Flows:
    """Where the members of communities link to over time, and to which new places unusually many of them do.

    Members are counted; nothing here tells who they are, and nothing depends on what accounts are called.

    Args:
        links: anything that speaks Arrow, a row a link: ``at`` (timestamp of any unit and zone, without one UTC; or
            seconds), ``channel``, ``account``, and ``url``, ``domain``, ``place`` as in the lake; perhaps ``message``,
            so that a message with two links to a place counts once.
        channels: ``channel`` and ``community``: which channels are one community; others are left out. None = each
            channel is one.
        members: ``at``, ``channel``, ``account`` of all messages, with links or without: who is a member, and who
            falls silent. None = of the messages with links alone, which makes shares too large.
        period: "day", "week" (from Monday) or "month"; UTC.
        coverage: ``start`` and ``end`` of what was collected, perhaps ``channel`` (a community;
            null = all that are not named). None = from the first
            day to the last. A day of which less than half was collected is neither silence nor the past of a new place.

    Returns:
        ``Flows`` with ``.table``, ``.moves``, ``.periods`` and ``.left_out``. Shorteners and infrastructure are no
        places. In ``moves`` a null community stands for all communities together.

    Raises:
        MeasureError: a column is missing or of a type that cannot be read, or a period that there is not.

    >>> rows = [(day * 86400, "club", member, f"https://t.me/~{day % 2}") for day in range(14) for member in "abc"]
    >>> at, channel, account, url = zip(*rows)
    >>> kind = {"domain": ["t.me"] * 42, "place": ["telegram_handle"] * 42}
    >>> found = flows(pa.table({"at": at, "channel": channel, "account": account, "url": url, **kind}))
    >>> found.table.select(["place", "linked", "active"]).slice(0, 2).to_pylist()
    [{'place': 'https://t.me/~0', 'linked': 3, 'active': 3}, {'place': 'https://t.me/~1', 'linked': 3, 'active': 3}]
    """
    if period not in ("day", "week", "month"):
        raise MeasureError("There is no such period.", where="period", mend="Choose day, week or month.")
    told = read(links, channels, members, coverage)
    scene = Scene.of(told.names, told.acts, told.linked, told.tie, told.places, told.known)
    return Flows(_shares(told, period), _moves(scene), _periods(told, period), period, told.left_out)


def numbered(days: Ints, period: str) -> Ints:
    """The number of the period of each day (since 1970)."""
    if period == "day":
        return days
    if period == "week":
        return (days - MONDAY) // 7
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))


def begins(number: Ints, period: str) -> Ints:
    """The first day (since 1970) of each period."""
    if period == "day":
        return number
    if period == "week":
        return number * 7 + MONDAY
    return np.asarray(number.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64))


def interval(some: Ints, whole: Ints) -> tuple[Any, Any]:
    """95 % (Clopper and Pearson 1934) of parts; ``whole`` is above 0."""
    low = np.where(some > 0, beta.ppf(0.025, np.maximum(some, 1), whole - some + 1), 0.0)
    high = np.where(some < whole, beta.ppf(0.975, some + 1, np.maximum(whole - some, 1)), 1.0)
    return low, high


def _shares(told: Read, period: str) -> pa.Table:
    """A row a community, period and place."""
    linked, names = told.linked, [name for _, name in told.names]
    if not len(linked.at):
        return FLOWS.empty_table()
    cells = np.stack([linked.community, numbered(linked.day, period), linked.place])
    keys, of = np.unique(cells, axis=1, return_inverse=True)
    of = of.ravel()
    some = _distinct(of, linked.account, len(keys[0]))
    active = _active(told, period)
    whole = np.array([active[int(one), int(when)] for one, when in keys[:2].T], np.int64)
    low, high = interval(some, whole)
    fresh = np.zeros(len(linked.at), bool)
    new = episodes(linked, told.acts, _by_number(told), Rule())
    for one in np.flatnonzero(new.told).tolist():
        fresh[new.first[one] : new.end[one]] = True
    pair = linked.community * len(told.places.name) + linked.place
    first = dict(zip(*(column.tolist() for column in _first(pair, linked.at)), strict=True))
    columns = [
        [names[one] for one in keys[0].tolist()],
        begins(keys[1], period) * DAY,
        *(
            [column[one] for one in keys[2].tolist()]
            for column in (told.places.name, told.places.kind, told.places.role)
        ),
        some,
        whole,
        some / whole,
        low,
        high,
        _distinct(of, told.messages[linked.row], len(keys[0])),
        [first[one] for one in (keys[0] * len(told.places.name) + keys[2]).tolist()],
        np.bincount(of, weights=fresh, minlength=len(keys[0])) > 0,
    ]
    return pa.table([pa.array(one, kind.type) for one, kind in zip(columns, FLOWS, strict=True)], schema=FLOWS)


def _by_number(told: Read) -> dict[int, Any]:
    return {number: told.known[name] for number, name in enumerate(told.names)}


def _distinct(group: Ints, what: Any, number: int) -> Ints:
    """How many different things each group holds."""
    pairs = np.unique(np.stack([group.astype(np.uint64), what]), axis=1)
    return np.bincount(pairs[0].astype(np.int64), minlength=number)


def _first(group: Ints, at: Ints) -> tuple[Ints, Ints]:
    order = np.lexsort((at, group))
    found, place = np.unique(group[order], return_index=True)
    return found, at[order][place]


def _active(told: Read, period: str) -> dict[tuple[int, int], int]:
    """How many accounts wrote in each community and period."""
    cells = np.stack([told.acts.community, numbered(told.acts.day, period)])
    keys, of = np.unique(cells, axis=1, return_inverse=True)
    counts = _distinct(of.ravel(), told.acts.account, len(keys[0]))
    return {(int(one), int(when)): int(count) for (one, when), count in zip(keys.T, counts, strict=True)}


def _periods(told: Read, period: str) -> pa.Table:
    active = _active(told, period)
    rows = []
    for code, name in enumerate(told.names):
        known = told.known[name]
        days = known.first + np.arange(len(known.days))
        number = numbered(days, period)
        for one in np.unique(number).tolist():
            held = known.days[number == one]
            when = int(begins(np.array([one]), period)[0]) * DAY
            rows.append((name[1], when, active.get((code, one), 0), len(held), int(held.sum())))
    columns = zip(*rows, strict=True) if rows else ([] for _ in PERIODS)
    return pa.table(
        [pa.array(list(one), kind.type) for one, kind in zip(columns, PERIODS, strict=True)], schema=PERIODS
    )


def _moves(scene: Scene) -> pa.Table:
    rows = [_row(scene, one) for one in moves(scene, Rule(), Bounds())]
    rows.sort(key=lambda row: (row["q"], row["p"], row["first_at"], row["community"] or "", row["place"]))
    return pa.Table.from_pylist(rows, schema=MOVES)


def _row(scene: Scene, one: Move) -> dict[str, Any]:
    level = scene.channels if one.level == "channel" else scene.platforms
    left = one.leaving
    return {
        "community": level.names[one.community][1],
        "place": scene.places.name[one.place],
        "kind": scene.places.kind[one.place],
        "role": scene.places.role[one.place],
        "first_at": int(one.rows.at[0]),
        **{name: getattr(one, name) for name in ("members", "followed", "linked", "share", "low", "high")},
        **{name: getattr(one, name) for name in ("expected", "p_uptake", "p", "q")},
        "stayed_time": left is not None,
        **({} if left is None else _left(left)),
    }


def _left(left: Any) -> dict[str, Any]:
    told = {name: getattr(left, name) for name in ("others", "others_silent", "p_silent", "p_farewell")}
    return {
        **told,
        "linked_silent": left.silent,
        "farewells": left.farewells,
        "farewells_expected": left.farewells_expected,
    }
