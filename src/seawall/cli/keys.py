"""Commands of a workspace with a vault: reviewer-key, unmask."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

import seawall
from seawall.cli.output import Json, as_json, rows_of, say, show_table, shown
from seawall.cli.records import Folder
from seawall.errors import ConfigurationError

Passphrase = Annotated[
    str | None,
    typer.Option(envvar="SEAWALL_PASSPHRASE", help="Protects the private key; asked for if it is not given."),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("reviewer-key", epilog="Example: seawall reviewer-key keys/anna")(reviewer_key)
    app.command(epilog="Example: seawall unmask club a7f3c0... --key anna.key --key ben.key --reason 'Danger to life'")(
        unmask
    )


def reviewer_key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Writes FILE.key (keep it) and FILE.pub (hand it out).")],
    passphrase: Passphrase = None,
) -> None:
    """Make a reviewer's pair of keys, for workspaces with a vault."""
    from seawall.workspace import make_reviewer_key

    chosen = passphrase if passphrase is not None else _asked("Passphrase", "SEAWALL_PASSPHRASE", confirm=True)
    public, private = make_reviewer_key(file, chosen)
    say(f"Wrote {private} (private: keep it to yourself) and {public} (public: for seawall init --reviewer-key)")


def unmask(
    folder: Folder,
    accounts: Annotated[list[str], typer.Argument(metavar="ACCOUNT...", help="The pseudonyms.")],
    key: Annotated[list[Path], typer.Option(help="A reviewer's private key file; two are needed.")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the audit before anything is opened.")],
    json: Json = False,
) -> None:
    """Open the vault for some pseudonyms. Two reviewers are needed, and it is audited.

    The passphrases are asked for, or taken from SEAWALL_PASSPHRASE_1 and SEAWALL_PASSPHRASE_2, in the order of --key.
    """
    with seawall.open(folder) as workspace:
        workspace.check_vault()
        rows = rows_of(workspace.unmask(accounts, list(zip(key, _passphrases(key), strict=True)), reason))
    if json:
        as_json(rows)
    else:
        columns = ("pseudonym", "platform", "id", "handle", "name")
        told = [[row[name] if row[name] is not None else "" for name in columns] for row in rows]
        show_table("Identities", columns, told, empty="The vault holds nothing about these pseudonyms.")


def _passphrases(keys: Sequence[Path]) -> list[str]:
    found = []
    for number, path in enumerate(keys, 1):
        variable = f"SEAWALL_PASSPHRASE_{number}"
        given = os.environ.get(variable)
        found.append(given if given is not None else _asked(f"Passphrase of {shown(str(path))}", variable))
    return found


def _asked(question: str, variable: str, *, confirm: bool = False) -> str:
    if not sys.stdin.isatty():
        raise ConfigurationError(
            "A passphrase is needed, and there is no terminal to ask for it.",
            where=variable,
            mend=f"Set the environment variable {variable}.",
        )
    return str(typer.prompt(question, hide_input=True, confirmation_prompt=confirm, err=True))
