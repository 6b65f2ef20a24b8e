"""Gardening clubs by the million messages: what is shared, when, by whom, in arrays that are cheap to make.

Most messages say something of their own. Others copy a text (some with a word changed), share a page, repost a message
or use the same hashtags: each such thing appears at some moment, finds a heavy-tailed number of accounts, half of them
within two hours. Groups of accounts act together, a few texts reach hundreds of accounts within the hour, new places
find channel after channel, ten days of sixty see more messages, and channels begin and end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

HOUR = 3_600_000_000
DAY = 24 * HOUR
BEGIN = 20_454 * DAY
"""1 January 2026, UTC, in microseconds."""
A_DAY = 100_000
"""Messages a day, so that more messages are more days; few messages are spread over LEAST_DAYS."""
LEAST_DAYS = 50

PLAIN, TEXT, PAGE, REPOST, TAGS, DOMAIN, PLACE, GROUP, RUSH = range(9)
"""What a message does: says something of its own, or shares a thing of a kind; GROUP shares a page and its text."""
PARTS = {TEXT: 0.15, PAGE: 0.18, REPOST: 0.14, TAGS: 0.05, DOMAIN: 0.06}
"""What part of all messages shares a thing of this kind."""
MEAN_SHARES = {TEXT: 12, PAGE: 12, REPOST: 12, TAGS: 200, DOMAIN: 40}
TAIL = {TEXT: 3.5, PAGE: 1.3, REPOST: 1.3, TAGS: 1.3, DOMAIN: 1.3}
"""The exponent of the number of shares (Pareto): of texts a smaller one would explain every rush."""
MOST_SHARES = {TEXT: 200, PAGE: 20_000, REPOST: 20_000, TAGS: 20_000, DOMAIN: 5_000}
MEMBERS, TARGETS, GROUPS_A_MILLION = 6, 14, 12
RUSHES_A_MILLION, RUSHING = 3, 900
"""So many texts reach so many accounts within the hour."""


@dataclass(frozen=True)
class Acts:
    """What is written, a row a message, in the order of time.

    Args:
        at: UTC microseconds.
        what: PLAIN to RUSH.
        thing: number of the thing that is shared; of PLAIN the message's own number.
        account: number of the account.
        channel: number of the channel.
        accounts: how many there are.
        channels: how many there are.
        days: over how many days.
    """

    at: Ints
    what: npt.NDArray[np.int8]
    thing: Ints
    account: Ints
    channel: Ints
    accounts: int
    channels: int
    days: int

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class _Stream:
    at: Ints
    what: int
    thing: Ints
    account: Ints | None = None
    channel: Ints | None = None


def days_of(messages: int) -> int:
    """Over how many days so many messages are written."""
    return max(LEAST_DAYS, messages // A_DAY)


def acts(messages: int, seed: int = 1) -> Acts:
    """All messages of a world; the same for the same seed."""
    random = np.random.default_rng(seed)
    days, accounts = days_of(messages), max(500, messages // 50)
    channels = max(100, min(messages, LEAST_DAYS * A_DAY) // 2000)  # more days are days of the same channels
    streams = [_shared(what, int(part * messages), days, random) for what, part in PARTS.items()]
    streams.append(_groups(messages, days, accounts, random))
    streams.append(_rushes(messages, days, accounts, random))
    streams += _places(messages, days, channels, random)
    left = messages - sum(len(one.at) for one in streams)
    streams.append(_Stream(_moments(left, days, random), PLAIN, np.arange(left)))
    return _together(streams, days, accounts, channels, random)


def one_thing(messages: int, within_s: int, seed: int = 1) -> Acts:
    """One page that is shared by everybody, evenly over so many seconds."""
    random = np.random.default_rng([seed, 3])
    accounts, channels = max(500, messages // 2), max(100, messages // 2000)
    at = BEGIN + np.sort(random.integers(0, within_s * 1_000_000, messages))
    account, channel = random.integers(0, accounts, messages), random.integers(0, channels, messages)
    days = int(-(-within_s * 1_000_000 // DAY))
    nothing = np.zeros(messages, np.int64)
    return Acts(at, np.full(messages, PAGE, np.int8), nothing, account, channel, accounts, channels, days)


def _moments(count: int, days: int, random: np.random.Generator) -> Ints:
    """More by day than by night, and more of them in ten days of sixty."""
    day = random.integers(0, days, count)
    late = random.random(count) < 0.12
    day = np.where(late & (days > 60), day // 60 * 60 + 45 + day % 10, day)
    hour = random.random(count)
    hour -= 0.1 * np.sin(2 * np.pi * hour)
    return (np.minimum(day, days - 1) * DAY + hour * DAY).astype(np.int64)


def _shared(what: int, count: int, days: int, random: np.random.Generator) -> _Stream:
    """Shares of things of a kind: heavy-tailed in number, after the thing appears."""
    tail, mean = TAIL[what], MEAN_SHARES[what]
    things = max(1, int(1.2 * count / mean))
    popularity = np.minimum(random.pareto(tail, things) * (tail - 1) * mean + 1, MOST_SHARES[what]).astype(np.int64)
    thing = np.repeat(np.arange(things), popularity)
    thing = thing[random.permutation(len(thing))[:count]]
    born = random.uniform(0, days * DAY, things)
    median, scatter = (20 * DAY, 1.0) if what == DOMAIN else (2 * HOUR, 1.6)
    at = born[thing] + median * np.exp(scatter * random.standard_normal(len(thing)))
    kept = at < days * DAY
    channel = None
    if what == DOMAIN:
        channel = thing[kept] * 7_919 + np.floor(random.pareto(1.0, int(kept.sum())) * 2).astype(np.int64)
    return _Stream(at[kept].astype(np.int64), what, thing[kept], channel=channel)


def _groups(messages: int, days: int, accounts: int, random: np.random.Generator) -> _Stream:
    """Groups whose members share the same pages within half a minute, over thirty days."""
    groups = max(2, messages * GROUPS_A_MILLION // 1_000_000)
    begin = random.uniform(0, (days - 30) * DAY, groups)
    moment = begin[:, None] + random.uniform(0, 30 * DAY, (groups, TARGETS))
    at = moment[:, :, None] + random.uniform(0, 30_000_000, (groups, TARGETS, MEMBERS))
    member = accounts - 1 - np.arange(groups * MEMBERS).reshape(groups, 1, MEMBERS) % (accounts // 2)
    thing = np.arange(groups * TARGETS).reshape(groups, TARGETS, 1)
    whole = [np.broadcast_to(values, at.shape).ravel() for values in (thing, member)]
    return _Stream(at.ravel().astype(np.int64), GROUP, whole[0], account=whole[1])


def _rushes(messages: int, days: int, accounts: int, random: np.random.Generator) -> _Stream:
    """Texts that hundreds of accounts copy within the hour."""
    rushes = max(2, messages * RUSHES_A_MILLION // 1_000_000)
    moment = random.uniform(10 * DAY, (days - 1) * DAY, rushes)
    at = moment[:, None] + random.uniform(0, HOUR, (rushes, RUSHING))
    thing = np.repeat(np.arange(rushes), RUSHING)
    return _Stream(at.ravel().astype(np.int64), RUSH, thing, account=random.integers(0, accounts, len(thing)))


def _places(messages: int, days: int, channels: int, random: np.random.Generator) -> list[_Stream]:
    """New places that a channel more takes up almost every day, and links to again and again."""
    streams = []
    for number in range(max(2, 4 * messages // 1_000_000)):
        begin = random.uniform(0.3 * days, 0.8 * days)
        for step in range(40):
            first = begin + 0.7 * step + random.random()
            at = first + np.cumsum(random.exponential(2.0, 20))
            at = np.append(first, at)
            at = at[at < days]
            channel = np.full(len(at), random.integers(0, channels))
            streams.append(_Stream((at * DAY).astype(np.int64), PLACE, np.full(len(at), number), channel=channel))
    return streams


def _together(streams: list[_Stream], days: int, accounts: int, channels: int, random: np.random.Generator) -> Acts:
    at = np.concatenate([one.at for one in streams])
    order = np.argsort(at, kind="stable")
    what = np.concatenate([np.full(len(one.at), one.what, np.int8) for one in streams])
    thing = np.concatenate([one.thing for one in streams])
    account = _told(streams, "account", (accounts * random.random(len(at)) ** 2.5).astype(np.int64))
    channel = _told(streams, "channel", (channels * random.random(len(at)) ** 2.0).astype(np.int64)) % channels
    at, channel = at[order], channel[order]
    return Acts(
        BEGIN + at, what[order], thing[order], account[order], _living(channel, at, days, channels),
        accounts, channels, days,
    )  # fmt: skip


def _told(streams: list[_Stream], name: str, usual: Ints) -> Ints:
    """A column of all streams, as usual where a stream does not tell it."""
    start = 0
    for one in streams:
        values = getattr(one, name)
        if values is not None:
            usual[start : start + len(values)] = values
        start += len(one.at)
    return usual


def _living(channel: Ints, at: Ints, days: int, channels: int) -> Ints:
    """A third of the channels begins late or ends early; what would be written there is written in another."""
    random = np.random.default_rng(channels)
    life = random.uniform(0, days * DAY, (2, channels))
    begin, end = life.min(axis=0), life.max(axis=0)
    lasting = np.arange(channels) % 3 != 0
    begin[lasting], end[lasting] = 0, days * DAY
    dead = (at < begin[channel]) | (at > end[channel])
    return np.where(dead, channel // 3 * 3 + 1, channel) % channels
