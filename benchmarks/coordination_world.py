"""Made-up shares in which some groups act together: who is in which group is known.

Everybody else shares by interest and activity, at times of their own after an object appears. So accounts of one
interest share much and, where things spread fast, meet often; what they do not do is to meet more often than the
times of the objects explain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What a world is like.

    Args:
        accounts: accounts in all.
        objects: objects in all.
        shares: mean number of ordinary shares of an object; a few have hundreds (Pareto with the exponent 1.3).
        topics: interests; each account and each object has one.
        loyalty: the part of shares that come from accounts of the object's own topic.
        delay_h: half of the shares come within so many hours of the object's appearance.
        scatter: sigma of the logarithm of the delay; a large one means a rush at first and stragglers for weeks.
        second_wave: the part of the shares that come in a second rush, a day later.
        repeats: the part of the shares that their account makes once more.
        groups: groups that act together.
        sizes: accounts of a group, from and to.
        targets: objects on which a group acts, popular ones rather.
        takes_part: with what chance a member acts on a target.
        within_s: members act within so many seconds of one another.
        step_s: times are known to so many seconds.
        habits: sigma of the logarithm of an account's own factor on delays. Other than 0, ordinary accounts are
            not alike: the quick ones meet.
    """

    accounts: int = 2_000
    objects: int = 3_000
    shares: float = 12.0
    topics: int = 20
    loyalty: float = 0.7
    delay_h: float = 2.0
    scatter: float = 1.6
    second_wave: float = 0.0
    repeats: float = 0.03
    groups: int = 12
    sizes: tuple[int, int] = (3, 8)
    targets: int = 12
    takes_part: float = 0.85
    within_s: float = 30.0
    step_s: float = 1.0
    habits: float = 0.0


SETTINGS = {
    "usual": Setting(),
    "shared interests": Setting(topics=100, loyalty=0.95),
    "a rush at first": Setting(delay_h=0.25, scatter=2.0),
    "times to the minute": Setting(step_s=60.0),
    "few targets": Setting(targets=6, takes_part=1.0),
    "never used for fitting": Setting(
        accounts=3_000, objects=2_000, shares=18.0, topics=40, loyalty=0.85, delay_h=6.0, scatter=1.2,
        second_wave=0.3, repeats=0.15, groups=8, sizes=(2, 12), targets=15, takes_part=0.7, within_s=45.0,
    ),
}  # fmt: skip
"""Of the last nothing was looked at while the method was chosen."""

HABITS = Setting(delay_h=0.5, habits=1.5)
"""Outside of what the test promises: shares of an object are not alike, because their accounts are not."""


@dataclass(frozen=True, slots=True)
class World:
    """Shares with the truth about them."""

    shares: pa.Table  # object, account, message (int64), at (float64 seconds)
    group: npt.NDArray[np.int64]  # one an account; -1 = acts alone

    def planted(self) -> set[tuple[int, int]]:
        """The pairs of accounts that act together."""
        members = [np.flatnonzero(self.group == number).tolist() for number in range(self.group.max() + 1)]
        return {(a, b) for group in members for a in group for b in group if a < b}


def world(setting: Setting, seed: int) -> World:
    """A world of a setting; the same for the same seed."""
    random = np.random.default_rng(seed)
    born = random.uniform(0, 30 * 24 * HOUR, setting.objects)
    shared = np.minimum(random.pareto(1.3, setting.objects) * 0.3 * setting.shares + 1, 600).astype(np.int64)
    thing, account = _ordinary(setting, shared, random)
    delay = (
        _delays(setting, len(thing), random)
        * np.exp(setting.habits * random.standard_normal(setting.accounts))[account]
    )
    at = born[thing] + delay
    again = random.random(len(thing)) < setting.repeats
    thing, account = np.append(thing, thing[again]), np.append(account, account[again])
    at = np.append(at, at[again] + random.exponential(24 * HOUR, again.sum()))
    group, acts = _acts(setting, born, shared, random)
    thing, account, at = (np.append(a, b) for a, b in zip((thing, account, at), acts, strict=True))
    order = random.permutation(len(thing))
    columns = {
        "object": thing[order],
        "account": account[order],
        "message": np.arange(len(thing)),
        "at": (at[order] // setting.step_s) * setting.step_s,
    }
    return World(pa.table(columns), group)


def _ordinary(
    setting: Setting, shared: npt.NDArray[np.int64], random: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Object and account of the ordinary shares."""
    activity = random.lognormal(0.0, 1.2, setting.accounts)
    interest = random.integers(0, setting.topics, setting.accounts)
    topic = random.integers(0, setting.topics, setting.objects)
    thing = np.repeat(np.arange(setting.objects), shared)
    account = random.choice(setting.accounts, len(thing), p=activity / activity.sum())
    loyal = random.random(len(thing)) < setting.loyalty
    for number in range(setting.topics):
        fans = np.flatnonzero(interest == number)
        chosen = loyal & (topic[thing] == number)
        if len(fans):
            account[chosen] = random.choice(fans, chosen.sum(), p=activity[fans] / activity[fans].sum())
    return thing, account


def _delays(setting: Setting, number: int, random: np.random.Generator) -> npt.NDArray[np.float64]:
    delays = setting.delay_h * HOUR * random.lognormal(0.0, setting.scatter, number)
    return delays + 24 * HOUR * (random.random(number) < setting.second_wave)


def _acts(
    setting: Setting, born: npt.NDArray[np.float64], shared: npt.NDArray[np.int64], random: np.random.Generator
) -> tuple[npt.NDArray[np.int64], tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
    """The group of each account, and object, account and time of what the groups do."""
    group = np.full(setting.accounts, -1)
    free = iter(random.permutation(setting.accounts).tolist())
    things, accounts, times = [], [], []
    for number in range(setting.groups):
        members = np.array([next(free) for _ in range(random.integers(setting.sizes[0], setting.sizes[1] + 1))])
        group[members] = number
        popular = np.minimum(shared, 200.0)
        for thing in random.choice(setting.objects, setting.targets, replace=False, p=popular / popular.sum()):
            acting = members[random.random(len(members)) < setting.takes_part]
            moment = born[thing] + _delays(setting, 1, random)[0]
            things += [thing] * len(acting)
            accounts += acting.tolist()
            times += (moment + random.uniform(0, setting.within_s, len(acting))).tolist()
    return group, (np.array(things, np.int64), np.array(accounts, np.int64), np.array(times))
