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


def exponent(small: float, large: float, few: int, many: int) -> float:
    """How a cost grows with the amount: at least in proportion, because less would be hoped, not measured.

    >>> exponent(1.0, 4.0, 5, 20), exponent(1.0, 16.0, 5, 20), exponent(1.0, 2.0, 5, 20)
    (1.0, 2.0, 1.0)
    """
    if few >= many or small <= 0 or large <= 0:
        return 1.0
    return max(1.0, math.log(large / small) / math.log(many / few))


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


def alone(one: float, two: float) -> float:
    """The part of the work that cannot be shared, from the seconds of one core and of two (Amdahl).

    >>> alone(100.0, 50.0), alone(100.0, 60.0), alone(100.0, 110.0)
    (0.0, 0.2, 1.0)
    """
    return round(min(1.0, max(0.0, 2 * two / one - 1)), 12)
