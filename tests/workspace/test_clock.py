"""A machine's clock that is set while a platform is watched changes nothing of what comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import seawall
from seawall.detectors import WATCHING
from seawall.engine.live import LiveEngine
from seawall.model import Severity
from seawall.protocols import Connection, ReadOptions
from seawall.sources.live.push import PushSource
from seawall.sources.steady import SteadyClock
from seawall.workspace import Workspace
from seawall.workspace.desk import Desk
from seawall.workspace.ingest import Ingest
from tests.watch.pushed_world import LAST_DAY, Event, ndjson, world
from tests.workspace.test_receivers import Remembering

GARDEN = Connection("garden", "push", "", ReadOptions(visibility="public"), {}, {"token": "roses" * 8})
AFTER = datetime(2026, 6, 1, tzinfo=UTC)
EVENTS = world(5, posts=300).events
RIGHT = timedelta(0)


@dataclass
class Outcome:
    """What came of a watch."""

    digest: str
    alerts: list[dict[str, Any]]
    cases: list[str]
    told: Counter[str]
    fates: Counter[str]


def portions(events: Sequence[Event]) -> list[list[Event]]:
    """What came before the last day at once, and that day a few events at a time."""
    last = next(place for place, event in enumerate(events) if event["sent_at"] >= LAST_DAY.isoformat())
    return [list(events[:last])] + [list(events[start : start + 60]) for start in range(last, len(events), 60)]


def written(event: Event) -> datetime:
    """When the platform told of it."""
    times = [event[name] for name in ("sent_at", "edited_at", "deleted_at") if name in event]
    return max(map(datetime.fromisoformat, times))


def watch(folder: Path, like: Path | None, off: Sequence[timedelta]) -> Outcome:
    """The events of two months; on the last day the clock is off by one of these after the other."""
    source, team, fates = PushSource(), Remembering(), Counter[str]()
    time = machine = min(map(written, EVENTS))
    steady = SteadyClock(lambda: machine.timestamp(), lambda: time.timestamp())
    with Workspace.create(folder, like=like) as workspace:
        ingest = Ingest.of(folder, None, clock=lambda: machine)
        with ingest:
            desk = Desk(workspace, ingest, LiveEngine(WATCHING), [(team, Severity.LOW)], clock=steady.now)
            desk.open()
            parts = portions(EVENTS)
            for place, events in enumerate(parts):
                time = max(time, *map(written, events))
                machine = time + (off[place * len(off) // len(parts)] if place else RIGHT)
                ingest.accept(GARDEN, source, source.raw(GARDEN, ndjson(events)))
                for receipt in desk.step().receipts:
                    fates += Counter(kept=receipt.kept, rejected=receipt.rejected, duplicate=receipt.duplicate)
                desk.tell()
            desk.close()
            desk.tell()
            alerts = [asdict(alert) for alert in desk.engine.alerts(AFTER, finalise=True)]
            digest = desk.engine.digest()
        cases = sorted(workspace.cases()["sentence"].to_pylist())
        assert workspace.check() == []
    return Outcome(digest, alerts, cases, Counter(case for case, _ in team.taken), fates)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    folder = tmp_path_factory.mktemp("clean") / "club"
    return folder, watch(folder, None, [RIGHT])


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    "off",
    [
        [RIGHT, -HOUR, DAY, RIGHT],
        [RIGHT, -3 * DAY, RIGHT],
        [-DAY, -2 * HOUR, RIGHT],
        [RIGHT, 400 * DAY, -DAY, RIGHT],
        [DAY, RIGHT] * 5,
    ],
    ids=["an hour back, a day ahead", "three days back", "back from the start", "a year ahead", "to and fro"],
)
def test_a_clock_that_is_set_changes_nothing(tmp_path: Path, clean: tuple[Path, Outcome], off: list[timedelta]) -> None:
    """Set back and forward in the middle of a watch, for hours of it, the clock leads to the states, the alerts and the
    cases of a clock that is right; no record is rejected for it, and each case is told once."""
    like, expected = clean
    found = watch(tmp_path / "club", like, off)
    assert found.fates == expected.fates
    assert found.digest == expected.digest
    assert found.alerts == expected.alerts
    assert found.cases == expected.cases
    assert set(found.told.values()) == {1}
    assert len(found.told) == len(expected.cases) >= 3


def test_a_machine_that_starts_with_its_clock_behind_rejects_nothing(tmp_path: Path) -> None:
    """What the lake holds tells how late it is at least, until the clock is set right."""
    source, (past, *rest) = PushSource(), portions(EVENTS)
    machine = LAST_DAY
    with seawall.create(tmp_path / "club") as workspace:
        with Ingest.of(workspace.path, None, clock=lambda: machine) as ingest:
            ingest.accept(GARDEN, source, source.raw(GARDEN, ndjson(past)))
        machine -= 300 * DAY
        with Ingest.of(workspace.path, None, clock=lambda: machine) as ingest:
            ingest.accept(GARDEN, source, source.raw(GARDEN, ndjson(rest[0])))
            (receipt,) = ingest.flush()
    assert (receipt.kept, receipt.rejected) == (60, 0)
