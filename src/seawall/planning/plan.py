"""A plan: what each measure costs on one machine and on a cluster, and when to move from one to the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from seawall.planning.asked import MOST, Hardware, Load
from seawall.planning.constants import Constants, shipped
from seawall.planning.costs import GB, USABLE, Cost, cost, smallest

MILLION = 1_000_000
LEAST, FARTHEST = 1e3, 1e15
"""Amounts of messages between which break-evens are looked for."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What a run of all measures over an amount of messages costs; they run one after the other.

    Args:
        messages: the amount.
        measures: each by itself.
        local_s: seconds on one machine, the start included.
        cluster_s: seconds on the cluster, the start included.
        local_memory: bytes on one machine, of the measure that needs most.
        worker_memory: bytes on each worker, likewise.
        driver_memory: bytes on the driver, likewise.
        shuffled: bytes on the workers' disks at the highest, all workers together.
        lake: bytes of the lake.
        index: bytes of the index of duplicates, which stays where messages are added.
    """

    messages: float
    measures: tuple[Cost, ...]
    local_s: float
    cluster_s: float
    local_memory: float
    worker_memory: float
    driver_memory: float
    shuffled: float
    lake: float
    index: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be expected.

    Args:
        load: what was asked for.
        hardware: likewise.
        add_s: CPU-seconds in which a day's messages are added.
        day: a run over the messages of one day.
        window: a run over all messages that are kept.
        break_even: messages from which on the cluster is quicker than one machine; None = it never is.
        machine_full: messages with which one machine has no memory or no disk left; None = never.
        workers_needed: the fewest workers that end a run over the window in time; None = no number of them does.
        machine_does: whether one machine has room for the window.
        cluster_does: whether the cluster has.
        advice: ``machine``, ``cluster`` or ``neither``.
        measured: the figures that it rests on.
    """

    load: Load
    hardware: Hardware
    add_s: float
    day: Amount
    window: Amount
    break_even: float | None
    machine_full: float | None
    workers_needed: int | None
    machine_does: bool
    cluster_does: bool
    advice: str
    measured: Constants

    def amount(self, messages: float) -> Amount:
        """The same for another amount of messages."""
        return amount(messages, self.load, self.hardware, self.measured)

    def as_dict(self) -> dict[str, Any]:
        """The same for machines; of the figures that were measured, when and on what."""
        told = asdict(replace(self, measured=replace(self.measured, measures=())))
        told["measured"].pop("measures")
        return told


def plan(
    messages_per_day: float,
    *,
    retention_days: float = 90.0,
    links: float = 0.3,
    text: float = 1.0,
    interactions: float = 0.25,
    within_h: float = 8.0,
    cores: int = 8,
    memory_gb: float = 32.0,
    disk_gb: float = 1_000.0,
    workers: int = 4,
    network_gbit: float = 10.0,
    constants: Constants | None = None,
) -> Plan:
    """What Seawall costs for so many messages, on one machine and on a cluster of such machines.

    Args:
        messages_per_day: and so on: see ``Load``.
        cores: and so on: see ``Hardware``.
        constants: figures that were measured; None = those that Seawall was shipped with.

    Raises:
        ConfigurationError: a figure that cannot be meant; see ``Load`` and ``Hardware``.

    >>> small = plan(10_000, retention_days=90)
    >>> small.advice, small.window.messages
    ('machine', 900000)
    """
    load = Load(messages_per_day, retention_days, links, text, interactions, within_h)
    hardware = Hardware(cores, memory_gb, disk_gb, workers, network_gbit)
    of = constants or shipped()
    window = amount(load.window, load, hardware, of)
    machine, cluster = machine_holds(window, hardware), cluster_holds(window, hardware)
    return Plan(
        load=load,
        hardware=hardware,
        add_s=of.add * load.messages_per_day / MILLION,
        day=amount(load.messages_per_day, load, hardware, of),
        window=window,
        break_even=_least(lambda one: one.cluster_s < one.local_s, load, hardware, of),
        machine_full=_least(lambda one: not machine_holds(one, hardware), load, hardware, of),
        workers_needed=_workers_needed(load, hardware, of),
        machine_does=machine,
        cluster_does=cluster,
        advice=_advice(window, machine, cluster, load.within_h * 3600),
        measured=of,
    )


def amount(messages: float, load: Load, hardware: Hardware, of: Constants) -> Amount:
    """All measures over so many messages."""
    costs = tuple(cost(measured, of, load, hardware, messages) for measured in of.measures)
    return Amount(
        messages=messages,
        measures=costs,
        local_s=of.start_local + sum(one.local_s for one in costs),
        cluster_s=of.start_cluster + sum(one.cluster_s for one in costs),
        local_memory=max(one.local_memory for one in costs),
        worker_memory=max(one.worker_memory for one in costs),
        driver_memory=max(one.driver_memory for one in costs),
        shuffled=max(one.shuffled for one in costs),
        lake=of.lake * messages,
        index=of.index * messages,
    )


def machine_holds(one: Amount, hardware: Hardware) -> bool:
    """Whether one machine has memory for the measures and a disk for lake and index."""
    return one.local_memory <= USABLE * hardware.memory_gb * GB and one.lake + one.index <= hardware.disk_gb * GB


def cluster_lacks(one: Amount, hardware: Hardware) -> tuple[str, ...]:
    """Of what a cluster has too little; nothing where it holds.

    The lake itself lies where all of its machines reach it, and takes none of their disks.
    """
    memory, disk = USABLE * hardware.memory_gb * GB, hardware.disk_gb * GB
    asked = {
        "memory for a worker's tasks": (one.worker_memory, memory),
        "memory of the driver": (one.driver_memory, memory),
        "disk for what is shuffled": (one.shuffled / hardware.workers, disk),
        "disk for the index of duplicates": (one.index, disk),
    }
    return tuple(what for what, (needed, there) in asked.items() if needed > there)


def cluster_holds(one: Amount, hardware: Hardware) -> bool:
    """Whether workers have memory and disk for their tasks, and the driver for what comes back."""
    return not cluster_lacks(one, hardware)


def _advice(window: Amount, machine: bool, cluster: bool, within: float) -> str:
    """One machine as long as it does it in time; then the cluster if that does it, or is quicker at least."""
    if machine and (window.local_s <= within or not cluster or window.local_s <= window.cluster_s):
        return "machine"
    return "cluster" if cluster else "neither"


def _least(wanted: Callable[[Amount], bool], load: Load, hardware: Hardware, of: Constants) -> float | None:
    def asked(messages: float) -> bool:
        return wanted(amount(messages, load, hardware, of))

    return smallest(partial(asked), LEAST, FARTHEST)


def _workers_needed(load: Load, hardware: Hardware, of: Constants) -> int | None:
    """The fewest that have room and end in time."""
    low, high = 1, int(MOST["workers"])
    if not _in_time(high, load, hardware, of):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _in_time(middle, load, hardware, of) else (middle + 1, high)
    return low


def _in_time(workers: int, load: Load, hardware: Hardware, of: Constants) -> bool:
    more = replace(hardware, workers=workers)
    window = amount(load.window, load, more, of)
    return cluster_holds(window, more) and window.cluster_s <= load.within_h * 3600
