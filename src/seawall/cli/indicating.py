"""Commands for known content: indicators, rescan, match."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.output import Json, as_json, in_a_line, note, progress, rows_of, say, show_table, typed
from seawall.cli.records import Folder, Reviewer, mapping_of
from seawall.cli.times import TIME, utc
from seawall.errors import ConfigurationError
from seawall.model import IndicatorKind

if TYPE_CHECKING:
    from seawall.workspace import IndicatorList, ListResult, Terms, Workspace

ACTS = ("add", "import", "second", "promote", "retract", "disable", "enable", "show", "limit")
SHOWN = 20
"""So many broken lines are told; --rejects writes them all."""

COLUMNS = ("id", "kind", "status", "list", "value", "expires", "alerted", "counted")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(
        epilog="Example: seawall indicators club add domain tulips.example --list feud --reason 'The tulip feud.'"
    )(indicators)
    app.command(epilog="Example: seawall rescan club --indicator I-7K2Q9M3T")(rescan)
    app.command(epilog="Example: seawall match club https://tulips.example/beds")(match)


def indicators(
    folder: Folder,
    act: Annotated[
        str | None,
        typer.Argument(
            metavar="[ACT]",
            help="add KIND VALUE, import FILE, second ID..., promote ID..., retract ID..., disable LIST, enable LIST, "
            "show ID, limit. A list's name does for its ids. Without one, the indicators are listed.",
        ),
    ] = None,
    things: Annotated[list[str] | None, typer.Argument(metavar="[THING]...", help="What the act is about.")] = None,
    list_: Annotated[str, typer.Option("--list", help="add, import: the list that it stands in.")] = "own",
    reason: Annotated[str | None, typer.Option(help="Why; it stands in the audit.")] = None,
    source: Annotated[str | None, typer.Option(help="add, import: where it comes from.")] = None,
    owner: Annotated[str | None, typer.Option(help="add, import: who answers for it; otherwise you.")] = None,
    confidence: Annotated[int, typer.Option(min=0, max=100, help="add, import: how sure its list is.")] = 50,
    expires: Annotated[
        datetime | None,
        typer.Option(parser=utc, metavar=TIME, help="add, import: from this day on it matches no more (90 days)."),
    ] = None,
    live: Annotated[
        bool | None, typer.Option("--live/--shadow", help="Alert, or only count. add: alert; import: count.")
    ] = None,
    kind: Annotated[
        IndicatorKind | None, typer.Option(help="import: the kind of a table without such a column.")
    ] = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="import: which column holds a field.")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="import: write each broken line's number and reason there.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="limit: more hits a day than this, and ...")] = 50,
    share: Annotated[
        float, typer.Option(min=0, max=1, help="limit: ... than this share of the day's messages.")
    ] = 0.01,
    reviewer: Reviewer = None,
    json: Json = False,
) -> None:
    """Keep the lists of known content: links, domains, texts, phrases, words, hashes."""
    given = things or []
    with seawall.open(folder, reviewer=reviewer) as workspace:
        lists = workspace.indicators
        if act is None:
            _list(folder, lists, json)
        elif act in ("add", "import"):
            terms = _terms(
                list_, reason, source, owner, confidence, expires, bool(live) if live is not None else act == "add"
            )
            if act == "add":
                _add(folder, lists, given, terms, expires, json)
            else:
                _import(folder, lists, given, terms, map_, kind, rejects, json)
        elif act == "show":
            _show(lists, _exactly(given, 1, "show ID")[0], json)
        elif act == "limit":
            lists.set_limit(most, share)
            _told(json, {"most": most, "share": share}, f"More than {most} hits and {share:.1%} of a day are too many.")
        else:
            _judge(workspace, act, given, reason, json)


def rescan(
    folder: Folder,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Compare with this indicator, or list, only; repeatable.")
    ] = None,
    json: Json = False,
) -> None:
    """Compare everything that is in the lake with the lists, as watching would have done."""
    with seawall.open(folder) as workspace, progress(quiet=json) as report:
        result = workspace.rescan(indicator or (), progress=report)
    if json:
        as_json(result.as_dict())
        return
    say(str(result))
    if not result.indicators:
        say(
            f"Nothing is listed that matches now. Next: seawall indicators {typed(folder)} add KIND VALUE --reason TEXT"
        )
    elif result.alerts:
        say(f"Next: seawall cases {typed(folder)}")


def match(
    folder: Folder,
    thing: Annotated[str, typer.Argument(metavar="THING", help="A text, an address, a hash, or the path of a file.")],
    json: Json = False,
) -> None:
    """Say what of a text, an address, a hash or a file stands on a list. Nothing is kept of it."""
    with seawall.open(folder) as workspace:
        result = workspace.match(thing)
    rows = [
        {
            "id": one.indicator.id,
            "kind": one.indicator.kind.value,
            "status": one.indicator.status.value,
            "list": one.indicator.bank,
            "context": one.context,
            "disguised": one.disguised,
            "matches": one.matches,
        }
        for one in result.found
    ]
    if json:
        as_json({"found": rows, "remark": result.remark})
    else:
        if result.remark is not None:
            note(result.remark)
        columns = ("id", "kind", "status", "list", "context")
        show_table(
            "Listed", columns, [[row[name] for name in columns] for row in rows], empty="Nothing of it is listed."
        )


def _terms(
    bank: str,
    reason: str | None,
    source: str | None,
    owner: str | None,
    confidence: int,
    expires: datetime | None,
    live: bool,
) -> Terms:
    from seawall.workspace import Terms  # late: so that --help and --version answer at once

    if reason is None or not reason.strip():
        raise ConfigurationError("Nothing is listed without a reason.", mend="Say why, in a sentence: --reason TEXT")
    day: date | None = expires.date() if expires is not None else None
    return Terms(bank, reason, source or "by hand", owner, confidence, day, live)


def _exactly(given: list[str], count: int, usage: str) -> list[str]:
    if len(given) != count:
        raise typer.BadParameter(f"as in: seawall indicators DIR {usage}", param_hint="THING")
    return given


def _add(
    folder: Path, lists: IndicatorList, given: list[str], terms: Terms, expires: datetime | None, json: bool
) -> None:
    kind, value = _exactly(given, 2, "add KIND VALUE --reason TEXT")
    if kind not in list(IndicatorKind):
        raise typer.BadParameter(f"a kind is one of {', '.join(IndicatorKind)}", param_hint="KIND")
    one = lists.add(kind, value, terms)
    if json:
        as_json(_row(one))
        return
    usual = "" if expires is not None else ", in 90 days, because nothing else was said"
    say(
        f"{one.id}: {one.status}, in the list {in_a_line(one.bank)}. It expires on {one.expires_on.isoformat()}{usual}."
    )
    if one.status == "proposed":
        say(f"A second person must agree: seawall indicators {typed(folder)} second {one.id} --reviewer NAME")
    else:
        past = f"seawall rescan {typed(folder)} --indicator {one.id}"
        say(f"New messages are compared with it from now on; the past with: {past}")


def _import(
    folder: Path,
    lists: IndicatorList,
    given: list[str],
    terms: Terms,
    map_: list[str] | None,
    kind: IndicatorKind | None,
    rejects: Path | None,
    json: bool,
) -> None:
    (path,) = _exactly(given, 1, "import FILE --list NAME --reason TEXT")
    with progress(quiet=json) as report:
        result = lists.import_file(path, terms, mapping=mapping_of(map_ or []), kind=kind, progress=report)
    if rejects is not None:
        lines = (f"{one.number}\t{one.reason}\n" for one in result.broken)
        rejects.write_text("".join(lines), encoding="utf-8")
    if json:
        as_json(result.as_dict())
        return
    say(str(result))
    _tell_broken(result, rejects)
    if result.waiting:
        say(f"Next: seawall indicators {typed(folder)} second {typed(Path(result.bank))} --reviewer NAME")
    elif result.new and not terms.live:
        promote = f"seawall indicators {typed(folder)} promote {typed(Path(result.bank))}"
        say(f"They are counted only. Let them alert: {promote}")


def _tell_broken(result: ListResult, rejects: Path | None) -> None:
    for one in result.broken[:SHOWN]:
        note(f"Line {one.number:,}: {one.reason}.")
    if len(result.broken) > SHOWN:
        where = f"{rejects} has them all" if rejects is not None else "--rejects FILE writes them all"
        note(f"... and {len(result.broken) - SHOWN:,} more; {where}.")


def _judge(workspace: Workspace, act: str, given: list[str], reason: str | None, json: bool) -> None:
    lists = workspace.indicators
    if act not in ACTS or not given:
        raise typer.BadParameter(f"an act is one of {', '.join(ACTS)}, and says of what", param_hint="ACT")
    if act in ("disable", "enable"):
        (bank,) = _exactly(given, 1, f"{act} LIST --reason TEXT")
        count = (lists.disable if act == "disable" else lists.enable)(bank, reason or "")
        _told(json, {"list": bank, "entries": count}, f"{act.capitalize()}d the list {bank}, {count:,} in all.")
        return
    if act == "second":
        ids = lists.second(*given)
    elif act == "promote":
        ids = lists.promote(*given, reason=reason)
    else:
        ids = lists.retract(*given, reason=reason or "")
    did = {"second": "Seconded", "promote": "Live now", "retract": "Retracted"}[act]
    _told(json, {"indicators": ids}, f"{did}: {', '.join(ids[:SHOWN])}{' ...' if len(ids) > SHOWN else ''}")


def _show(lists: IndicatorList, name: str, json: bool) -> None:
    one, ended = lists.one(name)
    rows = rows_of(lists.sightings(one.id))
    if json:
        as_json(_row(one) | {"ended_reason": ended, "sightings": rows})
        return
    say(f"{one.id}: {one.status} {one.kind} of the list {in_a_line(one.bank)}, kept by {in_a_line(one.owner)}.")
    say(f"Listed: {in_a_line(one.reason)}")
    if ended is not None:
        say(f"Retracted: {in_a_line(ended)}")
    columns = ("message_id", "sent_at", "context", "disguised")
    show_table(
        "Sightings", columns, [[row[column] for column in columns] for row in rows], empty="It was not seen yet."
    )


def _list(folder: Path, lists: IndicatorList, json: bool) -> None:
    rows = rows_of(lists.table())
    if json:
        as_json(rows)
        return
    cells = [
        [
            row["id"],
            row["kind"],
            "expired" if row["expired"] and row["status"] in ("live", "shadow") else row["status"],
            row["bank"],
            row["value"],
            row["expires_on"].isoformat(),
            row["live_sightings"],
            row["shadow_sightings"],
        ]
        for row in rows
    ]
    nothing = f"Nothing is listed. Begin with: seawall indicators {typed(folder)} add KIND VALUE --reason TEXT"
    show_table("Indicators", COLUMNS, cells, empty=nothing)


def _row(one: Any) -> dict[str, Any]:
    names = ("id", "kind", "value", "bank", "status", "source", "owner", "reason", "confidence")
    told = {name: getattr(one, name) for name in names}
    return told | {"expires_on": one.expires_on.isoformat(), "seconded_by": one.seconded_by}


def _told(json: bool, value: dict[str, Any], sentence: str) -> None:
    if json:
        as_json(value)
    else:
        say(sentence)
