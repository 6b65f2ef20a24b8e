"""The figures of one world, for many weightings of its hubs at once; each is a numerator and a denominator.

A weighting says how often each hub was drawn. With weights of one these are the plain figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log

import numpy as np

from seawall.evaluation.judgement import NEVER, Bools, Floats, Ints, Judgement

Part = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weightings, one a row.

    Args:
        units: float64, a column a funnel.
        decoys: float64, a column a look-alike.
    """

    units: Floats
    decoys: Floats

    @classmethod
    def ones(cls, judgement: Judgement) -> Weights:
        """Everybody once: the plain figures."""
        return cls(np.ones((1, judgement.units.max() + 1)), np.ones((1, len(judgement.decoy_scores))))

    @classmethod
    def drawn(cls, judgement: Judgement, rounds: int, rng: np.random.Generator) -> Weights:
        """As many funnels, and as many look-alikes, as there are, drawn with replacement in each round."""
        sizes = judgement.units.max() + 1, len(judgement.decoy_scores)
        units, decoys = (
            rng.multinomial(size, np.full(size, 1 / size), rounds).astype(float) if size else np.zeros((rounds, 0))
            for size in sizes
        )
        return cls(units, decoys)


Measure = Callable[[Judgement, Weights], Part]


def average_precision(judgement: Judgement, weights: Weights) -> Part:
    """The area under precision and recall by steps: each hub's precision at its own score, equal scores together."""
    scores, hubs = judgement.scores, weights.units[:, judgement.units]
    right = hubs @ (scores[:, None] >= scores[None, :])
    background = np.sort(judgement.background)
    wrong = len(background) - np.searchsorted(background, scores, "left")
    decoys = weights.decoys @ (judgement.decoy_scores[:, None] >= scores[None, :])
    found = np.sum(hubs * right / np.maximum(right + decoys + wrong, 1e-12), axis=1)
    return found / hubs.sum(1), np.ones(len(hubs))


def recall_at(per_day: float) -> Measure:
    """The part of the hubs among the highest scores, ``per_day`` for each 10,000 accounts and day of the world.

    Where scores are equal at the end of the list, chance decides: each gets its part. Who has no score is never listed.
    """

    def measured(judgement: Judgement, weights: Weights) -> Part:
        budget = per_day * judgement.accounts / 1e4 * judgement.days
        everybody = np.concatenate([judgement.background, judgement.scores, judgement.decoy_scores])
        above = np.array([np.sum(everybody > score) for score in judgement.scores], float)
        equal = np.array([np.sum(everybody == score) for score in judgement.scores], float)
        listed = np.clip((budget - above) / equal, 0, 1) * np.isfinite(judgement.scores)
        hubs = weights.units[:, judgement.units]
        return hubs @ listed, hubs.sum(1)

    return measured


def recall(judgement: Judgement, weights: Weights) -> Part:
    """The part of the hubs that were alerted."""
    hubs = weights.units[:, judgement.units]
    return hubs @ (judgement.alerts < NEVER), hubs.sum(1)


def funnels_caught(judgement: Judgement, weights: Weights) -> Part:
    """The part of the funnels of which any account was alerted."""
    caught = np.zeros(judgement.units.max() + 1)
    np.maximum.at(caught, judgement.units, judgement.alerts < NEVER)
    return weights.units @ caught, weights.units.sum(1)


def before_the_address(judgement: Judgement, weights: Weights) -> Part:
    """The part of the hubs alerted before half of those whom they ever gave an outside address had got it.

    Hubs that gave none are not counted: there was nothing to be before.
    """
    passed = np.zeros(len(judgement.scores))
    early = np.zeros(len(judgement.scores))
    for hub in range(len(judgement.scores)):
        times = judgement.contact[(judgement.person_hubs == hub) & (judgement.contact < NEVER)]
        passed[hub] = len(times) > 0
        early[hub] = len(times) > 0 and 2 * np.sum(times <= judgement.alerts[hub]) <= len(times)
    early *= judgement.alerts < NEVER
    hubs = weights.units[:, judgement.units]
    return hubs @ early, hubs @ passed


def persons_before_hand_off(judgement: Judgement, weights: Weights) -> Part:
    """Of the persons who were handed off, the part whose hub had been alerted by then."""
    handed = judgement.handed_off < NEVER
    return _persons(judgement, weights, handed, judgement.alerts[judgement.person_hubs] < judgement.handed_off)


def persons_protected(judgement: Judgement, weights: Weights) -> Part:
    """Of all persons approached, the part whose hub was alerted, and before their hand-off if there was one."""
    return _persons(
        judgement,
        weights,
        np.ones(len(judgement.person_hubs), bool),
        judgement.alerts[judgement.person_hubs] < judgement.handed_off,
    )


