"""The command that serves the review console."""

from __future__ import annotations

import getpass
import json as json_
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import seawall
from seawall.cli.output import Json, complain, note, say, typed
from seawall.cli.records import Folder

if TYPE_CHECKING:
    from seawall.workspace import Workspace

PORT = 8767
LINK_MINUTES = 60


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall serve club")(serve)


def serve(
    folder: Folder,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 = any that is free.")] = PORT,
    origin: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The https:// address of a proxy with TLS, through which people come."),
    ] = None,
    language: Annotated[str, typer.Option(help="en or ar, for whoever has chosen none.")] = "en",
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser of this machine.")] = False,
    json: Json = False,
) -> None:
    """Serve the review console, where people decide. Ctrl-C ends it; nothing acknowledged is lost.

    At the first start it enrols you as administrator and prints a link that signs you in once.
    """
    from seawall.web.settings import ConsoleSettings  # late: so that --help answers at once

    seawall.open(folder).close()
    ConsoleSettings(origin or _address(host, port), language)  # what cannot be is said before anything is loaded
    from seawall.web.app import create_app
    from seawall.web.console import console_of
    from seawall.web.serving import listening, wait_for_readers
    from seawall.web.serving import serve as answer

    with listening(host, port) as at:
        settings = ConsoleSettings(origin or _address(host, at.getsockname()[1]), language)
        app = create_app(folder, settings)
        console = console_of(app)
        shown = json or sys.stdout.isatty()
        path = _way_in(console.workspace, by_hand=shown)
        link = f"{settings.origin}/sign-in/link/{path}" if path else None
        _tell(folder, settings.origin, link, json=json, shown=shown)
        console.warmth.begin(console.workspace)
        if open_:
            webbrowser.open(link or settings.origin)
        answer(app, at, behind_proxy=origin is not None)
        wait_for_readers()
    if not json:
        complain("Ended. The same command starts it again.")


def _address(host: str, port: int) -> str:
    """What people type. This machine is called by its name: passkeys belong to names, not to numbers."""
    if host == "127.0.0.1":
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _way_in(workspace: Workspace, *, by_hand: bool) -> str | None:
    """A secret that signs an administrator in once, where none can sign in; only where a person reads it."""
    from seawall.casebook import Role

    people = workspace.casebook.people.all()
    if not by_hand:
        return None
    if not people:
        return workspace.first_administrator(getpass.getuser(), minutes=LINK_MINUTES)
    administrators = [one for one in people if one.role is Role.ADMINISTRATOR]
    if any(one.can_sign_in for one in administrators):
        return None
    workspace.reviewer = administrators[0].name
    return workspace.sign_in_link(administrators[0].name, minutes=LINK_MINUTES)


def _tell(folder: Path, address: str, link: str | None, *, json: bool, shown: bool) -> None:
    """Say where it is. The link goes to the terminal or into the JSON, never into a log."""
    if json:
        sys.stdout.write(json_.dumps({"address": address, "sign_in": link}) + "\n")
        sys.stdout.flush()
        return
    say(f"The console of {folder} is at {address}")
    if link:
        say(f"Sign in once with this link, within {LINK_MINUTES} minutes: {link}")
    if not shown:
        note(f"No sign-in link is printed into a file or a pipe. Start it on a terminal: seawall serve {typed(folder)}")
    note("Ctrl-C ends it.")
