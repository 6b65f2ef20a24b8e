"""Objects with too many shares for one part: cut in time, each stretch with all that lies within the window of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.compiled import compiled
from seawall.measures.coshare.filters import first_copies
from seawall.measures.coshare.ordering import Bounds, Column, by_object_and_time
from seawall.measures.coshare.tails import Floats
from seawall.measures.keys import Keys, Times, mix, places
from seawall.parts import Parts

SAMPLES = 32
"""So many shares of a stretch are looked at, about, to find where to cut."""

SHARES = pa.schema([("object", pa.uint64()), ("account", pa.uint64()), ("message", pa.uint64()), ("at", pa.int64())])
"""Keys, and UTC microseconds."""

COUNTS = pa.schema([("object", pa.uint64()), ("rows", pa.int64()), ("sharers", pa.int64()), ("near", pa.int64())])


@dataclass(frozen=True)
class Viral:
    """The objects that are cut, and what is known of each; small enough to be everywhere.

    Args:
        objects: their keys, rising.
        starts: where the cuts of each begin; one more at the end.
        cuts: when a stretch ends and the next begins, rising within an object and at least the window apart.
        window: microseconds.
        sharers: how many accounts shared each.
        chance: of its pairs of shares the part within the window.
    """

    objects: Keys
    starts: Bounds
    cuts: Times
    window: int
    sharers: npt.NDArray[np.int32]
    chance: Floats

    def place(self, objects: Keys) -> npt.NDArray[np.int64]:
        """The number of each object among these, -1 where it is none of them."""
        return places(self.objects, objects)

    def stretched(self, shares: pa.Table) -> pa.Table:
        """The shares with ``spot`` (uint64: the object, or a stretch of it) and ``core`` (bool).

        A share is at the core of one spot. Where its object is cut it also stands, not at the core, in each other
        stretch that it is within the window of. So what is about two shares is found at the core of the later one.
        """
        columns = {name: shares[name].to_numpy() for name in SHARES.names}
        place = self.place(columns["object"])
        low, own, high = _stretches(columns["at"], place, self.starts, self.cuts, self.window)
        row, number = _copies(low, high)
        spot = np.where(place[row] >= 0, _spots(columns["object"][row], number), columns["object"][row])
        copied = {name: values[row] for name, values in columns.items()}
        return pa.table({"spot": spot, **copied, "core": number == own[row]})


@compiled
def _stretches(
    at: Times, place: npt.NDArray[np.int64], starts: Bounds, cuts: Times, window: int
) -> tuple[Times, Times, Times]:
    """The first stretch that a share is within the window of, its own, and the last."""
    low, own, high = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
    for row in range(len(at)):
        if place[row] >= 0:
            own_cuts = cuts[starts[place[row]] : starts[place[row] + 1]]
            low[row] = np.searchsorted(own_cuts, at[row] - window, side="right")
            own[row] = np.searchsorted(own_cuts, at[row], side="right")
            high[row] = np.searchsorted(own_cuts, at[row] + window, side="right")
    return low, own, high


@compiled
def _copies(low: Times, high: Times) -> tuple[Times, Times]:
    """Each row as often as it has stretches, and the number of the stretch."""
    size = len(low) + int(np.sum(high - low))
    row, number = np.empty(size, np.int64), np.empty(size, np.int64)
    found = 0
    for k in range(len(low)):
        for stretch in range(low[k], high[k] + 1):
            row[found], number[found] = k, stretch
            found += 1
    return row, number


@compiled
def _spots(objects: Keys, number: Times) -> Keys:
    out = np.empty(len(objects), np.uint64)
    for k in range(len(objects)):
        out[k] = mix(objects[k] ^ mix(np.uint64(number[k] + 1)))
    return out


def nothing_viral(window: int) -> Viral:
    """Where no object is cut."""
    return Viral(np.empty(0, np.uint64), np.zeros(1, np.int64), np.empty(0, np.int64), window, *_unknown(0))


def _unknown(objects: int) -> tuple[npt.NDArray[np.int32], Floats]:
    return np.zeros(objects, np.int32), np.zeros(objects)


def told_apart(shares: Parts, window: int, most: int) -> tuple[Parts, Viral]:
    """The shares, each message of an account once an object where the object is cut, and the objects that are cut.

    Args:
        shares: see SHARES.
        window: microseconds.
        most: an object of more shares is cut in stretches of about so many, and never shorter than the window.
    """
    counts = shares.each(_counted).by("object").each(partial(_heavy, most)).all()
    if not len(counts):
        return shares, nothing_viral(window)
    heavy = counts.select(["object"]).sort_by("object")
    sample = shares.beside_all(heavy, partial(_sampled, SAMPLES / most)).all()
    viral = _cut(counts.sort_by("object"), sample, window, most)
    many = shares.beside_all(heavy, _inside).by("object", "account").each(_once).kept()
    near = many.each(viral.stretched).by("spot").each(partial(_near, window))
    known = many.each(_sharers).joined(near).by("object").each(_summed).all().sort_by("object")
    rows = known["rows"].to_numpy()
    chance = known["near"].to_numpy() / np.maximum(rows * (rows - 1) / 2, 1)
    viral = Viral(viral.objects, viral.starts, viral.cuts, window, known["sharers"].to_numpy().astype(np.int32), chance)
    return shares.beside_all(heavy, _outside).joined(many), viral


def _counted(shares: pa.Table) -> pa.Table:
    objects, rows = np.unique(shares["object"].to_numpy(), return_counts=True)
    return _counts(objects, rows=rows)


def _counts(objects: Keys, **known: npt.NDArray[np.int64]) -> pa.Table:
    zeros = np.zeros(len(objects), np.int64)
    return pa.table([objects, *(known.get(name, zeros) for name in COUNTS.names[1:])], schema=COUNTS)


def _summed(counts: pa.Table) -> pa.Table:
    summed = counts.group_by("object", use_threads=False).aggregate([(name, "sum") for name in COUNTS.names[1:]])
    return summed.rename_columns(COUNTS.names).cast(COUNTS)


def _heavy(most: int, counts: pa.Table) -> pa.Table:
    summed = _summed(counts)
    return summed.filter(pa.array(summed["rows"].to_numpy() > most))


def _is_in(shares: pa.Table, heavy: pa.Table) -> npt.NDArray[np.bool_]:
    return places(heavy["object"].to_numpy(), shares["object"].to_numpy()) >= 0


def _inside(shares: pa.Table, heavy: pa.Table) -> pa.Table:
    return shares.filter(pa.array(_is_in(shares, heavy)))


def _outside(shares: pa.Table, heavy: pa.Table) -> pa.Table:
    return shares.filter(pa.array(~_is_in(shares, heavy)))


def _sampled(rate: float, shares: pa.Table, heavy: pa.Table) -> pa.Table:
    """Times of about so many of the shares, chosen by their messages, so that no run differs from another."""
    inside = _inside(shares, heavy)
    chosen = _spots(inside["message"].to_numpy(), inside["at"].to_numpy()) < np.uint64(min(rate, 1.0) * (2**64 - 2**11))
    return inside.filter(pa.array(chosen)).select(["object", "at"])


def _cut(counts: pa.Table, sample: pa.Table, window: int, most: int) -> Viral:
    objects, found = counts["object"].to_numpy(), len(counts)
    times = sample["at"].to_numpy()
    place = np.searchsorted(objects, sample["object"].to_numpy())
    cuts = []
    for number, rows in enumerate(counts["rows"].to_pylist()):
        own = np.sort(times[place == number])
        wanted = -(-rows // most)
        cuts.append(_apart(np.unique(own[len(own) * np.arange(1, wanted) // wanted]) if len(own) else own, window))
    starts = np.concatenate([[0], np.cumsum([len(own) for own in cuts])])
    return Viral(objects, starts, np.concatenate(cuts), window, *_unknown(found))


def _apart(cuts: Times, window: int) -> Times:
    """Of rising times those that are at least the window after the one before."""
    kept: list[int] = []
    for at in cuts.tolist():
        if not kept or at - kept[-1] >= window:
            kept.append(at)
    return np.array(kept, np.int64)


def _ordered(shares: pa.Table, group: str) -> dict[str, Column]:
    """Rows of one group together, rising in time; the group is ``object`` then."""
    columns = {name: shares[name].to_numpy() for name in shares.column_names}
    if group != "object":
        columns["thing"] = columns["object"]
        columns["object"] = columns.pop(group)
    return by_object_and_time(columns)


def _once(shares: pa.Table) -> pa.Table:
    """The first share of each message of an account on an object."""
    columns = _ordered(shares, "object")
    keep = first_copies(columns)
    return pa.table({name: columns[name][keep] for name in SHARES.names})


def _sharers(shares: pa.Table) -> pa.Table:
    """Of each object rows and accounts; all rows of an account on an object are here."""
    whole = shares.group_by(["object", "account"], use_threads=False).aggregate([([], "count_all")])
    objects, place = np.unique(whole["object"].to_numpy(), return_inverse=True)
    rows = np.bincount(place, whole["count_all"].to_numpy(), minlength=len(objects)).astype(np.int64)
    return _counts(objects, rows=rows, sharers=np.bincount(place, minlength=len(objects)).astype(np.int64))


def _near(window: int, shares: pa.Table) -> pa.Table:
    """How many pairs within the window end at the core of a spot."""
    columns = _ordered(shares, "spot")
    near = _pairs_within(columns["object"], columns["at"], columns["core"], window)
    objects, place = np.unique(columns["thing"], return_inverse=True)
    return _counts(objects, near=np.bincount(place, near, minlength=len(objects)).astype(np.int64))


@compiled
def _pairs_within(spots: Keys, at: Times, core: npt.NDArray[np.bool_], window: int) -> Times:
    """How many earlier shares of its spot lie within the window of each share at the core."""
    near = np.zeros(len(spots), np.int64)
    low = 0
    for row in range(len(spots)):
        while spots[low] != spots[row] or at[row] - at[low] > window:
            low += 1
        if core[row]:
            near[row] = row - low
    return near
