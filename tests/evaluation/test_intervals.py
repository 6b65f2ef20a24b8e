"""Figures over worlds have intervals; the operating point is set where nothing was planted; gaps have intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import ConfigurationError, MeasureError
from seawall.evaluation import Clean, evaluate, evaluate_funnel, figures, group_gaps, newcombe, operating_bound
from seawall.evaluation.intervals import MEASURES
from tests.evaluation.made import TIME, Said, said, two_funnels


def test_figures_have_an_interval_around_them() -> None:
    """Worlds that differ give an interval that holds the figure; worlds that agree in all give a point."""
    good = evaluate(two_funnels(), said({"h1": (9.0, 2), "h2": (9.0, 6), "h3": (9.0, 11)}))
    bad = evaluate(two_funnels(), said({"a0": (9.0, 2)}))
    found = figures([good, bad] * 5)
    assert set(found) == set(MEASURES)
    assert found["recall"].value == 0.5
    assert found["recall"].low < 0.5 < found["recall"].high
    same = figures([good] * 5)
    assert (same["recall"].low, same["recall"].value, same["recall"].high) == (1, 1, 1)
    assert same["pr_auc"].value == 1


def test_the_interval_widens_with_fewer_worlds() -> None:
    """Four worlds tell less than forty."""
    good = evaluate(two_funnels(), said({"h1": (9.0, 2), "h2": (9.0, 6), "h3": (9.0, 11)}))
    bad = evaluate(two_funnels(), said({"a0": (9.0, 2)}))
    few, many = figures([good, bad] * 2)["recall"], figures([good, bad] * 20)["recall"]
    assert few.high - few.low > 2 * (many.high - many.low)


def test_the_interval_comes_from_drawing_hubs_too() -> None:
    """One world alone has an interval, because its funnels are drawn anew."""
    one = figures([evaluate(two_funnels(), said({"h1": (9.0, 2), "h2": (9.0, 6)}))])["recall"]
    assert one.low == 0
    assert one.high == 1


def test_the_same_seed_gives_the_same_figures() -> None:
    """Draws are repeatable."""
    one = evaluate(two_funnels(), said({"h1": (9.0, 2), "a0": (3.0, 4)}))
    assert repr(figures([one], seed=5)) == repr(figures([one], seed=5))


def test_what_cannot_be_counted_is_no_number() -> None:
    """Without any alert the part of look-alikes among them is NaN, not 0."""
    assert np.isnan(figures([evaluate(two_funnels(), said({}))])["look_alikes_among_alerts"].value)


def test_no_world_is_an_error() -> None:
    """There is nothing to say about nothing."""
    with pytest.raises(MeasureError, match="no world"):
        figures([])


@given(
    pieces=st.lists(
        st.tuples(st.lists(st.integers(0, 9).map(float), max_size=12), st.integers(1, 40_000), st.integers(1, 90)),
        min_size=1,
        max_size=4,
    )
)
def test_the_operating_bound_is_the_lowest_that_keeps_the_rate(pieces: list[tuple[list[float], int, int]]) -> None:
    """At the bound there are no more alerts than are borne; just below the next score down there would be."""
    bound = operating_bound([Clean(tuple(scores), accounts, days) for scores, accounts, days in pieces])
    allowed = sum(accounts / 10_000 * days / 30 for _, accounts, days in pieces)
    everything = [score for scores, *_ in pieces for score in scores]
    assert sum(score >= bound for score in everything) <= allowed
    lower = [score for score in everything if score < bound]
    if lower and bound > 0:
        assert sum(score >= max(lower) for score in everything) > np.floor(allowed)


def test_clean_traffic_counts_accounts_and_days() -> None:
    """Both sides of every act are accounts."""
    club = two_funnels()
    piece = Clean.of(club.interactions, said({"a0": (2.5, None)}))
    assert piece == Clean((2.5,), 2, 30.0)


def plain_newcombe(hits: int, size: int, other_hits: int, other_size: int) -> tuple[float, float]:
    """Method 10 by solving Wilson's quadratic |p - theta| = z sqrt(theta (1 - theta) / n)."""
    z = 1.959963984540054

    def ends(x: int, n: int) -> tuple[float, float]:
        p = x / n
        low, high = sorted(float(root.real) for root in np.roots([1 + z * z / n, -2 * p - z * z / n, p * p]))
        return low, high

    p, q = hits / size, other_hits / other_size
    (l1, u1), (l2, u2) = ends(hits, size), ends(other_hits, other_size)
    return p - q - np.hypot(p - l1, u2 - q), p - q + np.hypot(u1 - p, q - l2)


