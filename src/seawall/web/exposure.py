"""How long a person has looked at cases since their last break, grave ones counting more. It is theirs alone.

The count lives in a cookie of the person's own browser: the server keeps nothing of it, logs nothing of it, and no
other person, administrators included, can ask for it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from seawall.model import Severity

COOKIE = "seawall_exposure"
WEIGHTS = {Severity.LOW: 1, Severity.MEDIUM: 1, Severity.HIGH: 2, Severity.URGENT: 3}
"""A minute with a grave case counts as so many."""
BREAK = timedelta(minutes=10)
"""So long without a case is a break."""
SHIFT = timedelta(hours=6)
"""So long without a case ends a shift."""
MOST_GRAVE = 2
"""After so many grave cases one after the other a lighter one comes next, where there is one."""
_MOST_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Exposure:
    """Times are UTC, in whole seconds."""

    last: datetime  # when a case was last opened
    weight: int = 1  # of that case
    seconds: int = 0  # since the last break, weighted
    shift_seconds: int = 0  # since the shift began, weighted
    grave_in_a_row: int = 0
    last_case: str = ""

    def seen(self, case_id: str, severity: Severity, at: datetime) -> Exposure:
        """After a case was opened; the time until then counts for the one before."""
        passed = max(at - self.last, timedelta())
        worked = 0 if passed >= BREAK else int(passed.total_seconds()) * self.weight
        grave = severity in (Severity.HIGH, Severity.URGENT)
        row = 0 if passed >= BREAK else self.grave_in_a_row
        return Exposure(
            last=at.replace(microsecond=0),
            weight=WEIGHTS[severity],
            seconds=0 if passed >= BREAK else min(self.seconds + worked, _MOST_SECONDS),
            shift_seconds=0 if passed >= SHIFT else min(self.shift_seconds + worked, _MOST_SECONDS),
            grave_in_a_row=(row if case_id == self.last_case else row + 1) if grave else 0,
            last_case=case_id,
        )

    @property
    def minutes(self) -> int:
        """Weighted minutes since the last break."""
        return self.seconds // 60

    @property
    def shift_minutes(self) -> int:
        """Weighted minutes of this shift."""
        return self.shift_seconds // 60

    def due(self, minutes: int) -> bool:
        """Whether a break is due after so many weighted minutes."""
        return self.minutes >= minutes

    @property
    def wants_lighter(self) -> bool:
        """Whether a lighter case should come next."""
        return self.grave_in_a_row >= MOST_GRAVE


def exposure_of(request: Request, person: str, at: datetime) -> Exposure:
    """What the person's own browser holds."""
    return read(request.cookies.get(COOKIE), person, at)


def keep(answer: Response, exposure: Exposure, person: str, *, secure: bool) -> None:
    """Give it back to the person's browser."""
    most = int(SHIFT.total_seconds())
    answer.set_cookie(COOKIE, written(exposure, person), max_age=most, httponly=True, samesite="strict", secure=secure)


def written(exposure: Exposure, person: str) -> str:
    """The value of the cookie."""
    numbers = (
        int(exposure.last.timestamp()),
        exposure.weight,
        exposure.seconds,
        exposure.shift_seconds,
        exposure.grave_in_a_row,
    )
    return ".".join([_tag(person), *map(str, numbers), exposure.last_case])


def read(text: str | None, person: str, at: datetime) -> Exposure:
    """What a cookie holds; a fresh start where there is none, or where it is another person's or not one of ours.

    >>> at = datetime(2026, 5, 3, 9, tzinfo=UTC)
    >>> seen = read(None, "Rosa", at).seen("C-1", Severity.HIGH, at)
    >>> read(written(seen, "Rosa"), "Rosa", at) == seen
    True
    >>> read(written(seen, "Rosa"), "Iris", at).last_case, read("<script>", "Rosa", at).last_case
    ('', '')
    """
    tag, *numbers, case_id = ((text or "").split(".", 6) + [""] * 7)[:7]
    plain = all(one.isascii() and one.isdecimal() and len(one) < 12 for one in numbers)
    if tag != _tag(person) or not plain or len(case_id) > 40:
        return Exposure(at)
    last, weight, seconds, shift, row = map(int, numbers)
    moment = datetime.fromtimestamp(last, UTC)
    if moment > at or weight not in WEIGHTS.values():
        return Exposure(at)
    return Exposure(moment, weight, min(seconds, _MOST_SECONDS), min(shift, _MOST_SECONDS), row, case_id)


def _tag(person: str) -> str:
    return hashlib.sha256(person.encode()).hexdigest()[:12]
