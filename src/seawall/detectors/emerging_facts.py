"""What an alert says of a place that emerges, beside what the measure found: from its links, here or in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.emerging_links import by_day
from seawall.measures import place_keys
from seawall.measures.emergence.clock import DAY
from seawall.model import UTC_MICROSECONDS
from seawall.parts import Parts

LISTED = 100
"""So many channels are named as subjects, and their first messages as evidence."""
ORDER = ["at", "message", "url"]


@dataclass(frozen=True)
class Facts:
    """Of one place; "until" is until it was found.

    Args:
        links: how many there were until then.
        pages: to how many addresses.
        pages_once: how many of these were linked to once.
        top_account: the most links of one account until then.
        platforms: of the links until then, sorted.
        channels: how many have linked to it in all.
        firsts: of so many of them as are listed, in the order of time: the channel, and its first message.
        last: the latest link of all.
        picture: see ``by_day``.
    """

    links: int
    pages: int
    pages_once: int
    top_account: int
    platforms: tuple[str, ...]
    channels: int
    firsts: tuple[tuple[str, str], ...]
    last: datetime
    picture: dict[str, list[Any]]


def facts_here(links: pa.Table, found_at: datetime) -> Facts:
    """The facts of one place.

    Args:
        links: all that lead to it, in their order (``of_whole_days``).
        found_at: when it was found.
    """
    until = links.filter(pc.less(links["at"], pa.scalar(found_at, links["at"].type)))
    pages = pc.value_counts(until["url"]).field("counts").to_numpy(zero_copy_only=False)
    accounts = pc.value_counts(until["account"]).field("counts").to_numpy(zero_copy_only=False)
    _, first = np.unique(pc.dictionary_encode(links["channel"]).combine_chunks().indices, return_index=True)
    listed = links.take(pa.array(np.sort(first)[:LISTED]))
    return Facts(
        links=len(until),
        pages=len(pages),
        pages_once=int((pages == 1).sum()),
        top_account=int(accounts.max()),
        platforms=tuple(sorted(pc.unique(until["platform"]).to_pylist())),
        channels=len(first),
        firsts=tuple(zip(*(listed[name].to_pylist() for name in ("channel", "message")), strict=True)),
        last=links["at"][-1].as_py(),
        picture=by_day(links),
    )


def links_to(links: pa.Table, places: pa.Table) -> pa.Table:
    """The links (``SCHEMA``) that lead to some places, with the key of the place as ``leads``, and whether each came
    ``early``: before it was found.

    Args:
        links: of a part.
        places: ``place``, ``found_at``, and ``ended``, from when on links do not count.
    """
    leads = place_keys(links)["place"]
    row = pc.index_in(leads, value_set=places["place"].combine_chunks()).combine_chunks()
    found_at, ended = (places[name].take(row) for name in ("found_at", "ended"))
    links = links.append_column("leads", leads).append_column("early", pc.less(links["at"], found_at))
    return links.filter(pc.fill_null(pc.less(links["at"], ended), False))


def facts_over(links: Parts, places: Sequence[str]) -> dict[str, Facts]:
    """The facts of some places.

    What comes back is a row a platform, a row a day, and the channels that are listed.

    Args:
        links: what ``links_to`` gives.
        places: which.
    """
    links = links.kept()
    early = links.each(_early)
    of_channels = links.by("leads", "channel").kept()
    sums = links.each(_sums).all()
    pages = early.by("leads", "url").each(_pages).all()
    accounts = early.by("leads", "account").each(_accounts).all()
    days = of_channels.each(_days).all()
    firsts, counts = of_channels.each(_firsts).all(), of_channels.each(_channels).all()
    tables = (sums, pages, accounts, days, firsts, counts)
    return {place: _facts(*(table.filter(pc.equal(table["leads"], place)) for table in tables)) for place in places}


def _facts(
    sums: pa.Table, pages: pa.Table, accounts: pa.Table, days: pa.Table, firsts: pa.Table, counts: pa.Table
) -> Facts:
    listed = firsts.sort_by([(name, "ascending") for name in ORDER]).slice(0, LISTED)
    each = days.group_by("day").aggregate([("channels", "sum"), ("new", "sum")]).sort_by("day")
    early = sums.filter(pc.greater(sums["links"], 0))
    return Facts(
        links=pc.sum(sums["links"]).as_py(),
        pages=pc.sum(pages["pages"]).as_py(),
        pages_once=pc.sum(pages["once"]).as_py(),
        top_account=pc.max(accounts["most"]).as_py(),
        platforms=tuple(sorted(set(early["platform"].to_pylist()))),
        channels=pc.sum(counts["channels"]).as_py(),
        firsts=tuple(zip(*(listed[name].to_pylist() for name in ("channel", "message")), strict=True)),
        last=pc.max(sums["last"]).cast(UTC_MICROSECONDS).as_py(),
        picture={
            "days": [str(np.datetime64(day, "D")) for day in each["day"].to_pylist()],
            "channels": each["channels_sum"].to_pylist(),
            "new_channels": each["new_sum"].to_pylist(),
        },
    )


def _early(links: pa.Table) -> pa.Table:
    return links.filter(links["early"]).select(["leads", "url", "account"])


def _sums(links: pa.Table) -> pa.Table:
    """``leads, platform, links, last``: how many early ones, and the last of all."""
    early = links["early"].cast(pa.int64())
    rows = pa.table({"leads": links["leads"], "platform": links["platform"], "early": early, "at": links["at"]})
    sums = rows.group_by(["leads", "platform"]).aggregate([("early", "sum"), ("at", "max")])
    return sums.rename_columns(["leads", "platform", "links", "last"])


def _pages(early: pa.Table) -> pa.Table:
    """``leads, pages, once``: how many addresses there are, and how many of them stand there once."""
    pages = early.group_by(["leads", "url"]).aggregate([([], "count_all")])
    once = pages.append_column("once", pc.equal(pages["count_all"], 1).cast(pa.int64()))
    sums = once.group_by("leads").aggregate([([], "count_all"), ("once", "sum")])
    return sums.rename_columns(["leads", "pages", "once"])


def _accounts(early: pa.Table) -> pa.Table:
    """``leads, most``: the links of the account that has most."""
    counts = early.group_by(["leads", "account"]).aggregate([([], "count_all")])
    return counts.group_by("leads").aggregate([("count_all", "max")]).rename_columns(["leads", "most"])


def _days(links: pa.Table) -> pa.Table:
    """``leads, day, channels, new``: how many linked on each day, and how many of them for the first time."""
    day = pa.array(links["at"].cast(pa.int64()).to_numpy() // DAY)
    rows = pa.table({"leads": links["leads"], "channel": links["channel"], "day": day})
    each = rows.group_by(["leads", "channel", "day"]).aggregate([])
    firsts = each.group_by(["leads", "channel"]).aggregate([("day", "min")])
    new = firsts.group_by(["leads", "day_min"]).aggregate([([], "count_all")]).rename_columns(["leads", "day", "new"])
    counts = each.group_by(["leads", "day"]).aggregate([([], "count_all")])
    told = counts.join(new, ["leads", "day"]).rename_columns(["leads", "day", "channels", "new"])
    return told.set_column(3, "new", pc.fill_null(told["new"], 0))


def _first_rows(links: pa.Table) -> pa.Table:
    """The first link of each channel to each place."""
    ordered = links.sort_by([(name, "ascending") for name in ORDER])
    rows = ordered.append_column("row", pa.array(np.arange(len(ordered))))
    first = rows.group_by(["leads", "channel"]).aggregate([("row", "min")])["row_min"]
    return ordered.take(first.combine_chunks().sort()).select(["leads", "channel", *ORDER])


def _firsts(links: pa.Table) -> pa.Table:
    """The earliest of them, as many of each place as are listed."""
    rows = _first_rows(links)
    taken = [
        rows.filter(pc.equal(rows["leads"], place)).slice(0, LISTED) for place in pc.unique(rows["leads"]).to_pylist()
    ]
    return pa.concat_tables([rows.slice(0, 0), *taken])


def _channels(links: pa.Table) -> pa.Table:
    """``leads, channels``: how many there are."""
    each = links.group_by(["leads", "channel"]).aggregate([])
    return each.group_by("leads").aggregate([([], "count_all")]).rename_columns(["leads", "channels"])
