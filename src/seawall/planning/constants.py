"""Figures that ``python -m benchmarks scale`` has measured, and the laws of growth that follow from them.

Nothing in the file is typed by hand. A measure was run on this machine's engine over two amounts of messages, and on a
cluster of one and of two workers with one core each.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "constants.json"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one measure, what is done once left out.

    Args:
        messages: over so many.
        seconds: how long it took.
        cpu: CPU-seconds of all processes.
        memory: bytes, at the highest: of the process on one machine; on a cluster of the largest task of Python.
        workers: of a cluster, one core each; 0 = this machine's own engine, with all its cores.
        shuffled: bytes that tasks wrote for other tasks.
        java: bytes of the largest process of Java on a worker.
        driver: bytes of the driver's process of Python.
    """

    messages: int
    seconds: float
    cpu: float
    memory: int
    workers: int = 0
    shuffled: int = 0
    java: int = 0
    driver: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """The runs of a measure.

    Args:
        name: as in RESULTS.md.
        share: how many rows it looked at for each message of the benchmark, by what they are: ``messages``, ``text``,
            ``links``, ``interactions``.
        local: on this machine, the least amount first.
        cluster: on two workers, the least amount first; before one of them the same amount on one worker.
    """

    name: str
    share: Mapping[str, float]
    local: tuple[Run, ...]
    cluster: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Constants:
    """All that was measured, and on what.

    Args:
        measured_at: a day, as 2026-05-03.
        cores: of the machine.
        memory: of the machine, in bytes.
        versions: of Python and of what does the work.
        share: rows for each message of the benchmark by what they are, as in ``Measured.share``.
        start_local: seconds until this machine's engine has everything ready.
        start_cluster: seconds until a cluster has.
        lake: bytes on the disk for each message, its interactions included.
        index: bytes of the index of duplicates for each message.
        add: CPU-seconds of ``seawall add`` for a million messages.
        measures: in the order of RESULTS.md.
    """

    measured_at: str
    cores: int
    memory: int
    versions: Mapping[str, str]
    share: Mapping[str, float]
    start_local: float
    start_cluster: float
    lake: float
    index: float
    add: float
    measures: tuple[Measured, ...]

    def as_json(self) -> str:
        """The file."""
        return json.dumps(asdict(self), indent=1) + "\n"


def read(text: str) -> Constants:
    """The figures of a file that ``Constants.as_json`` wrote."""
    told: dict[str, Any] = json.loads(text)
    measures = tuple(
        Measured(
            one["name"], one["share"], *(tuple(Run(**run) for run in one[where]) for where in ("local", "cluster"))
        )
        for one in told.pop("measures")
    )
    return Constants(**told, measures=measures)


@cache
def shipped() -> Constants:
    """The figures that this version of Seawall was measured with."""
    return read(files("seawall.planning").joinpath(FILE).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Growth:
    """How a cost grows with the number of messages: a part that is always there, and a part that grows.

    Args:
        fixed: what any number costs.
        at: a number of messages.
        there: what grows, at that number.
        power: of the number of messages.
    """

    fixed: float
    at: float
    there: float
    power: float = 1.0

    def of(self, messages: float) -> float:
        """What grows, at another number of messages."""
        return float(self.there * (messages / self.at) ** self.power)


def growth(runs: Sequence[Run], name: str) -> Growth:
    """The law through the least and the largest of the runs with as many workers as the last one.

    Where a cost grew less than in proportion, a part of it was fixed; where it grew more, by a power. Where it did not
    grow at all, which no work does, it counts as growing in proportion.

    >>> growth([Run(5, 10.0, 1, 1), Run(20, 25.0, 1, 1)], "seconds")
    Growth(fixed=5.0, at=20, there=20.0, power=1.0)
    >>> growth([Run(5, 1.0, 1, 1), Run(20, 16.0, 1, 1)], "seconds")
    Growth(fixed=0.0, at=20, there=16.0, power=2.0)
    """
    alike = [run for run in runs if run.workers == runs[-1].workers]
    first, last = alike[0], alike[-1]
    small, large = float(getattr(first, name)), float(getattr(last, name))
    if first.messages >= last.messages or large <= small or small <= 0:
        return Growth(0.0, last.messages, large)
    power = math.log(large / small) / math.log(last.messages / first.messages)
    if power > 1:
        return Growth(0.0, last.messages, large, power)
    each = (large - small) / (last.messages - first.messages)
    return Growth(large - each * last.messages, last.messages, each * last.messages)


def line(runs: Sequence[Run], name: str) -> tuple[float, float]:
    """Memory as bytes that are always there and bytes for each message; never falling.

    >>> line([Run(5, 1, 1, 100), Run(20, 1, 1, 160)], "memory")
    (80.0, 4.0)
    """
    first, last = runs[0], runs[-1]
    most = float(getattr(last, name))
    if first.messages == last.messages:
        return 0.0, most / last.messages
    each = max(0.0, (most - getattr(first, name)) / (last.messages - first.messages))
    return most - each * last.messages, each


def alone(one: float, shared: float, hands: int = 2) -> float:
    """The part of the work that cannot be shared, from the seconds of one core and of so many (Amdahl).

    >>> alone(100.0, 50.0), alone(100.0, 60.0), alone(100.0, 110.0)
    (0.0, 0.2, 1.0)
    >>> alone(100.0, 40.0, hands=4), alone(100.0, 100.0, hands=1)
    (0.2, 1.0)
    """
    if hands == 1:
        return 1.0
    return round(min(1.0, max(0.0, (hands * shared / one - 1) / (hands - 1))), 12)
