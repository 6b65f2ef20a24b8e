"""The command on the record of who did and read what: audit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import seawall
from seawall.cli.output import Json, as_json, say, show_table
from seawall.cli.records import Folder

if TYPE_CHECKING:
    from seawall.workspace import Workspace

_ACTS = ("verify", "show", "checkpoint")
_COLUMNS = ("sequence", "at", "actor", "act")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall audit club checkpoint /media/stick/club-2026-05-20.json")(audit)


def audit(
    folder: Folder,
    act: Annotated[
        str, typer.Argument(help="verify: check the chain. show: list the entries. checkpoint: sign what is there.")
    ] = "verify",
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A new file for the checkpoint; otherwise it is printed.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="CHECKPOINT", help="What you kept elsewhere: a file, a checkpoint, or a head."),
    ] = None,
    json: Json = False,
) -> None:
    """Check that nobody changed the record of who did and read what."""
    if act not in _ACTS:
        raise typer.BadParameter(f"one of {', '.join(_ACTS)}", param_hint="ACT")
    if file is not None and act != "checkpoint":
        raise typer.BadParameter("only a checkpoint is written to a file", param_hint="FILE")
    with seawall.open(folder) as workspace:
        if act == "show":
            _show(workspace, json)
        elif act == "checkpoint":
            _checkpoint(workspace, file)
        else:
            _verify(workspace, against, json)


def _show(workspace: Workspace, json: bool) -> None:
    entries = workspace.audit_entries()
    if json:
        as_json(entries)
        return
    rows = [[entry[name] for name in _COLUMNS] for entry in entries]
    show_table("Audit", _COLUMNS, rows, empty="The audit has no entry.")


def _checkpoint(workspace: Workspace, file: Path | None) -> None:
    text = workspace.checkpoint(file)
    if file is None:
        sys.stdout.write(text + "\n")
    else:
        say(f"Wrote {file}. Keep it where whoever can change this workspace cannot reach it.")


def _verify(workspace: Workspace, against: str | None, json: bool) -> None:
    problems, head = workspace.verify_audit(against)
    if json:
        as_json({"problems": problems, "head": head})
    else:
        for problem in problems:
            say(problem)
        say(f"{'The audit is whole.' if not problems else 'The audit is NOT whole.'} Head: {head}")
    if problems:
        raise typer.Exit(1)
