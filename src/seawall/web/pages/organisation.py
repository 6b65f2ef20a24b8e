"""Signing in at the operator's identity provider, and linking oneself to it."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from seawall.errors import RuleError
from seawall.web.entering import entered, limit_tries
from seawall.web.marking import _
from seawall.web.oidc import Provider, provider_of
from seawall.web.oidc_flow import address_of, subject_of
from seawall.web.problems import Trouble, own_path
from seawall.web.refusals import Hidden
from seawall.web.routes import PUBLIC, SIGNED_IN, Pages
from seawall.web.visit import Visit, Visiting

pages = Pages()

COOKIE = "seawall_oidc"
"""Binds what was begun to one browser. It is Lax, because the provider leads back from another site."""


@pages.get("/sign-in/organisation", may=PUBLIC, name="sign-in.oidc")
def begin(visit: Visit) -> Response:
    """Go and sign in at the provider."""
    limit_tries(visit)
    return _sent(visit, own_path(visit.request.query_params.get("next", "/")), None)


@pages.get("/you/sign-in/organisation", may=SIGNED_IN, name="you.sign-in.oidc")
def link(visit: Visit) -> Response:
    """Go to the provider to be known by it from now on."""
    return _sent(visit, visit.url("you.sign-in"), visit.person.name)


@pages.get("/sign-in/organisation/back", may=PUBLIC, name="sign-in.oidc-back")
def back(visit: Visit, state: str = "", code: str = "", iss: str = "") -> Response:
    """The provider has sent the browser back: whom it confirms is signed in, or linked."""
    limit_tries(visit)
    provider = _provider(visit)
    begun = visit.console.begins.finish(state) if state == visit.request.cookies.get(COOKIE) else None
    if begun is None or not code or iss.rstrip("/") not in ("", provider.issuer):
        raise Trouble(403, _("This sign-in was not begun in this browser, or it took too long."), _("Begin again."))
    subject = subject_of(provider, _address_back(visit), begun, code)
    workspace = visit.console.acting_as(begun.person or "nobody")
    if begun.person is not None:
        try:
            workspace.link_identity(begun.person, provider.issuer, subject)
        except RuleError as error:
            raise Trouble(409, error.what, error.mend or "") from error
        return RedirectResponse(own_path(begun.next), 303)
    known = workspace.identity(provider.issuer, subject)
    if known is None:
        raise Trouble(
            403,
            _("Your organisation knows you, but nobody here is linked to you yet."),
            _("Sign in in another way, then link yourself under Your settings; or ask an administrator."),
        )
    answer = entered(visit, known.name, "oidc", begun.next)
    answer.delete_cookie(COOKIE, path="/sign-in")
    return answer


@pages.post("/you/sign-in/organisation/forget", may=SIGNED_IN, name="you.sign-in.forget-oidc")
def forget(visit: Visit) -> Response:
    """Be known by the provider no longer."""
    visit.workspace.unlink_identities()
    visit.say(visit._("Your organisation's sign-in no longer opens this console for you."))
    return visit.see_other("you.sign-in")


def _sent(visit: Visiting, next_: str, person: str | None) -> Response:
    provider = _provider(visit)
    begun = visit.console.begins.begin(next_, person)
    answer = RedirectResponse(address_of(provider, _address_back(visit), begun), 303)
    secure = visit.console.settings.secure
    answer.set_cookie(COOKIE, begun.state, max_age=600, path="/sign-in", httponly=True, samesite="lax", secure=secure)
    return answer


def _provider(visit: Visiting) -> Provider:
    provider = provider_of(visit.console)
    if provider is None:
        raise Hidden
    return provider


def _address_back(visit: Visiting) -> str:
    return f"{visit.console.settings.origin}{visit.url('sign-in.oidc-back')}"
