"""The list of commands, and what happens to errors."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import seawall
from seawall.cli import care, cases, keys, records
from seawall.cli.output import complain
from seawall.errors import SeawallError

app = typer.Typer(
    name="seawall",
    help="See a coordinated campaign while it builds; decide, act lawfully, measure the effect.\n\n"
    "Try it: seawall demo demo",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"seawall {seawall.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Every command takes the workspace's folder first."""


for module in (records, cases, care, keys):
    module.register(app)


def main() -> None:
    """Run the command line. A SeawallError becomes one clear message and its exit code, never a traceback."""
    try:
        app(standalone_mode=True)
    except SeawallError as error:
        complain(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        complain("Interrupted; what was acknowledged is kept. Run the same command again to go on.")
        sys.exit(130)
