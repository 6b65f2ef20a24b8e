"""Passkeys (WebAuthn): made and used by the browser, which needs scripts; everything else works without."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from seawall.web.entering import limit_tries, open_session
from seawall.web.marking import _
from seawall.web.problems import KEPT_COOKIE, Trouble, own_path
from seawall.web.routes import PUBLIC, SIGNED_IN, Pages
from seawall.web.visit import Visit, Visiting

pages = Pages()


@pages.post("/sign-in/passkey/begin", may=PUBLIC, name="sign-in.passkey")
def begin_sign_in(visit: Visit) -> Response:
    """What the browser is to sign."""
    limit_tries(visit)
    options, challenge = visit.console.workspace.begin_passkey_sign_in(_origin(visit))
    return JSONResponse({"options": json.loads(options), "challenge": challenge})


@pages.post("/sign-in/passkey", may=PUBLIC, name="sign-in.with-passkey")
def sign_in(visit: Visit) -> Response:
    """Sign in with what the browser has signed."""
    limit_tries(visit)
    form = visit.form
    person = visit.console.workspace.finish_passkey_sign_in(form["challenge"], form.raw("credential"))
    if person is None:
        raise Trouble(422, _("This passkey is not known here, or it took too long."), _("Try again."))
    kept = visit.console.kept.of(visit.request.cookies.get(KEPT_COOKIE, ""), person.name)
    answer = JSONResponse({"next": visit.url("kept") if kept else own_path(form["next"] or "/")})
    open_session(visit, answer, person.name, "passkey")
    return answer


@pages.post("/you/sign-in/passkey/begin", may=SIGNED_IN, name="you.sign-in.passkey")
def begin(visit: Visit) -> Response:
    """What the browser needs to make a passkey."""
    options, challenge = visit.workspace.begin_passkey(visit.person.name, _origin(visit))
    return JSONResponse({"options": json.loads(options), "challenge": challenge})


@pages.post("/you/sign-in/passkey", may=SIGNED_IN, name="you.sign-in.add-passkey")
def add(visit: Visit) -> Response:
    """Keep the passkey that the browser has made."""
    form = visit.form
    made: Any = visit.workspace.finish_passkey(
        visit.person.name, form["challenge"], form.raw("credential"), label=form["label"]
    )
    visit.say(visit._("The passkey %(label)s can be used from now on.", label=made.label))
    return JSONResponse({"next": visit.url("you.sign-in")})


def _origin(visit: Visiting) -> str:
    """The console's origin as the browser names it: a passkey is bound to it."""
    scheme = "https" if visit.console.settings.secure else "http"
    return f"{scheme}://{visit.request.headers['host']}"
