"""Each figure is what its definition says, weighted or not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.evaluation import weighing
from seawall.evaluation.judgement import Judgement, evaluate
from seawall.evaluation.weighing import Measure, Weights
from tests.evaluation import reference
from tests.evaluation.made import judgements, said, two_funnels

SLOW: dict[Measure, Callable[[reference.Listed], float | None]] = {
    weighing.average_precision: reference.average_precision,
    weighing.recall: reference.recall,
    weighing.funnels_caught: reference.funnels_caught,
    weighing.before_the_address: reference.before_the_address,
    weighing.persons_before_hand_off: reference.persons_before_hand_off,
    weighing.persons_before_hand_off_by_funnel: reference.persons_before_hand_off_by_funnel,
    weighing.persons_protected: reference.persons_protected,
    weighing.look_alikes_among_alerts: reference.look_alikes_among_alerts,
    weighing.false_hubs: reference.false_hubs,
    weighing.f_latency: reference.f_latency,
    weighing.erde(5): lambda one: reference.erde(one, 5),
    weighing.erde(50): lambda one: reference.erde(one, 50),
}


@settings(deadline=None)
@given(one=judgements(), seed=st.integers(0, 2**32 - 1))
def test_a_weighted_figure_is_the_plain_one_of_hubs_that_stand_as_often_as_they_were_drawn(
    one: Judgement, seed: int
) -> None:
    """Each figure, of plain and of drawn hubs, agrees with its definition in loops (areas: with scikit-learn's)."""
    drawn = Weights.drawn(one, 3, np.random.default_rng(seed))
    ones = Weights.ones(one)
    weights = Weights(np.vstack([ones.units, drawn.units]), np.vstack([ones.decoys, drawn.decoys]))
    for fast, slow in SLOW.items():
        above, below = fast(one, weights)
        for row in range(len(weights.units)):
            listed = reference.Listed(
                one, weights.units[row].astype(int).tolist(), weights.decoys[row].astype(int).tolist()
            )
            expected = slow(listed)
            if expected is None:
                assert below[row] == 0
            else:
                assert above[row] / below[row] == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(one=judgements(), per_day=st.sampled_from([0.5, 1.0, 10.0, 100.0]))
def test_recall_at_a_budget_is_the_mean_over_all_orders_of_equal_scores(one: Judgement, per_day: float) -> None:
    """A list as long as the budget, in a random order among equals, holds that part of the hubs."""
    measure = weighing.recall_at(per_day)
    above, below = measure(one, Weights.ones(one))
    budget = per_day * one.accounts / 10_000 * one.days
    scores = np.concatenate([one.scores, one.background, one.decoy_scores])
    found = []
    rng = np.random.default_rng(0)
    for _ in range(2000):
        order = np.lexsort((rng.random(len(scores)), -scores))
        listed = [place for place in order[: int(budget)] if scores[place] > -np.inf]
        edge = order[int(budget)] if int(budget) < len(order) else None
        extra = (budget - int(budget)) * (edge is not None and edge < len(one.scores) and scores[edge] > -np.inf)
        found.append((sum(place < len(one.scores) for place in listed) + extra) / len(one.scores))
    assert above[0] / below[0] == pytest.approx(np.mean(found), abs=0.08)


def figures_by_hand(**alerts: float | None) -> dict[Measure, float]:
    """Two funnels with alerts on these days; every account that is told has the score 5."""
    one = evaluate(two_funnels(), said({account: (5.0, at) for account, at in alerts.items()}))
    weights = Weights.ones(one)
    return {measure: float(np.divide(*measure(one, weights))[0]) for measure in SLOW}


def test_figures_of_a_small_world_by_hand() -> None:
    """Two funnels of three hubs, one of them never alerted; one look-alike and one of 20 others alerted."""
    found = figures_by_hand(h1=6, h2=10, shop=4, a0=3)
    assert found[weighing.recall] == pytest.approx(2 / 3)
    assert found[weighing.funnels_caught] == pytest.approx(1 / 2)
    # h1: 2 of 3 had the address on day 6; h2: its only one had it; h3 never alerted.
    assert found[weighing.before_the_address] == 0
    # of four hand-offs (days 12, 20 by h1; 9 by h2; 15 by h3) only those of h1 came after its alert
    assert found[weighing.persons_before_hand_off] == pytest.approx(2 / 4)
    # with h1's alert counting for h2, the person handed off on day 9 had been protected since day 6
    assert found[weighing.persons_before_hand_off_by_funnel] == pytest.approx(3 / 4)
    # the four of h1, and a6 of h2, who was never handed off
    assert found[weighing.persons_protected] == pytest.approx(5 / 9)
    assert found[weighing.look_alikes_among_alerts] == pytest.approx(1 / 4)
    assert found[weighing.false_hubs] == pytest.approx(1 / (25 / 10_000))


def test_an_alert_while_half_have_the_address_is_early() -> None:
    """h1 passed the address on days 3, 6 and 8: day 5 is before most had it, day 6 is not."""
    assert figures_by_hand(h1=5)[weighing.before_the_address] == pytest.approx(1 / 3)
    assert figures_by_hand(h1=6)[weighing.before_the_address] == 0


def test_saying_nothing_costs_one_and_finds_nothing() -> None:
    """With no alert recall and F-latency are 0 and both ERDE are 1."""
    one = evaluate(two_funnels(), said({}))
    weights = Weights.ones(one)
    for measure, expected in ((weighing.recall, 0), (weighing.f_latency, 0), (weighing.erde(5), 1)):
        assert np.divide(*measure(one, weights))[0] == pytest.approx(expected)


def test_an_early_alert_costs_less_than_a_late_one() -> None:
    """F-latency falls and ERDE5 rises as the alert comes after more persons."""
    early, late = figures_by_hand(h1=1, h2=5, h3=10), figures_by_hand(h1=9, h2=9, h3=14)
    [costs] = [measure for measure in SLOW if SLOW[measure] is SLOW[list(SLOW)[-2]]]
    assert early[weighing.f_latency] > late[weighing.f_latency]
    assert early[costs] < late[costs]
