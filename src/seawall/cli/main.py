"""The list of commands, and what happens to errors."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

import seawall
from seawall.cli import (
    auditing,
    care,
    cases,
    clustering,
    coinciding,
    connecting,
    effecting,
    evaluating,
    indicating,
    judging,
    keys,
    networking,
    people,
    placing,
    planning,
    records,
    safeguarding,
    serving,
    simulating,
    succeeding,
    surging,
    surviving,
    watching,
)
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

INTERRUPTED = 130
"""The exit code that Typer makes of Ctrl-C."""
FAULT = 70
TRACEBACK = "SEAWALL_TRACEBACK"


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
    """Commands on a workspace take its folder first."""


for module in (
    records,
    networking,
    placing,
    surging,
    surviving,
    succeeding,
    effecting,
    coinciding,
    simulating,
    evaluating,
    planning,
    connecting,
    watching,
    clustering,
    cases,
    judging,
    indicating,
    care,
    auditing,
    keys,
    people,
    safeguarding,
    serving,
):
    module.register(app)


def main() -> None:
    """Run the command line. Whatever goes wrong becomes one clear message and its exit code, never a traceback."""
    try:
        try:
            app(standalone_mode=True)
        finally:
            sys.stdout.flush()
    except SeawallError as error:
        _end(str(error), error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        os._exit(0)  # nobody reads on: what is left in the buffer cannot be written
    except OSError as error:
        _end(f"The system refused: {error.strerror or type(error).__name__}. Check free space and permissions.", 5)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            complain("Interrupted; what was acknowledged is kept. Run the same command again to go on.")
        raise
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        _end(
            f"A fault of Seawall itself ({type(error).__name__}). What was acknowledged is kept. Please report it; "
            f"{TRACEBACK}=1 shows where it is, and may show private values.",
            FAULT,
        )


def _end(message: str, code: int) -> None:
    complain(message)
    sys.exit(code)
