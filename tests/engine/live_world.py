"""Small worlds for the live engine: what comes, in any order, and what a reader of the lake would see of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pyarrow as pa
from hypothesis import strategies as st

from seawall.detectors.examples import messages_table
from seawall.lake.folds import REVISED
from seawall.model import ALIASES, DELETIONS, MESSAGES, TABLES, Alert, Severity, Subject
from seawall.protocols import Window

FIRST = datetime(2026, 5, 3, 6, tzinfo=UTC)
NOW = datetime(2026, 5, 20, tzinfo=UTC)
Row = dict[str, Any]
Event = tuple[str, Row]
"""A table, and one row that comes into it."""

LINK = {"url": "https://garden.example/", "domain": "garden.example", "place": "web"}
COLUMNS = ("message_id", "account_id", "sent_at", "text_key", "language", "kind", "mentions", "links", "deleted_at")


@dataclass(frozen=True)
class Plain:
    """A detector without a state: its alert tells every row that it sees."""

    name: ClassVar[str] = "plain"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"messages": COLUMNS}

    def detect(self, window: Window) -> Iterator[Alert]:
        yield telling(self.name, Counter(map(repr, window.rows("messages", COLUMNS).read_all().to_pylist())))

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        return {"messages": messages_table([{}])}, {}


@dataclass(frozen=True)
class Mirror(Plain):
    """One with a state: which rows it was given, less those that were taken out, however strange."""

    name: ClassVar[str] = "mirror"

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> Mirrored:
        return Mirrored(self.name, COLUMNS, saved)


class Mirrored:
    """The rows that were put in, less those that were taken out."""

    def __init__(self, name: str, columns: tuple[str, ...], saved: Mapping[str, pa.Table] | None) -> None:
        self.name, self.columns = name, columns
        rows = saved["rows"].to_pylist() if saved else []
        self.rows = Counter({row["row"]: row["count"] for row in rows})
        self.fed = 0
        self.before: datetime | None = None

    def feed(self, removed: pa.Table, added: pa.Table) -> None:
        assert tuple(removed.column_names) == tuple(added.column_names) == self.columns
        self.fed += 1
        self.rows.subtract(Counter(map(repr, removed.to_pylist())))
        self.rows.update(Counter(map(repr, added.to_pylist())))
        self.rows = Counter({row: count for row, count in self.rows.items() if count})

    def forget(self, before: datetime) -> None:
        self.before = before

    def alerts(self, coverage: pa.Table, now: datetime) -> Iterator[Alert]:
        yield telling(self.name, self.rows)

    def save(self) -> Mapping[str, pa.Table]:
        rows = [{"row": row, "count": count} for row, count in sorted(self.rows.items())]
        return {"rows": pa.Table.from_pylist(rows, pa.schema([("row", pa.string()), ("count", pa.int64())]))}


def telling(name: str, rows: Counter[str]) -> Alert:
    """An alert that holds nothing but rows."""
    return Alert(
        detector=name,
        version="1",
        parameters={},
        anchor="rows",
        start=FIRST,
        end=FIRST,
        subjects=(Subject("platform", "garden"),),
        severity=Severity.LOW,
        score=0.5,
        sentence="These are the rows.",
        details=dict(rows),
    )


def folded(events: Sequence[Event]) -> pa.Table:
    """The messages as a reader of the lake sees them: plain, slow, from docs/reference/records.md."""
    rows = {row["message_id"]: dict(row) for table, row in events if table == "messages" and row["kind"] != "edit"}
    edits = [row for table, row in events if table == "messages" and row["kind"] == "edit"]
    for edit in sorted(edits, key=lambda row: row["edited_at"]):
        if edit["message_id"] in rows:
            rows[edit["message_id"]].update({name: edit[name] for name in REVISED if name in edit})
    for message, row in rows.items():
        notices = [one["deleted_at"] for table, one in events if table == "deletions" and one["message_id"] == message]
        row["deleted_at"] = row["deleted_at"] or min(notices, default=None)
    owners: dict[str, set[str]] = {}
    for table, row in events:
        if table == "aliases":
            owners.setdefault(row["handle_key"], set()).add(row["account_id"])
    sure = {handle: min(accounts) for handle, accounts in owners.items() if len(accounts) == 1}
    for row in rows.values():
        row["account_id"] = sure.get(row["account_id"], row["account_id"])
        row["mentions"] = row["mentions"] and [sure.get(name, name) for name in row["mentions"]]
    return pa.Table.from_pylist(list(rows.values()), MESSAGES)


def told(rows: pa.Table) -> dict[str, int]:
    """What ``Plain`` and ``Mirror`` say of these messages."""
    return dict(Counter(map(repr, rows.select(list(COLUMNS)).to_pylist())))


def grouped(events: Sequence[Event], seed: int) -> Iterator[Mapping[str, pa.Table]]:
    """The events in some order and in groups of some size, as commits would hand them over."""
    order = random.Random(seed)
    rest = list(events)
    order.shuffle(rest)
    while rest:
        size = order.choice((1, 1, 3, 10, 40))
        yield tables(rest[:size])
        rest = rest[size:]


def tables(events: Sequence[Event]) -> dict[str, pa.Table]:
    """Events as tables of the lake."""
    names = {table for table, _ in events}
    return {name: pa.Table.from_pylist([row for table, row in events if table == name], TABLES[name]) for name in names}


def message(number: int, **row: Any) -> Event:
    """A message of the garden."""
    usual = {"message_id": f"garden:{number}", "sent_at": FIRST + timedelta(minutes=number)}
    return "messages", messages_table([{**usual, **row}]).to_pylist()[0]


def edit(number: int, later: timedelta, **row: Any) -> Event:
    """A later revision of it."""
    _, first = message(number)
    at = row.pop("sent_at", first["sent_at"])
    return message(number, kind="edit", sent_at=at, edited_at=at + later, **row)


def deletion(number: int, later: timedelta) -> Event:
    """A notice that it was deleted."""
    row = {"message_id": f"garden:{number}", "platform": "garden", "source": "example", "batch": 1}
    return "deletions", {**dict.fromkeys(DELETIONS.names), **row, "deleted_at": FIRST + later}


def alias(handle: int, account: int) -> Event:
    """A record that told a handle and an id."""
    row = {"platform": "garden", "handle_key": f"h{handle:020x}", "account_id": f"a{account:020x}", "batch": 1}
    return "aliases", {**dict.fromkeys(ALIASES.names), **row}


@st.composite
def worlds(draw: st.DrawFn) -> list[Event]:
    """Some hours in the garden: messages, edits, deletions and aliases, each thing told once."""
    accounts = st.sampled_from([f"{kind}{number:020x}" for kind in "ah" for number in range(3)])
    content = st.fixed_dictionaries(
        {
            "text_key": st.none() | st.integers(0, 3) | st.just(12280865996870975116),
            "language": st.sampled_from(["de", "en", None]),
            "mentions": st.none() | st.lists(accounts, max_size=2),
            "links": st.none()
            | st.just([{"url": "https://garden.example/", "domain": "garden.example", "place": "web"}]),
        }
    )
    events = []
    for number in range(draw(st.integers(0, 8))):
        at = FIRST + timedelta(minutes=draw(st.integers(0, 600)))
        events.append(message(number, sent_at=at, account_id=draw(accounts), **draw(content)))
        for turn in range(draw(st.integers(0, 2))):
            own = draw(st.none() | st.just(at))
            events.append(edit(number, timedelta(minutes=turn + 1), sent_at=at, deleted_at=own, **draw(content)))
        times = draw(st.sets(st.integers(0, 9), max_size=2))
        events += [deletion(number, timedelta(hours=20, minutes=minute)) for minute in times]
    pairs = draw(st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=4))
    return events + [alias(*pair) for pair in sorted(pairs)]
