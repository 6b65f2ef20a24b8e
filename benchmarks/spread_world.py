"""Seeded worlds of copied texts on a gardening platform: ordinary copying, and what spreads fast for other reasons.

*Ordinary* texts are copied a heavy-tailed number of times, at a pace of their own. *Perennial* ones (greetings) are
always about. *Viral* ones grow by generations over a day or two; *news* breaks for many at once and fades. A *planted*
text is given to a group: to many accounts within minutes or hours, or by a few accounts to many channels. A *slow*
plant takes two days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.detectors.spread_copies import SCHEMA
from seawall.detectors.spread_known import HOUR, Known
from seawall.model import COVERAGE
from seawall.model.instants import EPOCH, INSTANT

Floats = npt.NDArray[np.float64]

FIRST = int(datetime(2026, 3, 2, tzinfo=EPOCH.tzinfo).timestamp()) * 1_000_000
DAY, MINUTE = 24 * HOUR, 60_000_000
AT_HOME = 0.6
"""The part of copies that stay in the channel of the first."""
HARD = ("viral", "news")
PLANTED = ("minutes", "hours", "channels", "slow")


@dataclass(frozen=True)
class Setting:
    """How a platform is.

    Args:
        days: how long it was collected.
        accounts: that write.
        channels: in which they write.
        ordinary: texts that are copied as usual.
        tail: the power with which their sizes fall.
        pace_h: in the median an ordinary copy comes so many hours after the first.
        spread_of_pace: standard deviation of the logarithm of that over texts.
        each: how many texts of each hard and each planted kind.
    """

    days: int = 60
    accounts: int = 20_000
    channels: int = 200
    ordinary: int = 3_000
    tail: float = 2.5
    pace_h: float = 12.0
    spread_of_pace: float = 1.0
    each: int = 2


@dataclass(frozen=True)
class World:
    """Copies, what is known of the platform, and of each text (by its key) of what kind it is."""

    copies: pa.Table
    known: Known
    kinds: dict[int, str] = field(repr=False)


FITTING = {
    "middling": Setting(),
    "small": Setting(days=40, accounts=800, channels=20, ordinary=250, each=1),
}
"""What was looked at while the method was made; with seeds of its own."""
JUDGING = {
    "middling": Setting(),
    "small": Setting(days=40, accounts=800, channels=20, ordinary=250, each=1),
    "heavy": Setting(tail=2.0, spread_of_pace=1.5),
    "hasty": Setting(pace_h=3.0, ordinary=6_000),
}
"""The last two were not looked at before they were judged."""


def world(seed: int, setting: Setting) -> World:
    """One platform."""
    rng = np.random.default_rng(seed)
    texts = list(_texts(rng, setting))
    parts, kinds = [], {}
    for number, (kind, begin, delays, accounts, channels) in enumerate(texts, start=1):
        kinds[number] = kind
        order = np.argsort(delays, kind="stable")
        at = FIRST + (begin + delays[order] * HOUR).astype(np.int64)
        size = len(at)
        parts.append((np.full(size, number), at, accounts[order], channels[order], np.full(size, kind == "news")))
    key, at, account, channel, link = (np.concatenate(column) for column in zip(*parts, strict=True))
    inside = at < FIRST + setting.days * DAY
    key, at, account, channel, link = (column[inside] for column in (key, at, account, channel, link))
    copies = pa.Table.from_arrays(
        [
            pa.array([f"garden:{number}" for number in range(len(key))]),
            pa.repeat("garden", len(key)),
            pa.array([f"c{number}" for number in channel.tolist()]),
            pa.array(account.astype(np.uint64) + 1),
            pa.array(at),
            pa.array(key.astype(np.uint64)),
            pa.array(np.zeros(len(key), bool)),
            pa.array(link),
        ],
        schema=SCHEMA,
    )
    return World(copies, _known(rng, at, setting), kinds)


Text = tuple[str, int, Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Kind, when it begins (microseconds after FIRST), hours after that of each copy, its account, its channel."""


