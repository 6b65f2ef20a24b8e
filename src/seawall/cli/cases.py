"""Commands for judging: alerts, cases, case, decide."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

import seawall
from seawall.cli.output import Json, as_json, rows_of, say, show_table
from seawall.cli.records import Folder
from seawall.model import Outcome

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case, as seawall cases lists it.")]


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
        )


def cases(folder: Folder, json: Json = False) -> None:
    """List the cases that wait for a person, the gravest first."""
    with seawall.open(folder) as workspace:
        rows = rows_of(workspace.cases())
    if json:
        as_json(rows)
    else:
        show_table(
            "Cases",
            ("case", "severity", "status", "claim"),
            [[row["case_id"], row["severity"], row["status"], row["sentence"]] for row in rows],
        )


def case(folder: Folder, case_id: CaseId, json: Json = False) -> None:
    """Show one case: claim, evidence, doubt, decisions."""
    with seawall.open(folder) as workspace:
        told = asdict(workspace.case(case_id))
    if json:
        as_json(told)
    else:
        _tell(told)


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
        say(f"{case_id}: {decision.outcome.value.replace('_', ' ')}, by {decision.reviewer}. The case is now {status}.")


def _tell(told: dict[str, Any]) -> None:
    head = told["case"]
    say(f"{head['case_id']}  {head['severity']}  {head['status']}\n{head['sentence']}")
    for alert in (kept["alert"] for kept in told["alerts"]):
        say(f"\nClaim     {alert['sentence']}")
        for sentence in alert["doubt"]:
            say(f"Doubt     {sentence}")
        for message in alert["evidence"][:5]:
            say(f"Evidence  {message}")
        if len(alert["evidence"]) > 5:
            say(f"          and {len(alert['evidence']) - 5:,} more: seawall case --json lists them")
    for decision in head["decisions"]:
        say(f"\nDecided   {decision['outcome']} by {decision['reviewer']}: {decision['reason']}")
