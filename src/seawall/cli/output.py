"""How the command line speaks: tables or JSON on stdout, progress with time left on stderr."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from seawall.protocols import Progress as Report

if TYPE_CHECKING:
    import pyarrow as pa

stderr = Console(stderr=True)
stdout = Console()

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def complain(error: object) -> None:
    """One message on stderr."""
    stderr.print(f"[bold]seawall:[/bold] {escape(in_a_line(error))}", highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    """One sentence on stdout."""
    stdout.print(escape(shown(sentence)), highlight=False, soft_wrap=True)


def note(sentence: str) -> None:
    """One sentence on stderr, beside the result."""
    stderr.print(escape(shown(sentence)), highlight=False, soft_wrap=True)


_UNUSUAL = re.compile(r"[^\x20-\x7e\n]")


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1]


def as_json(value: Any) -> None:
    """One JSON document on stdout; what could steer a terminal is escaped in it."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=2)
    sys.stdout.write(_UNUSUAL.sub(lambda char: char[0] if char[0].isprintable() else _escaped(char[0]), text) + "\n")


def shown(text: str) -> str:
    """Text that cannot steer a terminal: control and direction characters are written out.

    >>> shown("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape").decode("ascii") for char in text
    )


def in_a_line(cell: object) -> str:
    """What a cell says, without breaks that could pass for another line or cell.

    >>> in_a_line("one\\ntwo\\tthree")
    'one two three'
    """
    return shown(str(cell)).replace("\n", " ").replace("\t", " ")


def typed(path: Path) -> str:
    """A path as it is to be typed in a shell.

    >>> typed(Path("my club"))
    "'my club'"
    """
    return shlex.quote(str(path))


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of an Arrow table as dictionaries for JSON."""
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """A table on stdout, one row a line when stdout is not a terminal; where there are no rows, why, on stderr."""
    if not rows:
        stderr.print(escape(shown(empty)), highlight=False, soft_wrap=True)
        return
    if not stdout.is_terminal:
        for row in rows:
            sys.stdout.write("\t".join(map(in_a_line, row)) + "\n")
        return
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(shown(str(cell))) for cell in row))
    stdout.print(table)


@contextmanager
def progress(quiet: bool = False) -> Iterator[Report | None]:
    """A progress line on stderr with what is done and the time left, for anything that takes a while."""
    if quiet or not stderr.is_terminal:
        yield None
        return
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
    )
    with bar:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                for task in tasks.values():
                    bar.update(task, visible=False)
                tasks[what] = bar.add_task(escape(shown(what)), total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield report


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)
