"""How a person signs in: their password, their authenticator, their passkeys."""

from __future__ import annotations

from starlette.responses import Response

from seawall.errors import RuleError
from seawall.web.admission import person_of
from seawall.web.oidc import provider_of
from seawall.web.qr import qr_picture
from seawall.web.routes import SIGNED_IN, Pages
from seawall.web.visit import Visit, Visiting

pages = Pages()


@pages.get("/you/sign-in", may=SIGNED_IN, name="you.sign-in")
def ways(visit: Visit) -> Response:
    """The ways that are set up, and how to set up others."""
    return _shown(visit)


@pages.post("/you/sign-in/password", may=SIGNED_IN, name="you.sign-in.password")
def password(visit: Visit) -> Response:
    """Set the password."""
    form = visit.form
    if form.raw("password") != form.raw("again"):
        return _shown(visit, {"again": visit._("The two passwords are not the same.")})
    try:
        visit.workspace.set_password(visit.person.name, form.raw("password"), current=form.raw("current") or None)
    except RuleError as error:
        return _shown(visit, {error.where or "password": _told(error)})
    visit.say(visit._("The password is set."))
    return visit.see_other("you.sign-in")


@pages.post("/you/sign-in/authenticator", may=SIGNED_IN, name="you.sign-in.authenticator")
def begin_authenticator(visit: Visit) -> Response:
    """A new secret for the authenticator, with its picture; it counts once a code of it was typed."""
    secret, address = visit.workspace.begin_totp(visit.person.name)
    return visit.page("authenticator.html", secret=secret, picture=qr_picture(address), wrong="")


@pages.post("/you/sign-in/authenticator/code", may=SIGNED_IN, name="you.sign-in.code")
def confirm_authenticator(visit: Visit) -> Response:
    """Confirm the new secret with its first code."""
    try:
        right = visit.workspace.confirm_totp(visit.person.name, visit.form["code"])
        wrong = "" if right else visit._("This is not the code of now. Type the next one.")
    except RuleError as error:
        wrong = _told(error)
    if wrong:
        return visit.page("authenticator.html", 422, secret="", picture="", wrong=wrong)
    visit.say(visit._("The authenticator is set up."))
    return visit.see_other("you.sign-in")


@pages.post("/you/sign-in/passkey/forget", may=SIGNED_IN, name="you.sign-in.forget-passkey")
def forget_passkey(visit: Visit) -> Response:
    """Forget one of the passkeys."""
    visit.workspace.remove_passkey(visit.form["credential"])
    visit.say(visit._("The passkey is forgotten."))
    return visit.see_other("you.sign-in")


@pages.post("/you/sign-in/elsewhere", may=SIGNED_IN, name="you.sign-in.elsewhere")
def end_other_sessions(visit: Visit) -> Response:
    """Sign out everywhere but here."""
    token = visit.request.cookies.get(visit.console.cookie)
    visit.workspace.close_sessions_of(visit.person.name, but=token)
    still_here = person_of(visit.console, visit.request)
    visit.say(visit._("You are signed out everywhere else."))
    return visit.see_other("you.sign-in" if still_here else "sign-in")


def _shown(visit: Visiting, wrong: dict[str, str] | None = None) -> Response:
    name = visit.person.name
    person = next(one for one in visit.workspace.casebook.people.all() if one.name == name)
    provider = provider_of(visit.console)
    return visit.page(
        "you_sign_in.html",
        422 if wrong else 200,
        person=person,
        passkeys=visit.workspace.passkeys(),
        wrong=wrong or {},
        provider=provider.label if provider else "",
    )


def _told(error: RuleError) -> str:
    return f"{error.what} {error.mend}" if error.mend else error.what
