"""The command for what Seawall costs on one machine and on many."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import seawall
from seawall.cli.output import Json, as_json, note, show_table, typed

if TYPE_CHECKING:
    from seawall.planning import Amount, Plan

TITLES = ("measure", "one machine", "CPU", "memory", "cluster", "CPU of the cluster", "shuffled", "memory of a worker")
SUFFIXES = (".svg", ".html")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall plan 100000 --retention 180 --cores 8 --memory 32 --plot plan.html")(plan)


def plan(
    messages: Annotated[float, typer.Argument(metavar="MESSAGES", help="Messages that come in on a day, as 1e6.")],
    retention: Annotated[float, typer.Option(metavar="DAYS", help="Days for which messages are kept.")] = 90.0,
    links: Annotated[float, typer.Option(help="The part of the messages with a link, 0 to 1.")] = 0.3,
    text: Annotated[float, typer.Option(help="The part of the messages with text, 0 to 1.")] = 1.0,
    interactions: Annotated[float, typer.Option(help="Interactions for each message.")] = 0.25,
    within: Annotated[float, typer.Option(metavar="HOURS", help="A run over the window is to end in so long.")] = 8.0,
    cores: Annotated[int, typer.Option(help="Cores of a machine.")] = 8,
    memory: Annotated[float, typer.Option(metavar="GB", help="Memory of a machine.")] = 32.0,
    disk: Annotated[float, typer.Option(metavar="GB", help="Disk of a machine.")] = 1_000.0,
    workers: Annotated[int, typer.Option(help="Machines of a cluster beside the driver.")] = 4,
    network: Annotated[float, typer.Option(metavar="GBIT", help="What a machine can send in a second.")] = 10.0,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it: .svg, or .html with tables and assumptions.")
    ] = None,
    json: Json = False,
) -> None:
    """Say what each measure costs on one machine and on a cluster, and when to move, from measured figures."""
    from seawall import planning

    if plot is not None:
        from seawall.cli.surge_answer import check_out

        check_out(plot, [], "--plot", SUFFIXES)
    made = planning.plan(
        messages, retention_days=retention, links=links, text=text, interactions=interactions, within_h=within,
        cores=cores, memory_gb=memory, disk_gb=disk, workers=workers, network_gbit=network,
    )  # fmt: skip
    if plot is not None:
        _draw(made, plot)
    if json:
        as_json(made.as_dict() | {"sentence": planning.sentence(made), "plot": None if plot is None else str(plot)})
    else:
        _show(made, plot)


def _show(made: Plan, plot: Path | None) -> None:
    from seawall.planning.words import ASSUMPTIONS, many, measured_words, sentence, size, turning_points

    note(sentence(made))
    _table(f"A run over the window: {many(made.window.messages)} messages", made.window)
    _table(f"A run over one day: {many(made.day.messages)} messages", made.day)
    for words in turning_points(made):
        note(f"  {words}")
    note(
        f"  On the disk: {size(made.window.lake)} for the lake, {size(made.window.index)} for the index of duplicates."
    )
    note(measured_words(made.measured))
    for words in ASSUMPTIONS:
        note(f"  {words}")
    if plot is not None:
        note(f"Wrote {plot}")


def _table(title: str, one: Amount) -> None:
    from seawall.planning.words import duration, size

    rows = [
        (cost.measure, duration(cost.local_s), duration(cost.local_cpu_s), size(cost.local_memory),
         duration(cost.cluster_s), duration(cost.cluster_cpu_s), size(cost.shuffled), size(cost.worker_memory))
        for cost in one.measures
    ]  # fmt: skip
    rows.append(
        ("all, with the start", duration(one.local_s), "", size(one.local_memory), duration(one.cluster_s), "",
         size(one.shuffled), size(one.worker_memory))
    )  # fmt: skip
    show_table(title, TITLES, rows, empty="")


def _draw(made: Plan, plot: Path) -> None:
    from seawall.brief.plan_page import PlanPage, render_plan, render_plan_picture
    from seawall.cli.surge_answer import write_result

    if plot.suffix.lower() == ".svg":
        write_result(plot, render_plan_picture(made).encode())
    else:
        page = PlanPage(made, datetime.now(UTC), seawall.__version__, _command(made, plot))
        write_result(plot, render_plan(page).encode())


def _command(made: Plan, plot: Path) -> str:
    """What makes the same page again."""
    load, machines = made.load, made.hardware
    told = {
        "retention": load.retention_days, "links": load.links, "text": load.text, "interactions": load.interactions,
        "within": load.within_h, "cores": machines.cores, "memory": machines.memory_gb, "disk": machines.disk_gb,
        "workers": machines.workers, "network": machines.network_gbit,
    }  # fmt: skip
    options = " ".join(f"--{name} {value:.12g}" for name, value in told.items())
    return f"seawall plan {load.messages_per_day:.12g} {options} --plot {typed(Path(plot.name))}"
