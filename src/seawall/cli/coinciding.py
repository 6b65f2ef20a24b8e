"""The command for surges beside incidents elsewhere: coincidence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.output import Json, as_json, note, progress, rows_of, say, show_table
from seawall.cli.times import TIME, utc
from seawall.errors import ConfigurationError
from seawall.protocols import Progress, ReadOptions

if TYPE_CHECKING:
    from seawall.measures import Coincidence

TRIED = ("of", "looked at", "days later", "hits", "expected (95 % of shifts)", "p", "careful p", "p, corrected")
RATIOS = ("of", "in surges", "in other days", "times as many a day (95 %)", "p")
BESIDE = ("of", "textbook interval", "95 %")
GROUPS = ("place", "kind")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall coincidence --surges windows.csv --incidents incidents.csv")(coincidence)


def coincidence(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A workspace: the surges of its platforms.")
    ] = None,
    incidents: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Incidents: columns date, and place, kind, precision, count where told."),
    ] = None,
    surges: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Surges instead of a workspace: columns start, end.")
    ] = None,
    counts: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Or counts: columns time, series, count; surges are looked for.")
    ] = None,
    coverage: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was collected, for --surges and --counts: start, end.")
    ] = None,
    platform: Annotated[str | None, typer.Option(help="Of a workspace: only this platform.")] = None,
    start: Annotated[
        datetime | None, typer.Option(parser=utc, metavar=TIME, help="First day of the observed time.")
    ] = None,
    end: Annotated[datetime | None, typer.Option(parser=utc, metavar=TIME, help="The day after the last one.")] = None,
    lag: Annotated[
        list[int] | None,
        typer.Option(metavar="DAYS", help="Days by which incidents follow surges; negative: precede; repeatable."),
    ] = None,
    tolerance: Annotated[
        int, typer.Option(min=0, metavar="DAYS", help="Days after a surge that count as part of it in the rates.")
    ] = 0,
    weeks: Annotated[
        bool, typer.Option("--weeks", help="Shift by whole weeks, where days of the week matter.")
    ] = False,
    coarsest: Annotated[
        str, typer.Option(metavar="PRECISION", help="day, week or month: coarser dates are left out and counted.")
    ] = "week",
    by: Annotated[str | None, typer.Option(metavar="COLUMN", help="Split incidents: by place or kind.")] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column of --incidents holds a field; repeatable."),
    ] = None,
    date_order: Annotated[str | None, typer.Option(help="dmy, mdy or ymd, where dates could be misread.")] = None,
    json: Json = False,
) -> None:
    """Show whether surges online and incidents elsewhere coincide more often than shifts of the calendar explain."""
    if incidents is None:
        raise ConfigurationError(
            "It must be told what to compare with.", where="option --incidents", mend="As in: --incidents incidents.csv"
        )
    if sum(one is not None for one in (folder, surges, counts)) != 1:
        raise ConfigurationError(
            "Surges come from one place.", where="DIR, --surges and --counts", mend="Give exactly one of them."
        )
    _check(folder, platform, coverage, by)
    from seawall.cli.incident_file import read_incidents  # late: so that --help and --version answer at once
    from seawall.cli.records import mapping_of

    asked: dict[str, Any] = {
        "since": start, "until": end, "tolerance": tolerance, "shifts": "weeks" if weeks else "days",
        "coarsest": coarsest, "by": by,
    } | ({"lags": lag} if lag else {})  # fmt: skip
    with progress(quiet=json) as report:
        told = read_incidents(incidents, ReadOptions(mapping=mapping_of(map_ or []), date_order=date_order), report)
        if folder is not None:
            with seawall.open(folder) as workspace:
                found = workspace.coincidence(told.rows, platform=platform, progress=report, **asked)
            said = told.assumptions
        else:
            path = next(one for one in (surges, counts) if one is not None)
            found, more = _of_files(told.rows, path, surges is not None, coverage, date_order, report, asked)
            said = (*told.assumptions, *more)
    if json:
        as_json(_document(found, said))
    else:
        _show(found, said)


def _check(folder: Path | None, platform: str | None, coverage: Path | None, by: str | None) -> None:
    if folder is None and platform is not None:
        raise ConfigurationError(
            "Platforms are those of a workspace.", where="option --platform", mend="Leave it out, or name a workspace."
        )
    if folder is not None and coverage is not None:
        raise ConfigurationError(
            "A workspace knows what was collected.", where="option --coverage", mend="State it with: seawall coverage"
        )
    if by is not None and by not in GROUPS:
        raise ConfigurationError(
            "Incidents cannot be split by that.", where="option --by", mend=f"Use one of {', '.join(GROUPS)}."
        )


def _of_files(
    incidents: Any,
    path: Path,
    windows: bool,
    coverage: Path | None,
    date_order: str | None,
    report: Progress | None,
    asked: dict[str, Any],
) -> tuple[Coincidence, tuple[str, ...]]:
    from seawall.cli.count_file import read_counts, read_coverage
    from seawall.cli.incident_file import read_surges
    from seawall.measures import coincidence as measured

    options = ReadOptions(date_order=date_order)
    online: Any
    if windows:
        told = read_surges(path, options, report)
        online, said = told.rows, told.assumptions
    else:
        read = read_counts(path, options, path.stem or "all", report)
        online, said = read.rows, read.assumptions
    collected = None if coverage is None else read_coverage(coverage, ReadOptions())
    return measured(online, incidents, coverage=collected, **asked), said


def _document(found: Coincidence, said: tuple[str, ...]) -> dict[str, Any]:
    """Everything for machines; what is no finite number is null."""
    return {
        "sentences": list(found.sentences),
        "p": found.p,
        "rates": rows_of(found.rates),
        "ratio": [{name: _finite(value) for name, value in row.items()} for row in rows_of(found.ratio)],
        "textbook": [{name: _finite(value) for name, value in row.items()} for row in rows_of(found.textbook)],
        "tried": rows_of(found.tried),
        "surges": rows_of(found.surges),
        "days": {"known": found.days[0], "all": found.days[1]},
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "left_out": dict(found.left_out),
        "assumptions": [*said, *found.assumptions],
    }


def _finite(value: Any) -> Any:
    return None if value == float("inf") else value


def _show(found: Coincidence, said: tuple[str, ...]) -> None:
    for sentence in found.sentences:
        say(sentence)
    for sentence in (*said, *found.assumptions):
        note(f"  {sentence}")
    for reason, count in found.left_out.items():
        note(f"  left out: {reason}: {count:,}")
    show_table("Incidents a day", RATIOS, [_ratio(row) for row in rows_of(found.ratio)], empty="")
    show_table("What was tried", TRIED, [_rate(row) for row in rows_of(found.rates)], empty="")
    beside = [(row["group"] or "all", row["method"], _span(row["low"], row["high"])) for row in rows_of(found.textbook)]
    show_table("For comparison only: too narrow where incidents cluster", BESIDE, beside, empty="")


def _ratio(row: dict[str, Any]) -> tuple[str, ...]:
    from seawall.brief.words import number, small

    ratio = number(row["ratio"]) if row["ratio"] != float("inf") else "no upper end"
    return (
        row["group"] or "all",
        f"{number(row['inside'])} in {row['inside_days']:,} days",
        f"{number(row['outside'])} in {row['outside_days']:,} days",
        f"{ratio} ({_span(row['low'], row['high'])})",
        small(row["p"]),
    )


def _rate(row: dict[str, Any]) -> tuple[str, ...]:
    from seawall.brief.words import number, small

    what = "incidents with a surge" if row["direction"] == "precursor" else "surges with an incident"
    return (
        row["group"] or "all",
        what,
        f"{row['lag']:+d}" if row["lag"] else "0",
        f"{number(row['hits'])} of {number(row['of'])}",
        f"{100 * row['expected']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})",
        small(row["p"]),
        small(row["p_most"]),
        small(row["p_corrected"]),
    )


def _span(low: float | None, high: float | None) -> str:
    from seawall.brief.words import number

    if low is None or high is None:
        return "none"
    return f"{number(low)} to {number(high)}" if high != float("inf") else f"at least {number(low)}"
