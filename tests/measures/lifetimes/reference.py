"""Survival, incidence and the log-rank test by their definitions, spell by spell and slowly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from statistics import NormalDist
from typing import NamedTuple

import numpy as np


class Spell(NamedTuple):
    """Ages in days: when observation began, when it ended or was last seen, and whether it ended (by kind)."""

    begin: int
    age: int
    kind: str | None


def present(spells: Sequence[Spell], at: int, first: int) -> int:
    """Who could be seen to end at this age: under observation since before it (the first age: since then)."""
    return sum((one.begin < at or at == first) and one.begin <= at <= one.age for one in spells)


def ended(spells: Sequence[Spell], at: int, kind: str | None = None) -> int:
    return sum(one.age == at and one.kind is not None and kind in (None, one.kind) for one in spells)


def ages(spells: Sequence[Spell]) -> list[int]:
    return sorted({one.begin for one in spells} | {one.age for one in spells})


def survival(spells: Sequence[Spell], confidence: float = 0.95) -> list[tuple[int, Fraction, float, float, int]]:
    """Age, survival, low, high and how many are under observation."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    value, total, rows = Fraction(1), Fraction(0), []
    for at in ages(spells):
        many, gone = present(spells, at, ages(spells)[0]), ended(spells, at)
        if gone:
            value *= Fraction(many - gone, many)
            total += Fraction(gone, many * (many - gone)) if many > gone else 0
        low = high = float(value)
        if 0 < value < 1:
            depth = math.log(-math.log(value))
            error = z * math.sqrt(total) / abs(math.log(value))
            low, high = math.exp(-math.exp(depth + error)), math.exp(-math.exp(depth - error))
        rows.append((at, value, low, high, sum(one.begin <= at <= one.age for one in spells)))
    return rows


def incidence(spells: Sequence[Spell], kind: str) -> dict[int, Fraction]:
    """The part that ended in this way by each age at which one did."""
    before, total, found = Fraction(1), Fraction(0), {}
    for at in ages(spells):
        many, gone, own = present(spells, at, ages(spells)[0]), ended(spells, at), ended(spells, at, kind)
        if own:
            total += before * Fraction(own, many)
            found[at] = total
        if gone:
            before *= Fraction(many - gone, many)
    return found


def log_rank(groups: Sequence[Sequence[Spell]]) -> tuple[list[float], float]:
    """Expected events of each group, and the statistic."""
    whole = [one for group in groups for one in group]
    first = ages(whole)[0]
    expected, size = np.zeros(len(groups)), len(groups)
    variance = np.zeros((size, size))
    for at in ages(whole):
        many, gone = present(whole, at, first), ended(whole, at)
        if not gone:
            continue
        own = [present(group, at, first) for group in groups]
        for j in range(size):
            expected[j] += gone * own[j] / many
            for k in range(size):
                if many > 1:
                    part = own[j] / many * ((j == k) - own[k] / many)
                    variance[j, k] += part * gone * (many - gone) / (many - 1)
    observed = np.array([sum(one.kind is not None for one in group) for group in groups])
    off = (observed - expected)[:-1]
    return expected.tolist(), float(off @ np.linalg.pinv(variance[:-1, :-1]) @ off)


class Between(NamedTuple):
    """Whole days: alive at ``low``, over by ``high`` (None = not seen to end), under observation from ``begin``."""

    low: int
    high: int | None
    begin: int


def gains(spells: Sequence[Between], shares: dict[int, float], horizon: int) -> tuple[dict[int, float], float]:
    """How much each whole day of ending gains per share that is moved to it, against ``Between`` spells' number.

    At the most likely shares no day gains more than the second figure, and days with a share gain just that (the
    conditions of Kuhn and Tucker for the likelihood's maximum).
    """
    days = range(horizon + 2)  # the last stands for "later"

    def within(one: Between) -> list[int]:
        last = horizon + 1 if one.high is None else one.high
        return [day for day in days if one.low < day <= last]

    def seen(one: Between) -> list[int]:
        return [day for day in days if day > one.begin or one.begin == 0]

    gain = dict.fromkeys(days, 0.0)
    whole = 0.0
    for one in spells:
        inside = sum(shares.get(day, 0.0) for day in within(one))
        visible = sum(shares.get(day, 0.0) for day in seen(one))
        whole += 1 / visible
        for day in within(one):
            gain[day] += 1 / inside
        for day in days:
            if day not in seen(one):
                gain[day] += 1 / visible
    return gain, whole
