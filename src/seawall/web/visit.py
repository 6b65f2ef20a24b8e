"""What a page's handler is given: who visits, with their workspace, their form and the ways to answer."""

from __future__ import annotations

from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from seawall.casebook.rules import Act
from seawall.web.catalogue import catalogue
from seawall.web.forms import Form
from seawall.web.refusals import NotSignedIn
from seawall.web.routes import Access, Section
from seawall.web.settings import LANGUAGES

if TYPE_CHECKING:
    from seawall.casebook.sessions import Session
    from seawall.web.console import Console
    from seawall.workspace import Workspace

LANGUAGE_COOKIE = "seawall_language"
THEMES = ("system", "light", "dark")


class Visiting:
    """One request to one page.

    Args:
        console: what is visited.
        request: the request itself.
        form: what was sent with it.
        session: who is signed in, if anyone.
    """

    def __init__(self, console: Console, request: Request, form: Form, session: Session | None) -> None:
        self.console = console
        self.request = request
        self.form = form
        self.session = session

    @property
    def person(self) -> Session:
        """Who is signed in.

        Raises:
            NotSignedIn: nobody is; on pages that are not public somebody always is.
        """
        if self.session is None:
            raise NotSignedIn
        return self.session

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, acting as this person."""
        return self.console.acting_as(self.person.name)

    @cached_property
    def preferences(self) -> dict[str, Any]:
        """The person's own settings; empty where nobody is signed in."""
        return dict(self.workspace.preferences(self.session.name)) if self.session else {}

    def forget_preferences(self) -> None:
        """They were changed: what follows is shown in the new ones."""
        for name in ("preferences", "language"):
            self.__dict__.pop(name, None)

    @cached_property
    def language(self) -> str:
        """The code of the language that the person chose, or the console's."""
        chosen = str(self.preferences.get("language") or self.request.cookies.get(LANGUAGE_COOKIE, ""))
        return chosen if chosen in LANGUAGES else self.console.settings.language

    @property
    def theme(self) -> str:
        """ "light", "dark" or "system"."""
        chosen = str(self.preferences.get("theme", ""))
        return chosen if chosen in THEMES else "system"

    def _(self, sentence: str, **values: object) -> str:
        """The sentence in the person's language, with values put in: ``visit._("%(count)s cases", count=3)``."""
        told = catalogue(self.language).gettext(sentence)
        return told % values if values else told

    def may(self, act: Act | Access) -> bool:
        """Whether the person's role allows an act."""
        if isinstance(act, Access):
            return act is Access.PUBLIC or self.session is not None
        return self.session is not None and self.session.may(act)

    @property
    def by_number(self) -> bool:
        """Whether the address that was typed is a number, for which no browser makes passkeys."""
        try:
            ip_address(self.request.url.hostname or "")
        except ValueError:
            return False
        return True

    def url(self, name: str, /, **path: Any) -> str:
        """The path of a route."""
        return str(self.request.app.state.addresses(name, **path))

    def say(self, sentence: str) -> None:
        """Put a sentence, already in the person's language, on their next page."""
        self.console.notes.say(self.person.csrf, sentence)

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page: a template that extends base.html."""
        return HTMLResponse(self.rendered(template, **values, **self._frame()), status)

    def fragment(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A part of a page, for htmx: a template that extends nothing. It has ``visit`` and ``csrf`` as pages do."""
        return HTMLResponse(self.rendered(template, **values), status)

    def rendered(self, template: str, **values: Any) -> str:
        """A template with ``visit`` and ``csrf``, as text."""
        csrf = self.session.csrf if self.session else ""
        return self.console.templates.render(template, self.language, {"visit": self, "csrf": csrf, **values})

    def see_other(self, name: str, /, *, query: str = "", **path: Any) -> RedirectResponse:
        """After a form: go and see another page. ``query``: what follows its "?"."""
        return RedirectResponse(self.url(name, **path) + (f"?{query}" if query else ""), 303)

    @property
    def wants_fragment(self) -> bool:
        """Whether htmx asks, for a part of the page; a history visit of htmx wants the whole."""
        headers = self.request.headers
        return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"

    def _frame(self) -> dict[str, Any]:
        """What base.html needs besides the page's own values."""
        session = self.session
        if session:
            self.console.kept.note_writer(session.csrf, session.name)
        return {
            "theme": self.theme,
            "here": getattr(self.request.state, "route", ""),
            "sections": self.sections,
            "notes": self.console.notes.take(session.csrf) if session else (),
            "request_id": self.request.state.request_id,
        }

    @property
    def sections(self) -> list[Section]:
        """The entries of the navigation that the person may see."""
        allowed = {route.name: route.may for route in self.console.pages.routes}
        sections = self.console.pages.sections if self.session else []
        return [one for one in sections if self.may(allowed[one.name])]


def _visiting(request: Request) -> Visiting:
    visit: Visiting = request.state.visit
    return visit


Visit = Annotated[Visiting, Depends(_visiting)]
"""The type of a handler's parameter: ``def queue(visit: Visit) -> HTMLResponse``."""
