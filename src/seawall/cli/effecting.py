"""The command for before and after: what was counted around actions, held against what was to be expected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.output import Json, as_json, note, progress, rows_of, show_table, typed
from seawall.cli.records import Folder
from seawall.errors import ConfigurationError
from seawall.protocols import ReadOptions

if TYPE_CHECKING:
    import pyarrow as pa

    from seawall.workspace.effects import EffectFound

SUFFIXES = (".html", ".svg")
FIELDS = {
    "date": "date time at day when timestamp datetime",
    "channel": "channel channel_id unit handle title name platform",
    "kind": "kind action what type measure",
}
OPTIONAL = ("channel", "kind")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall effect club --actions closed.csv --plot closed.html")(effect)


def effect(
    folder: Folder,
    actions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was done: columns date, and channel, kind where told.")
    ] = None,
    decisions: Annotated[
        bool, typer.Option("--decisions", help="Instead: the cases of this workspace that were referred.")
    ] = False,
    control: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHANNEL", help="Compare with this channel or platform; repeatable. All others otherwise."
        ),
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option(help="messages, accounts, forwards or new channels; repeatable. All otherwise.")
    ] = None,
    window: Annotated[int, typer.Option(min=7, max=366, help="Days on each side.")] = 30,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds date, channel or kind; repeatable."),
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name for times without a zone, as Europe/Paris.")] = None,
    date_order: Annotated[str | None, typer.Option(help="dmy, mdy or ymd, where dates could be misread.")] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it: .html, a page; .svg, the pictures alone.")
    ] = None,
    json: Json = False,
) -> None:
    """Show what was counted before and after actions, held against channels on which nobody acted."""
    if (actions is None) != decisions:
        raise ConfigurationError(
            "It must be told what was done.", where="options --actions and --decisions",
            mend="Give one of them: --actions FILE, or --decisions.",
        )  # fmt: skip
    from seawall.cli.surge_answer import check_out  # here and below: so that --help and --version answer at once

    if plot is not None:
        check_out(plot, [] if actions is None else [actions], "--plot", SUFFIXES)
    said: list[str] = []
    table = None if actions is None else _actions(actions, map_ or [], timezone, date_order, said)
    with seawall.open(folder) as workspace, progress(quiet=json) as report:
        found = workspace.effect(
            table, decisions=decisions, controls=control or None, measures=measure or None, window=window,
            progress=report,
        )  # fmt: skip
        name = str(workspace.path.name)
    if plot is not None:
        _write(found, plot, name, folder, actions)
    if json:
        as_json(_document(found, said, plot))
    else:
        _show(found, said, plot)


def _actions(path: Path, mapping: list[str], timezone: str | None, date_order: str | None, said: list[str]) -> pa.Table:
    """The actions of a file: ``at``, ``channel``, ``kind``."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from seawall.cli.records import mapping_of
    from seawall.cli.table_file import read_columns, times_of
    from seawall.sources.values import strings

    options = ReadOptions(mapping=mapping_of(mapping), timezone=timezone, date_order=date_order)
    read = read_columns(path, FIELDS, options, None, OPTIONAL)
    columns = {"at": times_of(read, "date", options)}
    for field in OPTIONAL:
        if field in read.values:
            told = read.values[field]
            words = told.dictionary_decode() if pa.types.is_dictionary(told.type) else strings(told)
            trimmed = pc.utf8_trim_whitespace(words)
            columns[field] = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    said += read.sentences
    return pa.table(columns)


def _write(found: EffectFound, plot: Path, name: str, folder: Path, actions: Path | None) -> None:
    from seawall.brief.effect_page import render_effect, render_effect_picture
    from seawall.cli.surge_answer import write_result
    from seawall.workspace.effects_shown import MOST_PANELS, page_of, panels

    if plot.suffix.lower() == ".svg":
        drawn = list(panels(found))[:MOST_PANELS]
        if not drawn:
            raise ConfigurationError(
                "There is nothing to draw: no measure can be told.",
                where="option --plot",
                mend="Leave it out to see why.",
            )
        write_result(plot, render_effect_picture(drawn).encode())
        return
    asked = "--decisions" if actions is None else f"--actions {typed(Path(actions.name))}"
    command = f"seawall effect {typed(folder)} {asked} --plot {typed(Path(plot.name))}"
    write_result(plot, render_effect(page_of(found, name, command)).encode())


def _document(found: EffectFound, said: list[str], plot: Path | None) -> dict[str, Any]:
    from seawall.workspace.effects_shown import doubts, sentence

    return {
        "sentence": sentence(found),
        "effects": rows_of(found.effect.table),
        "displacement": rows_of(found.displacement.table),
        "linked": rows_of(found.linked.table),
        "returns": rows_of(found.returns.table),
        "lives": rows_of(found.lives.table),
        "left_out": found.left_out,
        "doubt": list(doubts(found)),
        "assumptions": said,
        "parameters": dict(found.effect.parameters),
        "input": found.lake_version,
        "plot": None if plot is None else str(plot),
    }


def _show(found: EffectFound, said: list[str], plot: Path | None) -> None:
    from seawall.brief.words import NBSP
    from seawall.workspace import effects_shown as told

    note(told.sentence(found))
    tables = (
        ("Before and after", told.EFFECTS, told.effect_cells(found), "No action is left to look at."),
        (
            "Where accounts went",
            told.MOVES,
            told.move_cells(found, found.displacement),
            "Where accounts went cannot be told.",
        ),
        (
            "Where their links lead",
            told.MOVES,
            told.move_cells(found, found.linked),
            "Where their links lead cannot be told.",
        ),
        ("What came back", told.RETURNS, told.return_cells(found), "What came back cannot be told."),
        (
            "How long new channels lived",
            told.LIVES,
            told.life_cells(found),
            "How long new channels lived cannot be told.",
        ),
    )
    for sentence in said:
        note(f"  {sentence}")
    for title, columns, cells, empty in tables:
        show_table(title, columns, [[cell.replace(NBSP, " ") for cell in row] for row in cells], empty=empty)
    for reason, count in found.left_out.items():
        note(f"  left out: {reason}: {count:,}")
    for doubt in told.doubts(found):
        note(f"  against it: {doubt}")
    if plot is not None:
        note(f"Wrote {plot}")
