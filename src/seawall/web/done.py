"""The decision that a person has just made, for the bar with its Undo button: a cookie that ends by itself.

It only helps to show the button; whether ten seconds are over is the casebook's to say.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from math import ceil

from starlette.requests import Request
from starlette.responses import Response

from seawall.casebook.standing import UNDO_SECONDS
from seawall.model import Decision, Outcome
from seawall.web.outcomes import chosen

COOKIE = "seawall_done"
SHOWN_SECONDS = 60
"""The bar says for so long what was done; its button goes after UNDO_SECONDS."""
_CASE = re.compile(r"C-[0-9A-Z]{1,30}")


@dataclass(frozen=True, slots=True)
class Done:
    """A decision of a moment ago."""

    case_id: str
    outcome: Outcome
    stage: str
    seconds: int  # left to take it back; 0 = over


def remember(answer: Response, decision: Decision, *, secure: bool) -> None:
    """Let the person's next page say what they decided."""
    told = f"{decision.case_id}.{decision.outcome.value}.{decision.stage}.{int(decision.at.timestamp())}"
    answer.set_cookie(COOKIE, told, max_age=SHOWN_SECONDS, httponly=True, samesite="strict", secure=secure)


def forget(answer: Response) -> None:
    """It was taken back."""
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")


def just_done(request: Request) -> Done | None:
    """The decision of a moment ago; None where there is none, or where the cookie is not one of ours."""
    case_id, outcome, stage, at = ((request.cookies.get(COOKIE) or "").split(".") + [""] * 4)[:4]
    known = chosen(outcome)
    if known is None or not _CASE.fullmatch(case_id) or not (at.isascii() and at.isdecimal() and len(at) < 12):
        return None
    passed = time.time() - int(at)
    if not -1 <= passed <= SHOWN_SECONDS:
        return None
    return Done(
        case_id, known, stage if stage in ("proposed", "confirmed") else "decided", max(0, ceil(UNDO_SECONDS - passed))
    )
