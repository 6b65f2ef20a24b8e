"""Commands for what comes after a decision: undo, appeals, campaigns. The rules are those of the casebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.cases import CaseId
from seawall.cli.output import Json, as_json, in_a_line, say, show_table
from seawall.cli.records import Folder, Reviewer

if TYPE_CHECKING:
    from seawall.casebook import Appeal, Campaign

Reason = Annotated[str, typer.Option(help="Why, in words for colleagues; of an appeal, what is said against it.")]
Things = Annotated[list[str] | None, typer.Argument(metavar="[THING]...", help="What the act is about.")]
APPEAL_ACTS = {"list": 0, "show": 1, "record": 1, "decide": 2}
CAMPAIGN_ACTS = {"list": 0, "show": 1, "name": 2, "join": 2, "split": 2}
ENDS = ("stands", "changed")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: seawall undo club C-7K2Q")(undo)
    app.command(epilog="Example: seawall appeals club record C-7K2Q --reason 'My bed was taken.'")(appeals)
    app.command(epilog="Example: seawall campaigns club name 'Beds of summer' C-7K2Q C-9D4M --reason 'One leaflet.'")(
        campaigns
    )


def undo(folder: Folder, case_id: CaseId, reviewer: Reviewer = None, json: Json = False) -> None:
    """Take your own decision back, within ten seconds. It stays on the record."""
    with seawall.open(folder, reviewer=reviewer) as workspace:
        taken = workspace.undo(case_id)
        status = workspace.case(case_id).case.status
    if json:
        as_json({"case_id": taken.case_id, "outcome": taken.outcome, "reviewer": taken.reviewer, "status": status})
    else:
        say(f"{taken.case_id}: the decision is taken back; the case is {status}.")


def appeals(
    folder: Folder,
    act: Annotated[
        str,
        typer.Argument(metavar="[ACT]", help="list; show APPEAL; record CASE; decide APPEAL stands, or changed."),
    ] = "list",
    things: Things = None,
    reason: Reason = "",
    reviewer: Reviewer = None,
    json: Json = False,
) -> None:
    """Record what is said against a decision, and decide it: someone else does, with what was known at the time."""
    given = _given(act, things, APPEAL_ACTS, exactly=True)
    with seawall.open(folder, reviewer=reviewer) as workspace:
        if act == "list":
            _list_appeals(workspace.appeals(), json)
            return
        if act == "show":
            found = workspace.appeal_file(given[0])
        elif act == "record":
            found = workspace.appeal(given[0], reason)
        elif given[1] in ENDS:
            found = workspace.decide_appeal(given[0], given[1], reason)  # type: ignore[arg-type]
        else:
            raise typer.BadParameter(f"one of {', '.join(ENDS)}", param_hint="THING")
    _show_appeal(found, json)


def campaigns(
    folder: Folder,
    act: Annotated[
        str,
        typer.Argument(
            metavar="[ACT]",
            help="list; show CAMPAIGN; name NAME CASE...; join CAMPAIGN CASE...; split CAMPAIGN CASE...",
        ),
    ] = "list",
    things: Things = None,
    reason: Reason = "",
    reviewer: Reviewer = None,
    json: Json = False,
) -> None:
    """Give cases a name that they share, add cases to it, or take some out of it."""
    given = _given(act, things, CAMPAIGN_ACTS)
    with seawall.open(folder, reviewer=reviewer) as workspace:
        if act == "list":
            _list_campaigns(workspace.campaigns(), json)
            return
        acts = {
            "name": workspace.name_campaign,
            "join": workspace.join_campaign,
            "split": workspace.split_campaign,
        }
        found = workspace.campaign(given[0]) if act == "show" else acts[act](given[0], given[1:], reason)
    _show_campaign(found, json)


def _given(act: str, things: list[str] | None, acts: dict[str, int], *, exactly: bool = False) -> list[str]:
    if act not in acts:
        raise typer.BadParameter(f"one of {', '.join(acts)}", param_hint="ACT")
    given, least = things or [], acts[act]
    if len(given) < least or (len(given) > least and (exactly or least < 2)):
        raise typer.BadParameter(
            f"{act} needs {'' if exactly or least < 2 else 'at least '}{least}", param_hint="THING"
        )
    return given


def _list_appeals(found: tuple[Appeal, ...], json: bool) -> None:
    if json:
        as_json([_appeal(one) for one in found])
        return
    show_table(
        "Appeals",
        ("appeal", "case", "stands at", "recorded", "what is said"),
        [[one.appeal_id, one.case_id, one.state, f"{one.at:%Y-%m-%d}", in_a_line(one.text)] for one in found],
        empty="Nobody has objected to a decision.",
    )


def _show_appeal(one: Appeal, json: bool) -> None:
    if json:
        as_json(_appeal(one))
        return
    say(f"{one.appeal_id}  case {one.case_id}  {one.state}\nSaid      {in_a_line(one.text)}")
    for kept in one.known:
        say(f"Known     {in_a_line(kept.alert.sentence)}")
    for decision in one.decisions:
        why = "(hidden)" if decision.hidden else in_a_line(decision.reason)
        say(f"Decided   {decision.outcome} by {in_a_line(decision.reviewer)}: {why}")
    if one.decided_by is not None:
        say(f"Answered  {one.state} by {in_a_line(one.decided_by)}: {in_a_line(one.reason or '')}")


def _appeal(one: Appeal) -> dict[str, Any]:
    return {
        "appeal_id": one.appeal_id,
        "case_id": one.case_id,
        "state": one.state,
        "text": one.text,
        "by": one.by,
        "at": one.at,
        "decided_by": one.decided_by,
        "decided_at": one.decided_at,
        "reason": one.reason,
    }


def _list_campaigns(found: tuple[Campaign, ...], json: bool) -> None:
    if json:
        as_json([_campaign(one) for one in found])
        return
    show_table(
        "Campaigns",
        ("campaign", "cases", "named by", "on", "name"),
        [[one.campaign_id, len(one.cases), one.by, f"{one.at:%Y-%m-%d}", in_a_line(one.name)] for one in found],
        empty="Reviewers have named no campaign.",
    )


def _show_campaign(one: Campaign, json: bool) -> None:
    if json:
        as_json(_campaign(one))
        return
    say(f"{one.campaign_id}  {in_a_line(one.name)}\nCases     {', '.join(one.cases) or 'none any more'}")
    for event in one.history:
        what = f"{event.act} by {in_a_line(event.by)}: {', '.join(event.cases)}. {in_a_line(event.reason)}"
        say(f"{event.at:%Y-%m-%d}  {what}")


def _campaign(one: Campaign) -> dict[str, Any]:
    return {
        "campaign_id": one.campaign_id,
        "name": one.name,
        "cases": list(one.cases),
        "by": one.by,
        "at": one.at,
        "history": [
            {"at": event.at, "by": event.by, "act": event.act, "cases": list(event.cases), "reason": event.reason}
            for event in one.history
        ],
    }
