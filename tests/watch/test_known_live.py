"""Known content in a real watch."""

from __future__ import annotations

import asyncio
from pathlib import Path

import seawall
from seawall.detectors import CanaryDetector
from seawall.model import Severity
from seawall.watch import Settings, watching
from tests.watch.scripted import Scripted, connection, told
from tests.workspace.lists import FEUD, listed
from tests.workspace.test_receivers import Remembering

CALL = "Read https://tulips-only.example/call"


def test_what_another_process_lists_is_found_in_the_next_message(tmp_path: Path) -> None:
    """While a watch runs, somebody lists a link through a workspace of their own; the next message with it opens a case
    that is told. A message from before is left to seawall rescan, which then finds it."""
    workspace = seawall.create(tmp_path / "club", reviewer="Rosa")
    source = Scripted([told(number, text=CALL if number == 3 else "Compost.") for number in range(10)])
    team = Remembering()

    async def until(condition) -> None:
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0.02)

    async def run() -> str:
        settings = Settings(detectors=(CanaryDetector(),), flush_s=0.05)
        async with watching(
            workspace,
            settings=settings,
            also=[(team, Severity.LOW)],
            connections=[connection()],
            sources=lambda _: source,
        ) as watcher:
            running = asyncio.create_task(watcher.run())
            await until(lambda: workspace.messages(["message_id"]).num_rows == 10)
            other = seawall.open(workspace.path, reviewer="Fern")
            id_ = await asyncio.to_thread(listed, other, "url", "https://tulips-only.example/call", FEUD)
            source.log += [told(10, text="Roses."), told(11, text=CALL)]
            await until(lambda: team.taken)
            watcher.stop()
            await running
            return id_

    id_ = asyncio.run(run())
    seen = lambda: workspace.indicators.sightings(id_)["message_id"].to_pylist()  # noqa: E731
    assert seen() == ["garden-club:m11"]
    assert len(team.taken) == workspace.cases().num_rows == 1
    assert workspace.rescan([id_]).hits == 2
    assert seen() == ["garden-club:m3", "garden-club:m11"]
