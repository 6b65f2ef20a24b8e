"""Commands of a workspace with a vault: reviewer-key, unmask."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import seawall
from seawall.cli.output import Json, as_json, rows_of, say, show_table
from seawall.cli.records import Folder
from seawall.workspace import make_reviewer_key

Passphrase = Annotated[
    str, typer.Option(prompt=True, hide_input=True, envvar="SEAWALL_PASSPHRASE", help="Protects the private key.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("reviewer-key", epilog="Example: seawall reviewer-key keys/anna")(reviewer_key)
    app.command(epilog="Example: seawall unmask club a7f3c0... --key anna.key --key ben.key --reason 'Danger to life'")(
        unmask
    )


def reviewer_key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Writes FILE.key (keep it) and FILE.pub (hand it out).")],
    passphrase: Passphrase,
) -> None:
    """Make a reviewer's pair of keys, for workspaces with a vault."""
    public, private = make_reviewer_key(file, passphrase)
    say(f"Wrote {private} (private: keep it to yourself) and {public} (public: for seawall init --reviewer-key)")


def unmask(
    folder: Folder,
    accounts: Annotated[list[str], typer.Argument(metavar="ACCOUNT...", help="The pseudonyms.")],
    key: Annotated[list[Path], typer.Option(help="A reviewer's private key file; exactly two are needed.")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the audit before anything is opened.")],
    json: Json = False,
) -> None:
    """Open the vault for some pseudonyms. Two reviewers are needed, and it is audited."""
    passphrases = [typer.prompt(f"Passphrase of {path}", hide_input=True) for path in key]
    with seawall.open(folder) as workspace:
        rows = rows_of(workspace.unmask(accounts, list(zip(key, passphrases, strict=True)), reason))
    if json:
        as_json(rows)
    else:
        columns = ("pseudonym", "platform", "id", "handle", "name")
        show_table("Identities", columns, [[row[name] for name in columns] for row in rows])
