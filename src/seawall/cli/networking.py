"""The command for who acted together: communities in words, exports, pictures, and the messages behind a pair."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.output import Json, as_json, note, progress, rows_of, show_table, typed
from seawall.cli.records import Folder
from seawall.cli.times import End, Start
from seawall.errors import ConfigurationError

if TYPE_CHECKING:
    from seawall.measures.layers import LayeredNetwork
    from seawall.workspace import Workspace
    from seawall.workspace.network_words import GroupFound

AUTO = "auto"
MOST_TOLD = 50
"""So many groups are told in words, the largest; files have all of them."""
COLUMNS = ("group", "accounts", "core", "pairs", "met", "by chance", "q", "q sharing", "first", "last")
BEHIND = ("time (UTC)", "gap (s)", "what", "first message", "second message", "text")
SUFFIXES = {".graphml": "graphml", ".gexf": "gexf", ".csv": "csv", ".arrow": "arrow", ".html": "", ".svg": ""}


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall network club --out club.html")(network)


def network(
    folder: Folder,
    start: Start = None,
    end: End = None,
    window: Annotated[
        str, typer.Option(metavar="SECONDS", help="How close in time counts as together; auto: estimated.")
    ] = "60",
    layer: Annotated[
        list[str] | None, typer.Option(help="What to look at, as text or link; repeatable. All but similar otherwise.")
    ] = None,
    q: Annotated[float, typer.Option(help="The rate of false discoveries among pairs.")] = 0.05,
    min_repeats: Annotated[
        int | None, typer.Option(min=1, help="Do not ask chance: pairs with so many things in time in one layer.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it: .html or .svg, a picture; .graphml, .gexf, .csv, .arrow, data."),
    ] = None,
    edge: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="List the messages behind a pair of accounts.")
    ] = None,
    json: Json = False,
) -> None:
    """Show who shared the same things at the same time, more often than chance explains, and what is behind it."""
    from seawall.workspace.networks import checked_layers

    layers = checked_layers(layer or None)
    seconds = _window(window)
    if edge is not None:
        if out is not None or seconds is None:
            raise ConfigurationError(
                "A pair is listed for a window in seconds, and not written.", where="option --edge",
                mend="Leave --out out, and give --window in seconds.",
            )  # fmt: skip
        _show_edge(folder, edge, seconds, layers, start, end, json)
        return
    if out is not None:
        from seawall.cli.surge_answer import check_out

        check_out(out, [], "--out", tuple(SUFFIXES))
    began = time.perf_counter()
    with seawall.open(folder) as workspace, progress(quiet=json) as report:
        found = workspace.network(
            start=start, end=end, window=seconds, layers=layers, q=q, min_repeats=min_repeats, progress=report
        )
        from seawall.workspace.network_words import groups_found

        groups = list(groups_found(found, MOST_TOLD, report))
        written = _write(workspace, found, groups, out, folder) if out is not None else []
    if json:
        as_json(_document(found, groups, written, time.perf_counter() - began))
    else:
        _show(found, groups, written, folder)


def _window(told: str) -> float | None:
    if told == AUTO:
        return None
    try:
        seconds = float(told)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ConfigurationError(
            "The window is no number of seconds.", where="option --window", mend=f"As in: --window 60, or {AUTO}"
        )
    return seconds


def _write(
    workspace: Workspace, found: LayeredNetwork, groups: list[GroupFound], out: Path, folder: Path
) -> list[Path]:
    from seawall.brief import render_network, render_picture
    from seawall.cli.surge_answer import write_result
    from seawall.workspace.network_pages import network_page, network_shown

    workspace.casebook.audit.append(workspace.reviewer, "network", {"format": out.suffix.lower(), "pairs": len(found)})
    suffix = out.suffix.lower()
    if suffix == ".html":
        command = f"seawall network {typed(folder)} --out {typed(Path(out.name))}"
        write_result(out, render_network(network_page(workspace, found, _sentence(found), groups, command)).encode())
        return [out]
    if suffix == ".svg":
        write_result(out, render_picture(network_shown(workspace, found)).encode())
        return [out]
    stem = out if suffix in (".graphml", ".gexf") else out.with_suffix("")
    return found.write(stem, SUFFIXES[suffix])


def _sentence(found: LayeredNetwork) -> str:
    """What was found, in one sentence."""
    from seawall.brief.words import counted

    who = f"{counted(len(found), 'pair')} of {counted(len(found.nodes), 'account')}"
    in_time = sum(row["in_time"] or 0 for row in found.layers.to_pylist())
    if not found.parameters["significance"]:
        return (
            f"{who} came together in time on {found.parameters['min_repeats']:,} things of one layer or more; "
            "chance was not asked."
        )
    return (
        f"{who} shared the same things at the same time, beyond what chance "
        f"explains (q at most {found.parameters['q']:g}); {in_time:,} were in time at least once."
    )


def _document(found: LayeredNetwork, groups: list[GroupFound], written: list[Path], seconds: float) -> dict[str, Any]:
    return {
        "accounts": len(found.nodes),
        "pairs": len(found),
        "layers": rows_of(found.layers),
        "groups": [one.as_dict() for one in groups],
        "parameters": found.parameters,
        "input": found.input_version,
        "out": [str(path) for path in written],
        "seconds": seconds,
    }


def _show(found: LayeredNetwork, groups: list[GroupFound], written: list[Path], folder: Path) -> None:
    note(_sentence(found))
    for row in found.layers.to_pylist():
        if row["left_out"]:
            note(f"  {row['layer']}: not looked at. {row['left_out']}")
    show_table("Groups", COLUMNS, [_row(one) for one in groups], empty=_nothing(found, folder))
    for one in groups:
        note(f"Group {one.number}: {one.sentence}")
        for doubt in one.doubt:
            note(f"  against it: {doubt}")
    for path in written:
        note(f"Wrote {path}")
    if groups and not written:
        (first,) = found.found.slice(0, 1).to_pylist()
        note(f"Next: seawall network {typed(folder)} --edge {first['source']} {first['target']}")


def _row(one: GroupFound) -> list[object]:
    from seawall.brief.words import number, second, small

    told = one.description
    return [
        one.number, number(len(told.accounts)), number(len(one.core)), number(one.pairs), number(one.met),
        number(one.expected if one.q is not None else None), small(one.q), small(one.q_sharing),
        second(told.start), second(told.end),
    ]  # fmt: skip


def _nothing(found: LayeredNetwork, folder: Path) -> str:
    if not found.parameters["significance"]:
        return "No two accounts shared so many things in time. That is not proof that nobody acts together."
    return (
        "No pair stands out from chance. That is not proof that nobody acts together: "
        f"seawall network {typed(folder)} --min-repeats 5 shows pairs whatever chance gives."
    )


def _show_edge(
    folder: Path,
    edge: tuple[str, str],
    window: float,
    layers: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    json: bool,
) -> None:
    with seawall.open(folder) as workspace, progress(quiet=json) as report:
        rows = rows_of(
            workspace.messages_behind(*edge, start=start, end=end, window=window, layers=layers, progress=report)
        )
    if json:
        as_json(rows)
        return
    from seawall.brief.words import counted

    pairs = counted(len(rows), "pair")
    note(f"{pairs} of messages within {window:g} s of one another; a gap below 0: the second came first.")
    cells = [
        [
            f"{row['source_at']:%Y-%m-%d %H:%M:%S}", f"{row['lag_s']:g}", row["layer"],
            row["source_message"], row["target_message"], row["text"] or "(no text is kept)",
        ]
        for row in rows
    ]  # fmt: skip
    show_table("Messages behind the pair", BEHIND, cells, empty="These two never shared a thing within this window.")
