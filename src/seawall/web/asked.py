"""What was asked of the queue: the filters of its address, checked, with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from urllib.parse import parse_qsl, urlencode

from seawall.casebook import QueueFilter
from seawall.model import Severity
from seawall.web.marking import _
from seawall.web.outcomes import STATUSES

MOST_FIELDS = 60
_MANY = ("severity", "status", "detector")
_ONE = ("text", "held", "campaign", "start", "end")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they were given; what cannot be one is told in ``errors`` and left out."""

    severity: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    text: str = ""
    held: str = ""  # "me" or ""
    campaign: str = ""
    start: str = ""  # ISO 8601 days, UTC
    end: str = ""
    errors: dict[str, str] = field(default_factory=lambda: {"start": "", "end": ""})

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Asked:
        """The filters of a query.

        >>> Asked.of([("severity", "high"), ("severity", "grim"), ("start", "soon")]).query
        'severity=high&start=soon'
        """
        told: dict[str, list[str]] = {name: [] for name in (*_MANY, *_ONE)}
        for name, value in pairs:
            if name in told and value.strip():
                told[name].append(value.strip()[:200])
        one = {name: told[name][0] if told[name] else "" for name in _ONE}
        errors = {name: _problem(one[name]) for name in ("start", "end")}
        if not any(errors.values()) and one["start"] and one["end"] and one["end"] <= one["start"]:
            errors["end"] = _("The end is not after the start.")
        return cls(
            severity=tuple(name for name in told["severity"] if name in set(Severity)),
            status=tuple(name for name in told["status"] if name in STATUSES),
            detectors=tuple(told["detector"]),
            text=one["text"],
            held="me" if one["held"] == "me" else "",
            campaign=one["campaign"],
            start=one["start"],
            end=one["end"],
            errors=errors,
        )

    @classmethod
    def of_query(cls, query: str) -> Asked:
        """The filters of a query string, as a form hands it on."""
        try:
            return cls.of(parse_qsl(query, max_num_fields=MOST_FIELDS))
        except ValueError:
            return cls()

    def as_filter(self, person: str) -> QueueFilter:
        """What the casebook is asked for this person; where no state is chosen, what waits."""
        return QueueFilter(
            **({"status": self.status} if self.status else {}),
            severity=tuple(Severity(name) for name in self.severity),
            detectors=self.detectors,
            held_by=person if self.held else None,
            text=self.text,
            campaign=self.campaign or None,
            start=None if self.errors["start"] else _moment(self.start),
            end=None if self.errors["end"] else _moment(self.end),
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked beyond what waits."""
        return bool(self.query)

    @property
    def query(self) -> str:
        """The same filters as a query string."""
        pairs = [
            *(("severity", one) for one in self.severity),
            *(("status", one) for one in self.status),
            *(("detector", one) for one in self.detectors),
            *((name, getattr(self, name)) for name in _ONE if getattr(self, name)),
        ]
        return urlencode(pairs)

    def query_after(self, place: str) -> str:
        """The same filters, on the page that begins after a place."""
        return "&".join(filter(None, [self.query, urlencode({"after": place})]))


def _problem(day: str) -> str:
    try:
        _moment(day)
    except ValueError:
        return _("This is not a day. Write it as 2026-05-31.")
    return ""


def _moment(day: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), time(), UTC) if day else None
