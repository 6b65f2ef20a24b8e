"""Commands for judging: alerts, cases, case, decide."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.output import Json, as_json, in_a_line, rows_of, say, show_table, typed
from seawall.cli.records import Folder
from seawall.model import Outcome

if TYPE_CHECKING:
    from seawall.casebook import CaseFile

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case, as seawall cases lists it.")]

NOTHING_YET = "Nothing has been claimed yet. Look for what is unusual with: seawall detect {}"
SHOWN = 5
"""So many messages of each alert are shown; --json lists all ids."""
WIDTH = 160
"""So much of a text is shown."""
COLUMNS = ("message_id", "account_id", "sent_at", "text")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: seawall alerts club --json")(alerts)
    app.command(epilog="Example: seawall cases club")(cases)
    app.command(epilog="Example: seawall case club C-7K2Q")(case)
    app.command(epilog="Example: seawall decide club C-7K2Q no_action --reason 'A club newsletter.'")(decide)


def alerts(folder: Folder, json: Json = False) -> None:
    """List what the detectors claim."""
    with seawall.open(folder) as workspace:
        rows = rows_of(workspace.alerts())
    if json:
        as_json(rows)
    else:
        show_table(
            "Alerts",
            ("alert", "severity", "case", "claim"),
            [[row["alert_id"], row["severity"], row["case_id"], row["sentence"]] for row in rows],
            empty=NOTHING_YET.format(typed(folder)),
        )


def cases(folder: Folder, json: Json = False) -> None:
    """List the cases: those that wait for a person first, the gravest at the head."""
    with seawall.open(folder) as workspace:
        rows = rows_of(workspace.cases())
    rows.sort(key=lambda row: bool(row["status"] == "decided"))
    if json:
        as_json(rows)
    else:
        show_table(
            "Cases",
            ("case", "severity", "status", "claim"),
            [[row["case_id"], row["severity"], row["status"], row["sentence"]] for row in rows],
            empty=NOTHING_YET.format(typed(folder)),
        )


def case(folder: Folder, case_id: CaseId, json: Json = False) -> None:
    """Show one case: claim, evidence, doubt, decisions."""
    with seawall.open(folder) as workspace:
        file = workspace.case(case_id)
        if json:
            as_json(_told(file))
            return
        few = [message for kept in file.alerts for message in kept.alert.evidence[:SHOWN]]
        messages = {row["message_id"]: row for row in rows_of(workspace.messages_by_id(few, COLUMNS))}
    _tell(file, messages)
    if file.case.status != "decided":
        say(f"\nDecide it with: seawall decide {typed(folder)} {file.case.case_id} OUTCOME --reason TEXT")


def decide(
    folder: Folder,
    case_id: CaseId,
    outcome: Annotated[Outcome, typer.Argument(help="What is decided.")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the audit.")],
    reviewer: Annotated[
        str | None, typer.Option(help="Who decides; otherwise the name you are signed in with.")
    ] = None,
    json: Json = False,
) -> None:
    """Record a decision. A referral waits until a second person has decided the same."""
    with seawall.open(folder, reviewer=reviewer) as workspace:
        decision = workspace.decide(case_id, outcome, reason)
        status = workspace.case(case_id).case.status
    if json:
        as_json({"case_id": case_id, "outcome": decision.outcome, "reviewer": decision.reviewer, "status": status})
    else:
        effect = "The case is decided." if status == "decided" else "It counts once a second person decides the same."
        say(f"{decision.case_id}: {_plainly(decision.outcome)}, by {decision.reviewer}. {effect}")


def _told(file: CaseFile) -> dict[str, Any]:
    """For JSON; the persons whom somebody approached stand beside an alert, not in it."""
    told = asdict(file)
    for kept in told["alerts"]:
        del kept["alert"]["approached"]
    return told


def _tell(file: CaseFile, messages: dict[str, dict[str, Any]]) -> None:
    head = file.case
    say(f"{head.case_id}  {head.severity}  {head.status}\n{in_a_line(head.sentence)}")
    for alert in (kept.alert for kept in file.alerts):
        say(f"\nClaim     {in_a_line(alert.sentence)}")
        for sentence in alert.doubt:
            say(f"Doubt     {in_a_line(sentence)}")
        for message in alert.evidence[:SHOWN]:
            say(f"Evidence  {in_a_line(message)}  {_message(messages.get(message))}")
        if len(alert.evidence) > SHOWN:
            say(f"          and {len(alert.evidence) - SHOWN:,} more: seawall case --json lists them")
    for decision in head.decisions:
        did = decision.stage.capitalize().ljust(9)
        why = "(hidden until you have decided yourself)" if decision.hidden else in_a_line(decision.reason)
        say(f"\n{did} {_plainly(decision.outcome)} by {in_a_line(decision.reviewer)}: {why}")


def _message(row: dict[str, Any] | None) -> str:
    if row is None:
        return "no longer in the lake"
    words = "(no text is kept)" if row["text"] is None else in_a_line(row["text"])[:WIDTH]
    return f"{row['sent_at']:%Y-%m-%d %H:%M:%S} UTC  {row['account_id']}  {words}"


def _plainly(outcome: Outcome) -> str:
    return outcome.value.replace("_", " ")
