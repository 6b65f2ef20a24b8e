"""Commands that keep a workspace lawful and sound: expire, erase, export, hold, compact, doctor, warm."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import seawall
from seawall.cli.output import Json, as_json, progress, say, show_table
from seawall.cli.records import Folder
from seawall.cli.times import TIME, utc

if TYPE_CHECKING:
    from seawall.workspace import Workspace

Account = Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="The pseudonym, as a7f3... or h09c...")]
Platform = Annotated[str | None, typer.Option(help="With --id or --handle: the platform, as telegram.")]
Id = Annotated[str | None, typer.Option("--id", help="The account's own id on the platform, instead of a pseudonym.")]
Handle = Annotated[str | None, typer.Option(help="The account's handle on the platform, instead of a pseudonym.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: seawall expire club --before 2026-01-01")(expire)
    app.command(epilog="Example: seawall erase club --platform telegram --id user123 --reason 'Asked for it.'")(erase)
    app.command(epilog="Example: seawall export club --subject a7f3c0... --out theirs.json")(export)
    app.command(epilog="Example: seawall hold club a7f3c0... --reason 'Court order 12/26'")(hold)
    app.command(epilog="Example: seawall compact club")(compact)
    app.command(epilog="Example: seawall doctor club")(doctor)
    app.command(epilog="Example: seawall warm")(warm)


def expire(
    folder: Folder,
    before: Annotated[datetime, typer.Option(parser=utc, metavar=TIME, help="Records older than this (UTC) go.")],
    json: Json = False,
) -> None:
    """Delete what is older than your retention allows, except what is held."""
    with seawall.open(folder) as workspace, progress(quiet=json) as report:
        gone = workspace.expire(before, progress=report)
    if json:
        as_json(gone)
    else:
        say(f"Deleted from before {before:%Y-%m-%d %H:%M} UTC: {_counts(gone) or 'nothing, nothing was that old'}.")


def erase(
    folder: Folder,
    reason: Annotated[str, typer.Option(help="Why; it stands in the audit.")],
    account: Account = None,
    platform: Platform = None,
    id_: Id = None,
    handle: Handle = None,
    json: Json = False,
) -> None:
    """Erase one account from lake, index, casebook, briefs and vault. Results from before cannot be repeated."""
    with seawall.open(folder) as workspace, progress(quiet=json) as report:
        who = _named(workspace, account, platform, id_, handle)
        gone = workspace.erase(who, reason, progress=report)
    if json:
        as_json(gone)
    else:
        say(f"Erased: {_counts(gone) or 'nothing, nothing was held'}. A later import of this account will be refused.")


def export(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="The file to write (JSON).")],
    subject: Annotated[str | None, typer.Option(help="The pseudonym of the person who asks.")] = None,
    platform: Platform = None,
    id_: Id = None,
    handle: Handle = None,
) -> None:
    """Give a person what is held about their account."""
    with seawall.open(folder) as workspace:
        who = _named(workspace, subject, platform, id_, handle)
        count = workspace.export_subject(who, out)
    say(f"Wrote {count:,} records to {out}")


def hold(
    folder: Folder,
    account: Account = None,
    reason: Annotated[str | None, typer.Option(help="Why, for a new hold or a release.")] = None,
    release: Annotated[bool, typer.Option("--release", help="End the hold.")] = False,
    platform: Platform = None,
    id_: Id = None,
    handle: Handle = None,
    json: Json = False,
) -> None:
    """Suspend expiry and erasure of one account, end that, or list the holds."""
    with seawall.open(folder) as workspace:
        if account or platform or id_ or handle:
            for pseudonym in _named(workspace, account, platform, id_, handle):
                workspace.hold(pseudonym, reason or "", release=release)
        holds = workspace.holds()
    if json:
        as_json(holds)
    else:
        columns = ("account", "since", "by", "reason")
        show_table("Holds", columns, [list(entry.values()) for entry in holds], empty="No account is on hold.")


def compact(folder: Folder, json: Json = False) -> None:
    """Join small files of the lake, so that reading stays fast."""
    with seawall.open(folder) as workspace, progress(quiet=json) as report:
        done = workspace.compact(progress=report)
    if json:
        as_json(done)
    else:
        say(f"The lake has {done['files_after']:,} files; it had {done['files_before']:,}.")


def doctor(folder: Folder, json: Json = False) -> None:
    """Check every file of the workspace: lake, index, casebook, audit, permissions."""
    with seawall.open(folder) as workspace:
        problems = workspace.check()
    if json:
        as_json({"problems": problems})
    else:
        for problem in problems:
            say(problem)
        say("Nothing is wrong." if not problems else f"Found wrong: {len(problems):,}.")
    if problems:
        raise typer.Exit(1)


def warm() -> None:
    """Compile the kernels now, once after an installation, so that the first real run does not wait."""
    from seawall.workspace import warm_kernels

    with progress() as report:
        seconds = warm_kernels(report)
    say(f"The kernels are compiled ({seconds:.0f} s).")


def _named(
    workspace: Workspace, account: str | None, platform: str | None, id_: str | None, handle: str | None
) -> list[str]:
    return [account] if account else workspace.pseudonyms_of(platform=platform, id_=id_, handle=handle)


def _counts(gone: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in gone.items() if count)
