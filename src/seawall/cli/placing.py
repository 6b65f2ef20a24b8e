"""The command for where links lead: channels, invites, hosts and sites, with who led there and when."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.emerging_places import show_emerging
from seawall.cli.engines import Engine, EngineOption, opened, refuse_engine
from seawall.cli.flow_places import show_flow
from seawall.cli.output import Json, as_json, note, progress, rows_of, show_table
from seawall.cli.records import Folder
from seawall.cli.times import TIME, utc
from seawall.errors import ConfigurationError

if TYPE_CHECKING:
    import pyarrow as pa

    from seawall.measures.place import Places

COLUMNS = ("place", "kind", "role", "channels", "messages", "accounts", "first (UTC)", "last (UTC)")
MOST_SHOWN = 50
"""So many places are listed for people where --most does not say; --json has all of them."""
GOES_WITH = {"--emerging": ("--kind", "--popular"), "--flow": ()}
"""What can be told beside each of them, of what chooses places."""
PASSED = ("shortener", "infrastructure")
"""Roles of what links only pass through."""


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall places club --role chat")(places)


def places(
    folder: Folder,
    since: Annotated[
        datetime | None, typer.Option(parser=utc, metavar=TIME, help="Links of messages from this time on (UTC).")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(parser=utc, metavar=TIME, help="Links of messages before this time (UTC).")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only places of this kind; repeatable.")] = None,
    role: Annotated[
        list[str] | None, typer.Option(help="Only places of this role, as chat or site; repeatable.")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A CSV file of your own (host,kind,role) that says what hosts are."),
    ] = None,
    expand: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A CSV file (short,target) of what short links stand for."),
    ] = None,
    emerging: Annotated[
        bool, typer.Option("--emerging", help="Only places that are new and that channel after channel takes to.")
    ] = False,
    popular: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --emerging: a CSV file (rank,domain) of domains that the world knows."),
    ] = None,
    flow: Annotated[
        bool,
        typer.Option("--flow", help="Which part of each channel's members link to a place, and to which new ones."),
    ] = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --flow: write the picture, .html with its tables or .svg."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="List so many places.")] = MOST_SHOWN,
    engine: Engine = None,
    engine_option: EngineOption = None,
    json: Json = False,
) -> None:
    """Show where links lead: channels, invites, servers, sites, and how many led there. Nothing is fetched."""
    from seawall.workspace.expanding import TableExpander  # late: so that --help and --version answer at once
    from seawall.workspace.text_columns import text_columns

    began = time.perf_counter()
    flow = flow or plot is not None
    _check_roles(role)
    given = {"--kind": kind, "--role": role, "--table": table, "--expand": expand, "--popular": popular}
    _check_together(emerging, flow, [name for name, value in given.items() if value])
    if emerging:
        show_emerging(opened(folder, engine, engine_option), since, until, popular, kind, most, as_data=json)
        return
    refuse_engine(engine, engine_option, "without --emerging")
    if flow:
        show_flow(folder, since, until, plot, most, as_data=json)
        return
    own = None if table is None else text_columns(table, ("host", "kind"), ("role",))
    expander = None if expand is None else TableExpander.read(expand)
    with seawall.open(folder) as workspace, progress(quiet=json) as report:
        found = workspace.places(start=since, end=until, table=own, expander=expander, progress=report)
    chosen = _chosen(found.table, kind, role)
    if json:
        as_json(
            {
                "places": rows_of(chosen),
                "of": len(found),
                "left_out": dict(found.left_out),
                "seconds": time.perf_counter() - began,
            }
        )
    else:
        _show(found, chosen, most)


def _check_roles(roles: list[str] | None) -> None:
    from seawall.measures.place import ROLES

    if roles and not set(roles) <= set(ROLES):
        raise ConfigurationError(
            "There is no such role.", where="option --role", mend=f"Choose from {', '.join(ROLES)}."
        )


def _check_together(emerging: bool, flow: bool, given: list[str]) -> None:
    """Refuse an option that would change nothing."""
    if emerging and flow:
        raise ConfigurationError(
            "Places that emerge and flows are two questions.", where="options --emerging and --flow (or --plot)",
            mend="Leave one of them out.",
        )  # fmt: skip
    question = "--emerging" if emerging else "--flow" if flow else None
    for name in given:
        if question is None and name == "--popular":
            raise ConfigurationError(
                "This option changes nothing without --emerging.", where=f"option {name}", mend="Add it: --emerging."
            )
        if question is not None and name not in GOES_WITH[question]:
            raise ConfigurationError(
                f"This option changes nothing with {question}.", where=f"option {name}", mend="Leave one of them out."
            )


def _chosen(found: pa.Table, kinds: list[str] | None, roles: list[str] | None) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    for name, wanted in (("kind", kinds), ("role", roles)):
        if wanted:
            found = found.filter(pc.is_in(found[name], pa.array(wanted)))
    return found


def _show(found: Places, chosen: pa.Table, most: int) -> None:
    from seawall.brief.words import counted

    rows = rows_of(chosen.slice(0, most))
    note(_sentence(found))
    show_table("Places", COLUMNS, [_row(one) for one in rows], empty="No link leads to such a place.")
    if chosen.num_rows > len(rows):
        note(f"{counted(chosen.num_rows - len(rows), 'more place')}: --most lists more, --json all.")
    for reason, count in found.left_out.items():
        note(f"{counted(count, 'link')} left out: {reason}.")
    if any(row["place"].partition("~")[1] for row in rows):
        note("What stands behind a ~ is a keyed name: the same name has the same key in this workspace, and only here.")


def _sentence(found: Places) -> str:
    """How many there are, and how many of them links only pass through."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from seawall.brief.words import counted

    if not len(found):
        return "No message of this time holds a link that leads to a place. Links in direct conversations are left out."
    passed = pc.sum(pc.is_in(found.table["role"], pa.array(PASSED))).as_py() or 0
    return (
        f"Links lead to {counted(len(found), 'place')}; {passed:,} of them only lead on or serve pages "
        "(shorteners and infrastructure)."
    )


def _row(row: dict[str, Any]) -> list[object]:
    from seawall.brief.words import number, second

    return [
        row["place"], row["kind"], row["role"], number(row["channels"]), number(row["messages"]),
        number(row["accounts"]), second(row["first_at"]), second(row["last_at"]),
    ]  # fmt: skip
