"""The command for copies of texts: clusters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from seawall.cli.engines import Engine, EngineOption, opened
from seawall.cli.output import Json, as_json, in_a_line, progress, rows_of, say, show_table, shown, stdout
from seawall.cli.records import Folder
from seawall.cli.times import End, Start

if TYPE_CHECKING:
    from seawall.brief import Cascade, CopyGroup
    from seawall.workspace.clustering import ClusterShown

NOTHING = "No text was copied so often. Read more with: seawall add; or ask for less with --least."
EXCERPT = 60
SHOWN = 12
"""So many kinds of wording of one cluster are shown; --json lists all."""
COLUMNS = ("cluster", "messages", "accounts", "channels", "in an hour", "first seen (UTC)", "copies", "first words")
LEVELS = ".:-=+*#@"
"""Few copies to many, in letters that every terminal has."""


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall clusters club --least 10")(clusters)


def clusters(
    folder: Folder,
    cluster: Annotated[
        str | None, typer.Option(metavar="ID", help="Show this one: how it spread, and how its copies differ.")
    ] = None,
    start: Start = None,
    end: End = None,
    least: Annotated[int, typer.Option(min=2, help="The least number of copies of a cluster.")] = 3,
    most: Annotated[int, typer.Option(min=1, help="List so many clusters, the fastest first.")] = 20,
    engine: Engine = None,
    engine_option: EngineOption = None,
    json: Json = False,
) -> None:
    """List the texts that were copied most, near-copies joined, the fastest first; or show how one of them spread."""
    with opened(folder, engine, engine_option) as workspace, progress(quiet=json) as report:
        if cluster is not None:
            one = workspace.cluster(cluster, start=start, end=end, progress=report)
        else:
            found = rows_of(workspace.clusters(start=start, end=end, least=least, most=most, progress=report))
    if cluster is not None:
        _show(one, json)
    elif json:
        as_json(found)
    else:
        show_table("Clusters of copies", COLUMNS, [_line(row) for row in found], empty=NOTHING)


def _line(row: dict[str, Any]) -> list[object]:
    told = "(no public text is kept)" if row["text"] is None else in_a_line(row["text"])[:EXCERPT]
    numbers = [row["messages"], row["accounts"], row["channels"], row["hour_accounts"]]
    return [row["cluster"], *numbers, f"{row['first_at']:%Y-%m-%d %H:%M}", _kinds(row), told]


def _kinds(row: dict[str, Any]) -> str:
    """How copies differ.

    >>> _kinds({"verbatim": 4, "edited": 1, "obfuscated": 0, "not_compared": 0})
    '4 verbatim, 1 edited'
    """
    kinds = ("verbatim", "edited", "obfuscated", "not_compared")
    return ", ".join(f"{row[kind]:,} {kind.replace('_', ' ')}" for kind in kinds if row[kind])


def _show(one: ClusterShown, json: bool) -> None:
    if json:
        as_json(
            {**one.summary, "cascade": _cascade_json(one.cascade), "wordings": [_copy(copy) for copy in one.copies]}
        )
        return
    row = one.summary
    say(
        f"Cluster {row['cluster']}: {row['messages']:,} copies by {row['accounts']:,} accounts in {row['channels']:,} "
        f"channels, from {row['first_at']:%Y-%m-%d %H:%M:%S} to {row['last_at']:%Y-%m-%d %H:%M:%S} UTC; "
        f"{row['hour_accounts']:,} accounts within an hour from {row['hour_at']:%Y-%m-%d %H:%M} on. {_kinds(row)}."
    )
    _show_cascade(one.cascade)
    if not one.copies:
        say("\nNo public text is kept of these copies.")
    for copy in one.copies[:SHOWN]:
        _show_copy(copy)
    if len(one.copies) > SHOWN:
        say(f"\nand {len(one.copies) - SHOWN:,} more wordings: --json lists them")


def _show_cascade(cascade: Cascade) -> None:
    from seawall.brief.cascade import behind, length

    begin = f"{cascade.at[0]:%Y-%m-%d %H:%M} UTC"
    title = f"Copies per {length(cascade.bin)}, from {begin} ({LEVELS[0]} few, {LEVELS[-1]} most)"
    most = max([*cascade.counts, 1])
    rows = [["all", "", sum(cascade.counts), "", _line_of(cascade.counts, most)]]
    most = max([count for row in cascade.rows for count in row.counts], default=1)
    rows += [
        [row.name, behind(row.behind), row.messages, row.accounts, _line_of(row.counts, most)] for row in cascade.rows
    ]
    show_table(title, ("channel", "after the first", "copies", "accounts", "when"), rows, empty="")
    if cascade.hidden:
        say(f"and {cascade.hidden:,} more channels")


def _line_of(counts: tuple[int, ...], most: int) -> str:
    """Counts as letters.

    >>> _line_of((0, 1, 8), 8)
    ' .@'
    """
    return "".join(" " if not count else LEVELS[(count * len(LEVELS) - 1) // most] for count in counts)


def _show_copy(copy: CopyGroup) -> None:
    alike = "" if copy.similarity is None or copy.kind == "first" else f", similarity {copy.similarity:.2f}"
    times = "once" if copy.messages == 1 else f"{copy.messages:,} times"
    say(f"\n{copy.kind.capitalize()}, {times}{alike}, from {copy.at:%Y-%m-%d %H:%M:%S} UTC ({in_a_line(copy.id)})")
    line = Text()
    for words, style in _marked(copy):
        line.append(words, style)
    stdout.print(line, soft_wrap=True)


def _marked(copy: CopyGroup) -> Iterator[tuple[str, str]]:
    """The words with their style; brackets tell what the colour tells. A text has a line of its own, so that a
    language written from right to left does not turn what stands beside it."""
    for part in copy.parts:
        words = in_a_line(shown(part.text))
        if part.op == "gone":
            yield f"[-{words}-]", "red strike"
        elif part.op == "new":
            yield f"{{+{words}+}}", "bold green"
        else:
            yield words, ""


def _copy(copy: CopyGroup) -> dict[str, Any]:
    parts = [{"op": part.op, "text": part.text} for part in copy.parts]
    told = {"kind": copy.kind, "messages": copy.messages, "similarity": copy.similarity}
    return {**told, "first_message": copy.id, "first_at": copy.at, "parts": parts}


def _cascade_json(cascade: Cascade) -> dict[str, Any]:
    channels = [
        {
            "channel": row.name,
            "first_at": row.first_at,
            "behind_seconds": row.behind.total_seconds(),
            "messages": row.messages,
            "accounts": row.accounts,
            "counts": row.counts,
        }
        for row in cascade.rows
    ]
    told = {"bin_seconds": cascade.bin.total_seconds(), "at": cascade.at, "counts": cascade.counts}
    return {**told, "new_accounts": cascade.new_accounts, "channels": channels, "more_channels": cascade.hidden}
