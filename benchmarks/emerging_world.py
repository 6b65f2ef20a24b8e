"""Seeded worlds of links: channels that link to known and new domains, places that emerge, and what looks like them.

*Ordinary* new domains are taken up by a heavy-tailed number of channels, most of them early; few link again. *Planted*
places are taken up by channel after channel, slowly, steadily or all at once, and linked to again and again.
*Viral* ones are linked from everywhere for a day. A *newspaper* opens a domain that everybody cites. A *shortener*, a
*cdn* and a *popular* domain are taken up as fast as any place. *Spam* is one account (a *ring*: three) in many rooms.
*Imported* places are those of channels that come into the collection late, with places of their own. A *gap* hides
some weeks, after which what began in it is there at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.model.instants import EPOCH, INSTANT

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIRST = datetime(2026, 1, 5, tzinfo=EPOCH.tzinfo)
DAY = 86_400_000_000
SETTLING = 42
"""Days after which places are planted: before that a lake knows too little."""
LASTING = 60.0
"""Days in which a channel links to an ordinary domain again."""
HARD = ("viral", "newspaper", "shortener", "cdn", "popular", "spam", "ring", "imported")
WAYS = ("slow", "steady", "sudden")


@dataclass(frozen=True)
class Setting:
    """How a lake is.

    Args:
        days: how long it was collected.
        channels: that link.
        communities: into which they fall, of very different sizes.
        standing: domains that were about before.
        births: ordinary new domains.
        tail: the power with which the number of channels of an ordinary domain falls.
        span_d: in the median an ordinary domain finds its channels within so many days.
        spread_of_span: standard deviation of the logarithm of that.
        again: in the median a channel links to an ordinary domain again so many times a day.
        spread_of_again: standard deviation of the logarithm of that over domains.
        planted: places that emerge.
        gap_d: days of a gap in collection; 0 = none.
        gap_told: whether coverage tells of it.
        imported: channels that come into the collection late.
        viral_a_week: one-day links.
    """

    days: int = 196
    channels: int = 500
    communities: int = 30
    standing: int = 3_000
    births: int = 6_700
    tail: float = 2.0
    span_d: float = 30.0
    spread_of_span: float = 1.0
    again: float = 0.015
    spread_of_again: float = 1.0
    planted: int = 9
    gap_d: int = 0
    gap_told: bool = False
    imported: int = 0
    viral_a_week: float = 2.0


FITTING = {
    "middling": Setting(),
    "gap": Setting(gap_d=14, gap_told=True),
    "import": Setting(imported=80),
}
"""What was looked at while the method was made; with seeds of its own."""
JUDGING = {
    "middling": Setting(),
    "gap": Setting(gap_d=21),
    "import": Setting(imported=120),
    "heavy": Setting(tail=1.7, spread_of_span=1.3, again=0.02, spread_of_again=1.3),
    "small": Setting(channels=150, communities=8, standing=1_500, births=2_200),
    "viral": Setting(viral_a_week=8.0),
}
"""Settings on which the method is judged, with seeds of their own.

