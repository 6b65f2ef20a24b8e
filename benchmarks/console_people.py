"""Fifty reviewers who decide at once, and what the casebook says of it afterwards."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import seawall
from benchmarks.console_served import Person, Served
from benchmarks.console_world import REVIEWERS

EACH = 3
"""So many cases of the queue each reviewer takes and decides."""
CONTESTED = 3
"""So many cases all of them try to decide."""
_DECISION = {"outcome": "watch", "reason": "It is too early to tell.", "go": "stay"}


@dataclass
class Told:
    """What the reviewers were told."""

    accepted: list[tuple[str, str]] = field(default_factory=list)  # case, reviewer
    refused: int = 0
    seconds: list[float] = field(default_factory=list)  # of each decision


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the decisions.

    Args:
        accepted: so many the reviewers were told are recorded.
        lost: of these so many are not in the casebook.
        doubled: decisions in the casebook beyond one a case, or that nobody was told of.
        refused: so many came second, and were told so.
        seconds: from the first to the last.
        slowest: of the decisions' times the 95th percentile (seconds).
    """

    accepted: int
    lost: int
    doubled: int
    refused: int
    seconds: float
    slowest: float


def at_once(console: Served, contested: Sequence[str]) -> Counted:
    """Let all reviewers decide, each from a session and a thread of their own; then count.

    Args:
        console: the real one.
        contested: cases that wait, which all of them try to decide.

    Raises:
        AssertionError: an answer that is none of those expected, or a casebook or audit that is not whole.
    """
    book = seawall.open(console.folder).casebook
    before = book.audit.head().count
    told, together = Told(), threading.Barrier(len(REVIEWERS))
    faults: list[BaseException] = []

    def decide(name: str, person: Person) -> None:
        try:
            together.wait()
            for case_id in contested:
                _decide(told, name, person, case_id)
            for _ in range(EACH):
                taken = person.send("/queue/next", filters="", after="")
                assert taken.status == 303, f"/queue/next answered {taken.status}"
                _decide(told, name, person, taken.place.rpartition("/")[2])
        except BaseException as error:  # noqa: BLE001 - it is told after all threads have ended
            faults.append(error)

    people = [(name, console.person(name)) for name in REVIEWERS]
    threads = [threading.Thread(target=decide, args=one) for one in people]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if faults:
        raise faults[0]
    entries = [entry for entry in book.audit.entries() if entry.sequence > before and entry.act == "decide"]
    audited = Counter((entry.detail["case"], entry.actor) for entry in entries)
    kept = Counter(
        (case_id, decision.reviewer)
        for case_id in {case for case, _ in told.accepted}
        for decision in book.case(case_id).case.decisions
    )
    accepted = Counter(told.accepted)
    assert audited == kept, "The audit and the casebook do not agree."
    assert book.audit.verify() == []
    assert book.problems() == []
    cases = Counter(case for case, _ in kept.elements())
    slowest = sorted(told.seconds)[int(0.95 * len(told.seconds))]
    return Counted(
        accepted=accepted.total(),
        lost=(accepted - kept).total(),
        doubled=(kept - accepted).total() + sum(count - 1 for count in cases.values()),
        refused=told.refused,
        seconds=seconds,
        slowest=slowest,
    )


def _decide(told: Told, name: str, person: Person, case_id: str) -> None:
    answer = person.send(f"/cases/{case_id}/decide", **_DECISION)
    assert answer.status in (303, 409), f"A decision was answered with {answer.status}."
    told.seconds.append(answer.seconds)
    if answer.status == 303:
        told.accepted.append((case_id, name))
    else:
        told.refused += 1
