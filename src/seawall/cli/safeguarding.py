"""The command of safeguarding: who was approached, and what was done for them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.output import Json, as_json, note, say, show_table
from seawall.cli.records import Folder, Reviewer

if TYPE_CHECKING:
    from seawall.casebook.approached_people import PeoplePage, PersonRow, PersonToProtect
    from seawall.workspace import Workspace

ACTS = ("list", "show", "offer", "not-needed", "close", "export")
SENT = "Nothing is sent by Seawall."


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall safeguarding club --reviewer Sage")(safeguarding)


def safeguarding(
    folder: Folder,
    act: Annotated[
        str,
        typer.Argument(
            metavar="[ACT]",
            help="list; show PERSON, with the pseudonym; offer, not-needed, close PERSON, with what was done; "
            "export PERSON, for themself.",
        ),
    ] = "list",
    person: Annotated[str | None, typer.Argument(metavar="[PERSON]", help="The id on the list, as P-7K2Q9D4M.")] = None,
    remark: Annotated[str, typer.Option("--note", help="What was done, or why nothing is; for colleagues.")] = "",
    state: Annotated[
        list[str] | None,
        typer.Option(help="list: who stands at waiting, offered, 'not needed' or closed; repeatable. Otherwise all."),
    ] = None,
    page: Annotated[int, typer.Option(min=1, help="list: which page.")] = 1,
    out: Annotated[Path | None, typer.Option(help="export: the file to write (JSON).")] = None,
    platform: Annotated[str | None, typer.Option(help="export, with --id or --handle: the platform.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="export: the account's own id, instead of PERSON.")] = None,
    handle: Annotated[str | None, typer.Option(help="export: the account's handle, instead of PERSON.")] = None,
    reviewer: Reviewer = None,
    json: Json = False,
) -> None:
    """Show who was approached and may need support, and record what was done. For people of safeguarding alone."""
    if act not in ACTS:
        raise typer.BadParameter(f"one of {', '.join(ACTS)}", param_hint="ACT")
    with seawall.open(folder, reviewer=reviewer) as workspace:
        if act == "list":
            _list(workspace.safeguarding.people(state or (), page=page), json)
        elif act == "export":
            _export(workspace, person, out, platform, id_, handle, json)
        elif act == "show":
            _show(workspace.safeguarding.person(_named(person, act)), json)
        else:
            _done(_recorded(workspace, act, _named(person, act), remark), json)


def _recorded(workspace: Workspace, act: str, person: str, remark: str) -> PersonToProtect:
    book = workspace.safeguarding
    acts = {"offer": book.offer_support, "not-needed": book.not_needed, "close": book.close}
    return acts[act](person, remark)


def _list(found: PeoplePage, json: bool) -> None:
    if json:
        states = {state.value: people for state, people in found.states.items()}
        rows = [_plain(row) for row in found.rows]
        as_json({"people": rows, "total": found.total, "states": states, "page": found.page, "pages": found.pages})
        return
    show_table(
        "People who were approached",
        ("person", "stands at", "as far as", "first", "last", "alerts", ""),
        [
            [one.person_id, one.state, one.stage or "", _day(one.first_at), _day(one.last_at), one.alerts, _mark(one)]
            for one in found.rows
        ],
        empty="Nobody is on the list: no alert names a person who was approached, or nobody stands there.",
    )
    if found.pages > 1:
        note(f"Page {found.page} of {found.pages}, {found.total:,} people: --page N shows another one.")
    if found.rows:
        note(f"To protect, not to sanction: offer support. {SENT}")


def _plain(row: PersonRow) -> dict[str, Any]:
    return {
        "person": row.person_id,
        "state": row.state.value,
        "stage": row.stage,
        "first_at": row.first_at,
        "last_at": row.last_at,
        "alerts": row.alerts,
        "listed_at": row.listed_at,
        "state_at": row.state_at,
        "simulated": row.simulated,
    }


def _show(one: PersonToProtect, json: bool) -> None:
    if json:
        as_json(_whole(one))
        return
    say(f"{one.person_id} is account {one.account}, and stands at: {one.state}.")
    for seen in one.approaches:
        times = f"{_day(seen.first_at)} to {_day(seen.last_at)}"
        decided = f" Decided: {seen.outcome.value}." if seen.outcome else ""
        say(f"Case {seen.case_id}, as far as {seen.stage}, {times}, by {', '.join(seen.by)}.{decided} {seen.sentence}")
    for line in one.history:
        say(f"{line.at:%Y-%m-%d %H:%M} UTC  {line.by}: {line.act}. {line.note}".rstrip())


def _whole(one: PersonToProtect) -> dict[str, Any]:
    return {
        "person": one.person_id,
        "account": one.account,
        "state": one.state.value,
        "listed_at": one.listed_at,
        "approaches": [
            {
                "case": seen.case_id,
                "stage": seen.stage,
                "first_at": seen.first_at,
                "last_at": seen.last_at,
                "by": seen.by,
                "sentence": seen.sentence,
                "outcome": None if seen.outcome is None else seen.outcome.value,
            }
            for seen in one.approaches
        ],
        "history": [{"at": line.at, "by": line.by, "act": line.act, "note": line.note} for line in one.history],
    }


def _done(one: PersonToProtect, json: bool) -> None:
    if json:
        as_json({"person": one.person_id, "state": one.state.value})
    else:
        say(f"{one.person_id} stands at: {one.state}. {SENT}")


def _export(
    workspace: Workspace,
    person: str | None,
    out: Path | None,
    platform: str | None,
    id_: str | None,
    handle: str | None,
    json: bool,
) -> None:
    if out is None:
        raise typer.BadParameter("export needs it", param_hint="--out")
    accounts = [person] if person else workspace.pseudonyms_of(platform=platform, id_=id_, handle=handle)
    count = workspace.safeguarding.export(accounts, out)
    if json:
        as_json({"out": str(out), "people": count})
    else:
        say(f"Wrote what the list holds to {out}. Read the notes in it before you hand it over: they may name others.")


def _named(person: str | None, act: str) -> str:
    if person is None:
        raise typer.BadParameter(f"{act} needs a person", param_hint="PERSON")
    return person


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d}"


def _mark(row: PersonRow) -> str:
    return "simulated" if row.simulated else ""
