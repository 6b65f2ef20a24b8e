"""Known content: from listing to the sighting of the next message, and how fast the past is compared."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.watch.scripted import Scripted, connection, told

import seawall
from benchmarks.pipeline import repeated
from benchmarks.table import Row
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.watch import Settings, watching
from seawall.workspace import Terms, Workspace

NAME = "Known content"
LISTED = 10_000
ROUNDS = 20
MESSAGES = 300_000
TERMS = Terms("feud", "A made-up feud of gardening clubs.", live=True)


def write_list(path: Path) -> Path:
    """Phrases, domains and hashes about gardens, as many of each."""
    lines = ["kind,value"]
    for number in range(LISTED):
        lines += [
            f"phrase,dig up bed {number} of the tulip club",
            f"domain,bed{number}.tulips.example",
            f"sha256,{number:064x}",
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def listed(workspace: Workspace, folder: Path) -> float:
    """List everything, seconded; the seconds that reading the list took."""
    began = time.perf_counter()
    result = workspace.indicators.import_file(write_list(folder / "list.csv"), TERMS)
    seconds = time.perf_counter() - began
    assert result.new == 3 * LISTED, result
    seawall.open(workspace.path, reviewer="a second person").indicators.second("feud")
    return seconds


async def rounds(workspace: Workspace) -> list[float]:
    """While a watch runs: list a link, send a message with it at once, wait until it is sighted; the seconds each."""
    source = Scripted([told(0, sent_at=datetime.now(UTC).isoformat())])
    took = []
    async with watching(
        workspace, settings=Settings(), connections=[connection()], sources=lambda _: source
    ) as watcher:
        running = asyncio.create_task(watcher.run())
        for number in range(ROUNDS + 1):
            url = f"https://round{number}.tulips.example/"
            one = await asyncio.to_thread(workspace.indicators.add, "url", url, TERMS)
            began = time.perf_counter()
            source.log.append(told(number + 1, text=f"See {url}", sent_at=datetime.now(UTC).isoformat()))
            async with asyncio.timeout(300):
                while not await asyncio.to_thread(_seen, workspace, one.id):
                    await asyncio.sleep(0.01)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(0.037 * number % 0.5)
        watcher.stop()
        await running
    return took[1:]  # the first one compiles kernels, where they are not yet


def _seen(workspace: Workspace, id_: str) -> bool:
    return bool(workspace.casebook.indicators.sightings(id_).num_rows)


def live() -> list[Row]:
    """From listing to sighting."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = seawall.create(Path(folder) / "club", reviewer="a person")
        reading = listed(workspace, Path(folder))
        took = asyncio.run(rounds(workspace))
    note = f"{ROUNDS} links listed one by one beside {3 * LISTED:,} entries; a watch looks once a second"
    return [
        Row(
            "from listing to the sighting of a message sent at once, median",
            statistics.median(took),
            "s",
            "<= 1",
            note=note,
        ),
        Row("the longest of these", max(took), "s", note=note),
        Row("entries of a table listed", 3 * LISTED / reading, "per s", note="a third phrases, domains, hashes"),
    ]


def past() -> list[Row]:
    """A look at the past."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = seawall.create(Path(folder) / "club", reviewer="a person")
        export = repeated(MESSAGES, Path(folder))
        workspace.add(export, options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
        listed(workspace, Path(folder))
        workspace.rescan()
        result = workspace.rescan()
    note = f"{result.messages:,} messages of the ira dev set, {result.indicators:,} indicators, the second of two runs"
    return [
        Row(
            "messages compared with the lists by a rescan",
            result.messages / result.seconds,
            "per s",
            ">= 50000",
            note=note,
        )
    ]


def run() -> list[Row]:
    """All rows."""
    return [*live(), *past()]
