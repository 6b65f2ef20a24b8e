"""Plans from figures that a person can compute with."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import ConfigurationError
from seawall.planning import Load, Measured, plan, sentence
from seawall.planning.constants import read
from seawall.planning.costs import relative
from seawall.planning.plan import cluster_holds, machine_holds
from seawall.planning.words import turning_points
from tests.planning.made_up import CONSTANTS, GB, MEASURED, MILLION


def made(messages: float = MILLION, **more: float):  # type: ignore[no-untyped-def]
    return plan(messages, constants=CONSTANTS, **{"retention_days": 20, **more})  # type: ignore[arg-type]


def test_what_was_measured_comes_back() -> None:
    """For the machine, the workers and the amount that were measured, a plan tells what was measured."""
    (cost,) = made(cores=2, workers=1, network_gbit=10_000).window.measures
    assert cost.local_s == pytest.approx(40)
    assert cost.local_cpu_s == pytest.approx(60)
    assert cost.local_memory == pytest.approx(3 * GB)
    (cost,) = made(cores=1, workers=2, network_gbit=10_000).window.measures
    assert cost.cluster_s == pytest.approx(60, rel=0.001)
    assert cost.cluster_cpu_s == pytest.approx(120)
    assert cost.shuffled == pytest.approx(4 * GB)
    assert cost.driver_memory == pytest.approx(GB / 4)


def test_what_cannot_be_shared_is_not() -> None:
    """Of 60 CPU-seconds 20 cannot be shared by cores, and of 100 s of one worker 20 s by workers, however many."""
    (cost,) = made(cores=1_000, workers=1_000, network_gbit=10_000).window.measures
    assert cost.local_s == pytest.approx(20 + 0.04)
    assert cost.cluster_s == pytest.approx(20, rel=0.01)


def test_what_two_workers_compute_more_is_shared_by_all() -> None:
    """Of 110 s that two make of one's 100 s, as their CPU-seconds tell, 10 s are not shared in the 60 s of both."""
    few, one, two = MEASURED.cluster
    more = replace(MEASURED, cluster=(few, one, replace(two, cpu=132)))
    figures = replace(CONSTANTS, measures=(more,))
    for workers, seconds in ((1, 100), (2, 60), (1_000, 10 + 0.1)):
        told = plan(MILLION, retention_days=20, cores=1, workers=workers, network_gbit=10_000, constants=figures)
        assert told.window.measures[0].cluster_s == pytest.approx(seconds, rel=0.001)


def test_memory_of_a_worker_is_that_of_its_tasks_and_java() -> None:
    """A task for each core and Java, whatever the number of messages."""
    assert {made(one, cores=4).window.worker_memory for one in (1e4, 1e7)} == {4 * 0.5 * GB + GB}


def test_the_network_takes_its_time() -> None:
    """4 GB that two workers exchange half of, each at 1 Gbit/s, take 8 s."""
    slow, fast = (made(cores=1, workers=2, network_gbit=rate).window.cluster_s for rate in (1, 10_000))
    assert slow - fast == pytest.approx(8, rel=0.001)


def test_links_and_text_change_what_looks_at_them() -> None:
    """Half as many links as in the benchmark are half the rows of a measure of links; of others as many as before."""
    links = Measured("gates", {"links": 1.0, "messages": 0.5}, (), ())
    assert relative(links, CONSTANTS, Load(1, links=0.5)) == 1.0
    assert relative(links, CONSTANTS, Load(1, links=0.0)) == 0.5
    assert relative(MEASURED, CONSTANTS, Load(1, links=0.0, text=0.0)) == 1.0


def test_the_turning_points_turn() -> None:
    """Just below the break-even one machine is quicker, just above it the cluster; likewise where memory ends."""
    told = made(cores=2, workers=4)
    assert told.break_even is not None
    assert told.machine_full is not None
    below, above = (told.amount(told.break_even * factor) for factor in (0.99, 1.01))
    assert below.local_s <= below.cluster_s
    assert above.cluster_s < above.local_s
    assert machine_holds(told.amount(told.machine_full * 0.99), told.hardware)
    assert not machine_holds(told.amount(told.machine_full * 1.01), told.hardware)


