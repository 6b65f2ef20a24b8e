"""Where members link to over time, as the command seawall places --flow shows it."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import seawall
from seawall.cli.output import as_json, note, progress, rows_of, show_table, typed

if TYPE_CHECKING:
    from seawall.measures.flow import Flows

COLUMNS = ("community", "place", "kind", "first (UTC)", "followed", "expected", "silent", "others silent", "q")
SUFFIXES = (".html", ".svg")


def show_flow(
    folder: Path, since: datetime | None, until: datetime | None, plot: Path | None, most: int, *, as_data: bool
) -> None:
    """Print the places that unusually many members began to link to, and write the picture.

    Raises:
        ConfigurationError: the picture's name does not end as one does.
    """
    began = time.perf_counter()
    if plot is not None:
        from seawall.cli.surge_answer import check_out

        check_out(plot, [], "--plot", SUFFIXES)
    with seawall.open(folder) as workspace, progress(quiet=as_data) as report:
        found = workspace.flows(start=since, end=until, progress=report)
        if plot is not None:
            _write(workspace, found, folder, plot)
    if as_data:
        as_json(
            {
                "flows": rows_of(found.table),
                "moves": rows_of(found.moves),
                "periods": rows_of(found.periods),
                "left_out": dict(found.left_out),
                "plot": None if plot is None else str(plot),
                "seconds": time.perf_counter() - began,
            }
        )
    else:
        _show(found, folder, plot, most)


def _write(workspace: Any, found: Flows, folder: Path, plot: Path) -> None:
    from seawall.brief.flow_page import render_flow, render_flow_picture
    from seawall.cli.surge_answer import write_result
    from seawall.errors import InputError
    from seawall.workspace.flowing import flow_page, flows_shown

    workspace.casebook.audit.append(workspace.reviewer, "flows", {"format": plot.suffix.lower()})
    if plot.suffix.lower() == ".html":
        command = f"seawall places {typed(folder)} --flow --plot {typed(Path(plot.name))}"
        write_result(plot, render_flow(flow_page(workspace, found, command)).encode())
        return
    first = next(flows_shown(found), None)
    if first is None:
        raise InputError(
            "No link leads to a place, so there is nothing to draw.", where="option --plot", mend="Leave --plot out."
        )
    write_result(plot, render_flow_picture(first).encode())


def _show(found: Flows, folder: Path, plot: Path | None, most: int) -> None:
    from seawall.brief.words import counted
    from seawall.workspace.flowing import Q, sentence

    note(sentence(found))
    told = [row for row in rows_of(found.moves) if row["q"] <= Q]
    empty = "Nowhere do unusually many members link to a new place. That is not proof that nobody goes anywhere."
    if len(found):
        show_table("New places that unusually many link to", COLUMNS, [_row(one) for one in told[:most]], empty=empty)
    if len(told) > most:
        note(f"{counted(len(told) - most, 'more place')}: --most lists more, --json all.")
    if told:
        note("Linking is not going. The page of an event, a collection or a popular site draws many, too.")
    for reason, count in found.left_out.items():
        note(f"{counted(count, 'row')} left out: {reason.replace('_', ' ')}.")
    if plot is not None:
        note(f"Wrote {plot}")
    elif len(found):
        note(f"Next: seawall places {typed(folder)} --flow --plot flows.html")


def _row(row: dict[str, Any]) -> list[object]:
    from seawall.brief.words import part, second, small

    silent, others = "too early", "–"
    if row["stayed_time"]:
        silent, others = f"{row['linked_silent']:,}", part(row["others_silent"], row["others"])
    return [
        row["community"] or "(all together)", row["place"], row["kind"], second(row["first_at"]),
        part(row["followed"], row["members"]), f"{row['expected']:.1f}", silent, others, small(row["q"]),
    ]  # fmt: skip