"small" and "viral" were not looked at before they were judged. "heavy" was, on other seeds, while the statistic was
chosen: its figures say how the method does there, and not how it does on what nobody thought of.
"""


@dataclass(frozen=True)
class Planted:
    """A place that emerges."""

    place: str
    way: str


@dataclass(frozen=True)
class World:
    """Links, what is known beside them, and of each new place of what kind it is."""

    links: pa.Table
    communities: pa.Table
    popular: list[str] = field(repr=False)
    coverage: pa.Table | None
    kinds: dict[str, str] = field(repr=False)  # place -> ordinary, standing, one of HARD or of WAYS
    weeks: float  # after SETTLING
    domains: int


@dataclass
class _Lake:
    """Channels with their communities, accounts and busyness."""

    rng: np.random.Generator
    setting: Setting
    community: Ints
    weight: Floats
    opened: Floats  # day from which on a channel is there, or is collected

    def there(self, day: float) -> Ints:
        return np.flatnonzero(self.opened <= day)

    def chosen(self, size: int, day: float, within: Ints | None = None) -> Ints:
        """So many different channels, the busy ones rather."""
        pool = self.there(day) if within is None else within
        size = min(size, len(pool))
        return self.rng.choice(pool, size, replace=False, p=self.weight[pool] / self.weight[pool].sum())

    def around(self, size: int, day: float, at_home: float = 0.6) -> Ints:
        """Channels, many of them of one community."""
        pool = self.there(day)
        home = self.community[self.rng.choice(pool, p=self.weight[pool] / self.weight[pool].sum())]
        near = pool[self.community[pool] == home]
        inside = self.chosen(int(self.rng.binomial(size, at_home)), day, near)
        outside = self.chosen(size - len(inside), day, np.setdiff1d(pool, inside))
        return self.rng.permutation(np.concatenate([inside, outside]))


Links = tuple[str, str, str, Floats, Ints, Ints, bool]
"""Kind, domain, kind of link, days, channels, accounts (-1: one of the channel's own), each link to another page."""


def world(seed: int, setting: Setting) -> World:
    """One lake."""
    rng = np.random.default_rng(seed)
    lake = _lake(rng, setting)
    parts = [*_standing(lake), *_ordinary(lake), *_planted(lake), *_hard(lake)]
    kinds: dict[str, str] = {}
    columns: list[tuple[Ints | Floats, ...]] = []
    for kind, domain, form, days, channels, accounts, pages in parts:
        size = len(days)
        kinds[_place(domain, form)] = kind
        page = rng.integers(0, 1 << 30, size) if pages else np.zeros(size, np.int64)
        columns.append((np.full(size, len(columns)), days, channels, accounts, page))
    which, days, channels, accounts, page = (np.concatenate(column) for column in zip(*columns, strict=True))
    begin, end = _gap(setting)
    kept = (days >= 0) & (days < setting.days) & ~((days >= begin) & (days < end)) & (days >= lake.opened[channels])
    order = rng.permutation(np.flatnonzero(kept))
    which, days, channels, page = which[order], days[order], channels[order], page[order]
    accounts = _accounts(rng, channels, accounts[order])
    links = pa.table(
        {
            "at": pa.array(_times(days)),
            "channel": pa.array([f"c{one}" for one in channels.tolist()]),
            "account": pa.array([f"a{one}" for one in accounts.tolist()]),
            "url": pa.array(
                [_url(parts[one][1], parts[one][2], number) for one, number in zip(which, page, strict=True)]
            ),
            "domain": pa.array([parts[one][1] if parts[one][2] != "telegram_handle" else "t.me" for one in which]),
            "place": pa.array([parts[one][2] for one in which]),
        }
    )
    told = None
    if setting.gap_told and end > begin:
        edges = [FIRST + timedelta(days=day) for day in (begin, end)]
        told = pa.table({"start": [edges[0]], "end": [edges[1]], "complete": [False]})
    groups = pa.table(
        {
            "channel": [f"c{one}" for one in range(len(lake.community))],
            "community": [f"g{one}" for one in lake.community.tolist()],
        }
    )
    popular = [f"known{number}.example" for number in range(0, setting.standing, 3)]
    popular += [domain for kind, domain, *_ in parts if kind == "popular"]
    return World(links, groups, popular, told, kinds, (setting.days - SETTLING) / 7, len(np.unique(which)))


def _lake(rng: np.random.Generator, setting: Setting) -> _Lake:
    size = setting.channels + setting.imported
    sizes = rng.pareto(1.2, setting.communities) + 0.5
    community = rng.choice(setting.communities, size, p=sizes / sizes.sum())
    weight = rng.lognormal(0.0, 1.0, size)
    opened = np.where(rng.random(size) < 0.15, rng.uniform(0, setting.days, size), 0.0)
    opened[setting.channels :] = setting.days * rng.uniform(0.4, 0.6)
    community[setting.channels :] = setting.communities + np.arange(setting.imported) % 3
    return _Lake(rng, setting, community, weight, opened)


def _standing(lake: _Lake) -> Iterator[Links]:
    """Domains that were about before: all links of a channel's day that lead to nothing new."""
    rng, setting = lake.rng, lake.setting
    share = 1.0 / np.arange(1, setting.standing + 1) ** 0.9
    totals = rng.poisson(share / share.sum() * setting.channels * 1.2 * setting.days)
    for number, total in enumerate(totals.tolist()):
        if total:
            days = _hours(rng, rng.uniform(0, setting.days, total))
            where = rng.choice(len(lake.weight), total, p=lake.weight / lake.weight.sum())
            yield "standing", f"known{number}.example", "web", days, where, np.full(total, -1), True


def _ordinary(lake: _Lake) -> Iterator[Links]:
    rng, setting = lake.rng, lake.setting
    for number in range(setting.births):
        first = rng.uniform(0, setting.days)
        size = min(int((1.0 - rng.random()) ** (-1.0 / setting.tail)), setting.channels // 4)
        span = setting.span_d * np.exp(setting.spread_of_span * rng.standard_normal())
        where = lake.around(size, first)
        begins = first + np.append(0.0, np.sort(rng.beta(1, 2, len(where) - 1)) * span) if len(where) else np.empty(0)
        rate = setting.again * np.exp(setting.spread_of_again * rng.standard_normal())
        days, channels = _again(rng, begins, where, rate * LASTING, LASTING)
        yield "ordinary", f"new{number}.example", "web", days, channels, np.full(len(days), -1), bool(number % 2)


def _planted(lake: _Lake) -> Iterator[Links]:
    rng, setting = lake.rng, lake.setting
    for number in range(setting.planted):
        way = WAYS[number % len(WAYS)]
        first = rng.uniform(SETTLING + 7, setting.days - 35)
        size = int(rng.integers(10, 50))
        where = lake.around(size, first + 5, rng.uniform(0.4, 0.95))
        gaps = rng.exponential(1.0, len(where))
        if way == "slow":
            gaps /= rng.uniform(0.25, 0.7) * (1 + np.arange(len(where)) / 3)
        elif way == "steady":
            gaps /= rng.uniform(0.4, 1.2)
        else:
            gaps = np.where(np.arange(len(where)) < 0.6 * len(where), gaps / len(where), gaps)
        begins = first + np.cumsum(gaps)
        days, channels = _again(rng, begins, where, rng.uniform(4, 15), rng.uniform(20, 40))
        form = ("web", "telegram_handle", "rocketchat")[int(rng.integers(3))]
        yield way, f"place{number}.example", form, days, channels, np.full(len(days), -1), form == "web"


def _hard(lake: _Lake) -> Iterator[Links]:
    rng, days = lake.rng, lake.setting.days

    def some(
        name: str, size: int, make: Callable[[float], tuple[Floats, Ints, Ints]], form: str = "web"
    ) -> Iterator[Links]:
        for number in range(size):
            yield name, f"{name}{number}.example", form, *make(rng.uniform(SETTLING - 14, days - 10)), name != "viral"

    yield from some("viral", int(rng.poisson(lake.setting.viral_a_week * days / 7)), lambda at: _viral(lake, at))
    yield from some("newspaper", 2, lambda at: _everywhere(lake, at, 1.0))
    yield from some("shortener", 2, lambda at: _everywhere(lake, at, 2.0), "shortener")
    yield "cdn", "b-cdn.net", "web", *_everywhere(lake, days / 2, 2.0), True
    yield from some("popular", 3, lambda at: _everywhere(lake, at, 1.0))
    yield from some("spam", 4, lambda at: _spam(lake, at, 1))
    yield from some("ring", 2, lambda at: _spam(lake, at, 3))
    if lake.setting.imported:
        late = np.arange(lake.setting.channels, len(lake.weight))
        for number in range(2 * len(late)):
            size = int(rng.poisson(days * rng.choice([0.02, 0.1, 0.5, 1.0])))
            ours = late[lake.community[late] == lake.community[late[number % len(late)]]]
            at = _hours(rng, rng.uniform(0, days, size))
            yield "imported", f"theirs{number}.example", "web", at, rng.choice(ours, size), np.full(size, -1), True


def _viral(lake: _Lake, first: float) -> tuple[Floats, Ints, Ints]:
    """From everywhere within hours; a few link again the day after."""
    rng = lake.rng
    where = lake.around(int(rng.integers(8, 80)), first, 0.3)
    begins = first + rng.lognormal(np.log(rng.uniform(2, 9)), 1.1, len(where)) / 24
    later = rng.random(len(where)) < 0.1
    days = np.concatenate([begins, begins[later] + rng.exponential(1.0, int(later.sum()))])
    return days, np.concatenate([where, where[later]]), np.full(len(days), -1)


def _everywhere(lake: _Lake, first: float, rate: float) -> tuple[Floats, Ints, Ints]:
    """Cited by all channels from some day on, page after page."""
    rng = lake.rng
    size = int(rng.poisson(rate * rng.uniform(2, 8) * (lake.setting.days - first)))
    where = rng.choice(len(lake.weight), size, p=lake.weight / lake.weight.sum())
    return _hours(rng, rng.uniform(first, lake.setting.days, size)), where, np.full(size, -1)


def _spam(lake: _Lake, first: float, accounts: int) -> tuple[Floats, Ints, Ints]:
    """A few accounts in many channels for days, and one or two who answer with the same link."""
    rng = lake.rng
    where = lake.chosen(int(rng.integers(20, 60)), first)
    span = rng.uniform(1, 14)
    days = first + rng.uniform(0, span, 2 * len(where))
    who = 10**6 + int(first * 1000) + rng.integers(0, accounts, len(days))
    answers = rng.integers(1, 3)
    return (
        np.concatenate([days, first + rng.uniform(0, span, answers)]),
        np.concatenate([np.tile(where, 2), rng.choice(where, answers)]),
        np.concatenate([who, np.full(answers, -1)]),
    )


def _again(rng: np.random.Generator, begins: Floats, where: Ints, times: float, span: float) -> tuple[Floats, Ints]:
    """Each channel's first link, and those that it makes later within a span."""
    more = rng.poisson(times, len(where))
    days = np.concatenate([begins, np.repeat(begins, more) + rng.uniform(0, span, int(more.sum()))])
    return _hours(rng, days) if len(days) > 2 else days, np.concatenate([where, np.repeat(where, more)])


def _hours(rng: np.random.Generator, days: Floats) -> Floats:
    """The same days, by day rather than by night."""
    return np.asarray(np.where(rng.random(len(days)) < 0.6, np.floor(days) + rng.beta(4, 3, len(days)), days))


def _accounts(rng: np.random.Generator, channels: Ints, told: Ints) -> Ints:
    """Of those who write in a channel, one to eight of its own; a tenth of links come from a neighbour's."""
    near = np.where(rng.random(len(channels)) < 0.1, channels + 1, channels)
    own = near * 10 + np.minimum(rng.integers(0, 8, len(channels)), near % 8)
    return np.asarray(np.where(told >= 0, told, own), np.int64)


def _gap(setting: Setting) -> tuple[float, float]:
    begin = 0.55 * setting.days
    return float(int(begin)), float(int(begin) + setting.gap_d)


def _place(domain: str, form: str) -> str:
    return f"https://t.me/~{domain.partition('.')[0]}" if form == "telegram_handle" else domain


def _url(domain: str, form: str, page: int) -> str:
    if form == "telegram_handle":
        return _place(domain, form)
    return f"https://{domain}/{page}"


def _times(days: Floats) -> list[datetime]:
    begin = int((FIRST - EPOCH) / INSTANT)
    return [EPOCH + (begin + int(day * DAY)) * INSTANT for day in days.tolist()]
