"""What one measure costs over an amount of messages: on one machine, and on a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from seawall.planning.asked import Hardware, Load
from seawall.planning.constants import Constants, Measured, Run, alone, growth, line

GB = 1e9
USABLE = 0.8
"""So much of a machine's memory can be used; the rest is the system's."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One measure over an amount of messages.

    Args:
        measure: its name.
        local_s: seconds on one machine, its start left out.
        local_cpu_s: CPU-seconds there.
        local_memory: bytes there.
        cluster_s: seconds on the cluster, its start left out.
        cluster_cpu_s: CPU-seconds there, of all processes.
        shuffled: bytes that the workers send one another.
        worker_memory: bytes on each worker: a task of Python for each core, and Java.
        driver_memory: bytes on the driver.
    """

    measure: str
    local_s: float
    local_cpu_s: float
    local_memory: float
    cluster_s: float
    cluster_cpu_s: float
    shuffled: float
    worker_memory: float
    driver_memory: float


def cost(measured: Measured, of: Constants, load: Load, hardware: Hardware, messages: float) -> Cost:
    """The cost of a measure over so many messages with links, text and interactions as in ``load``."""
    weight = relative(measured, of, load)
    at = messages * weight
    local_cpu = grown(measured.local, "cpu", at)
    base, each = line(measured.local, "memory")
    shuffled = measured.cluster[-1].shuffled / measured.cluster[-1].messages * at
    return Cost(
        measure=measured.name,
        local_s=_on_cores(measured.local[-1], of.cores, local_cpu, hardware.cores),
        local_cpu_s=local_cpu,
        local_memory=base + each * at,
        cluster_s=_on_workers(measured, at, hardware) + _sent(shuffled, hardware),
        cluster_cpu_s=grown(measured.cluster, "cpu", at),
        shuffled=shuffled,
        worker_memory=hardware.cores * max(run.memory for run in measured.cluster) + measured.cluster[-1].java,
        driver_memory=_at(measured.cluster, "driver", at),
    )


def relative(measured: Measured, of: Constants, load: Load) -> float:
    """How many rows it looks at for each message, beside the benchmark's messages.

    >>> one = Measured("links", {"links": 1.0}, (), ())
    >>> of = Constants("", 2, 1, {}, {"links": 0.4}, 0, 0, 0, 0, 0, ())
    >>> relative(one, of, Load(1e5, links=0.2))
    0.5
    """
    asked = {"messages": 1.0, "text": load.text, "links": load.links, "interactions": load.interactions}
    there = sum(weight * of.share.get(what, 1.0) for what, weight in measured.share.items())
    return sum(weight * asked[what] for what, weight in measured.share.items()) / there


def grown(runs: tuple[Run, ...], name: str, messages: float) -> float:
    """A cost that was measured, at another number of messages."""
    law = growth(runs, name)
    return law.fixed + law.of(messages)


def _at(runs: tuple[Run, ...], name: str, messages: float) -> float:
    base, each = line([run for run in runs if run.workers == runs[-1].workers], name)
    return base + each * messages


def _on_cores(run: Run, cores_then: int, cpu: float, cores: int) -> float:
    """Seconds of so many CPU-seconds, shared among cores as far as the run could share them."""
    part = alone(run.cpu, run.seconds, cores_then)
    return cpu * (part + (1 - part) / cores)


def _on_workers(measured: Measured, messages: float, hardware: Hardware) -> float:
    """Seconds of the work of one core, shared among all cores of all workers as far as two could share it.

    What any number of messages costs (the steps of a measure, each of which is begun and ended) is not shared. What two
    computed more than one (they send each other rows, and share a machine's memory) is work for any number of them.
    """
    law = growth(measured.cluster, "seconds")
    runs = beside(measured)
    one, two = (max(run.seconds - law.fixed, 0.01 * run.seconds) for run in runs)
    hands = hardware.workers * hardware.cores
    more = runs[1].cpu / runs[0].cpu if hands > 1 else 1.0
    whole = one * max(1.0, more)
    part = alone(whole, two)
    return law.fixed + law.of(messages) * whole / two * (part + (1 - part) / hands)


def beside(measured: Measured) -> tuple[Run, Run]:
    """The runs on one worker and on two over the same messages, the largest amount of which there are both."""
    by_size = {(run.messages, run.workers): run for run in measured.cluster}
    most = max(messages for messages, workers in by_size if workers == 1)
    return by_size[most, 1], by_size[most, 2]


def _sent(shuffled: float, hardware: Hardware) -> float:
    """Seconds in which the workers send one another what is shuffled, nothing else done meanwhile."""
    abroad = shuffled * (hardware.workers - 1) / hardware.workers
    return abroad / hardware.workers / (hardware.network_gbit * GB / 8)


def smallest(messages: partial[bool], low: float, high: float) -> float | None:
    """The least amount for which a question that turns from no to yes once is answered with yes; None = never.

    >>> from operator import le
    >>> round(smallest(partial(le, 1000.0), 1.0, 1e6))
    1000
    """
    if not messages(high):
        return None
    if messages(low):
        return low
    while high / low > 1.0001:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if messages(middle) else (middle, high)
    return high
