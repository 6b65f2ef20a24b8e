"""Views that a person keeps for themself, among their own settings."""

from __future__ import annotations

from seawall.errors import ConfigurationError, RuleError
from seawall.web.marking import _
from seawall.web.visit import Visiting

LONGEST_NAME = 80


def views_of(visit: Visiting) -> tuple[tuple[str, str], ...]:
    """Name and query of each kept view, by name."""
    return tuple(sorted((one["name"], one["query"]) for one in visit.preferences.get("views", ())))


def keep_view(visit: Visiting, name: str, query: str) -> str:
    """Keep a view, in place of one of the same name; what is wrong, or ""."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        return visit._(_("Give the view a name."))
    views = [{"name": one, "query": told} for one, told in views_of(visit) if one != name]
    try:
        visit.workspace.set_preferences(visit.person.name, {"views": [*views, {"name": name, "query": query}]})
    except (ConfigurationError, RuleError):
        return visit._(_("No more views can be kept. Throw one away first."))
    return ""


def forget_view(visit: Visiting, name: str) -> None:
    """Throw a view away; nothing happens where there is none of the name."""
    views = [{"name": one, "query": told} for one, told in views_of(visit) if one != name]
    visit.workspace.set_preferences(visit.person.name, {"views": views})
