"""Every figure by its definition, in loops over lists in which a hub drawn twice stands twice."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from statistics import median

from sklearn.metrics import average_precision_score

from seawall.evaluation.judgement import NEVER, Judgement


@dataclass
class Hub:
    score: float
    alert: int
    unit: int
    place: int
    persons: list[tuple[int, int, int]]


@dataclass
class Listed:
    """A judgement as lists; ``units`` and ``decoys`` say how often each was drawn."""

    judgement: Judgement
    units: list[int]
    decoys: list[int]

    def __post_init__(self) -> None:
        one = self.judgement
        self.quiet = list(zip(one.background.tolist(), one.background_alerts.tolist(), strict=True))
        self.hubs = [
            Hub(
                float(one.scores[place]),
                int(one.alerts[place]),
                unit,
                place,
                [
                    (int(one.approached[row]), int(one.contact[row]), int(one.handed_off[row]))
                    for row in range(len(one.person_hubs))
                    if one.person_hubs[row] == place
                ],
            )
            for place, unit in enumerate(one.units.tolist())
            for _ in range(self.units[unit])
        ]
        self.look_alikes = [
            (float(one.decoy_scores[place]), int(one.decoy_alerts[place]))
            for place, often in enumerate(self.decoys)
            for _ in range(often)
        ]

    @property
    def false(self) -> int:
        return sum(alert < NEVER for _, alert in [*self.quiet, *self.look_alikes])

    @property
    def caught(self) -> list[Hub]:
        return [hub for hub in self.hubs if hub.alert < NEVER]


def average_precision(one: Listed) -> float:
    """scikit-learn's."""
    scores = [hub.score for hub in one.hubs] + [score for score, _ in one.quiet + one.look_alikes]
    truth = [1] * len(one.hubs) + [0] * (len(scores) - len(one.hubs))
    return float(average_precision_score(truth, [max(score, -1e9) for score in scores]))


def recall(one: Listed) -> float:
    return len(one.caught) / len(one.hubs)


def funnels_caught(one: Listed) -> float:
    units = [unit for unit, often in enumerate(one.units) for _ in range(often)]
    caught = {hub.unit for hub in one.caught}
    return sum(unit in caught for unit in units) / len(units)


def before_the_address(one: Listed) -> float | None:
    outcomes = []
    for hub in one.hubs:
        times = sorted(contact for _, contact, _ in hub.persons if contact < NEVER)
        if times:
            had_it = sum(time <= hub.alert for time in times)
            outcomes.append(hub.alert < NEVER and had_it <= len(times) / 2)
    return sum(outcomes) / len(outcomes) if outcomes else None


def persons_before_hand_off(one: Listed) -> float | None:
    outcomes = [hub.alert < handed for hub in one.hubs for *_, handed in hub.persons if handed < NEVER]
    return sum(outcomes) / len(outcomes) if outcomes else None


def persons_before_hand_off_by_funnel(one: Listed) -> float | None:
    outcomes = [
        min(other.alert for other in one.hubs if other.unit == hub.unit) < handed
        for hub in one.hubs
        for *_, handed in hub.persons
        if handed < NEVER
    ]
    return sum(outcomes) / len(outcomes) if outcomes else None


def persons_protected(one: Listed) -> float | None:
    outcomes = [hub.alert < NEVER and hub.alert < handed for hub in one.hubs for *_, handed in hub.persons]
    return sum(outcomes) / len(outcomes) if outcomes else None


def look_alikes_among_alerts(one: Listed) -> float | None:
    alerts = one.false + len(one.caught)
    return sum(alert < NEVER for _, alert in one.look_alikes) / alerts if alerts else None


def false_hubs(one: Listed) -> float:
    false = sum(alert < NEVER for _, alert in one.quiet)
    return false / (one.judgement.accounts / 10_000) / (one.judgement.days / 30)


def seen(hub: Hub) -> int:
    return sum(approached <= hub.alert for approached, *_ in hub.persons)


def f_latency(one: Listed) -> float:
    right = len(one.caught)
    if not right:
        return 0.0
    precision, found = right / (right + one.false), right / len(one.hubs)
    everybody = Listed(one.judgement, [1] * len(one.units), [1] * len(one.decoys))
    usual = median(len(hub.persons) for hub in everybody.hubs)
    slope = log(3) / max(usual - 1, 1)
    penalties = [-1 + 2 / (1 + exp(-slope * (max(seen(hub), 1) - 1))) for hub in one.caught]
    return 2 * precision * found / (precision + found) * (1 - median(penalties))


def erde(one: Listed, patience: int) -> float:
    """The sum of Losada and Crestani's costs over all accounts; the prevalence is that of the whole world."""
    costs = [1 - 1 / (1 + exp(seen(hub) - patience)) if hub.alert < NEVER else 1.0 for hub in one.hubs]
    costs += [one.judgement.prevalence if alert < NEVER else 0.0 for _, alert in one.quiet + one.look_alikes]
    return sum(costs) / len(one.hubs)
