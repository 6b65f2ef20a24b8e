"""What a reviewer checks of a spread: who had it first, how it went from channel to channel, and the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.spread_copies import Copies, Ints, text_names
from seawall.detectors.spread_found import Fast
from seawall.detectors.spread_words import instant, linked, top_share

BINS = (60, 600, 3_600, 21_600, 86_400, 604_800)
"""Seconds: a minute, ten minutes, an hour, six hours, a day, a week."""
MOST_BINS = 48
MOST_CHANNELS = 24
"""So many channels are drawn, those that had it first."""
LISTED_FIRST, LISTED_MESSAGES = 10, 200
VARIANTS = 6
"""Of so many texts of a cluster the first message stands at the head of the evidence."""


def details(one: Fast, kinds: Mapping[str, int]) -> dict[str, Any]:
    """Figures that JSON can hold."""
    told = one.told
    return {
        "platform": one.platform,
        "way": "reposted" if one.reposted else "posted",
        "reached": told.look[0],
        "within_seconds": told.look[1] / 1e6,
        "span_from": instant(told.began).isoformat(),
        "factor": told.observed / told.expected,
        "factor_interval": [told.observed / told.high, told.observed / told.low],
        "expected_interval": [told.low, told.high],
        "compared_texts": one.texts,
        "busy": told.busy,
        "messages": len(one.copies),
        "accounts_reached": one.accounts,
        "channels_reached": one.channels,
        "texts": int(pc.count_distinct(one.copies.table["key"]).as_py()),
        "one_account": top_share(one),
        "with_link": linked(one),
        "earlier": one.earlier,
        "kinds": dict(kinds),
        "looks": list(_looks(one)),
        "first": list(_first(one.copies)),
        "cascade": cascade(one.copies),
    }


def _looks(one: Fast) -> Iterator[dict[str, Any]]:
    for look in one.looks:
        numbers = {"observed": look.observed, "expected": look.expected, "low": look.low, "high": look.high}
        yield {"reached": look.look[0], "within_seconds": look.look[1] / 1e6, **numbers, "p": look.p}


def _first(copies: Copies) -> Iterator[dict[str, Any]]:
    """The first copies: message, channel, when."""
    rows = copies.table.slice(0, LISTED_FIRST).to_pylist()
    for row in rows:
        yield {"message": row["message"], "channel": row["channel"], "at": instant(row["at"]).isoformat()}


def first_by_channel(copies: Copies) -> Ints:
    """The row of the first copy of each channel, in order of time."""
    _, rows = np.unique(copies.channel, return_index=True)
    rows = np.sort(rows)
    return np.asarray(rows[copies.channel[rows] >= 0], np.int64)


def cascade(copies: Copies) -> dict[str, Any]:
    """Copies by channel and time; channels that had it first come first."""
    at = copies.at
    width = _width(int(at[-1] - at[0]))
    begin = int(at[0]) // width * width
    number = int((at[-1] - begin) // width) + 1
    place = (at - begin) // width
    rows = first_by_channel(copies)
    drawn = [_channel(copies, copies.channel[row], place, number) for row in rows[:MOST_CHANNELS].tolist()]
    everything = np.ones(len(at), bool)
    _, arrivals = np.unique(copies.account, return_index=True)
    fresh = np.bincount(place[arrivals], minlength=number)
    return {
        "bin_seconds": width / 1e6,
        "at": [instant(begin + step * width).isoformat() for step in range(number)],
        "counts": np.bincount(place[everything], minlength=number).tolist(),
        "new_accounts": fresh.tolist(),
        "channels": drawn,
        "hidden": len(rows) - len(drawn),
        "outside": int((copies.channel < 0).sum()),
    }


def _channel(copies: Copies, channel: int, place: Ints, number: int) -> dict[str, Any]:
    rows = np.flatnonzero(copies.channel == channel)
    return {
        "channel": copies.table["channel"][int(rows[0])].as_py(),
        "first_at": instant(int(copies.at[rows[0]])).isoformat(),
        "behind_seconds": float(copies.at[rows[0]] - copies.at[0]) / 1e6,
        "messages": len(rows),
        "accounts": len(np.unique(copies.account[rows])),
        "counts": np.bincount(place[rows], minlength=number).tolist(),
    }


def _width(length: int) -> int:
    """The width of a bin, microseconds."""
    return next((width * 10**6 for width in BINS if length < (MOST_BINS - 1) * width * 10**6), BINS[-1] * 10**6)


def evidence(copies: Copies) -> tuple[str, ...]:
    """Ids of messages: the first one, the first of some other texts, the first of each channel, then by time."""
    _, texts = np.unique(copies.table["key"].to_numpy(), return_index=True)
    wanted = [0, *np.sort(texts)[:VARIANTS].tolist(), *first_by_channel(copies).tolist()]
    rows = list(dict.fromkeys([*wanted, *range(min(len(copies), LISTED_MESSAGES))]))[:LISTED_MESSAGES]
    return tuple(copies.table["message"].take(pa.array(rows, pa.int64())).to_pylist())


def text_name(one: Fast) -> str:
    """What the cluster is called."""
    return text_names([one.cluster])[0]
