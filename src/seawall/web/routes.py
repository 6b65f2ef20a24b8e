"""What the console answers to, and who may ask: a route cannot be declared without saying who."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from seawall.casebook.rules import Act


class Access(Enum):
    """Who may ask for a route that needs no permission of its own."""

    PUBLIC = "anyone"
    SIGNED_IN = "whoever is signed in"


PUBLIC = Access.PUBLIC
SIGNED_IN = Access.SIGNED_IN

May = Act | Access
Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Call:
    """What makes a route one for programs: what it answers, and under which heading its document stands."""

    group: str
    answer: type[Any] | None  # None: not in the document
    status: int = 200
    also: tuple[int, ...] = ()  # other statuses with the same answer


@dataclass(frozen=True, slots=True)
class Declared:
    """One route."""

    method: str  # "GET" or "POST"
    path: str  # with its parameters in braces
    may: May
    name: str
    handler: Callable[..., Any]
    call: Call | None = None  # None: a page


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the navigation."""

    label: str  # English; it is the key of its translation
    name: str  # of the route that it leads to
    order: int


class Pages:
    """The routes of one module.

    >>> pages = Pages()
    >>> @pages.get("/beds", may=SIGNED_IN, name="beds")
    ... def beds() -> None: ...
    >>> pages.section("Beds", "beds", order=10)
    >>> [(route.method, route.path, route.may.value) for route in pages.routes]
    [('GET', '/beds', 'whoever is signed in')]
    """

    def __init__(self) -> None:
        self.routes: list[Declared] = []
        self.sections: list[Section] = []

    def get(self, path: str, *, may: May, name: str) -> Callable[[Handler], Handler]:
        """Declare what is read. ``may``: the act that the person's role must allow, PUBLIC, or SIGNED_IN."""
        return self._declare("GET", path, may, name)

    def post(self, path: str, *, may: May, name: str) -> Callable[[Handler], Handler]:
        """Declare an act; it is refused without the session's token and from another site."""
        return self._declare("POST", path, may, name)

    def section(self, label: str, name: str, *, order: int) -> None:
        """Put a route into the navigation, for those who may ask for it; lower orders come first."""
        self.sections.append(Section(label, name, order))

    def _declare(
        self, method: str, path: str, may: May, name: str, call: Call | None = None
    ) -> Callable[[Handler], Handler]:
        if not isinstance(may, Act | Access):
            raise TypeError(f"Route {name} does not say who may ask for it.")

        def declare(handler: Handler) -> Handler:
            self.routes.append(Declared(method, path, may, name, handler, call))
            return handler

        return declare


def together(modules: Iterable[Pages]) -> Pages:
    """All routes and sections of several modules.

    Raises:
        ValueError: two routes have one name, or one method and path.
    """
    whole = Pages()
    for one in modules:
        whole.routes += one.routes
        whole.sections += one.sections
    for told in ([route.name for route in whole.routes], [f"{route.method} {route.path}" for route in whole.routes]):
        twice = {one for one in told if told.count(one) > 1}
        if twice:
            raise ValueError(f"Declared twice: {', '.join(sorted(twice))}")
    whole.sections.sort(key=lambda section: section.order)
    return whole
