from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from seawall.errors import ConfigurationError, InputError
from seawall.measures.layers import LayeredNetwork
from seawall.protocols import Progress
from seawall.workspace.looking_jobs import MOST_WAITING, Job, NetworkAsked, job_of

LONG = 60.0


class Held:
    """Computes nothing until it is let go; counts how often it was begun."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = 0

    def __call__(self, progress: Progress) -> LayeredNetwork:
        self.begun += 1
        progress("reading messages", 0, None)
        self.go.wait(LONG)
        return "a network"  # type: ignore[return-value]


@pytest.fixture
def held() -> Iterator[Held]:
    held = Held()
    yield held
    held.go.set()


def asked(number: int) -> NetworkAsked:
    return NetworkAsked(least=number)


def test_a_network_is_computed_once(tmp_path: Path, held: Held) -> None:
    """Whoever asks for the same network meanwhile gets the same job; afterwards the result, without another run."""
    jobs = [job_of(tmp_path, asked(1), "v1", 0, held) for _ in range(5)]
    held.go.set()
    assert jobs[0].ended.wait(LONG)
    jobs.append(job_of(tmp_path, asked(1), "v1", 0, held))
    assert len({id(one) for one in jobs}) == held.begun == 1
    assert jobs[0].found == "a network"


def test_too_many_at_once_are_refused(tmp_path: Path, held: Held) -> None:
    """Beyond a few that wait another one is refused, with what to do; when they are done it is taken."""
    jobs = [job_of(tmp_path, asked(number), "v1", 0, held) for number in range(1, MOST_WAITING + 1)]
    with pytest.raises(ConfigurationError, match="Wait until"):
        job_of(tmp_path, asked(99), "v1", 0, held)
    held.go.set()
    assert all(one.ended.wait(LONG) for one in jobs)
    assert job_of(tmp_path, asked(99), "v1", 0, held).ended.wait(LONG)


def test_one_is_computed_at_a_time(tmp_path: Path, held: Held) -> None:
    """A second network waits until the first is there, and says so."""
    first = job_of(tmp_path, asked(1), "v1", 0, held)
    second = job_of(tmp_path, asked(2), "v1", 0, held)
    assert not first.ended.wait(0.05)
    assert held.begun <= 1
    assert "waiting for its turn" in {first.doing, second.doing}
    held.go.set()
    assert first.ended.wait(LONG)
    assert second.ended.wait(LONG)


def test_nothing_from_before_an_erasure(tmp_path: Path, held: Held) -> None:
    """After an erasure a network is computed anew, however fresh the one from before is."""
    held.go.set()
    before = job_of(tmp_path, asked(1), "v1", 0, held)
    assert before.ended.wait(LONG)
    after = job_of(tmp_path, asked(1), "v1", 1, held)
    assert after is not before
    assert after.ended.wait(LONG)


def test_a_fault_is_told_without_its_words(tmp_path: Path) -> None:
    """What Seawall says on purpose is told as it is; of any other fault only that there was one."""

    def refuse(progress: Progress) -> LayeredNetwork:
        raise InputError("There is no such bed.")

    def break_down(progress: Progress) -> LayeredNetwork:
        raise ValueError("a private value")

    told = [_ended(job_of(tmp_path, asked(n), "v1", 0, fails)) for n, fails in ((1, refuse), (2, break_down))]
    assert "There is no such bed." in told[0]
    assert "private" not in told[1]
    assert "could not be computed" in told[1]


def _ended(job: Job[LayeredNetwork]) -> str:
    assert job.ended.wait(LONG)
    return str(job.error)
