"""Opens a session in the browser, ends it, and leads to where the person was."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from seawall.web.admission import address, limit
from seawall.web.limits import SIGN_IN
from seawall.web.problems import KEPT_COOKIE, own_path
from seawall.web.visit import Visiting

SESSION_SECONDS = 12 * 3600


def limit_tries(visit: Visiting) -> None:
    """Count a try to sign in from this address.

    Raises:
        TooMany: there were too many.
    """
    limit(visit.console, f"sign-in from {address(visit.request)}", SIGN_IN)


def entered(visit: Visiting, name: str, how: str, next_: str = "/") -> Response:
    """Sign a person in who has shown who they are, and go where they were; first to a form that was kept for them."""
    kept = visit.console.kept.of(visit.request.cookies.get(KEPT_COOKIE, ""), name)
    answer = RedirectResponse(visit.url("kept") if kept else own_path(next_ or "/"), 303)
    open_session(visit, answer, name, how)
    return answer


def open_session(visit: Visiting, answer: Response, name: str, how: str) -> None:
    """Put a new session's cookie on an answer."""
    answer.set_cookie(
        visit.console.cookie,
        visit.console.acting_as(name).open_session(name, how),
        max_age=SESSION_SECONDS,
        path="/",
        secure=visit.console.settings.secure,
        httponly=True,
        samesite="strict",
    )


def left(visit: Visiting) -> Response:
    """Sign the person out."""
    token = visit.request.cookies.get(visit.console.cookie)
    if token:
        visit.workspace.close_session(token)
    answer = visit.see_other("sign-in")
    answer.delete_cookie(
        visit.console.cookie, path="/", secure=visit.console.settings.secure, httponly=True, samesite="strict"
    )
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer
