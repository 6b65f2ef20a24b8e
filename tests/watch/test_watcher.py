from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

import seawall
from seawall.detectors import CanaryDetector
from seawall.detectors.canary import CANARY_PHRASE
from seawall.errors import AccessError, ConfigurationError, ConnectError, StorageError
from seawall.model import Severity
from seawall.protocols import Connection, RawBatch
from seawall.sources.live.push import PushSource
from seawall.watch import Settings, Status, Told, Watcher, watching
from seawall.workspace.ingest import Ingest
from tests.watch.scripted import Scripted, connection, told
from tests.workspace.test_receivers import Remembering

SETTINGS = Settings(detectors=(CanaryDetector(),), flush_s=0.05)


@pytest.fixture
def workspace(tmp_path: Path) -> seawall.Workspace:
    return seawall.create(tmp_path / "club")


def ids(workspace: seawall.Workspace) -> list[str]:
    return sorted(workspace.messages(["message_id"])["message_id"].to_pylist())


def expected(*names: str, count: int) -> list[str]:
    return sorted(f"garden-{name}:m{number}" for name in names for number in range(count))


def watch(
    workspace: seawall.Workspace,
    sources: dict[str, Scripted],
    until: Callable[[Watcher], bool],
    *,
    heard: Told | None = None,
    team: Remembering | None = None,
    seconds: float = 20.0,
) -> Watcher:
    """Watch until a condition holds, then stop gracefully."""

    async def run() -> Watcher:
        follow = {name: connection(name) for name in sources}
        waiting = iter(sources.values())
        async with watching(
            workspace,
            settings=SETTINGS,
            told=heard,
            also=[(team, Severity.LOW)] if team else [],
            connections=list(follow.values()),
            sources=lambda _: next(waiting),
        ) as watcher:
            for follower in watcher._followers:
                follower.pace._first = 0.01
            running = asyncio.create_task(watcher.run())
            async with asyncio.timeout(seconds):
                while not until(watcher) and not running.done():
                    await asyncio.sleep(0.02)
                watcher.stop()
                await running
            return watcher

    return asyncio.run(run())


def given(count: int) -> Callable[[Watcher], bool]:
    return lambda watcher: all(state.records >= count for state in watcher.states)


def reached(source: Scripted, place: int) -> Callable[[Watcher], bool]:
    return lambda watcher: bool(source.resumed) and int(source.resumed[0] or 0) + watcher.states[0].records >= place


def test_what_comes_is_in_the_lake_and_its_case_is_told_once(workspace: seawall.Workspace) -> None:
    """Messages of two connections reach the lake; the canary among them opens one case, told once, also when the watch
    is started again."""
    logs = [told(number) for number in range(40)]
    team = Remembering()
    watch(
        workspace, {"one": Scripted(logs), "two": Scripted([*logs, told(40, text=CANARY_PHRASE)])}, given(40), team=team
    )
    assert ids(workspace) == sorted([*expected("one", "two", count=40), "garden-two:m40"])
    again = Scripted([*logs, told(40, text=CANARY_PHRASE)])
    watch(workspace, {"two": again}, lambda _: bool(again.resumed), team=team)
    assert again.resumed == ["41"], "it resumes after what was acknowledged"
    assert len(team.taken) == workspace.cases().num_rows == 1


def test_a_source_that_fails_is_tried_again_and_harms_no_other(workspace: seawall.Workspace) -> None:
    """Lost connections, a fault of our own, and a refused token: the first are resumed from what is durable, the
    others go on unharmed, and each says how it stands."""
    logs = [told(number) for number in range(30)]
    failures = [ConnectError("It is away."), RuntimeError("a fault"), StorageError("no disk"), ConnectError("Again.")]

    def failing(done: int) -> None:
        if done >= 5 and failures:
            raise failures.pop(0)

    def refusing(_: int) -> None:
        raise AccessError("The token is not accepted.")

    def unsettled(_: int) -> None:
        raise ConfigurationError("The setting cannot work.")

    seen: list[tuple[str, Status]] = []
    sources = {
        "away": Scripted(logs, failing),
        "well": Scripted(logs),
        "refused": Scripted(logs, refusing),
        "unset": Scripted(logs, unsettled),
    }
    heard = Told(changed=lambda state: seen.append((state.name, state.status)))
    done = lambda watcher: all(state.records >= 30 for state in watcher.states[:2]) and not failures  # noqa: E731
    watcher = watch(workspace, sources, done, heard=heard)
    assert ids(workspace) == expected("away", "well", count=30)
    assert sources["away"].resumed[0] is None
    assert sources["away"].resumed[1:] == ["5", "10", "15", "20"], "each time after what is durable"
    troubles = {state.name: state.trouble for state in watcher.states}
    assert "token" in troubles["refused"]
    assert "setting" in troubles["unset"]
    assert ("away", Status.LOST) in seen
    assert ("refused", Status.REFUSED) in seen
    assert ("well", Status.LOST) not in seen


