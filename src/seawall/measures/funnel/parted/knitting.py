"""Common acquaintances: which pairs are no meetings of strangers, and since when.

As in the pass, an account's nearest partners in time are looked through (``ties.NEAREST``); each gives a corner of a
possible triangle, and the third side is asked of the pair that it would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

from seawall.measures.compiled import compiled
from seawall.measures.funnel.parted.acts import bounds_of, places_of
from seawall.measures.funnel.parted.slices import Slices
from seawall.measures.funnel.state import Array
from seawall.measures.funnel.ties import CROWD, NEAREST

ENDS = pa.schema([("centre", pa.uint64()), ("partner", pa.uint64()), ("began", pa.int64()), ("bits", pa.uint8())])
"""A pair as one of its accounts sees it."""

HUB, ALONE, LINKED, BEFORE = 1, 2, 4, 8
"""The centre is the hub; not both began at once; it is in the list of partners; it stands for an earlier slice."""

CORNERS = pa.schema(
    [
        ("one", pa.uint64()), ("other", pa.uint64()), ("centre", pa.uint64()), ("partner", pa.uint64()),
        ("at", pa.int64()), ("bits", pa.uint8()),
    ]
)  # fmt: skip
"""A new pair of ``centre`` and ``partner`` at a moment, and an older one of ``centre``: the sought third side is
``one, other``, of which one is the partner. ``bits``: of the new pair, and times 16 of the older one."""

MARKS = pa.schema([("one", pa.uint64()), ("other", pa.uint64()), ("at", pa.int64())])
CORNERS_AT_ONCE = 1 << 18


def ends(meetings: pa.Table) -> pa.Table:
    """Both ends of each pair: rows of ``ENDS``."""
    one, other, began = (meetings[name].to_numpy() for name in ("one", "other", "began"))
    hub_is_one, mutual = (meetings[name].to_numpy() for name in ("hub_is_one", "mutual"))
    alone = np.where(mutual, 0, ALONE)
    columns = (
        np.concatenate([one, other]),
        np.concatenate([other, one]),
        np.concatenate([began, began]),
        np.concatenate([alone | hub_is_one * HUB, alone | ~hub_is_one * HUB]).astype(np.uint8),
    )
    return pa.table([pa.array(column) for column in columns], schema=ENDS)


def linked(rows: pa.Table) -> pa.Table:
    """Mark the pairs that an account's list of partners holds: those of a moment with no crowd of new ones.

    The rows of one account and moment lie together.
    """
    centre, began = rows["centre"].to_numpy(), rows["began"].to_numpy()
    order = np.lexsort((began, centre))
    bounds = bounds_of(centre[order], began[order])
    crowd = np.empty(len(order), np.int64)
    crowd[order] = np.repeat(np.diff(bounds), np.diff(bounds))
    bits = rows["bits"].to_numpy() | np.where(crowd <= CROWD, LINKED, 0).astype(np.uint8)
    return rows.set_column(3, ENDS.field("bits"), pa.array(bits, pa.uint8()))


@compiled
def _corners(began: Array, bits: Array, start: int, stop: int, room: Array, filled: int, row: int) -> tuple[int, int]:
    """Lay new pairs (``start`` to ``stop``, one centre, in time) beside its nearest older ones, from ``row`` on."""
    held = np.empty(stop - start, np.int64)
    count = 0
    for k in range(start, row):
        if bits[k] & LINKED:
            held[count] = k
            count += 1
    while row < stop:
        now, last = began[row], row
        while last < stop and began[last] == now:
            if bits[last] & LINKED:
                held[count] = last
                count += 1
            last += 1
        first = max(count - NEAREST, 0)
        while first > 0 and began[held[first - 1]] == began[held[first]]:
            first -= 1
        if filled + (last - row) * (count - first) > len(room):
            return row, filled
        for new in range(row, last):
            if not bits[new] & BEFORE:
                for k in range(first, count):
                    if held[k] != new:
                        room[filled, 0], room[filled, 1] = new, held[k]
                        filled += 1
        row = last
    return row, filled


@compiled
def _all_corners(bounds: Array, began: Array, bits: Array, room: Array, centre: int, row: int) -> tuple[int, int, int]:
    """Fill the room with corners; how many, and where to go on: which centre, which row."""
    filled = 0
    while centre < len(bounds) - 1:
        row, filled = _corners(began, bits, bounds[centre], bounds[centre + 1], room, filled, row)
        if row < bounds[centre + 1]:
            return filled, centre, row
        centre += 1
    return filled, centre, row


def corners(rows: pa.Table) -> Iterator[pa.Table]:
    """The corners at whole accounts, or at whole slices of them with what came before: rows of ``CORNERS``."""
    yield CORNERS.empty_table()
    centre, partner, began, bits, part = (
        rows[name].to_numpy() for name in ("centre", "partner", "began", "bits", "slice")
    )
    order = np.lexsort((partner, began, part, centre))
    centre, partner, began, bits, part = (column[order] for column in (centre, partner, began, bits, part))
    bounds = bounds_of(centre, part)
    most = int(np.unique(began, return_counts=True)[1].max()) if len(began) else 0
    room = np.empty((max(CORNERS_AT_ONCE, most * (NEAREST + CROWD)), 2), np.int64)
    account, row = 0, 0
    while account < len(bounds) - 1:
        filled, account, row = _all_corners(bounds, began, bits, room, account, row)
        new, old = room[:filled, 0], room[:filled, 1]
        distinct = partner[new] != partner[old]
        new, old = new[distinct], old[distinct]
        columns = (
            np.minimum(partner[new], partner[old]), np.maximum(partner[new], partner[old]), centre[new], partner[new],
            began[new], bits[new] & (HUB | ALONE) | (bits[old] & (HUB | ALONE)) << np.uint8(4),
        )  # fmt: skip
        yield pa.table([pa.array(column) for column in columns], schema=CORNERS)


def marks(found: pa.Table, meetings: pa.Table) -> pa.Table:
    """Which pairs a triangle marks, and when: rows of ``MARKS``. Both tables are cut by ``one, other``."""
    third = _third(found, meetings)
    found, third = found.filter(pa.array(third >= 0)), third[third >= 0]
    at, bits = found["at"].to_numpy(), found["bits"].to_numpy()
    there = meetings["began"].to_numpy()[third] <= at
    one, other = found["one"].to_numpy(), found["other"].to_numpy()
    centre, partner = found["centre"].to_numpy(), found["partner"].to_numpy()
    old = np.where(partner == one, other, one)
    new_hub = np.where(bits & HUB, centre, partner)
    old_hub = np.where(bits >> 4 & HUB, centre, old)
    third_hub = np.where(meetings["hub_is_one"].to_numpy()[third], one, other)
    new_alone, old_alone = bits & ALONE != 0, bits >> 4 & ALONE != 0
    third_alone = ~meetings["mutual"].to_numpy()[third]
    with_old = new_alone & old_alone & (new_hub == old_hub)
    with_third = new_alone & third_alone & (new_hub == third_hub)
    older = old_alone & third_alone & (old_hub == third_hub)
    told = (
        (there & new_alone, centre, partner),
        (there & (with_old | older), centre, old),
        (there & (with_third | older), one, other),
    )
    low = np.concatenate([np.minimum(a, b)[which] for which, a, b in told])
    high = np.concatenate([np.maximum(a, b)[which] for which, a, b in told])
    return earliest(
        pa.table(
            [pa.array(low), pa.array(high), pa.array(np.concatenate([at[which] for which, _, _ in told]))],
            schema=MARKS,
        )
    )


def earliest(rows: pa.Table) -> pa.Table:
    """Each pair once, with the moment of its first mark."""
    first = rows.group_by(["one", "other"]).aggregate([("at", "min")])
    return first.rename_columns({"at_min": "at"}).select(MARKS.names).cast(MARKS)


def knit_hubs(rows: pa.Table, meetings: pa.Table) -> pa.Table:
    """The marked pairs with their hubs: ``hub, newcomer, at``. Both tables are cut by ``one, other``."""
    rows = earliest(rows)
    place = _third(rows, meetings)
    one, other = rows["one"].to_numpy(), rows["other"].to_numpy()
    hub_is_one = meetings["hub_is_one"].to_numpy()[place]
    return pa.table(
        {
            "hub": np.where(hub_is_one, one, other),
            "newcomer": np.where(hub_is_one, other, one),
            "at": rows["at"].to_numpy(),
        }
    )


def _third(rows: pa.Table, meetings: pa.Table) -> Array:
    """Where among the meetings the pair of each row stands; -1 = it never met."""
    return places_of(*(table[name].to_numpy() for table in (meetings, rows) for name in ("one", "other")))


def tails(rows: pa.Table) -> pa.Table:
    """The nearest partners that each slice of an account leaves to later ones: rows of ``ENDS`` with ``slice``."""
    rows = rows.filter(pa.array(rows["bits"].to_numpy() & LINKED != 0))
    centre, began, part = (rows[name].to_numpy() for name in ("centre", "began", "slice"))
    order = np.lexsort((began, part, centre))
    bounds = bounds_of(centre[order], part[order])
    kept = [order[:0]]
    for start, stop in pairwise(bounds.tolist()):
        kept.append(order[_first_of_nearest(began[order[start:stop]]) + start : stop])
    return rows.take(pa.array(np.concatenate(kept)))


def _first_of_nearest(began: Array) -> int:
    """The first of the nearest in a sorted list, with all of the same moment."""
    first = max(len(began) - NEAREST, 0)
    return int(np.searchsorted(began, began[first])) if len(began) else 0


def carried(left: pa.Table, slices: Slices) -> pa.Table:
    """What each slice has to know of earlier ones: the nearest of all that ``tails`` left, before it begins."""
    kept = [left.slice(0, 0)]
    for account in np.unique(left["centre"].to_numpy()):
        own = left.filter(pa.array(left["centre"].to_numpy() == account)).sort_by("began")
        began = own["began"].to_numpy()
        for number, cut in enumerate(slices.cuts(int(account)), start=1):
            stop = int(np.searchsorted(began, cut))
            start = _first_of_nearest(began[:stop])
            before = own.slice(start, stop - start)
            bits = before["bits"].to_numpy() | np.uint8(BEFORE)
            before = before.set_column(3, ENDS.field("bits"), pa.array(bits))
            kept.append(before.set_column(4, "slice", pa.array(np.full(len(before), number, np.int32))))
    return pa.concat_tables(kept)


def sliced(slices: Slices, rows: pa.Table) -> pa.Table:
    """Rows of ``ENDS`` with the number of their ``slice``."""
    return rows.append_column("slice", pa.array(slices.of(rows["centre"].to_numpy(), rows["began"].to_numpy())))


def with_carried(rows: pa.Table, before: pa.Table) -> pa.Table:
    """The rows of slices, and what these have to know of earlier ones."""
    there = np.unique(_slice_of(rows))
    return pa.concat_tables([rows, before.filter(pa.array(np.isin(_slice_of(before), there)))])


def _slice_of(rows: pa.Table) -> Array:
    told = np.empty(len(rows), np.dtype([("centre", "u8"), ("slice", "i4")]))
    told["centre"], told["slice"] = rows["centre"].to_numpy(), rows["slice"].to_numpy()
    return told
