from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request
from starlette.responses import Response

from seawall.model import Decision, Outcome
from seawall.web.done import COOKIE, just_done, remember


def asking(cookie: str) -> Request:
    """A request with this cookie."""
    return Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={cookie}".encode())]})


def made(ago: float) -> str:
    """The cookie of a decision that was made so many seconds ago."""
    answer = Response()
    at = datetime.now(UTC) - timedelta(seconds=ago)
    remember(answer, Decision("C-1AB2", "Rosa", at, Outcome.REFER, "Secret", "proposed"), secure=True)
    told = answer.headers["set-cookie"]
    assert "HttpOnly" in told
    assert "Secure" in told
    assert "Secret" not in told
    return told.split(";")[0].removeprefix(f"{COOKIE}=")


def test_the_seconds_that_are_left() -> None:
    """The bar tells what was done and how long it can be taken back, then only what was done, then nothing."""
    now = just_done(asking(made(0)))
    assert now is not None
    assert (now.case_id, now.outcome, now.stage) == ("C-1AB2", Outcome.REFER, "proposed")
    assert 8 <= now.seconds <= 11
    later = just_done(asking(made(30)))
    assert later is not None
    assert later.seconds == 0
    assert just_done(asking(made(90))) is None


@pytest.mark.parametrize(
    "cookie",
    ["", "C-1", "C-1.watch.decided.x", "C-1.burn.decided.1", "<b>.watch.decided.1", "C-1.watch.decided.99999999999"],
    ids=["empty", "short", "no time", "no outcome", "no case", "future"],
)
def test_what_is_no_decision(cookie: str) -> None:
    """A cookie that is none of ours shows no bar."""
    assert just_done(asking(cookie)) is None