def test_stopping_keeps_everything_that_was_given(workspace: seawall.Workspace) -> None:
    """A watch that is stopped at any moment has acknowledged what its checkpoint says, and goes on from there until
    nothing is missing and nothing is twice."""
    logs = [told(number) for number in range(200)]
    random = Random(7)
    for end in (*sorted(random.sample(range(1, 200), 6)), 200):
        source = Scripted(logs[:end], some=3)
        wanted = end if end == 200 else random.randrange(end)
        watch(workspace, {"club": source}, reached(source, wanted))
    assert ids(workspace) == expected("club", count=200)


def test_edits_and_deletions_that_come_live_are_folded_in(workspace: seawall.Workspace) -> None:
    """A later edit changes the text, a deletion marks the message, in whatever order they come."""
    log = [
        told(1),
        told(2, deleted_at="2026-05-04T10:00:00Z"),
        told(1, text="corrected", edited_at="2026-05-03T15:00:00Z"),
        told(3),
    ]
    watch(workspace, {"club": Scripted(log, some=1)}, given(4))
    rows = {row["message_id"]: row for row in workspace.messages().to_pylist()}
    assert rows["garden-club:m1"]["text"] == "corrected"
    assert rows["garden-club:m3"]["deleted_at"] is None


def test_what_the_detectors_leave_out_is_told_once(workspace: seawall.Workspace) -> None:
    """How the state began, and that messages are dated in the future, reach whoever watches: each sentence once, and
    for the health as it is now."""
    ahead = [told(number, sent_at=(datetime.now(UTC) + timedelta(hours=9 + number)).isoformat()) for number in range(3)]
    said: list[str] = []
    source = Scripted([told(9), *ahead], some=1)
    watcher = watch(workspace, {"club": source}, given(4), heard=Told(remark=said.append))
    assert len(said) == 2
    assert said[0].startswith("Built the detectors' state")
    assert "dated more than an hour" in said[1]
    assert ["came: 3." in sentence for sentence in watcher.remarks] == [True]
    again: list[str] = []
    restarted = {"club": Scripted([])}
    watch(workspace, restarted, lambda watcher: len(again) == 2, heard=Told(remark=again.append))
    assert [sentence[:8] for sentence in again] == ["Took up ", "Messages"]


def test_the_history_before_the_watch_is_not_a_gap(workspace: seawall.Workspace, tmp_path: Path) -> None:
    """What was imported before counts as collected, once the live source begins to tell what it covers."""
    export = tmp_path / "history.csv"
    export.write_text("id,author,time,text\n1,rosa,2026-03-01T10:00:00Z,tulips\n2,iris,2026-04-01T10:00:00Z,ferns\n")
    workspace.add(export, options=connection().options)
    watch(workspace, {"club": Scripted([told(1)])}, given(1))
    rows = [row for row in workspace.coverage().to_pylist() if row["how"] == "assumed"]
    assert [(f"{row['start']:%m-%d}", f"{row['end']:%m-%d}", row["complete"]) for row in rows] == [
        ("03-01", "04-01", True)
    ]


def test_what_was_pushed_is_not_taken_for_history(workspace: seawall.Workspace) -> None:
    """Nothing is entered of a platform that never tells what it covers, however often its watch begins: a single row
    would turn all that follows into time that nobody watched."""
    pushed = replace(connection(), source=PushSource.name)
    source = PushSource()
    for part in range(3):
        with workspace.ingest() as ingest:
            ingest.accept(pushed, source, source.raw(pushed, told(part)))

        async def begin() -> None:
            async with watching(workspace, settings=SETTINGS, connections=[pushed]) as watcher:
                watcher.stop()
                await watcher.run()

        asyncio.run(begin())
    assert len(ids(workspace)) == 3
    assert workspace.coverage().num_rows == 0
    assert workspace.assume_history() == [], "what came live was not imported"


def test_records_that_can_never_be_kept_end_their_own_session_only(workspace: seawall.Workspace) -> None:
    """A batch that intake cannot take stops its connection at that place, acknowledges nothing after it, and keeps what
    came on other connections at the same moment."""
    logs = [told(number) for number in range(20)]
    accept = Ingest.accept

    def refusing(self: Ingest, one: Connection, source: object, batches: Sequence[RawBatch]) -> object:
        if one.name == "bad" and any("m7" in batch.messages["message_id"].to_pylist() for batch in batches):
            raise TypeError
        return accept(self, one, source, batches)  # type: ignore[arg-type]

    troubled: list[str] = []
    heard = Told(changed=lambda state: troubled.append(f"{state.name}: {state.trouble}") if state.trouble else None)
    done = lambda watcher: watcher.states[1].records >= 20 and len(troubled) > 2  # noqa: E731
    with patch.object(Ingest, "accept", refusing):
        watch(workspace, {"bad": Scripted(logs, some=2), "good": Scripted(logs, some=2)}, done, heard=heard)
    assert all(said.startswith("bad: A fault of Seawall itself (TypeError)") for said in troubled)
    kept = ids(workspace)
    assert [one for one in kept if "good" in one] == expected("good", count=20)
    assert {one for one in kept if "bad" in one} <= set(expected("bad", count=6))
