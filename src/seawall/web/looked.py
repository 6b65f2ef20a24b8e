"""What was asked of a page to look at: the filters of its address, checked, with what is wrong beside each field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from seawall.web.marking import _
from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_jobs import NetworkAsked

VIEWS = ("timeline", "network", "table")
FIELDS = ("view", "start", "end", "platform", "channel", "account", "text", "window", "least", "every", "page")
LONGEST = 300
LEAST_WINDOW, MOST_WINDOW = 1, 86_400
_KEY = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Looked:
    """The filters as they were given; what cannot be one is told in ``errors`` and left out.

    >>> Looked.of([("start", "2026-05-03"), ("window", "soon")]).errors
    {'window': 'This is not a number of seconds from 1 to 86400.'}
    """

    given: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Looked:
        """The filters of a query; the first value of each field counts."""
        given: dict[str, str] = {}
        for name, value in pairs:
            if name in FIELDS and value.strip():
                given.setdefault(name, value.strip()[:LONGEST])
        return cls(given, dict(_problems(given)))

    def __getitem__(self, name: str) -> str:
        """A field as it was given; "" where it was not."""
        return self.given.get(name, "")

    @property
    def view(self) -> str:
        """ "timeline", "network" or "table"."""
        return self["view"] if self["view"] in VIEWS else VIEWS[0]

    @property
    def start(self) -> datetime | None:
        """From this time on (UTC)."""
        return None if "start" in self.errors else moment(self["start"])

    @property
    def end(self) -> datetime | None:
        """Before this time (UTC)."""
        return None if "end" in self.errors else moment(self["end"])

    @property
    def chosen(self) -> MessageFilter:
        """Which messages."""
        names = {name: self[name] or None for name in ("platform", "channel", "account")}
        text = None if "text" in self.errors else self["text"].lower() or None
        return MessageFilter(self.start, self.end, **names, text=text)

    @property
    def asked(self) -> NetworkAsked:
        """Which network."""
        window = 60.0 if "window" in self.errors or not self["window"] else float(self["window"])
        least = None if "least" in self.errors or not self["least"] else int(self["least"])
        return NetworkAsked(self.chosen, window, least)

    @property
    def page(self) -> int:
        """From 1."""
        return max(1, int(self["page"])) if _NUMBER.fullmatch(self["page"]) else 1

    @property
    def every(self) -> bool:
        """Whether each account is drawn, however many there are."""
        return self["every"] == "1"

    @property
    def narrowed(self) -> bool:
        """Whether anything but a view is asked for."""
        return any(name not in ("view", "page", "every") for name in self.given)

    def query(self, **changes: object) -> dict[str, str]:
        """The fields for an address, some of them changed; None takes one out. The page is not handed on by itself."""
        told = {
            **self.given,
            "page": "",
            **{name: "" if value is None else str(value) for name, value in changes.items()},
        }
        return {name: told[name] for name in FIELDS if told.get(name)}


def moment(told: str) -> datetime | None:
    """A time in UTC; None where none is told.

    Raises:
        ValueError: it is none.

    >>> moment("2026-05-03T14:05").isoformat(), moment("")
    ('2026-05-03T14:05:00+00:00', None)
    """
    if not told:
        return None
    found = datetime.fromisoformat(told)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def as_field(at: datetime | None) -> str:
    """A time as a field takes it.

    >>> as_field(datetime(2026, 5, 3, 14, 5, 9, tzinfo=UTC))
    '2026-05-03T14:05'
    """
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}"


def _problems(given: dict[str, str]) -> Iterable[tuple[str, str]]:
    times: dict[str, datetime | None] = {}
    for name in ("start", "end"):
        try:
            times[name] = moment(given.get(name, ""))
        except (ValueError, OverflowError):
            yield name, _("This is not a time. Write it as 2026-05-31T14:05, in UTC.")
    start, end = times.get("start"), times.get("end")
    if start is not None and end is not None and start >= end:
        yield "end", _("The end is not after the start.")
    if not _KEY.fullmatch(given.get("text", "0" * 16).lower()):
        yield "text", _("A text is named by 16 digits from 0 to f: take it from a page.")
    window = given.get("window", "60")
    if not _NUMBER.fullmatch(window) or not LEAST_WINDOW <= int(window) <= MOST_WINDOW:
        yield "window", _("This is not a number of seconds from 1 to 86400.")
    least = given.get("least", "1")
    if not _NUMBER.fullmatch(least) or int(least) < 1:
        yield "least", _("This is not a number of things, 1 or more.")
