"""Emerging places: of planted ones how many are found within three days of the fifth channel, and what else is told."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from benchmarks.emerging_world import JUDGING, WAYS, Setting, World, world
from benchmarks.table import Row
from seawall.measures import emerging, place_keys

NAME = "Migration: emerging places"

FITTING_SEEDS, JUDGING_SEEDS = range(1, 7), range(101, 107)
WITHIN = timedelta(days=3)
WEEK_US, DAY_US = 7 * 86_400_000_000, 86_400_000_000
CHANNELS, MESSAGES, BEFORE = 5, 20, 28
"""What the baselines ask for: five channels within a week; twenty links on a day. New is what is four weeks into it."""

Told = Mapping[str, datetime]
"""A place -> when it was told."""


@dataclass
class Score:
    """Sums over worlds."""

    placed: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    in_time: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    weeks: float = 0.0  # of ten thousand domains

    def add(self, one: World, told: Told, fifths: Told) -> None:
        """What was told of one world."""
        self.placed.update(one.kinds.values())
        self.weeks += one.weeks * one.domains / 10_000
        for place, at in told.items():
            kind = one.kinds[place]
            (self.found if kind in WAYS else self.false)[kind] += 1
            self.in_time[kind] += kind in WAYS and at - fifths[place] <= WITHIN

    @property
    def planted(self) -> int:
        """How many places emerge."""
        return sum(self.placed[way] for way in WAYS)

    @property
    def a_week(self) -> float:
        """False places a week and ten thousand domains."""
        return self.false.total() / self.weeks


def fifth_channels(links: pa.Table, keys: pa.ChunkedArray) -> Told:
    """When each place was linked to by its fifth channel."""
    table = pa.table({"place": keys, "channel": links["channel"], "at": links["at"]})
    firsts = table.group_by(["place", "channel"]).aggregate([("at", "min")]).sort_by("at_min")
    seen: Counter[str] = Counter()
    told = {}
    for place, at in zip(firsts["place"].to_pylist(), firsts["at_min"].to_pylist(), strict=True):
        seen[place] += 1
        if seen[place] == CHANNELS:
            told[place] = at
    return told


def by_channels(links: pa.Table, keys: pa.ChunkedArray) -> Told:
    """A threshold: a new place to which five channels linked for the first time within a week."""
    table = pa.table({"place": keys, "channel": links["channel"], "at": links["at"].cast(pa.int64())})
    firsts = table.group_by(["place", "channel"]).aggregate([("at", "min")]).sort_by("at_min")
    return _new(links, firsts["place"], firsts["at_min"].to_numpy(), CHANNELS, WEEK_US)


def by_messages(links: pa.Table, keys: pa.ChunkedArray) -> Told:
    """A threshold: a new place with twenty links within a day, whoever wrote them."""
    table = pa.table({"place": keys, "at": links["at"].cast(pa.int64())}).sort_by("at")
    return _new(links, table["place"], table["at"].to_numpy(), MESSAGES, DAY_US)


def _new(links: pa.Table, places: pa.ChunkedArray, at: Any, least: int, span: int) -> Told:
    begin = int(np.min(links["at"].cast(pa.int64()).to_numpy()))
    times: dict[str, list[int]] = {}
    told: dict[str, datetime] = {}
    for place, when in zip(places.to_pylist(), at.tolist(), strict=True):
        seen = times.setdefault(place, [])
        seen.append(when)
        new = seen[0] >= begin + BEFORE * DAY_US
        if place not in told and new and len(seen) >= least and when - seen[-least] <= span:
            told[place] = datetime.fromtimestamp(when / 1e6, UTC)
    return told


def judged(setting: Setting, seeds: Iterable[int], *, listed: bool = True) -> dict[str, Score]:
    """The measure and two thresholds over worlds; all leave out the same popular domains and what leads nowhere."""
    scores = {name: Score() for name in ("measure", "channels", "messages")}
    for seed in seeds:
        one = world(seed, setting)
        found = emerging(one.links, popular=one.popular if listed else None, coverage=one.coverage)
        keys = place_keys(one.links)
        fifths = fifth_channels(one.links, keys["place"])
        table = found.table.to_pydict()
        scores["measure"].add(one, dict(zip(table["place"], table["found_at"], strict=True)), fifths)
        kept = _judgeable(keys, one.popular if listed else [])
        links, places = one.links.filter(kept), keys["place"].filter(kept)
        for name, rule in (("channels", by_channels), ("messages", by_messages)):
            scores[name].add(one, rule(links, places), fifths)
    return scores


def _judgeable(keys: pa.Table, popular: list[str]) -> pa.Array:
    through = pc.is_in(keys["role"], pa.array(["shortener", "infrastructure"]))
    return pc.invert(pc.or_(through, pc.is_in(keys["place"], pa.array(popular, pa.string())))).combine_chunks()


def interval(hits: int, of: int) -> str:
    """95 %, of a part (Clopper and Pearson)."""
    low = stats.beta.ppf(0.025, hits, of - hits + 1) if hits else 0.0
    high = stats.beta.ppf(0.975, hits + 1, of - hits) if hits < of else 1.0
    return f"{hits} of {of}, 95 % interval {low:.2f} to {high:.2f}"


def rate_interval(count: int, weeks: float) -> str:
    """95 %, of a rate (Garwood)."""
    low = stats.chi2.ppf(0.025, 2 * count) / 2 / weeks if count else 0.0
    high = stats.chi2.ppf(0.975, 2 * count + 2) / 2 / weeks
    return f"{count} in {weeks:.0f} weeks, 95 % interval {low:.2f} to {high:.2f}"


def told_of(name: str, scores: Mapping[str, Score], bound: str | None) -> Iterator[Row]:
    """The rows of one setting."""
    ours, channels, messages = scores["measure"], scores["channels"], scores["messages"]
    late = ours.found.total() / ours.planted
    ways = ", ".join(f"{way} {ours.in_time[way]} of {ours.placed[way]}" for way in WAYS)
    yield Row(
        f"{name}: emerging places found within 3 days of the fifth channel",
        ours.in_time.total() / ours.planted,
        "",
        None,
        "5 channels in a week",
        channels.in_time.total() / ours.planted,
        f"{interval(ours.in_time.total(), ours.planted)}; {ways}; {late:.0%} at any time; "
        f"20 links in a day: {messages.in_time.total() / ours.planted:.2f}",
    )
    kinds = ", ".join(f"{kind} {count} of {ours.placed[kind]}" for kind, count in ours.false.most_common())
    yield Row(
        f"{name}: false places a week and 10,000 domains",
        ours.a_week,
        "",
        bound,
        "5 channels in a week",
        channels.a_week,
        f"{rate_interval(ours.false.total(), ours.weeks)}; {kinds or 'none'}; 20 links in a day: {messages.a_week:.2f}",
    )


def speed() -> Row:
    """Links a second on one world."""
    one = world(1, Setting())
    emerging(one.links.slice(0, 5_000))
    began = time.perf_counter()
    emerging(one.links, popular=one.popular)
    rate = len(one.links) / (time.perf_counter() - began)
    return Row(
        "links judged a second, one core", rate, "links/s", note=f"{len(one.links):,} links, {one.domains:,} domains"
    )


def run() -> list[Row]:
    """All rows; seeds other than those that were looked at while the method was made, and settings, where said."""
    told: list[Row] = []
    for name, setting in JUDGING.items():
        hard = name == "heavy"
        told += told_of(name, judged(setting, JUDGING_SEEDS), None if hard else "<= 1")
    bare = judged(Setting(), JUDGING_SEEDS, listed=False)
    told += told_of("middling, without a list of popular domains", bare, None)
    return [*told, speed()]
