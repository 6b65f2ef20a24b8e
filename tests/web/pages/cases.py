"""Cases about a gardening club for the tests of pages, hostile words among them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from seawall.casebook import Role
from seawall.model import Alert, Severity, Visibility
from seawall.protocols import ReadOptions
from tests.casebook.builders import accounts, alert
from tests.web.conftest import Served

HOSTILE = (
    "=cmd <script>alert('beds')</script> \u202eedulas\u202c \"><img src=x onerror=alert(1)> https://seeds.example.org"
)


def propose(served: Served, *alerts: Alert) -> list[str]:
    """Put alerts before people; the ids of the new cases, the gravest first."""
    book = served.workspace().casebook
    before = set(book.cases()["case_id"].to_pylist())
    book.propose(alerts, lake_version="made up")
    return [one for one in book.cases()["case_id"].to_pylist() if one not in before]


def alerts(count: int, severity: Severity = Severity.LOW, **fields: Any) -> Iterable[Alert]:
    """Alerts that make a case each."""
    for number in range(count):
        first = 10_000 * (severity.rank + 1) + 10 * number
        subjects = accounts(range(first, first + 4))
        yield alert(subjects, day=number * 4, severity=severity, anchor=f"{severity} {number}", **fields)


def waiting(served: Served) -> list[str]:
    """The cases that wait, in the order of the queue."""
    return [row.case_id for row in served.workspace().queue(limit=200).rows]


def write_hostile_messages(served: Served, folder: Path, texts: Iterable[str]) -> list[str]:
    """Import messages with these texts; their ids."""
    at = datetime(2026, 6, 10, tzinfo=UTC)
    with (folder / "hostile.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("id", "author", "created_at", "channel", "text"))
        for number, text in enumerate(texts):
            out.writerow((f"h{number}", f"weeder{number}", (at + timedelta(minutes=number)).isoformat(), "beds", text))
    workspace = served.workspace()
    before = set(workspace.messages(["message_id"])["message_id"].to_pylist())
    workspace.add(folder / "hostile.csv", options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
    found = workspace.messages(["message_id", "sent_at"]).sort_by("sent_at")["message_id"].to_pylist()
    return [one for one in found if one not in before]


def decide(served: Served, case_id: str, outcome: str = "watch", *, role: Role = Role.LEAD) -> None:
    """Let the person of a role decide a case."""
    served.workspace(role).decide(case_id, outcome, "The beds are watered.")


def text_of(page: str) -> str:
    """What a reader of the page reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def assert_harmless(page: str) -> None:
    """Nothing of HOSTILE stands in a page as markup, as a direction or as an address."""
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "\u202e" not in page
    assert "https://seeds.example.org" not in page
