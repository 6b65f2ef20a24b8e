"""Emerging places over links in parts: what is known of a place is worked out where its links lie.

Links go by three ways. By channel, as one row a channel, place and day: since when each channel was there, and how many
linked on each day. By place, the same rows: which places are new, how many channels that count took each up, and how
often channels return. And by place, the links themselves of the few places that five channels took up while these were
young: from them comes one row a place (``watching.WATCHED``). Days and those rows are all that comes back.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.emergence.asking import Asked
from seawall.measures.emergence.candidates import LEAST, candidates
from seawall.measures.emergence.clock import DAY, Clock
from seawall.measures.emergence.collected import begun, missing_days
from seawall.measures.emergence.reading import is_link, numbered
from seawall.measures.emergence.result import Emerging, concluded
from seawall.measures.emergence.returning import WATCHED as RETURNING
from seawall.measures.emergence.returning import return_counts, usual
from seawall.measures.emergence.uptake import SETTLED, YOUNG, Uptake
from seawall.measures.emergence.watching import AGES, WATCHED, watched
from seawall.parts import Parts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def emerging_over(parts: Parts, asked: Asked) -> Emerging:
    """See ``EmergingMeasure.over``."""
    links = parts.each(asked.reading)
    days = links.each(channel_days).by("channel").kept()
    left_out = asked.reading.left_out(days.each(reasons_of_days).all())
    active = days.each(active_channels).all()
    if not len(active):
        return concluded(WATCHED.empty_table(), (0, 0), 0, left_out, asked.q)
    first, last = asked.span(*pc.min_max(active["day"]).as_py().values())
    places = days.each(partial(place_days, coverage=asked.coverage)).by("place").kept()
    new = places.each(partial(new_places, first=first))
    few = new.each(taken_up).all()
    span = (first, last + 1)
    returns = places.each(partial(returns_by_day, first=first, span=span)).all()
    judge = partial(
        judged,
        asked=asked,
        clock=Clock.of(first, _by_day(active, "channels", span), missing_days(asked.coverage, first, last)),
        rate=usual(_by_day(returns, "returns", span), _by_day(returns, "change", span)),
        days=(first, last),
    )
    young = links.beside_all(few, young_links).by("place")
    found = young.beside(places.beside_all(few, of_places), judge).all()
    (count,) = new.each(counted).all().group_by([]).aggregate([("places", "sum")])["places_sum"].to_pylist()
    return concluded(found, (first, last), count or 0, left_out, asked.q)


def _by_day(counts: pa.Table, name: str, span: tuple[int, int]) -> Ints:
    """The sum of a column for each day, over all parts."""
    whole = np.zeros(span[1] - span[0], np.int64)
    np.add.at(whole, counts["day"].to_numpy() - span[0], counts[name].to_numpy())
    return whole


def channel_days(links: pa.Table) -> pa.Table:
    """What ``Reading`` gives -> ``channel, place, day, reason, at, links``: the first time, and how many.

    What is no link of a channel is counted without one.
    """
    real = is_link(links)
    day = pa.array(links["at"].to_numpy() // DAY)
    rows = pa.table(
        {
            "channel": pc.if_else(real, links["channel"], None),
            "place": links["place"],
            "day": pc.if_else(real, day, None),
            "reason": links["reason"],
            "at": links["at"],
        }
    )
    grouped = rows.group_by(["channel", "place", "day", "reason"]).aggregate([("at", "min"), ([], "count_all")])
    return grouped.rename_columns(["channel", "place", "day", "reason", "at", "links"])


def reasons_of_days(days: pa.Table) -> pa.Table:
    """``counted_reasons`` of the links of a part."""
    told = days.filter(pc.is_valid(days["reason"])).group_by("reason").aggregate([("links", "sum")])
    return told.rename_columns(["reason", "links"])


def active_channels(days: pa.Table) -> pa.Table:
    """``day, channels``: how many of the channels of a part linked on each day."""
    each = days.filter(pc.is_valid(days["channel"])).group_by(["channel", "day"]).aggregate([])
    return each.group_by("day").aggregate([([], "count_all")]).rename_columns(["day", "channels"])


def place_days(days: pa.Table, coverage: Any) -> pa.Table:
    """``place, channel, day, at, counting`` of whole channels: whether each was known before it took the place up."""
    days = days.filter(pc.is_valid(days["channel"]))
    channel, names = _numbers(days["channel"])
    settled = begun(names, _least(channel, days["at"].to_numpy(), len(names)), coverage) + SETTLED * DAY
    led = pc.is_valid(days["place"])
    days, channel = days.filter(led), channel[led.to_numpy()]
    place = _numbers(days["place"])[0]
    pairs, pair = np.unique(place * len(names) + channel, return_inverse=True)
    known = _least(pair, days["at"].to_numpy(), len(pairs)) >= settled[pairs % max(len(names), 1)]
    told = days.select(["place", "channel", "day", "at"]).append_column("counting", pa.array(known[pair]))
    each = told.group_by(["place", "channel", "day", "counting"]).aggregate([("at", "min")])
    return each.rename_columns(["place", "channel", "day", "counting", "at"])


def new_places(places: pa.Table, first: int) -> pa.Table:
    """``place, first_at, channels`` of whole places: those that are new, and how many channels that count took each up
    while it was.

    Args:
        places: what ``place_days`` gives.
        first: the first day of the collection.
    """
    place, names = _numbers(places["place"])
    at = places["at"].to_numpy()
    first_at = _least(place, at, len(names))
    born = first_at // DAY
    young = places["counting"].to_numpy() & (at < (born[place] + YOUNG) * DAY)
    channel, channels = _numbers(places["channel"])
    pairs = np.unique(place[young] * len(channels) + channel[young])
    counts = np.bincount(pairs // max(len(channels), 1), minlength=len(names))
    told = pa.table({"place": names, "first_at": first_at, "channels": counts})
    return told.filter(pa.array(born >= first + SETTLED))


def taken_up(new: pa.Table) -> pa.Table:
    """The new places that so many channels took up that they may be judged."""
    return new.filter(pc.greater_equal(new["channels"], LEAST))


def counted(new: pa.Table) -> pa.Table:
    """``places``: how many there are."""
    return pa.table({"places": pa.array([len(new)], pa.int64())})


def returns_by_day(places: pa.Table, first: int, span: tuple[int, int]) -> pa.Table:
    """``day, returns, change``: see ``return_counts``; of the new places of a part."""
    new = new_places(places, first)
    rows = of_places(places, new).sort_by("at")
    number = pc.index_in(rows["place"], value_set=new["place"].combine_chunks()).to_numpy()
    channel, names = _numbers(rows["channel"])
    until = new["first_at"].to_numpy()[number] // DAY + RETURNING
    returns, change = return_counts(number * max(len(names), 1) + channel, rows["day"].to_numpy(), until, span)
    some = np.flatnonzero((returns != 0) | (change != 0))
    return pa.table({"day": some + span[0], "returns": returns[some], "change": change[some]})


def of_places(rows: pa.Table, few: pa.Table) -> pa.Table:
    """The rows of some places."""
    return rows.filter(pc.is_in(rows["place"], value_set=few["place"].combine_chunks()))


def young_links(links: pa.Table, few: pa.Table) -> pa.Table:
    """The links to some places, until these are judged no more."""
    row = pc.index_in(links["place"], value_set=few["place"].combine_chunks())
    born = pa.array(few["first_at"].to_numpy() // DAY)
    end = pc.multiply(pc.add(born.take(row.combine_chunks()), YOUNG + AGES), DAY)
    return links.filter(pc.fill_null(pc.less(links["at"], end), False))


def judged(
    links: pa.Table, places: pa.Table, asked: Asked, clock: Clock, rate: Floats, days: tuple[int, int]
) -> pa.Table:
    """The places of a part (``watching.WATCHED``) that five channels took up, of those that ``taken_up`` told.

    Args:
        links: what ``young_links`` gives.
        places: what ``place_days`` gives of the same places.
        asked: how the measure is called.
        clock: of the whole collection.
        rate: for each day how often channels return to new places.
        days: the first and the one after the last that is over.
    """
    if not len(links):
        return WATCHED.empty_table()
    rows = numbered(links, asked.communities)
    order = np.argsort(rows.place, kind="stable")
    numbers, starts = np.unique(rows.place[order], return_index=True)
    known = places.filter(places["counting"])
    of_known = (
        pc.index_in(known["place"], value_set=rows.names["place"].combine_chunks()),
        pc.index_in(known["channel"], value_set=rows.channels),
    )
    there = pc.and_(*map(pc.is_valid, of_known))
    place, channel = (code.filter(there).to_numpy().astype(np.int64) for code in of_known)
    size = len(rows.channels)
    counting = np.isin(rows.place[order] * size + rows.channel[order], place * size + channel)
    taken = Uptake(order, np.append(starts, len(order)), numbers, rows.at[order[starts]] // DAY, counting)
    return watched(rows, taken, candidates(rows, taken, clock), rate, days)


def _numbers(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """The number of each row's value among the values."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.indices.to_numpy().astype(np.int64), encoded.dictionary


def _least(of: Ints, values: Ints, size: int) -> Ints:
    """The smallest value of each number."""
    least = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(least, of, values)
    return least
