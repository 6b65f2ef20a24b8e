"""Does a detector keep its contract? (design.md, *Contracts*, Detector)"""

from __future__ import annotations

import pickle
from typing import Any

from seawall.checks.failure import CheckFailed, expect
from seawall.checks.memory_window import MemoryWindow
from seawall.checks.worlds import Tables, rekeyed, shuffled
from seawall.engine import LocalEngine
from seawall.errors import SeawallError
from seawall.model import TABLES, Alert
from seawall.protocols import Detector

Scores = list[tuple[Any, ...]]


def check_detector(detector: Detector, worlds: tuple[Tables, ...] = ()) -> None:
    """Run a detector through its contract, on its own examples and on any further tables of the lake.

    It is a frozen dataclass that can be pickled; declares columns that exist and reads no others; fires on its
    firing example and stays quiet on the other; changes nothing in its input; says the same when asked again,
    with rows in another order, and in parts; and gives the same scores when every account has another name.

    Args:
        detector: what is to be checked.
        worlds: further tables (table name -> rows) to run the same checks on.

    Raises:
        CheckFailed: it breaks a part of the contract; the message says which.

    >>> from seawall.detectors import CanaryDetector
    >>> check_detector(CanaryDetector())
    """
    where = f"detector {detector.name}"
    _check_form(detector, where)
    firing, quiet = detector.examples()
    expect(bool(_alerts(detector, firing, where)), "It fires on its firing example.", where)
    expect(not _alerts(detector, quiet, where), "It stays quiet on its quiet example.", where)
    for tables in (firing, quiet, *worlds):
        _check_behaviour(detector, tables, where)


def _check_form(detector: Detector, where: str) -> None:
    parameters = getattr(type(detector), "__dataclass_params__", None)
    expect(parameters is not None and parameters.frozen, "It is a frozen dataclass.", where)
    expect(bool(detector.name) and bool(detector.version), "It has a name and a version.", where)
    for table, columns in detector.needs.items():
        known = TABLES[table].names if table in TABLES else []
        missing = [column for column in columns if column not in known]
        expect(not missing and bool(known), "It needs columns that the lake has.", f"{where}, table {table}")
    try:
        again = pickle.loads(pickle.dumps(detector))  # noqa: S301 - made here
    except Exception as error:  # noqa: BLE001 - whatever pickle raises, the contract is broken
        raise CheckFailed(f"Broken contract: It can be pickled ({type(error).__name__}).", where=where) from None
    expect(again == detector, "A pickled copy equals it.", where)


def _check_behaviour(detector: Detector, tables: Tables, where: str) -> None:
    before = {name: pickle.dumps(rows) for name, rows in tables.items()}
    first = _alerts(detector, tables, where)
    same = all(pickle.dumps(tables[name]) == told for name, told in before.items())
    expect(same, "It does not change its input.", where)
    expect(_alerts(detector, tables, where) == first, "The same input gives the same alerts.", where)
    for seed in (1, 2):
        told = _alerts(detector, shuffled(tables, seed), where)
        expect(told == first, "The order of rows is irrelevant.", where)
        renamed = _alerts(detector, rekeyed(tables, seed), where)
        expect(_scores(renamed) == _scores(first), "Accounts under other names have the same scores.", where)
    split = _alerts(detector, tables, where, LocalEngine(threads=1, memory=1))
    expect(split == first, "Cutting the rows in parts is irrelevant.", where)


def _alerts(detector: Detector, tables: Tables, where: str, engine: LocalEngine | None = None) -> list[Alert]:
    try:
        alerts = list(detector.detect(MemoryWindow(tables, detector, engine)))
    except SeawallError as error:
        raise CheckFailed(f"Broken contract: {error.what}", where=where, mend=error.mend) from None
    for alert in alerts:
        expect(alert.detector == detector.name, "Its alerts carry its name.", where)
        expect(0.0 <= alert.score <= 1.0, "Scores lie between 0 and 1.", where)
        expect(bool(alert.subjects) and bool(alert.sentence), "An alert has a subject and a sentence.", where)
        expect(bool(alert.doubt), "An alert says what speaks against it.", where)
        expect(alert.start <= alert.end, "An alert starts before it ends.", where)
    return alerts


def _scores(alerts: list[Alert]) -> Scores:
    """What must not depend on the names of accounts."""
    numbers = [(a.start, a.end, a.severity, a.score, a.p, a.q, a.observed, a.expected, a.sentence) for a in alerts]
    sizes = [(len(a.subjects), a.evidence) for a in alerts]
    return sorted(zip(numbers, sizes, strict=True), key=repr)
