"""The command for how long things live: of channels in a workspace, of spells in a file, of status checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seawall.cli.engines import Engine, EngineOption, opened, refuse_engine
from seawall.cli.output import Json, as_json, note, progress, show_table, typed
from seawall.cli.times import TIME, utc
from seawall.errors import ConfigurationError
from seawall.protocols import Progress, ReadOptions

if TYPE_CHECKING:
    from seawall.workspace import Workspace
    from seawall.workspace.survival_found import SurvivalFound

TITLES = ("group", "spells", "ended", "half by day", "from", "to")
ENDS = ("group", "kind of end", "ended", "part of all", "from", "to")
SUFFIXES = (".svg", ".html")
NOTHING = "No spell ended."


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall survival --spells channels.csv --plot channels.html")(survival)


def survival(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A workspace: how long its channels live.")
    ] = None,
    spells: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Spells instead: CSV or Parquet with start and end.")
    ] = None,
    checks: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Status checks: columns thing, checked_at, status; repeatable."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Compare groups: platform, channel_kind, or a column of --spells."),
    ] = None,
    dormant: Annotated[
        float, typer.Option(metavar="DAYS", help="So many collected days of silence end a channel's spell.")
    ] = 30.0,
    until: Annotated[
        datetime | None,
        typer.Option(
            parser=utc, metavar=TIME, help="When observation of --spells or --checks ended; else the last time."
        ),
    ] = None,
    confidence: Annotated[float, typer.Option(help="Of bands and limits.")] = 0.95,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column of --spells holds a field; repeatable."),
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name for times without a zone, as Europe/Paris.")] = None,
    date_order: Annotated[str | None, typer.Option(help="dmy, mdy or ymd, where dates could be misread.")] = None,
    encoding: Annotated[str | None, typer.Option(help="The encoding of the text, where it is not UTF-8.")] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the curves: .svg, or .html with tables and limits.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the curves too: curves.csv or curves.parquet.")
    ] = None,
    engine: Engine = None,
    engine_option: EngineOption = None,
    json: Json = False,
) -> None:
    """Show how long channels, places or anything else with a start and an end lives, with what speaks for doubt."""
    from seawall.cli import surge_answer  # late: so that --help and --version answer at once
    from seawall.cli.records import mapping_of

    inputs = [path for path in (spells, *(checks or ())) if path is not None]
    if plot is not None:
        surge_answer.check_out(plot, inputs, "--plot", SUFFIXES)
    if out is not None:
        surge_answer.check_out(out, inputs, "--out", surge_answer.SUFFIXES)
    options = ReadOptions(mapping=mapping_of(map_ or []), timezone=timezone, date_order=date_order, encoding=encoding)
    with progress(quiet=json) as report:
        if folder is not None:
            _refuse_both(spells, until)
            workspace = opened(folder, engine, engine_option)
            found = _of_workspace(workspace, checks or [], by, dormant, confidence, options, report)
        else:
            refuse_engine(engine, engine_option, "without a workspace")
            found = _of_files(spells, checks or [], by, until, confidence, options, report)
    if plot is not None:
        _draw(found, plot, _command(folder, spells, checks or [], by, plot))
    if out is not None:
        surge_answer.write_table(found.curve, out)
    if json:
        as_json(
            found.as_dict() | {"plot": None if plot is None else str(plot), "out": None if out is None else str(out)}
        )
    else:
        _show(found, [path for path in (plot, out) if path is not None])


def _refuse_both(spells: Path | None, until: datetime | None) -> None:
    if spells is not None or until is not None:
        raise ConfigurationError(
            "A workspace knows its channels and when it was collected.", where="options --spells and --until",
            mend="Leave them out, or leave the workspace out.",
        )  # fmt: skip


def _of_workspace(
    workspace: Workspace,
    checks: list[Path],
    by: str | None,
    dormant: float,
    confidence: float,
    options: ReadOptions,
    report: Progress | None,
) -> SurvivalFound:
    from seawall.cli.spell_file import read_checks

    tables = [read_checks(path, options, report) for path in checks]
    with workspace:
        found = workspace.survival(
            checks=[one.rows for one in tables], by=by, dormant=dormant, confidence=confidence, progress=report
        )
    return replace(found, assumptions=(*(line for one in tables for line in one.assumptions), *found.assumptions))


def _of_files(
    spells: Path | None,
    checks: list[Path],
    by: str | None,
    until: datetime | None,
    confidence: float,
    options: ReadOptions,
    report: Progress | None,
) -> SurvivalFound:
    from seawall.cli.spell_file import read_checks, read_spells
    from seawall.measures.lifetimes import SpellsFound
    from seawall.workspace.survival_found import no_spells, survival_found, with_checks

    if spells is None and not checks:
        raise ConfigurationError(
            "There is nothing to look at.", where="seawall survival",
            mend="Name a workspace, or a file with --spells or --checks.",
        )  # fmt: skip
    read = [] if spells is None else [read_spells(spells, options, by, report)]
    looked = [read_checks(path, options, report) for path in checks]
    found = SpellsFound(read[0].rows, {}) if read else no_spells()
    return survival_found(
        with_checks(found, [one.rows for one in looked]),
        source=", ".join(path.name for path in (spells, *checks) if path is not None),
        by=by,
        until=until,
        confidence=confidence,
        assumptions=[line for one in (*read, *looked) for line in one.assumptions],
    )


def _command(folder: Path | None, spells: Path | None, checks: list[Path], by: str | None, plot: Path) -> str:
    parts = ["seawall survival"]
    parts += [] if folder is None else [typed(folder)]
    parts += [] if spells is None else [f"--spells {typed(spells)}"]
    parts += [f"--checks {typed(path)}" for path in checks]
    parts += [] if by is None else [f"--by {typed(Path(by))}"]
    return " ".join([*parts, f"--plot {typed(Path(plot.name))}"])


def _draw(found: SurvivalFound, plot: Path, command: str) -> None:
    from seawall.brief.survival_page import render_survival, render_survival_picture
    from seawall.cli.surge_answer import write_result
    from seawall.workspace.survival_pages import survival_page, survival_shown

    if plot.suffix.lower() == ".svg":
        write_result(plot, render_survival_picture(survival_shown(found)).encode())
    else:
        write_result(plot, render_survival(survival_page(found, command)).encode())


def _show(found: SurvivalFound, written: list[Path]) -> None:
    from seawall.brief.words import number
    from seawall.workspace.survival_found import LEFT_OUT, group_name

    note(found.sentence)
    for sentence in found.assumptions:
        note(f"  {sentence}")
    for reason, count in found.left_out.items():
        note(f"  Left out, {count:,}: {LEFT_OUT[reason]}")
    rows = [
        [
            group_name(row),
            number(row["spells"]),
            number(row["ended"]),
            *(number(row[name], 0) for name in ("age", "low", "high")),
        ]
        for row in found.median.to_pylist()
    ]
    show_table("How long they live", TITLES, rows, empty=NOTHING)
    if found.ends_differ:
        show_table("How they ended", ENDS, [_end(row) for row in found.last_ends()], empty=NOTHING)
    if found.comparison is not None:
        note(found.comparison)
    for path in written:
        note(f"Wrote {path}")


def _end(row: dict[str, Any]) -> list[object]:
    from seawall.workspace.survival_found import group_name

    shares = [f"{100 * row[name]:.0f} %" for name in ("incidence", "low", "high")]
    return [group_name(row), row["kind"], f"{row['ended']:,}", *shares]
