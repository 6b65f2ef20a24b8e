"""What is answered where a request is not: a page with what is wrong and what to do, that tells nothing else."""

from __future__ import annotations

import logging
from math import ceil
from urllib.parse import quote, urlsplit

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from seawall.errors import ConfigurationError, InputError, RuleError, SeawallError, StorageError, WorkspaceError
from seawall.web.admission import person_of
from seawall.web.api import problem as calls
from seawall.web.api.admission import counted
from seawall.web.console import console_of
from seawall.web.forms import Form
from seawall.web.marking import _
from seawall.web.refusals import Hidden, NotSignedIn, Refusal, TooLarge, TooMany
from seawall.web.visit import Visiting

KEPT_COOKIE = "seawall_kept"
log = logging.getLogger("seawall.web")


class Trouble(Refusal):
    """Something that the person can be told in a sentence, with a status of its own."""

    def __init__(
        self, status: int, sentence: str, mend: str = "", *, retry_after: float | None = None, where: str | None = None
    ) -> None:
        super().__init__(sentence, mend, retry_after=retry_after)
        self.status = status
        self.where = where


def install(app: FastAPI) -> None:
    """Let an application answer in this way."""
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _strange)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(SeawallError, _seawall)


def problem(request: Request, refusal: Refusal) -> Response:
    """The answer to a request that is refused: a page, a sentence for htmx, or JSON (RFC 9457)."""
    if calls.is_call(request):
        return calls.told(request, refusal, refusal.where if isinstance(refusal, Trouble) else None)
    visit = visit_of(request)
    sentence, mend = visit._(refusal.sentence), visit._(refusal.mend) if refusal.mend else ""
    request_id = request.state.request_id
    answer: Response
    if _wants_json(request):
        told = {"type": "about:blank", "title": sentence, "status": refusal.status, "request_id": request_id}
        answer = JSONResponse({**told, "detail": mend} if mend else told, refusal.status)
        answer.headers["content-type"] = "application/problem+json"
    else:
        show = visit.fragment if visit.wants_fragment else visit.page
        template = "problem_part.html" if visit.wants_fragment else "problem.html"
        answer = show(template, refusal.status, sentence=sentence, mend=mend, problem_id=request_id)
    if refusal.retry_after:
        answer.headers["retry-after"] = str(ceil(refusal.retry_after))
    return answer


def fault(request: Request, error: Exception) -> Response:
    """The answer where Seawall itself is at fault. The log names the kind of error, and no value."""
    console_of(request).counts.fault(type(error).__name__)
    route = getattr(request.state, "route", "none")
    log.error("A fault of Seawall itself: %s, route %s, request %s", type(error).__name__, route, _id(request))
    refusal = Trouble(
        500,
        _("A fault of Seawall itself. What was acknowledged is kept."),
        _("Try again; if it happens again, tell your administrator the number below."),
    )
    return problem(request, refusal)


def visit_of(request: Request) -> Visiting:
    """The visit of a request, also of one that came to no route."""
    known = getattr(request.state, "visit", None)
    if known is None:
        console = console_of(request)
        known = request.state.visit = Visiting(console, request, Form(), person_of(console, request))
    return known


def _not_signed_in(request: Request, error: Exception) -> Response:
    visit = visit_of(request)
    if _wants_json(request):
        return problem(request, NotSignedIn())
    if request.headers.get("sec-fetch-site") == "cross-site" and request.method == "GET":
        return visit.page("bounce.html")
    form = getattr(error, "form", None)
    back = _back(request)
    answer: Response = RedirectResponse(f"{visit.url('sign-in')}?next={quote(back, safe='/')}", 303)
    if visit.wants_fragment:
        answer = Response(status_code=401, headers={"hx-redirect": answer.headers["location"]})
    if form is not None and request.method == "POST":
        key = visit.console.kept.keep(form.raw("csrf"), request.url.path, back, form.keepable())
        if key is not None:
            secure = visit.console.settings.secure
            answer.set_cookie(KEPT_COOKIE, key, httponly=True, samesite="strict", secure=secure, max_age=7200)
    return answer


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return problem(request, error)


def _strange(request: Request, error: Exception) -> Response:
    """The address or the form has a value that the page does not know; of a call, what it is."""
    if calls.is_call(request) and isinstance(error, RequestValidationError):
        return problem(request, _unknown_caller(request) or calls.misfit(error))
    return problem(request, Hidden())


def _by_status(request: Request, error: Exception) -> Response:
    """Unknown paths and methods: whoever is not signed in learns nothing of them."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if calls.is_call(request) and isinstance(error, HTTPException) and status in (400, 404, 405):
        return problem(request, _unknown_caller(request) or calls.strayed(error))
    if status in (404, 405):
        if visit_of(request).session is None:
            return _not_signed_in(request, error)
        return problem(request, Hidden())
    if status == 413:
        return problem(request, TooLarge())
    return problem(request, Trouble(status, _("This request cannot be read."), _("Go back and try again.")))


def _seawall(request: Request, error: Exception) -> Response:
    if isinstance(error, RuleError):
        if request.method == "GET":
            return problem(request, Hidden())
        return problem(request, Trouble(409, error.what, error.mend or "", where=error.where))
    if isinstance(error, InputError | ConfigurationError) and not isinstance(error, WorkspaceError):
        return problem(request, Trouble(422, error.what, error.mend or "", where=error.where))
    what, mend = (error.what, error.mend or "") if isinstance(error, SeawallError) else ("", "")
    log.error("%s Route %s, request %s", what, getattr(request.state, "route", "none"), _id(request))
    retry = 5.0 if isinstance(error, StorageError | WorkspaceError) else None
    return problem(request, Trouble(503, what, mend, retry_after=retry))


def _unknown_caller(request: Request) -> Refusal | None:
    """Why a call is refused before anything else is said of it; None where it brings a token."""
    if getattr(request.state, "calling", None) is not None:
        return None
    try:
        return None if counted(console_of(request), request) else calls.NoToken()
    except TooMany as refusal:
        return refusal


def _back(request: Request) -> str:
    """The page to come back to: for a form the page that it stood on, as the browser tells."""
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return own_path(request.url.path + query)
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.headers.get("host"):
        return "/"
    return own_path(came_from.path + (f"?{came_from.query}" if came_from.query else ""))


def own_path(told: str) -> str:
    """A path of this console; "/" for anything that could lead elsewhere.

    >>> own_path("/queue?severity=high"), own_path("//example.org"), own_path("https://example.org"), own_path("/\\\\x")
    ('/queue?severity=high', '/', '/', '/')
    """
    plain = told.isprintable() and told.startswith("/") and not told.startswith(("//", "/\\"))
    return told if plain else "/"


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "html" not in accepted


def _id(request: Request) -> str:
    return str(request.state.request_id)
