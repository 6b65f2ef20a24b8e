"""Commands that bring records in and look for what is unusual: demo, init, add, detect, coverage, brief."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import seawall
from seawall.cli.engines import Engine, EngineOption, opened
from seawall.cli.output import Json, as_json, complain, progress, rows_of, say, show_table, typed
from seawall.cli.times import End, Start, utc
from seawall.errors import ConfigurationError
from seawall.model import Visibility
from seawall.protocols import ReadOptions

if TYPE_CHECKING:
    from seawall.protocols import Detector
    from seawall.workspace import AddResult

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")]
Reviewer = Annotated[str | None, typer.Option(help="Who acts; otherwise the name you are signed in with.")]
Window = Annotated[float, typer.Option(min=0, help="Coordination: seconds within which two acts count as together.")]
MinRepeats = Annotated[int, typer.Option(min=1, help="Coordination: the least number of things shared in time.")]
MinAccounts = Annotated[int, typer.Option(min=2, help="Coordination: the least number of accounts in a group.")]
Q = Annotated[float, typer.Option(help="Coordination: the rate of false discoveries among linked pairs.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: seawall demo demo")(demo)
    app.command(epilog="Example: seawall init club")(init)
    app.command(epilog="Example: seawall add club result.json --visibility public")(add)
    app.command(epilog="Example: seawall detect club")(detect)
    app.command(epilog="Example: seawall coverage club --platform irc --gap 2026-03-01 2026-03-09")(coverage)
    app.command(epilog="Example: seawall brief club --out club.html")(brief)


def usual_detectors(
    window: float, min_repeats: int, min_accounts: int, q: float | None = None, *, watching: bool = False
) -> list[Detector]:
    """The usual detectors, or those that look while it happens, with these settings of the coordination detector."""
    # late: so that --help and --version answer at once
    from seawall.detectors import DETECTORS, WATCHING, CoordinationDetector

    def told(one: CoordinationDetector) -> CoordinationDetector:
        return replace(one, window_s=window, min_repeats=min_repeats, min_accounts=min_accounts, q=q)

    usual = WATCHING if watching else DETECTORS
    return [told(one) if isinstance(one, CoordinationDetector) else one for one in usual]


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="A new folder for the demonstration.")] = Path("demo"),
    study: Annotated[
        bool, typer.Option("--study", help="A worked study instead: a simulated takedown, from export to effect page.")
    ] = False,
    json: Json = False,
) -> None:
    """Build a workspace from real, openly licensed data and show what Seawall makes of it."""
    from seawall import demo as demonstration  # here and below: so that --help and --version answer at once
    from seawall.demo.study import build_study

    with progress(quiet=json) as report:
        make = build_study if study else demonstration.build
        result = make(folder, progress=report)
    if json:
        as_json(result.as_dict())
    else:
        say(str(result))


def init(
    place: Annotated[
        str, typer.Argument(metavar="DIR", help="A new folder; or s3://BUCKET/PREFIX, for a lake on object storage.")
    ],
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="With s3://: the new folder, if not the prefix's last name."),
    ] = None,
    identities: Annotated[
        str, typer.Option(help="drop: forget who is behind a pseudonym. vault: keep it sealed for two reviewers.")
    ] = "drop",
    reviewer_key: Annotated[
        list[Path] | None, typer.Option(help="A reviewer's public key file, for a vault; name at least two.")
    ] = None,
    casebook: Annotated[
        str | None, typer.Option(metavar="URL", help="A PostgreSQL database for the casebook, instead of a file.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="With s3://: where the storage answers, if it is not Amazon's.")
    ] = None,
    region: Annotated[str | None, typer.Option(metavar="NAME", help="With s3://: the bucket's region.")] = None,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="With s3://: allow an endpoint without encryption.")
    ] = False,
    json: Json = False,
) -> None:
    """Make a new workspace."""
    lake, made_in = _placed(place, folder)
    options = {"endpoint": endpoint, "region": region, "allow_http": allow_http}
    keys = [_key(path) for path in reviewer_key or []]
    with seawall.create(
        made_in,
        identities=identities,
        reviewer_keys=keys,
        casebook=casebook,
        lake=lake,
        storage_options={name: value for name, value in options.items() if value},
    ) as workspace:
        made = {"workspace": str(workspace.path), "identities": identities}
    if lake is not None:
        made["lake"] = lake
    if json:
        as_json(made)
    else:
        say(f"Made a workspace in {made_in}. Next: seawall add {typed(made_in)} FILE")


def _placed(place: str, folder: Path | None) -> tuple[str | None, Path]:
    """Where the lake is, if not in the folder, and the folder."""
    if place.startswith("s3://"):
        return place, folder or Path(place.rstrip("/").rpartition("/")[2])
    if "://" in place:
        raise ConfigurationError(
            "Only an object storage that speaks S3 can hold a lake.", where="DIR", mend="Write s3://BUCKET/PREFIX."
        )
    if folder is not None:
        raise ConfigurationError(
            "A second name is for a lake on object storage.",
            where="FOLDER",
            mend="As: seawall init s3://BUCKET/PREFIX club",
        )
    return None, Path(place)


def add(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Exports: files, archives or folders.")],
    source: Annotated[str | None, typer.Option(help="The format, where it should not be recognised.")] = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field; repeatable.")
    ] = None,
    visibility: Annotated[
        Visibility | None, typer.Option(help="Who could read these messages, where the file does not tell.")
    ] = None,
    basis: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The basis on which text of closed groups is kept; audited.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name for times without a zone, as Europe/Paris.")] = None,
    date_order: Annotated[str | None, typer.Option(help="dmy, mdy or ymd, where dates could be misread.")] = None,
    platform: Annotated[str | None, typer.Option(help="A name for the platform, where the file does not tell.")] = None,
    encoding: Annotated[str | None, typer.Option(help="The encoding of the text, where it is not UTF-8.")] = None,
    hash_media: Annotated[
        bool, typer.Option("--hash-media", help="Hash the media that lie beside the exports, in their folders.")
    ] = False,
    json: Json = False,
) -> None:
    """Read exports into the workspace. Every record is accounted for: in = kept + rejected + duplicate."""
    from seawall.workspace import IncompleteImportError

    options = ReadOptions(
        mapping=mapping_of(map_ or []),
        timezone=timezone,
        date_order=date_order,
        visibility=visibility,
        platform=platform,
        encoding=encoding,
        hash_media=hash_media,
    )
    with seawall.open(folder) as workspace:
        try:
            with progress(quiet=json) as report:
                result = workspace.add(*files, source=source, options=options, basis=basis, progress=report)
        except IncompleteImportError as error:
            _show_added(error.result, json)
            complain(error)
            raise typer.Exit(error.exit_code) from None
    _show_added(result, json)


def detect(
    folder: Folder,
    start: Start = None,
    end: End = None,
    window: Window = 60,
    min_repeats: MinRepeats = 2,
    min_accounts: MinAccounts = 3,
    q: Q = 0.05,
    engine: Engine = None,
    engine_option: EngineOption = None,
    json: Json = False,
) -> None:
    """Look for what is unusual, and open cases for people to judge."""
    detectors = usual_detectors(window, min_repeats, min_accounts, q)
    with opened(folder, engine, engine_option) as workspace, progress(quiet=json) as report:
        result = workspace.detect(detectors, start=start, end=end, progress=report)
    if json:
        as_json(result.as_dict())
    else:
        say(str(result))
        if not result.messages and not any(result.alerts.values()):
            say(f"There is nothing to look at yet. Next: seawall add {typed(folder)} FILE")
        elif not sum(result.alerts.values()):
            say("Nothing was beyond these thresholds, which does not prove that nothing happened.")
        else:
            say(f"Next: seawall cases {typed(folder)}, or seawall brief {typed(folder)}")
        if result.uncompared:
            say(f"Some messages were not compared with your lists yet: seawall rescan {typed(folder)}")


def coverage(
    folder: Folder,
    platform: Annotated[str | None, typer.Option(help="With --gap or --whole: the platform it is about.")] = None,
    gap: Annotated[
        tuple[str, str] | None, typer.Option(metavar="START END", help="State that nothing was collected (UTC).")
    ] = None,
    whole: Annotated[
        tuple[str, str] | None, typer.Option(metavar="START END", help="State that all was collected (UTC).")
    ] = None,
    json: Json = False,
) -> None:
    """Show what was collected from when to when, or state it: a gap is never read as silence."""
    with seawall.open(folder) as workspace:
        for stated, complete in ((gap, False), (whole, True)):
            if stated is not None:
                if platform is None:
                    raise ConfigurationError("Which platform?", where="option --platform", mend="As in: --platform x")
                start, end = map(utc, stated)
                workspace.state_coverage(platform=platform, start=start, end=end, complete=complete)
        rows = rows_of(workspace.coverage())
    if json:
        as_json(rows)
    else:
        names = ("source", "platform", "channel_id", "start", "end", "complete", "how")
        show_table(
            "Coverage",
            names,
            [[row[name] if row[name] is not None else "all" for name in names] for row in rows],
            empty="Nobody stated what was collected: from the first to the last message, a silence counts as silence.",
        )


def brief(
    folder: Folder,
    out: Annotated[Path | None, typer.Option(help="Where to write it; otherwise into the workspace's briefs.")] = None,
    json: Json = False,
) -> None:
    """Write a brief: one page for someone who was not there."""
    with seawall.open(folder) as workspace:
        path = workspace.brief(out)
    if json:
        as_json({"brief": str(path)})
    else:
        say(f"Wrote {path}")


def _show_added(result: AddResult, json: bool) -> None:
    if json:
        as_json(result.as_dict())
        return
    say(str(result))
    for reason, count in result.reasons.items():
        say(f"  set aside {count:,}: {reason}")
    for label in result.left_out:
        say(f"  not read: {label}: no source knows this format")
    for file in result.files:
        if file.already_here:
            say(f"  read before: {file.file}")
        for sentence in file.assumptions:
            say(f"  assumed for {file.file}: {sentence}")


def mapping_of(pairs: list[str]) -> dict[str, str]:
    """What --map says, field to column.

    Raises:
        ConfigurationError: one is not of the form FIELD=COLUMN.
    """
    mapping = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field or not column:
            raise ConfigurationError("--map takes FIELD=COLUMN.", where="option --map", mend="As in: --map text=body")
        mapping[field] = column
    return mapping


def _key(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "This reviewer's key cannot be read.", where=str(path), mend="Make one with: seawall reviewer-key FILE"
        ) from error
