"""The options of commands that run a measure over the lake: which engine does it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import seawall
from seawall.errors import ConfigurationError

if TYPE_CHECKING:
    from seawall.workspace import Workspace

Engine = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Run on Spark: local[*], spark://HOST:PORT or sc://HOST:PORT. This machine otherwise."
    ),
]
EngineOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="A setting of Spark, as spark.executor.memory=4g; repeatable."),
]
OPTION = "option --engine-option"


def opened(folder: Path, engine: str | None, options: Sequence[str] | None) -> Workspace:
    """A workspace whose measures this engine runs.

    Raises:
        ConfigurationError: an option is no setting of Spark, or is told twice.
        WorkspaceError: there is no workspace.
    """
    return seawall.open(folder, engine=engine, engine_options=settings_of(options))


def refuse_engine(engine: str | None, options: Sequence[str] | None, when: str) -> None:
    """Refuse an engine where this machine does all the work.

    Args:
        engine: what --engine says.
        options: what --engine-option says.
        when: the rest of a sentence, as "without a workspace".

    Raises:
        ConfigurationError: one of them is given.
    """
    if engine is not None or options:
        raise ConfigurationError(
            f"An engine changes nothing {when}.", where="options --engine and --engine-option", mend="Leave them out."
        )


def settings_of(pairs: Sequence[str] | None) -> dict[str, str]:
    """What --engine-option says.

    Raises:
        ConfigurationError: one is no setting of Spark, or is told twice.

    >>> settings_of(["spark.executor.memory=4g"])
    {'spark.executor.memory': '4g'}
    """
    told: dict[str, str] = {}
    for pair in pairs or ():
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (equals and value and name.startswith("spark.")):
            raise ConfigurationError(
                "This is no setting of Spark.", where=OPTION, mend="As in: --engine-option spark.executor.memory=4g"
            )
        if name in told:
            raise ConfigurationError("A setting is told twice.", where=f"{OPTION}, {name}", mend="Leave one out.")
        told[name] = value
    return told