def persons_before_hand_off_by_funnel(judgement: Judgement, weights: Weights) -> Part:
    """As persons_before_hand_off, where an alert about any account of the funnel counts."""
    first = np.full(judgement.units.max() + 1, NEVER)
    np.minimum.at(first, judgement.units, judgement.alerts)
    alerts = first[judgement.units[judgement.person_hubs]]
    return _persons(judgement, weights, judgement.handed_off < NEVER, alerts < judgement.handed_off)


def _persons(judgement: Judgement, weights: Weights, counted: Bools, right: Bools) -> Part:
    persons = weights.units[:, judgement.units[judgement.person_hubs]]
    return persons @ (counted & right), persons @ counted


def look_alikes_among_alerts(judgement: Judgement, weights: Weights) -> Part:
    """The part of all alerts that are about lawful look-alikes."""
    decoys = weights.decoys @ (judgement.decoy_alerts < NEVER)
    hubs = weights.units[:, judgement.units] @ (judgement.alerts < NEVER)
    return decoys, decoys + hubs + np.sum(judgement.background_alerts < NEVER)


def false_hubs(judgement: Judgement, weights: Weights) -> Part:
    """Alerts about accounts that nobody planted, per 10,000 accounts and 30 days."""
    rounds = len(weights.units)
    false = float(np.sum(judgement.background_alerts < NEVER))
    return np.full(rounds, false), np.full(rounds, judgement.exposure)


def f_latency(judgement: Judgement, weights: Weights) -> Part:
    """F1 times (1 - median penalty of the hubs caught), Sadeque, Xu and Bethard 2018.

    The penalty of an alert after k persons were approached is -1 + 2 / (1 + exp(-p (k - 1))), with p so that it is one
    half at the median number of persons whom the hubs of this world approach.
    """
    hubs, false = weights.units[:, judgement.units], _false(judgement, weights)
    caught = hubs * (judgement.alerts < NEVER)
    right = caught.sum(1)
    f1 = 2 * right / np.maximum(right + hubs.sum(1) + false, 1e-12)
    totals = np.bincount(judgement.person_hubs, minlength=len(judgement.scores))
    slope = log(3) / max(float(np.median(totals)) - 1, 1.0)
    penalties = -1 + 2 / (1 + np.exp(-slope * (np.maximum(persons_at_alert(judgement), 1) - 1)))
    return f1 * np.where(right > 0, 1 - weighted_medians(penalties, caught), 0), np.ones(len(hubs))


def erde(patience: int) -> Measure:
    """Cost of late and wrong alerts (Losada and Crestani 2016), as a part of what silence would cost.

    A false alert costs the prevalence, a hub never alerted 1, an alert after k persons were approached
    1 - 1 / (1 + exp(k - patience)). The sum is divided by the hubs, not by all accounts: saying nothing costs 1.
    """

    def measured(judgement: Judgement, weights: Weights) -> Part:
        hubs = weights.units[:, judgement.units]
        late = 1 / (1 + np.exp(-np.clip(persons_at_alert(judgement) - float(patience), -500, 500)))
        cost = hubs @ np.where(judgement.alerts < NEVER, late, 1.0)
        return cost + _false(judgement, weights) * judgement.prevalence, hubs.sum(1)

    return measured


def _false(judgement: Judgement, weights: Weights) -> Floats:
    false: Floats = weights.decoys @ (judgement.decoy_alerts < NEVER) + np.sum(judgement.background_alerts < NEVER)
    return false


def persons_at_alert(judgement: Judgement) -> Ints:
    """How many persons each hub had approached when it was alerted; all of them where it never was."""
    seen = judgement.approached <= judgement.alerts[judgement.person_hubs]
    return np.bincount(judgement.person_hubs[seen], minlength=len(judgement.scores)).astype(np.int64)


def weighted_medians(values: Floats, weights: Floats) -> Floats:
    """The median of values repeated as often as each row of weights says; 0 where a row is empty.

    >>> weighted_medians(np.array([3.0, 1.0, 2.0]), np.array([[1.0, 1, 0], [1, 1, 1], [0, 0, 0]])).tolist()
    [2.0, 2.0, 0.0]
    """
    if not len(values):
        return np.zeros(len(weights))
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[:, order], axis=1)
    half = running[:, -1:] / 2
    low, high = np.argmax(running >= half, axis=1), np.argmax(running > half, axis=1)
    middles: Floats = (values[order][low] + values[order][high]) / 2
    return np.where(half[:, 0] > 0, middles, 0.0)