def _texts(rng: np.random.Generator, setting: Setting) -> Iterator[Text]:
    accounts = _busyness(rng, setting.accounts)
    channels = _busyness(rng, setting.channels)

    def written(size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        where = rng.choice(setting.channels, size, p=channels)
        where[rng.random(size) < AT_HOME] = where[0]
        return rng.choice(setting.accounts, size, p=accounts), where

    def begin() -> int:
        return int((rng.integers(1, setting.days - 2) * 24 + _hour(rng)) * HOUR)

    for _ in range(setting.ordinary):
        size = min(int(1.5 * (1.0 - rng.random()) ** (-1.0 / setting.tail) + 0.5), setting.accounts // 4) + 1
        pace = setting.pace_h * np.exp(setting.spread_of_pace * rng.standard_normal())
        yield "ordinary", begin(), _generations(rng, size, pace), *written(size)
    for _ in range(setting.ordinary // 200):
        rate = rng.uniform(2, 30)
        size = int(rng.poisson(rate * setting.days))
        yield "perennial", 0, rng.uniform(0, 24 * setting.days, size), *written(size)
    for _ in range(setting.each):
        size = int(rng.integers(60, 400) * min(setting.accounts / 5_000, 1)) + 20
        yield "viral", begin(), _generations(rng, size, rng.uniform(8, 30)), *written(size)
        size = int(rng.integers(15, 100) * min(setting.accounts / 5_000, 1)) + 10
        yield "news", begin(), rng.lognormal(np.log(rng.uniform(1.5, 6.0)), 1.1, size), *written(size)
    yield from _planted(rng, setting, begin)


def _planted(rng: np.random.Generator, setting: Setting, begin: object) -> Iterator[Text]:
    assert callable(begin)
    for _ in range(setting.each):
        for kind, hours in (("minutes", rng.uniform(0.05, 0.3)), ("hours", rng.uniform(0.5, 3)), ("slow", 48.0)):
            size = int(rng.integers(20, 80))
            who = rng.choice(setting.accounts, size, replace=False)
            yield kind, begin(), rng.uniform(0, hours, size), who, rng.integers(0, setting.channels, size)
        size = int(rng.integers(12, 40))
        where = rng.choice(setting.channels, min(size, setting.channels), replace=False)
        yield "channels", begin(), rng.uniform(0, 1.5, len(where)), rng.integers(0, 3, len(where)), where


def _generations(rng: np.random.Generator, size: int, pace: float) -> Floats:
    """Hours of the copies of a text that is copied from those who have it: the first is slow, the middle fast."""
    ranks = np.sort(rng.beta(2.0, 2.0, size)) if size > 5 else np.sort(rng.random(size))
    delays = pace * np.log1p(ranks * (size - 1)) / np.log1p((size - 1) / 2) * rng.lognormal(0.0, 0.3, size)
    delays[0] = 0.0
    return np.asarray(delays, np.float64)


def _busyness(rng: np.random.Generator, size: int) -> Floats:
    """How much of all each account, or channel, writes: a few write most."""
    weights = rng.pareto(1.3, size) + 0.2
    return np.asarray(weights / weights.sum(), np.float64)


def _hour(rng: np.random.Generator) -> float:
    """Of the day: people sleep."""
    return float(np.clip(rng.normal(15, 4), 0, 23.9))


def _known(rng: np.random.Generator, at: npt.NDArray[np.int64], setting: Setting) -> Known:
    """All messages of the platform by the hour, of which the copies are a small part."""
    hours = FIRST // HOUR + np.arange(24 * setting.days)
    usual = setting.accounts / 100 * (1.2 + np.sin((hours % 24 - 9) / 24 * 2 * np.pi))
    counts = rng.poisson(usual) + np.bincount(at // HOUR - hours[0], minlength=len(hours))[: len(hours)]
    table = pa.table({"platform": pa.repeat("garden", len(hours)), "bin": hours, "count": counts})
    begin = EPOCH + FIRST * INSTANT
    row = {"source": "garden", "platform": "garden", "channel_id": None, "complete": True, "how": "stated", "batch": 1}
    told = [{**row, "start": begin - timedelta(days=1), "end": begin + timedelta(days=setting.days)}]
    return Known.of(table, pa.Table.from_pylist(told, schema=COVERAGE).to_pylist())
