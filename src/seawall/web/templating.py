"""The templates, once a language, with the filters and macros that every page has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from seawall.model import made_up, unmarked
from seawall.web import moments
from seawall.web.catalogue import Catalogue, catalogue
from seawall.web.hostile import hostile, plainly
from seawall.web.marking import _
from seawall.web.settings import LANGUAGES, RIGHT_TO_LEFT
from seawall.workspace import shown

PARTS = {
    "words.html": ("words",),
    "moments.html": ("when", "between"),
    "severity.html": ("severity",),
    "simulated.html": ("simulated", "said"),
    "account.html": ("account",),
    "table.html": ("table_twin", "pager"),
    "empty.html": ("empty",),
    "field.html": ("field", "area", "choice", "csrf_field"),
}
"""Template of parts -> the macros in it that every page can call by name."""

UrlFor = Callable[..., str]

BRIEF_STYLE = "/static/brief.css"
"""Where the style of the brief is served, with its colours: pages stand on the same sheet."""


class Templates:
    """Renders pages.

    Args:
        url_for: the path of a route by its name and path parameters.
    """

    def __init__(self, url_for: UrlFor) -> None:
        self._environments = {code: _environment(code, url_for) for code in LANGUAGES}

    def render(self, template: str, language: str, values: dict[str, Any]) -> str:
        """A page or a part of one, in a language."""
        return self._environments[language].get_template(template).render(values)


def _environment(language: str, url_for: UrlFor) -> Environment:
    made = Environment(
        loader=PackageLoader("seawall.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = catalogue(language)
    made.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    made.globals["ngettext"] = _grouped(made.globals["ngettext"])  # type: ignore[arg-type]
    made.filters |= _filters(words)
    made.tests["made_up"] = made_up
    made.globals |= {
        "url": _url(url_for),
        "static": static,
        "language": language,
        "languages": LANGUAGES,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
    }
    for template, macros in PARTS.items():
        module = made.get_template(f"parts/{template}").module
        made.globals |= {name: getattr(module, name) for name in macros}
    return made


def _filters(words: Catalogue) -> dict[str, Callable[..., Any]]:
    return {
        "hostile": hostile,
        "unmarked": unmarked,
        "plainly": plainly,
        "number": shown.number,
        "small": shown.small,
        "part": lambda some, whole: _part(some, whole, words),
        "short": shown.short,
        "defanged": shown.defanged,
        "day": lambda at: moments.day(at, words),
        "minute": lambda at: moments.minute(at, words),
        "second": lambda at: moments.second(at, words),
        "span": lambda start, end: moments.span(start, end, words),
        "ago": lambda at: moments.ago(at, datetime.now(UTC), words),
        "iso": moments.iso,
        "pair": lambda one: (one, plainly(one)),
    }


def _part(some: int, whole: int, words: Catalogue) -> str:
    """A percentage with its numerator, in the language of the page."""
    of, below = words.gettext(_("of")), words.gettext(_("below"))
    return shown.part(some, whole).replace(" of ", f" {of} ").replace("below", below)


def _grouped(ngettext: Callable[..., str]) -> Callable[..., str]:
    """Write the number of a plural with its thousands apart, as all other numbers."""

    @pass_context
    def grouped(context: Context, singular: str, plural: str, number: int, /, **values: Any) -> str:
        return ngettext(context, singular, plural, number, **{"num": shown.number(number), **values})

    return grouped


def _url(url_for: UrlFor) -> UrlFor:
    def url(name: str, /, query: dict[str, Any] | None = None, **path: Any) -> str:
        """The path of a route, with a query; what is None or "" is left out of it."""
        told = {key: value for key, value in (query or {}).items() if value not in (None, "", (), [])}
        return url_for(name, **path) + (f"?{urlencode(told, doseq=True)}" if told else "")

    return url


@cache
def static(path: str) -> str:
    """The address of a file that comes with the console; it changes with the file's content.

    Raises:
        FileNotFoundError: there is no such file.
    """
    address = f"/static/{path}"
    if address == BRIEF_STYLE:
        content = shown.style_sheet().encode()
    else:
        content = files("seawall.web").joinpath("static", path).read_bytes()
    return f"{address}?v={sha256(content).hexdigest()[:12]}"
