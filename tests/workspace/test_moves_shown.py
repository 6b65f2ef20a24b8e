"""What alerts of emerging places, moves and successors carry becomes what brief and console draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seawall.brief import Term
from seawall.brief.fragments import Fragments
from seawall.checks import MemoryWindow
from seawall.detectors import DETECTORS
from seawall.model import Alert
from seawall.protocols import Detector
from seawall.workspace.funnel_shown import funnel_of
from seawall.workspace.moves_shown import MOST_CANDIDATES, flow_of, succession_of, uptake_of
from seawall.workspace.pictures import edges_of, multiples_of, network_of, shared_of, timeline_of
from tests.detectors import emerging_world, migration_world, successor_world


@pytest.fixture(scope="module")
def place() -> Alert:
    return emerging_world.alerts(emerging_world.emerging_tables())[0]


@pytest.fixture(scope="module")
def move() -> Alert:
    return migration_world.alerts(migration_world.migration_tables())[0]


@pytest.fixture(scope="module")
def successor() -> Alert:
    return successor_world.alerts(successor_world.committed())[0]


def test_each_alert_has_its_own_picture_and_no_other(place: Alert, move: Alert, successor: Alert) -> None:
    """A place has its uptake, a move its flow, a successor its candidates; none is taken for a surge or a campaign."""
    assert [one is not None for one in map(uptake_of, (place, move, successor))] == [True, False, False]
    assert [one is not None for one in map(flow_of, (place, move, successor))] == [False, True, False]
    assert [one is not None for one in map(succession_of, (place, move, successor))] == [False, False, True]
    for alert in (place, move, successor):
        assert (timeline_of(alert), multiples_of(alert), network_of(alert, {}, None)) == (None, None, None)


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.name)
def test_the_example_of_every_detector_can_be_drawn(detector: Detector) -> None:
    """Whatever an alert carries, its pictures are made of it without a fault."""
    for alert in detector.detect(MemoryWindow(detector.examples()[0], detector)):
        edges = list(edges_of([alert]))
        Fragments().pictures(
            "alert-1", timeline=timeline_of(alert), multiples=multiples_of(alert), shared=tuple(shared_of(alert)),
            network=network_of(alert, {}, None) if edges else None, funnel=funnel_of(alert), flow=flow_of(alert),
            uptake=uptake_of(alert), succession=succession_of(alert),
        )  # fmt: skip


def test_a_place_is_taken_up_by_as_many_as_the_alert_says(place: Alert) -> None:
    """First links summed over the days are the channels; the fifth came before it was found."""
    shown = uptake_of(place)
    assert shown is not None
    assert sum(shown.new) == place.details["channels"]
    assert shown.days == tuple(sorted(shown.days))
    assert shown.days[0] <= shown.fifth_at < shown.found_at
    assert shown.place == place.subjects[0].id


def test_a_move_is_drawn_week_by_week_with_its_place_first(move: Alert) -> None:
    """One marked place, as many members as the alert tells, and weeks without collection are not zero."""
    shown = flow_of(move)
    assert shown is not None
    assert [one.moved_to for one in shown.streams] == [True] + [False] * (len(shown.streams) - 1)
    assert shown.streams[0].place == move.details["place"]
    assert shown.end - shown.at[-1] == timedelta(days=7)
    assert all(len(one.linked) == len(shown.at) == len(shown.active) for one in shown.streams)
    flow = dict(move.details["flow"])
    flow["missing_days"] = [7, *flow["missing_days"][1:]]
    flow["active"] = [0, *flow["active"][1:]]
    gap = flow_of(replace(move, details={**move.details, "flow": flow}))
    assert gap is not None
    assert gap.active[0] is None


def test_the_terms_of_a_successor_sum_to_its_odds(successor: Alert) -> None:
    """Each term is a sentence; together, as far as they weigh, they are the log-odds that the alert carries."""
    shown = succession_of(successor)
    assert shown is not None
    (odds,) = [
        one["nats"] for one in successor.details["candidates"] if one["candidate"] == shown.candidates[0].channel
    ]
    assert sum(term.value for term in shown.terms) == pytest.approx(odds, abs=0.06)
    assert all(isinstance(term, Term) and term.says[0].isupper() and term.says.endswith(".") for term in shown.terms)
    assert shown.candidates[0].channel == successor.details["successor"]
    assert len(shown.candidates) + shown.hidden == successor.details["candidates_total"]
    assert len(shown.candidates) <= MOST_CANDIDATES
    assert sum(one.probability for one in shown.candidates) + shown.none <= 1 + 1e-6
