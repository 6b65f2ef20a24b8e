from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl

from seawall.casebook.queue import WAITING
from seawall.model import Severity
from seawall.web.asked import Asked

QUERY = (
    "severity=high&severity=low&status=decided&detector=surge&text=bed&held=me&campaign=K-1AB2"
    "&start=2026-05-01&end=2026-05-08"
)


def test_as_a_filter() -> None:
    """Every field of the address becomes the filter of the same meaning; the end's day is not included."""
    wanted = Asked.of_query(QUERY).as_filter("Rosa")
    assert wanted.severity == (Severity.HIGH, Severity.LOW)
    assert (wanted.status, wanted.detectors, wanted.text) == (("decided",), ("surge",), "bed")
    assert (wanted.held_by, wanted.campaign) == ("Rosa", "K-1AB2")
    assert (wanted.start, wanted.end) == (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 8, tzinfo=UTC))


def test_what_waits_where_nothing_is_asked() -> None:
    """Without a filter the queue is what waits, and counts as not narrowed."""
    asked = Asked.of_query("")
    assert asked.as_filter("Rosa").status == WAITING
    assert not asked.narrowed


def test_round_trip() -> None:
    """The query of what was asked, with a place added, asks the same again."""
    asked = Asked.of_query(QUERY)
    assert Asked.of_query(asked.query) == asked
    assert dict(parse_qsl(asked.query_after("3~0.5~C-1"))) | {"after": "3~0.5~C-1"} == dict(
        parse_qsl(asked.query_after("3~0.5~C-1"))
    )


def test_wrong_days_are_left_out() -> None:
    """A day that is none, or an end before the start, is told and filters nothing."""
    soon = Asked.of_query("start=soon&end=2026-05-08")
    assert soon.errors["start"]
    assert soon.as_filter("Rosa").start is None
    turned = Asked.of_query("start=2026-05-08&end=2026-05-01")
    assert turned.errors["end"]
    assert turned.as_filter("Rosa").end is None


def test_unknown_values() -> None:
    """What is no severity, state or holder is left out; too many fields are no filter at all."""
    assert Asked.of_query("severity=grim&status=lost&held=rosa&nonsense=1") == Asked()
    assert Asked.of_query("&".join(f"detector={number}" for number in range(100))) == Asked()
