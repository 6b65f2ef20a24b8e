"""A plan in words: what to do, in one sentence, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from seawall.planning.constants import Constants
from seawall.planning.plan import MILLION, Plan, cluster_lacks

_SPANS = ((86_400 * 365.25, "years"), (86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes"), (1.0, "s"))
_SIZES = ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "bytes"))


def duration(seconds: float) -> str:
    """Seconds, minutes, hours, days or years, two digits that count.

    >>> duration(0.4), duration(75), duration(5_000), duration(400_000)
    ('0.4 s', '75 s', '83 minutes', '4.6 days')
    """
    return _scaled(seconds, _SPANS, 1.5)


def size(count: float) -> str:
    """Bytes in decimal units, two digits that count.

    >>> size(1_234_000_000), size(120e9), size(500)
    ('1.2 GB', '120 GB', '500 bytes')
    """
    return _scaled(count, _SIZES, 1.0)


def many(messages: float) -> str:
    """An amount of messages.

    >>> many(90_000), many(2.5e6), many(9e10)
    ('90,000', '2.5 million', '90,000 million')
    """
    return f"{messages:,.0f}" if messages < MILLION else f"{_two(messages / MILLION)} million"


def _scaled(value: float, units: tuple[tuple[float, str], ...], least: float) -> str:
    for factor, unit in units:
        if value >= least * factor or factor == units[-1][0]:
            return f"{_two(value / factor)} {unit}"
    return "0"


def _two(value: float) -> str:
    """Two digits that count, or all before the point.

    >>> _two(0.4234), _two(1.26), _two(126.3)
    ('0.42', '1.3', '126')
    """
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def sentence(plan: Plan) -> str:
    """What to do, with the numbers that it rests on."""
    window, workers = plan.window, plan.hardware.workers
    head = f"A run over {many(window.messages)} messages takes about {duration(window.local_s)} on one machine"
    cluster = f"{duration(window.cluster_s)} on a cluster of {workers:,}"
    if plan.advice == "machine":
        if window.local_s <= plan.load.within_h * 3600:
            return f"{head} and {cluster}: stay on one machine, which does it in time."
        return f"{head} and {cluster}: a cluster is no help, stay on one machine."
    if plan.advice == "cluster":
        lack = "has no room for it" if not plan.machine_does else f"needs about {duration(window.local_s)}"
        late = "" if window.cluster_s <= plan.load.within_h * 3600 else f"; {_needed(plan)}"
        return (
            f"One machine {lack}; a cluster of {workers:,} takes about {duration(window.cluster_s)} for "
            f"{many(window.messages)} messages: move to a cluster{late}."
        )
    return (
        f"Neither one machine nor {workers:,} workers have room for a run over {many(window.messages)} messages "
        f"(too little {' and '.join(cluster_lacks(window, plan.hardware))}); {_needed(plan)}."
    )


def _needed(plan: Plan) -> str:
    within = duration(plan.load.within_h * 3600)
    if plan.workers_needed is None:
        return f"no number of such workers does it within {within}"
    workers = "one such worker" if plan.workers_needed == 1 else f"{plan.workers_needed:,} such workers"
    return f"it takes {workers} to do it within {within}"


def turning_points(plan: Plan) -> Iterator[str]:
    """From which amounts of messages on another answer is right."""
    workers = plan.hardware.workers
    if plan.break_even is None:
        yield f"A cluster of {workers:,} is never quicker than one machine, whatever the number of messages."
    else:
        yield f"From {many(plan.break_even)} messages on a cluster of {workers:,} is quicker than one machine."
    if plan.machine_full is not None:
        yield f"With {many(plan.machine_full)} messages one machine has no memory or no disk left."
    yield (
        f"A run over one day takes {duration(plan.day.local_s)} on one machine and "
        f"{duration(plan.day.cluster_s)} on the cluster."
    )
    yield f"For a cluster, {_needed(plan)}."
    yield f"To add a day's messages takes {duration(plan.add_s)} of one core."


def measured_words(of: Constants) -> str:
    """When and on what the figures were measured."""
    largest = max(run.messages for one in of.measures for run in one.local)
    versions = ", ".join(f"{name} {version}" for name, version in of.versions.items())
    return (
        f"Measured on {of.measured_at} with up to {many(largest)} messages on a machine with {of.cores} cores and "
        f"{size(of.memory)} of memory ({versions})."
    )


ASSUMPTIONS = (
    "A core is as quick as one of the machine that was measured, and nothing else runs on it.",
    "Messages are alike those of the benchmark: as many share a thing, within as short a time.",
    "Where a few things are shared by very many at once, coordination costs more.",
    "Costs grow as they did between the two amounts that were measured: a fixed part and one in proportion, or faster.",
    "The farther the messages are from these amounts, the less a plan is worth.",
    "What two cores or two workers could not share among them, more of them cannot either.",
    "What is shuffled is sent before anything else is done, at the full rate of the network.",
    "Kernels are compiled at the first use of a version; that is left out.",
    "The cluster has its workers and a machine beside them that drives it; the lake lies where all of them reach it.",
    "Detectors that a cluster does not speed up (canary, known content, candidates of campaigns) are left out.",
)
