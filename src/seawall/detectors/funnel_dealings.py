"""Interactions of hubs and newcomers -> when each stage was reached, who knows whom, and which hubs use one script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model.instants import EPOCH, INSTANT

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

NEVER = 1 << 62
DAY = 86_400_000_000
DAYS = 3
"""Both wrote on for days when each has written on so many."""

ANSWERS = ("follow", "mention", "reply", "repost", "reaction", "invite", "dm", "contact_shared")
"""By any of these a newcomer answers."""

SHARED_KEYS = 3
"""Two hubs use one script if they have used so many equal replies or addresses."""


def reached(rows: pa.Table, pairs: pa.Table) -> dict[str, list[datetime | None]]:
    """When the newcomer answered or followed back, and when it came to direct messages, an address, days of writing.

    Args:
        rows: interactions of the lake among these accounts.
        pairs: ``hub, newcomer, first_at``; what was before ``first_at`` does not count.

    Returns:
        Stage -> a time for each pair, None where the interactions tell none.
    """
    keys = _joined(pairs["hub"], pairs["newcomer"])
    outward = _places(_joined(rows["source_account"], rows["target_account"]), keys)
    inward = _places(_joined(rows["target_account"], rows["source_account"]), keys)
    answer = _mask(pc.is_in(rows["kind"], value_set=pa.array(ANSWERS)))
    direct = _mask(pc.is_in(rows["kind"], value_set=pa.array(("dm", "contact_shared"))))
    shared = _mask(pc.equal(rows["kind"], "contact_shared"))
    passed = shared | (direct & _mask(pc.is_valid(rows["contact_kind"])))
    at = rows["at"].cast(pa.int64()).to_numpy()
    first = pairs["first_at"].cast(pa.int64()).to_numpy()
    both = np.where(outward >= 0, outward, inward)
    chosen = {
        "follow_back": np.where(answer, inward, -1),
        "direct": np.where(direct, both, -1),
        "contact": np.where(passed, outward, -1),
    }
    times = {stage: _told(_earliest(places, at, first)) for stage, places in chosen.items()}
    days = (_some_day(np.where(direct, side, -1), at, first) for side in (outward, inward))
    return times | {"sustained": _told(np.maximum(*days))}


def acquainted(rows: pa.Table, accounts: Sequence[str]) -> int:
    """How many of the accounts had dealings with another one of them."""
    known = pa.array(accounts, pa.string())
    source, target = (pc.is_in(rows[name], value_set=known) for name in ("source_account", "target_account"))
    inside = rows.filter(pc.and_(pc.and_(source, target), pc.not_equal(rows["source_account"], rows["target_account"])))
    return len({*inside["source_account"].to_pylist(), *inside["target_account"].to_pylist()})


def one_script(rows: pa.Table, hubs: Sequence[str]) -> list[list[str]]:
    """The hubs, those together that have used the same replies or addresses; each once, in the order given."""
    used: dict[str, set[tuple[str, str]]] = {hub: set() for hub in hubs}
    own = rows.filter(pc.is_in(rows["source_account"], value_set=pa.array(hubs, pa.string())))
    for name in ("reply_key", "contact_key"):
        told = own.filter(pc.is_valid(own[name])).group_by(["source_account", name]).aggregate([])
        for hub, key in zip(told["source_account"].to_pylist(), told[name].to_pylist(), strict=True):
            used[hub].add((name, key))
    return _together(hubs, lambda one, other: len(used[one] & used[other]) >= SHARED_KEYS)


def _together(hubs: Sequence[str], alike: Callable[[str, str], bool]) -> list[list[str]]:
    leader = {hub: hub for hub in hubs}

    def head(hub: str) -> str:
        while leader[hub] != hub:
            hub = leader[hub]
        return hub

    for one, other in combinations(hubs, 2):
        if head(one) != head(other) and alike(one, other):
            leader[head(other)] = head(one)
    groups: dict[str, list[str]] = {}
    for hub in hubs:
        groups.setdefault(head(hub), []).append(hub)
    return list(groups.values())


def _joined(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(one, other, "\n")


def _places(values: pa.ChunkedArray, among: pa.ChunkedArray) -> Ints:
    found = pc.index_in(values, value_set=among.combine_chunks())
    places: Ints = pc.fill_null(found, -1).to_numpy().astype(np.int64)
    return places


def _mask(values: pa.ChunkedArray) -> Mask:
    told: Mask = pc.fill_null(values, fill_value=False).to_numpy()
    return told


def _earliest(places: Ints, at: Ints, first: Ints) -> Ints:
    counts = places >= 0
    counts[counts] = at[counts] >= first[places[counts]]
    times = np.full(len(first), NEVER)
    np.minimum.at(times, places[counts], at[counts])
    return times


def _some_day(places: Ints, at: Ints, first: Ints) -> Ints:
    """For each place the first moment on the ``DAYS``-th day (UTC) that has one; NEVER where there are fewer days."""
    counts = places >= 0
    counts[counts] = at[counts] >= first[places[counts]]
    place, time = places[counts], at[counts]
    order = np.lexsort((time, place))
    place, day, time = place[order], time[order] // DAY, time[order]
    fresh = np.ones(len(place), np.bool_)
    fresh[1:] = (place[1:] != place[:-1]) | (day[1:] != day[:-1])
    place, time = place[fresh], time[fresh]
    begins = np.searchsorted(place, place)
    that = np.arange(len(place)) - begins == DAYS - 1
    times = np.full(len(first), NEVER)
    times[place[that]] = time[that]
    return times


def _told(times: Ints) -> list[datetime | None]:
    return [None if time == NEVER else EPOCH + int(time) * INSTANT for time in times]
