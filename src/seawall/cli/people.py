"""The command that keeps people and roles: reviewers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

import seawall
from seawall.cli.output import Json, as_json, say, show_table
from seawall.cli.records import Folder, Reviewer

if TYPE_CHECKING:
    from seawall.casebook import Person
    from seawall.workspace import Workspace

ACTS = ("list", "enrol", "role", "remove", "link", "queues")
LINK_PATH = "/sign-in/link/"


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(epilog="Example: seawall reviewers club enrol Rosa --role reviewer")(reviewers)


def reviewers(
    folder: Folder,
    act: Annotated[
        str,
        typer.Argument(
            metavar="[ACT]",
            help="list, enrol NAME, role NAME, remove NAME, link NAME (to sign in to the console once), queues NAME.",
        ),
    ] = "list",
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="The person.")] = None,
    role: Annotated[
        str | None,
        typer.Option(
            help="enrol, role: reviewer, lead, analyst, auditor, administrator or safeguarding. "
            "The first one is an administrator."
        ),
    ] = None,
    minutes: Annotated[int, typer.Option(min=1, help="link: how long it works.")] = 60,
    anew: Annotated[
        bool, typer.Option("--anew", help="link: forget their password, authenticator and passkeys.")
    ] = False,
    console: Annotated[
        str, typer.Option(metavar="URL", help="link: where the console is reached.")
    ] = "http://127.0.0.1:8767",
    queue: Annotated[
        list[str] | None,
        typer.Option(metavar="DETECTOR", help="queues: whose cases are theirs; repeatable. Without it, every case."),
    ] = None,
    reviewer: Reviewer = None,
    json: Json = False,
) -> None:
    """Say who may do what: once anybody is enrolled, only enrolled people act, each within their role."""
    if act not in ACTS:
        raise typer.BadParameter(f"one of {', '.join(ACTS)}", param_hint="ACT")
    with seawall.open(folder, reviewer=reviewer) as workspace:
        if act == "list":
            _list(workspace.people(), json)
            return
        who = _named(name, act)
        if act in ("enrol", "role"):
            told, sentence = _given_role(workspace, act, who, role)
        elif act == "link":
            told, sentence = _link(workspace, who, minutes, anew, console)
        elif act == "queues":
            told, sentence = _limited(workspace, who, queue or [])
        else:
            workspace.remove_person(who)
            told, sentence = {"name": who, "removed": True}, f"{who} is removed; what they did stays on the record."
    if json:
        as_json(told)
    else:
        say(sentence)


def _given_role(workspace: Workspace, act: str, name: str, role: str | None) -> tuple[dict[str, Any], str]:
    if role is None:
        raise typer.BadParameter(f"{act} needs it", param_hint="--role")
    person = workspace.enrol(name, role) if act == "enrol" else workspace.set_role(name, role)
    return {"name": person.name, "role": person.role}, f"{person.name} is here as {person.role} from now on."


def _link(workspace: Workspace, name: str, minutes: int, anew: bool, console: str) -> tuple[dict[str, Any], str]:
    link = console.rstrip("/") + LINK_PATH + workspace.sign_in_link(name, minutes=minutes, anew=anew)
    told = {"name": name, "link": link, "minutes": minutes}
    return told, f"Signs {name} in once, within {minutes} minutes: {link}"


def _limited(workspace: Workspace, name: str, queues: list[str]) -> tuple[dict[str, Any], str]:
    workspace.set_queues(name, queues)
    theirs = f"the cases of {', '.join(queues)}" if queues else "every case"
    return {"name": name, "queues": queues}, f"{name} has {theirs}."


def _list(people: list[Person], json: bool) -> None:
    if json:
        as_json([asdict(one) | {"queues": sorted(one.queues), "can_sign_in": one.can_sign_in} for one in people])
        return
    show_table(
        "Reviewers",
        ("name", "role", "queues", "signs in with", "last seen"),
        [[one.name, one.role, ", ".join(sorted(one.queues)) or "every", _ways(one), _seen(one)] for one in people],
        empty="Nobody is enrolled, so this workspace belongs to whoever opens it. Begin with an administrator.",
    )


def _ways(one: Person) -> str:
    ways = {
        "password and code": one.password and one.authenticator,
        "passkey": one.passkeys,
        "another service": one.outside,
    }
    return ", ".join(way for way, there in ways.items() if there) or "nothing yet"


def _seen(one: Person) -> str:
    return "" if one.seen_at is None else f"{one.seen_at:%Y-%m-%d %H:%M} UTC"


def _named(name: str | None, act: str) -> str:
    if name is None:
        raise typer.BadParameter(f"{act} needs a name", param_hint="NAME")
    return name
