"""Signing in with a link or with a password and a code, signing out, and staying signed in."""

from __future__ import annotations

from starlette.responses import Response

from seawall.errors import RuleError
from seawall.web.entering import entered, left, limit_tries
from seawall.web.marking import _
from seawall.web.oidc import provider_of
from seawall.web.problems import own_path
from seawall.web.routes import PUBLIC, SIGNED_IN, Pages
from seawall.web.visit import Visit, Visiting

pages = Pages()

WRONG = _("Name, password and code do not belong together.")


@pages.get("/sign-in", may=PUBLIC, name="sign-in")
def sign_in(visit: Visit) -> Response:
    """The ways to sign in."""
    if visit.session is not None:
        return visit.see_other("home")
    return _shown(visit, next_=own_path(visit.request.query_params.get("next", "/")))


@pages.post("/sign-in/password", may=PUBLIC, name="sign-in.password")
def with_password(visit: Visit) -> Response:
    """Sign in with a name, a password and the code that an authenticator shows."""
    limit_tries(visit)
    form = visit.form
    name, next_ = form["name"], form["next"]
    try:
        right = _is_right(visit, name, form.raw("password"), form["code"])
    except RuleError as error:
        return _shown(visit, 429, name=name, next_=next_, wrong=str(error))
    if not right:
        return _shown(visit, 422, name=name, next_=next_, wrong=visit._(WRONG))
    return entered(visit, name, "password", next_)


def _is_right(visit: Visiting, name: str, password: str, code: str) -> bool:
    """Both are looked at whatever the first one says, so that neither tells by itself."""
    workspace = visit.console.acting_as(name or "nobody")
    password_right = workspace.check_password(name, password) is not None
    return workspace.check_totp(name, code) and password_right


@pages.get("/sign-in/link/{token}", may=PUBLIC, name="sign-in.link")
def link(visit: Visit, token: str) -> Response:
    """A page with a button: looking at a link, as mail programs do, does not use it up."""
    return visit.page("sign_in_link.html", token=token)


@pages.post("/sign-in/link", may=PUBLIC, name="sign-in.use-link")
def with_link(visit: Visit) -> Response:
    """Sign in with a link; it can be used once."""
    limit_tries(visit)
    try:
        person = visit.console.workspace.by_link(visit.form["token"])
    except RuleError:
        return visit.page("sign_in_link.html", 422, token="")
    return entered(visit, person.name, "link", visit.url("you.sign-in"))


@pages.post("/sign-out", may=SIGNED_IN, name="sign-out")
def sign_out(visit: Visit) -> Response:
    """End this session."""
    return left(visit)


@pages.post("/stay", may=SIGNED_IN, name="stay")
def stay(visit: Visit) -> Response:
    """A sign of life: being admitted was one."""
    return Response(status_code=204)


def _shown(visit: Visiting, status: int = 200, *, name: str = "", next_: str = "/", wrong: str = "") -> Response:
    provider = provider_of(visit.console)
    return visit.page(
        "sign_in.html", status, name=name, next_=next_, wrong=wrong, provider=provider.label if provider else ""
    )
