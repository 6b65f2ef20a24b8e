"""A clock that may be set, and what of it is believed."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.steady import BELIEVED_SECONDS, JUMP_SECONDS, SteadyClock

START = datetime(2026, 5, 3, 14, 5, tzinfo=UTC).timestamp()


class Machine:
    """A machine whose clock the test sets."""

    def __init__(self) -> None:
        self.wall, self.up = START, 100.0
        self.clock = SteadyClock(lambda: self.wall, lambda: self.up)

    def wait(self, seconds: float) -> float:
        """Seconds by the steady clock since the start."""
        self.wall += seconds
        self.up += seconds
        return self.clock.now().timestamp() - START


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(-1e6, 1e6)), min_size=1, max_size=10))
def test_jumps_that_are_taken_back_are_never_followed(jumps: list[tuple[float, float]]) -> None:
    """Set anywhere for less than five minutes together, and set right again, the clock tells the time that passed."""
    machine, passed = Machine(), 0.0
    for seconds, jump in jumps:
        machine.wall += jump
        passed += seconds / 3
        told = machine.wait(seconds / 3)
        assert abs(told - passed) < JUMP_SECONDS * 10 + 0.01
        machine.wall -= jump
        passed += seconds
        machine.wait(seconds)
    machine.wall = START + passed
    assert abs(machine.wait(0) - passed) < 0.01


def test_a_clock_that_was_set_is_followed_when_it_has_stood() -> None:
    """A jump is passed over until it has stood for five minutes; a second jump begins these anew."""
    machine = Machine()
    machine.wall += 3_600
    assert round(machine.wait(0)) == 0
    assert round(machine.wait(BELIEVED_SECONDS - 1)) == BELIEVED_SECONDS - 1
    machine.wall += 3_600
    assert round(machine.wait(2)) == BELIEVED_SECONDS + 1
    assert round(machine.wait(BELIEVED_SECONDS)) == 2 * 3_600 + 2 * BELIEVED_SECONDS + 1


def test_a_clock_that_is_kept_right_is_followed_at_once() -> None:
    """Seconds of correction are no jump."""
    machine = Machine()
    machine.wall -= JUMP_SECONDS - 1
    assert round(machine.wait(10)) == 10 - (JUMP_SECONDS - 1)
