"""The command for tables of counts: surges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seawall.cli.output import Json, as_json, note, progress, show_table
from seawall.protocols import Progress, ReadOptions

if TYPE_CHECKING:
    from seawall.cli.count_question import Question
    from seawall.cli.surge_answer import Answer
    from seawall.cli.surge_panels import Picture

NOTHING = "Nothing was beyond what its own past lets expect, which does not prove that nothing happened."


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall surges rides.csv --plot rides.png")(surges)


def surges(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or Parquet: columns time, series, count.")],
    bin_: Annotated[
        str | None,
        typer.Option("--bin", metavar="WIDTH", help="Width of a bin: 1h, 1d, 1w, 1mo; else as the rows stand apart."),
    ] = None,
    coverage: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was collected: columns series, start, end.")
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds time, series or count; repeatable."),
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name for times without a zone, as Europe/Paris.")] = None,
    date_order: Annotated[str | None, typer.Option(help="dmy, mdy or ymd, where dates could be misread.")] = None,
    encoding: Annotated[str | None, typer.Option(help="The encoding of the text, where it is not UTF-8.")] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the counts: out.png or out.svg.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the windows too: windows.csv or windows.parquet.")
    ] = None,
    json: Json = False,
) -> None:
    """Find when counts rose above, or fell below, what their own past lets expect. It needs no workspace."""
    from seawall.cli import surge_answer, surge_picture  # late: so that --help and --version answer at once
    from seawall.cli.records import mapping_of
    from seawall.cli.surge_panels import picture_of

    inputs = [path for path in (file, coverage) if path is not None]
    if out is not None:
        surge_answer.check_out(out, inputs, "--out", surge_answer.SUFFIXES)
    if plot is not None:
        surge_answer.check_out(plot, inputs, "--plot", surge_picture.SUFFIXES)
        surge_picture.require_matplotlib()
    options = ReadOptions(mapping=mapping_of(map_ or []), timezone=timezone, date_order=date_order, encoding=encoding)
    with progress(quiet=json) as report:
        answer, question = _answer(file, coverage, bin_, options, report)
        picture = picture_of(answer, question) if plot is not None else None
        if picture is not None and plot is not None:
            surge_answer.write_result(plot, surge_picture.render(picture, plot.suffix.lower()))
        if out is not None:
            surge_answer.write_windows(answer.windows, out)
    if json:
        as_json(answer.as_dict() | {"plot": _drawn(picture, plot), "out": None if out is None else str(out)})
    else:
        _show(answer, picture, plot, out)


def _answer(
    file: Path, coverage: Path | None, bin_: str | None, options: ReadOptions, report: Progress | None
) -> tuple[Answer, Question]:
    """The answer, and the question that was put to the measure."""
    from seawall.cli.count_bins import check_bin, choose_bins
    from seawall.cli.count_file import read_counts, read_coverage
    from seawall.cli.count_question import ask
    from seawall.cli.surge_answer import Answer

    if bin_ is not None:
        check_bin(bin_)
    read = read_counts(file, options, file.stem or "all", report)
    collected = read_coverage(coverage, replace(options, mapping={})) if coverage is not None else None
    bins = choose_bins(read.rows, bin_)
    question = ask(read.rows, collected, bins.text, datetime.now(UTC))
    if report is not None:
        report("looking at series", 0, None)
    facts = question.facts()
    sentences = (*read.assumptions, *bins.sentences, *question.sentences, *facts.sentences)
    return Answer(str(file), len(read.rows), bins.text, facts, question.windows(), sentences), question


def _drawn(picture: Picture | None, plot: Path | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        "file": str(plot),
        "panels": [panel.series for panel in picture.panels],
        "left_out": picture.left_out,
        "description": picture.description,
    }


def _show(answer: Answer, picture: Picture | None, plot: Path | None, out: Path | None) -> None:
    from seawall.cli.surge_answer import TITLES

    note(answer.sentence)
    for sentence in answer.assumptions:
        note(f"  {sentence}")
    show_table("Windows", TITLES, answer.cells(), empty=NOTHING)
    if picture is not None:
        more = f"; not drawn: {picture.left_out:,} more" if picture.left_out else ""
        note(f"Drew {len(picture.panels)} series in {plot}{more}")
    if out is not None:
        note(f"Wrote {out}")