@given(size=st.integers(1, 300), other=st.integers(1, 300), data=st.data())
def test_newcombes_interval_is_the_textbooks(size: int, other: int, data: st.DataObject) -> None:
    """It agrees with the roots of the score equation, holds the difference, and stays within -1 and 1."""
    hits, others = data.draw(st.integers(0, size)), data.draw(st.integers(0, other))
    low, high = newcombe(hits, size, others, other)
    assert (low, high) == pytest.approx(plain_newcombe(hits, size, others, other), abs=1e-6)
    assert -1 - 1e-9 <= low <= hits / size - others / other <= high <= 1 + 1e-9


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
    ],
)
def test_newcombes_own_examples(table: tuple[int, int, int, int], expected: tuple[float, float]) -> None:
    """The figures of his paper (1998, table II, method 10)."""
    assert newcombe(*table) == pytest.approx(expected, abs=1e-4)


def test_gaps_between_groups() -> None:
    """A group in which more accounts are alerted has a gap above 0, and the others one below."""
    groups = {f"n{i}": "north" for i in range(100)} | {f"s{i}": "south" for i in range(300)}
    north, south = group_gaps({*(f"n{i}" for i in range(20)), "s1", "unheard of"}, groups)
    assert (north.group, north.accounts, north.alerted) == ("north", 100, 20)
    assert north.gap == pytest.approx(0.2 - 1 / 300)
    assert north.low > 0
    assert south.gap == pytest.approx(-north.gap)
    assert south.high < 0


def test_gaps_need_two_groups_and_one_group_an_account() -> None:
    """Otherwise a clear message."""
    with pytest.raises(MeasureError, match="two groups"):
        group_gaps(set(), {"a": "north"})
    with pytest.raises(MeasureError, match="in two groups"):
        group_gaps(set(), [("a", "north"), ("a", "south")])


def test_the_whole_evaluation_sets_its_bound_on_clean_traffic() -> None:
    """The measure runs at its own bound and at the one found; the report has sizes and both sets of figures."""
    asked: list[float | None] = []

    def measure(interactions: pa.Table, bound: float | None) -> Said:
        asked.append(bound)
        scores = {"h1": 9.0, "h2": 8.0, "h3": 3.0, "a0": 4.0, "a1": 2.0}
        limit = 2.5 if bound is None else bound
        return said({who: (score, 6 if score >= limit else None) for who, score in scores.items()})

    groups = {"a0": "north", "a1": "south", "a2": "south"}
    told: list[str] = []
    report = evaluate_funnel(
        measure,
        lambda _: two_funnels(),
        lambda _: two_funnels().interactions,
        [1, 2],
        groups=groups,
        report=lambda what, *_: told.append(what),
    )
    assert report.bound == pytest.approx(9.0)
    assert asked == [None, None, None, report.bound, None, report.bound]
    assert report.as_shipped["recall"].value == 1
    assert report.at_bound["recall"].value == 0
    assert (report.worlds, report.hubs, report.look_alikes, report.days) == (2, 3, 2, 30)
    assert [gap.alerted for gap in report.gaps] == [0, 0]
    assert told[-1] == "figures"


def test_an_evaluation_without_seeds_is_an_error() -> None:
    """It says which option to give."""
    with pytest.raises(ConfigurationError, match="--seeds"):
        evaluate_funnel(lambda *_: said({}), lambda _: two_funnels(), lambda _: two_funnels().interactions, [])


def test_times_without_a_zone_are_utc() -> None:
    """A result with naive times is judged like one in UTC."""
    hubs = said({"h1": (9.0, 2)}).hubs
    naive = hubs.set_column(2, "alert_at", hubs["alert_at"].cast(pa.timestamp("us")))
    aware = evaluate(two_funnels(), said({"h1": (9.0, 2)}))
    assert evaluate(two_funnels(), Said(naive)).alerts.tolist() == aware.alerts.tolist()
    assert naive["alert_at"].type != TIME
    assert replace(aware, days=1.0).days == 1