def test_the_workers_needed_are_the_fewest() -> None:
    """With so many the run ends in time, with one less it does not."""
    told = made(100 * MILLION, within_h=1, cores=1)
    assert told.workers_needed is not None
    assert made(100 * MILLION, within_h=1, cores=1, workers=told.workers_needed).window.cluster_s <= 3600
    assert made(100 * MILLION, within_h=1, cores=1, workers=told.workers_needed - 1).window.cluster_s > 3600


@pytest.mark.parametrize(
    ("asked", "advice", "words"),
    [
        ({"messages": 1e5}, "machine", "stay on one machine"),
        ({"messages": 1e7, "within_h": 0.01, "workers": 64}, "cluster", "needs about"),
        ({"messages": 1e7, "memory_gb": 8}, "cluster", "has no room"),
        ({"messages": 1e7, "memory_gb": 1, "cores": 8}, "neither", "Neither one machine nor"),
        ({"messages": 1e7, "memory_gb": 8, "within_h": 0.01}, "cluster", "no number of such workers"),
    ],
)
def test_advice(asked: dict[str, float], advice: str, words: str) -> None:
    """One machine while it has the room and the time, then a cluster if that has the room, and else neither."""
    told = made(**asked)
    assert told.advice == advice
    assert words in sentence(told)
    assert sentence(told).isascii()
    assert all(line.isascii() for line in turning_points(told))


@given(
    st.floats(1, 1e12), st.floats(0.01, 36_000), st.integers(1, 256), st.integers(1, 5_000), st.floats(0.5, 4_096),
    st.floats(0, 1), st.floats(0, 1), st.floats(0, 100),
)  # fmt: skip
def test_any_plan_is_of_one_piece(
    messages: float, days: float, cores: int, workers: int, memory: float, links: float, text: float, acts: float
) -> None:
    """Costs are finite and not negative, more workers are never slower, and the advice is one that has the room."""
    asked = {"retention_days": days, "cores": cores, "memory_gb": memory, "links": links, "text": text}
    told = plan(messages, interactions=acts, workers=workers, constants=CONSTANTS, **asked)  # type: ignore[arg-type]
    more = plan(messages, interactions=acts, workers=2 * workers, constants=CONSTANTS, **asked)  # type: ignore[arg-type]
    for cost in told.window.measures:
        figures = (cost.local_s, cost.local_memory, cost.cluster_s, cost.shuffled, cost.worker_memory)
        assert all(math.isfinite(one) and one >= 0 for one in figures)
    assert more.window.cluster_s <= told.window.cluster_s * 1.000001 + told.window.shuffled
    held = {"machine": machine_holds(told.window, told.hardware), "cluster": cluster_holds(told.window, told.hardware)}
    assert held.get(told.advice, True)
    assert sentence(told).isascii()


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": 0}, {"messages": -5}, {"messages": math.nan}, {"messages": math.inf}, {"messages": 1e13},
        {"retention_days": 0}, {"links": 1.1}, {"links": math.nan}, {"text": -0.1}, {"interactions": -1},
        {"interactions": math.inf}, {"within_h": 0}, {"cores": 0}, {"cores": 1.5}, {"memory_gb": -1}, {"disk_gb": 0},
        {"workers": 0}, {"workers": 10_001}, {"network_gbit": 0},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_place(wrong: dict[str, float]) -> None:
    """A figure that is none, zero, negative or absurd is a clear error that names it."""
    with pytest.raises(ConfigurationError) as refused:
        made(**wrong)
    assert refused.value.where == {"messages": "messages_per_day"}.get(next(iter(wrong)), next(iter(wrong)))
    assert refused.value.mend


def test_constants_come_back_from_their_file() -> None:
    """What is written is what is read."""
    assert read(CONSTANTS.as_json()) == CONSTANTS


def test_a_measure_that_no_cluster_makes_quicker_has_no_break_even() -> None:
    """Where a cluster costs more at any amount, a plan says that it is never quicker."""
    slow = replace(MEASURED, cluster=tuple(replace(one, seconds=9_000.0) for one in MEASURED.cluster))
    told = plan(MILLION, constants=replace(CONSTANTS, measures=(slow,)))
    assert told.break_even is None
    assert "never quicker" in next(iter(turning_points(told)))
