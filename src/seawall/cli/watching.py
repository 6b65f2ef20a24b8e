"""The command that watches a platform while it happens, or plays one back as if it did."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.output import Json, complain, progress, say, shown, stderr, typed
from seawall.cli.records import Folder, MinAccounts, MinRepeats, Window, usual_detectors
from seawall.errors import ConfigurationError, SeawallError

if TYPE_CHECKING:
    from seawall.notices import Notice
    from seawall.watch import ConnectionState, Watcher

WATCHDOG_SECONDS = 30.0


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall watch club")(watch)


def watch(
    folder: Folder,
    listen: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Answer /health and /metrics there, and take pushed events."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", min=0, metavar="SECONDS", help="End after this time.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Play an export, or a workspace, as if it happened now.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0, help="With --replay: how much faster; 0 = as fast as it goes.")] = 100,
    keep: Annotated[
        Path | None, typer.Option(metavar="NEWDIR", help="With --replay: keep what came of it as a new workspace.")
    ] = None,
    window: Window = 60,
    min_repeats: MinRepeats = 5,
    min_accounts: MinAccounts = 3,
    unit: Annotated[bool, typer.Option("--unit", help="Print a systemd unit that runs this command, and end.")] = False,
    json: Json = False,
) -> None:
    """Watch the connected platforms: read, look, open cases, and tell of each new case once.

    It goes on where it ended; what happened meanwhile is fetched. Ctrl-C ends it and loses nothing.
    """
    from seawall.watch import Settings

    if unit:
        _print_unit(folder, listen)
        return
    detectors = usual_detectors(window, min_repeats, min_accounts, watching=True)
    settings = Settings(detectors=detectors, keep=None) if replay else Settings(detectors=detectors)
    voice = Voice(folder, json)
    if replay is not None:
        _replay(folder, replay, speed, keep, settings, voice)
    else:
        asyncio.run(_watch(folder, listen, seconds, settings, voice))


@dataclass
class Voice:
    """Says what happens: sentences on stderr and cases on stdout, or JSON lines on stdout."""

    folder: Path
    json: bool

    def began(self, names: list[str], port: int | None) -> None:
        """The watch has begun."""
        if self.json:
            self._line("watching", {"connections": names, "port": port})
        else:
            where = f" Health and metrics: port {port}." if port else ""
            self._aside(f"Watching {', '.join(names)}.{where} Ctrl-C ends it; nothing acknowledged is lost.")

    def changed(self, state: ConnectionState) -> None:
        """A connection's status changed."""
        if self.json:
            self._line("connection", {"name": state.name, **state.as_dict()})
            return
        sentence = {
            "watching": "watching; what was missed is being fetched." if state.interruptions else "watching.",
            "lost": f"connection lost. {state.trouble} What is missed will be fetched.",
            "refused": f"refused. {state.trouble}",
        }.get(state.status.value)
        if sentence:
            self._aside(f"{state.name}: {sentence}")

    def trouble(self, error: SeawallError) -> None:
        """Something went wrong that is tried again."""
        if self.json:
            self._line("trouble", {"sentence": str(error)})
        else:
            self._aside(str(error))

    def remark(self, sentence: str) -> None:
        """Something about how the watch looks."""
        if self.json:
            self._line("remark", {"sentence": sentence})
        else:
            self._aside(sentence)

    def summary(self, **counts: Any) -> None:
        """How it went."""
        if self.json:
            self._line("summary", counts)

    def told(self, notice: Notice) -> None:
        """A new case."""
        if self.json:
            self._line("case", notice.as_dict())
        else:
            look = f"seawall case {typed(self.folder)} {notice.case_id}"
            say(f"{_clock()}  {notice.severity.value}  {notice.sentence}\n       Look: {look}")

    def _aside(self, sentence: str) -> None:
        stderr.print(f"{_clock()}  {shown(sentence)}", highlight=False, soft_wrap=True, markup=False)

    def _line(self, event: str, fields: dict[str, Any]) -> None:
        told = {"event": event, "at": datetime.now(UTC).isoformat(timespec="milliseconds"), **fields}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


@dataclass(frozen=True)
class TerminalReceiver:
    """Tells of new cases on the terminal that the watch runs in."""

    voice: Voice
    name: str = "terminal"

    def send(self, notice: Notice, *, again: bool) -> None:
        """Say it."""
        self.voice.told(notice)


def _clock() -> str:
    return f"{datetime.now(UTC):%H:%M}"


async def _watch(folder: Path, listen: str | None, seconds: float | None, settings: Any, voice: Voice) -> None:
    from seawall.model import Severity
    from seawall.watch import Told, notify, serving, watching

    with seawall.open(folder) as workspace:
        if not workspace.connections.all():
            raise ConfigurationError(
                "Nothing is connected, so there is nothing to watch.",
                where=str(folder),
                mend=f"Connect a platform first, as in: seawall connect {typed(folder)} rocketchat https://...",
            )
        told = Told(voice.changed, voice.trouble, voice.remark)
        also = [(TerminalReceiver(voice), Severity.LOW)]
        async with watching(workspace, settings=settings, told=told, also=also) as watcher:
            _stop_on_signals(watcher)
            async with serving(watcher, listen) as server:
                notify("READY=1")
                voice.began([one.name for one in watcher.connections], server.port if server else None)
                helpers = [asyncio.create_task(_watchdog())]
                if seconds is not None:
                    helpers.append(asyncio.create_task(_stop_after(watcher, seconds)))
                try:
                    await watcher.run()
                finally:
                    notify("STOPPING=1")
                    for helper in helpers:
                        helper.cancel()
        voice.summary(connections={state.name: state.as_dict() for state in watcher.states})
        if not voice.json:
            complain("Ended; what was acknowledged is kept. The same command goes on from here.")


async def _stop_after(watcher: Watcher, seconds: float) -> None:
    await asyncio.sleep(seconds)
    watcher.stop()


async def _watchdog() -> None:
    from seawall.watch import notify

    while True:
        notify("WATCHDOG=1")
        await asyncio.sleep(WATCHDOG_SECONDS)


def _stop_on_signals(watcher: Watcher) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, watcher.stop)


def _print_unit(folder: Path, listen: str | None) -> None:
    from seawall.watch import systemd_unit

    with seawall.open(folder) as workspace:
        logs = [Path(told.to).parent for told in workspace.receivers.all() if told.kind == "log"]
    sys.stdout.write(systemd_unit(folder, ["--listen", listen] if listen else [], also_writes=logs))


def _replay(folder: Path, played: Path, speed: float, keep: Path | None, settings: Any, voice: Voice) -> None:
    from seawall.model import Severity
    from seawall.watch.replay import origin_of, replay, scratch, target_in

    with seawall.open(folder) as workspace, scratch(workspace) as private:
        with progress(quiet=voice.json) as report:
            origin = origin_of(played, workspace, private)
            target = target_in(keep or private / "replayed", origin)
            told = [(TerminalReceiver(Voice(target.path, voice.json)), Severity.LOW)]
            done = replay(origin, target, speed=speed, settings=settings, receivers=told, progress=report)
        if voice.json:
            voice.summary(**done.as_dict())
        else:
            for sentence in (str(done), *done.remarks):
                say(sentence)
            if keep is not None:
                say(f"Kept as {typed(keep)}. Next: seawall cases {typed(keep)}")
