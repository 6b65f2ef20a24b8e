"""What was asked of the pages of places: the filters of an address, checked, with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from seawall.web.looked import moment
from seawall.web.marking import _
from seawall.workspace.looking_places import PlaceFilter

FIELDS = ("kind", "role", "start", "end", "page")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class PlacesLooked:
    """The filters as they were given; a time that is none is told in ``errors`` and left out.

    >>> PlacesLooked.of({"start": "soon", "kind": "web"}).errors
    {'start': 'This is not a time. Write it as 2026-05-31T14:05, in UTC.'}
    """

    given: Mapping[str, str]
    errors: Mapping[str, str]
    start: datetime | None = None
    end: datetime | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> PlacesLooked:
        """The filters of a query."""
        given = {name: query[name].strip()[:LONGEST] for name in FIELDS if query.get(name, "").strip()}
        times: dict[str, datetime | None] = {}
        errors: dict[str, str] = {}
        for name in ("start", "end"):
            try:
                times[name] = moment(given.get(name, ""))
            except (ValueError, OverflowError):
                errors[name] = _("This is not a time. Write it as 2026-05-31T14:05, in UTC.")
        start, end = times.get("start"), times.get("end")
        if start is not None and end is not None and start >= end:
            errors["end"], end = _("The end is not after the start."), None
        return cls(given, errors, start, end)

    def __getitem__(self, name: str) -> str:
        """A field as it was given; "" where it was not."""
        return self.given.get(name, "")

    @property
    def wanted(self) -> PlaceFilter:
        """Which places."""
        return PlaceFilter(self["kind"], self["role"])

    @property
    def page(self) -> int:
        """From 1."""
        return page_of(self["page"])

    @property
    def narrowed(self) -> bool:
        """Whether anything but a page is asked for."""
        return any(name != "page" for name in self.given)

    def query(self, **changes: object) -> dict[str, str]:
        """The fields for an address, some of them changed. The page is not handed on by itself."""
        told = {**self.given, "page": "", **{name: str(value) for name, value in changes.items()}}
        return {name: told[name] for name in FIELDS if told.get(name)}


def page_of(told: str) -> int:
    """The number of a page; the first one where it is none.

    >>> page_of("3"), page_of("many"), page_of("0")
    (3, 1, 1)
    """
    return max(1, int(told)) if told.isascii() and told.isdecimal() and len(told) < 7 else 1
