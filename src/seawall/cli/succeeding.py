"""The command for channels that come after others that ended."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import seawall
from seawall.cli.output import Json, as_json, note, progress, show_table
from seawall.cli.records import mapping_of
from seawall.cli.times import TIME, utc
from seawall.protocols import Progress, ReadOptions

if TYPE_CHECKING:
    import pyarrow as pa

    from seawall.workspace.succession_found import SuccessorsFound

TITLES = ("ended", "at (UTC)", "likely successor", "probability", "why")
NOTHING = "Where ends are known from elsewhere, give them: --ends FILE, with columns channel and at."
UNKNOWN = "Name channels by pseudonym, handle or address, as the records of this workspace do."
ENDS = {
    "channel": "channel thing handle address place url channel_id name id",
    "at": "at ended_at ended end date time checked_at",
}
"""The fields of a list of ends, with the names that people use."""
REASONS = 2


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall successors club --ends closed.csv")(successors)


def successors(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A workspace.")],
    ends: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Ends, instead of those that the lake tells: columns channel and at."),
    ] = None,
    least: Annotated[float, typer.Option(metavar="P", help="The probability from which on a successor is told.")] = 0.8,
    since: Annotated[
        datetime | None, typer.Option(parser=utc, metavar=TIME, help="Messages from this time on.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(parser=utc, metavar=TIME, help="Messages before this time.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name for times of --ends without a zone.")] = None,
    date_order: Annotated[str | None, typer.Option(help="dmy, mdy or ymd, where dates could be misread.")] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column of --ends holds channel or at; repeatable."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all candidates with their terms: FILE.csv or FILE.parquet."),
    ] = None,
    json: Json = False,
) -> None:
    """Show which channels and groups likely come after those that ended, with reasons, or that none does."""
    if out is not None:
        from seawall.cli import surge_answer

        surge_answer.check_out(out, [] if ends is None else [ends], "--out", surge_answer.SUFFIXES)
    options = ReadOptions(mapping=mapping_of(map_ or []), timezone=timezone, date_order=date_order)
    with progress(quiet=json) as report:
        listed = None if ends is None else _read(ends, options, report)
        with seawall.open(folder) as workspace:
            found = workspace.successors(listed, least=least, start=since, end=until, progress=report)
    if out is not None:
        from seawall.cli.surge_answer import write_table

        write_table(found.found.candidates, out)
    if json:
        as_json(found.as_dict() | {"out": None if out is None else str(out)})
    else:
        _show(found, out)


def _read(path: Path, options: ReadOptions, report: Progress | None) -> pa.Table:
    """A list of ends in a CSV, NDJSON or Parquet file."""
    import pyarrow as pa

    from seawall.cli.table_file import read_columns, times_of, words_of

    read = read_columns(path, ENDS, options, report, set())
    for sentence in read.sentences:
        note(sentence)
    return pa.table({"channel": words_of(read, "channel"), "at": times_of(read, "at", options, missing=True)})


def _show(found: SuccessorsFound, out: Path | None) -> None:
    from seawall.detectors.successor_words import percent

    rows = [
        (
            row["ended_name"],
            f"{row['at']:%Y-%m-%d %H:%M}",
            row["likeliest_name"] if row["successor"] else "none told",
            percent(row["probability"]),
            "; ".join(row["reasons"][:REASONS]) if row["successor"] else "",
        )
        for row in found.rows()
    ]
    note(found.sentence)
    show_table("Successors", TITLES, rows, empty=UNKNOWN if found.unknown else NOTHING)
    for reason, count in found.as_dict()["left_out"].items():
        note(f"Left out: {count:,} {reason}.")
    if out is not None:
        note(f"Wrote {out}")
