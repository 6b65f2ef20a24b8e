"""Commands that say what is watched and who is told: connect, tell."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated

import typer

import seawall
from seawall.cli.output import Json, as_json, say, show_table, stderr, typed
from seawall.cli.records import Folder
from seawall.errors import ConfigurationError
from seawall.model import Severity, Visibility
from seawall.protocols import Ask, Connection, ReadOptions, Rights

if TYPE_CHECKING:
    from seawall.protocols import LiveSource
    from seawall.workspace import Workspace

CHECK_SECONDS = 60.0
SECRET_VARIABLE = "SEAWALL_SECRET_"  # noqa: S105 - the beginning of a variable's name


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: seawall connect club rocketchat https://chat.example.org")(connect)
    app.command(epilog="Example: seawall tell club mail team@example.org")(tell)


def connect(
    folder: Folder,
    source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="rocketchat, matrix, mastodon, bluesky, xmpp, nats, push.")
    ] = None,
    url: Annotated[str | None, typer.Argument(metavar="[URL]", help="The server's address.")] = None,
    name: Annotated[str | None, typer.Option(help="What you call it; the source's name otherwise.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting, instead of being asked.")
    ] = None,
    visibility: Annotated[
        Visibility | None, typer.Option(help="Who could read these messages, where the platform does not tell.")
    ] = None,
    basis: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The basis on which text of closed channels is kept; audited.")
    ] = None,
    platform: Annotated[str | None, typer.Option(help="A name for the platform; the source's name otherwise.")] = None,
    test: Annotated[str | None, typer.Option(metavar="NAME", help="Try a connection again that is there.")] = None,
    remove: Annotated[str | None, typer.Option(metavar="NAME", help="Forget a connection and its secrets.")] = None,
    json: Json = False,
) -> None:
    """Connect a platform to watch: asks for what is needed, tries it, and says what the token may do.

    Secrets are asked for unseen, or taken from SEAWALL_SECRET_NAME in the environment; never from the command line.
    Without SOURCE: list the connections.
    """
    from seawall.sources.live import live_by_name

    with seawall.open(folder) as workspace:
        if remove is not None:
            workspace.disconnect(remove)
            say(f"Forgot {remove} and its secrets; what was read stays.")
        elif test is not None:
            connection = workspace.connections.named(test)
            _show_rights(connection, _tried(live_by_name(connection.source), connection), json)
        elif source is None:
            _list(workspace, json)
        else:
            live = live_by_name(source)
            options = ReadOptions(visibility=visibility, platform=platform)
            connection = _asked(live, url, name or source, options, basis, _pairs(set_ or []))
            rights = _tried(live, connection)
            workspace.connect(connection)
            made = {one.name: connection.secrets[one.name] for one in live.asks if one.made and not _told_secret(one)}
            _show_rights(connection, rights, json, made)
            if not json:
                say(f"Connected. Next: seawall watch {typed(folder)}")


def tell(
    folder: Folder,
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="log, webhook or mail.")] = None,
    to: Annotated[
        str | None, typer.Argument(metavar="[TO]", help="A file, an address on the web, or a mail address.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What you call it; the kind otherwise.")] = None,
    least: Annotated[Severity, typer.Option(help="Tell of cases of this severity and above.")] = Severity.LOW,
    sender: Annotated[str | None, typer.Option(help="mail: the address that it comes from; TO otherwise.")] = None,
    smtp: Annotated[str, typer.Option(metavar="HOST:PORT", help="mail: your mail server.")] = "127.0.0.1:25",
    remove: Annotated[str | None, typer.Option(metavar="NAME", help="Tell this receiver nothing any more.")] = None,
    json: Json = False,
) -> None:
    """Say who is told of new cases, each once: a log of JSON lines, a signed webhook, a mail.

    Without KIND: list the receivers.
    """
    with seawall.open(folder) as workspace:
        if remove is not None:
            workspace.receivers.remove(remove)
            say(f"{remove} is told nothing any more.")
        elif kind is None:
            columns = ("name", "kind", "to", "least")
            rows = [[getattr(one, column) for column in columns] for one in workspace.receivers.all()]
            if json:
                as_json([dict(zip(columns, row, strict=True)) for row in rows])
            else:
                show_table("Told of new cases", columns, rows, empty="Nobody is told but whoever watches the terminal.")
        else:
            if to is None:
                raise ConfigurationError("Where to?", where="TO", mend="As in: seawall tell club log cases.jsonl")
            settings = {}
            if kind == "mail":
                host, _, port = smtp.rpartition(":")
                settings = {"host": host or smtp, "port": port if host else "25", "sender": sender or to}
            told = workspace.receivers.add(kind, to, name=name, least=least, **settings)
            if json:
                as_json({"name": told.name, "kind": told.kind, "to": told.to, "secret": told.secret or None})
            else:
                say(f"{told.name} is told of cases that open from now on, {least.value} and above.")
                if told.secret:
                    say(f"Its secret, to check signatures with (shown this once): {told.secret}")


def _list(workspace: Workspace, json: bool) -> None:
    rows = [[one.name, one.source, one.url, ", ".join(sorted(one.secrets))] for one in workspace.connections.all()]
    columns = ("name", "source", "url", "secrets kept")
    if json:
        as_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        show_table(
            "Connections", columns, rows, empty="Nothing is connected. Try: seawall connect DIR rocketchat https://..."
        )


def _asked(
    source: LiveSource, url: str | None, name: str, options: ReadOptions, basis: str | None, told: dict[str, str]
) -> Connection:
    """Ask on the terminal for whatever was not told."""
    known = {ask.name for ask in source.asks if not ask.secret}
    unknown = sorted(set(told) - known - {"url"})
    if unknown:
        raise ConfigurationError(
            f"{source.name} has no setting of this name.", where="--set", mend=f"It has: {', '.join(sorted(known))}."
        )
    settings, secrets = dict(told), {}
    for ask in source.asks:
        if ask.secret:
            secrets[ask.name] = _told_secret(ask) or (token_hex(32) if ask.made else _typed_answer(ask))
        elif ask.name not in settings and not ask.rare:
            settings[ask.name] = _typed_answer(ask)
    return Connection(name, source.name, url or settings.pop("url", ""), options, settings, secrets, basis)


def _told_secret(ask: Ask) -> str | None:
    return os.environ.get(SECRET_VARIABLE + ask.name.upper())


def _typed_answer(ask: Ask) -> str:
    if not stderr.is_terminal:
        if ask.default is not None:
            return ask.default
        how = f"the variable {SECRET_VARIABLE}{ask.name.upper()}" if ask.secret else f"--set {ask.name}=..."
        raise ConfigurationError(f"Nobody is there to answer: {ask.question}", where=ask.name, mend=f"Use {how}.")
    usual = bool(ask.default)
    answer: str = typer.prompt(ask.question, default=ask.default, hide_input=ask.secret, err=True, show_default=usual)
    return answer


def _tried(source: LiveSource, connection: Connection) -> Rights:
    async def check() -> Rights:
        async with asyncio.timeout(CHECK_SECONDS):
            return await source.check(connection)

    try:
        return asyncio.run(check())
    except TimeoutError:
        raise ConfigurationError(
            f"The server took longer than {CHECK_SECONDS:.0f} seconds.",
            where=connection.name,
            mend="Check the address.",
        ) from None


def _show_rights(connection: Connection, rights: Rights, json: bool, made: Mapping[str, str] | None = None) -> None:
    if json:
        as_json(
            {
                "connection": connection.name,
                "identity": rights.identity,
                "can": rights.can,
                "missing": rights.missing,
                "excess": rights.excess,
                **({"made": dict(made)} if made else {}),
            }
        )
        return
    say(f"{connection.name}: {rights.identity}")
    for title, sentences in (
        ("It can", rights.can),
        ("It cannot, and Seawall would use it", rights.missing),
        ("It can and should not, because Seawall only reads", rights.excess),
    ):
        if sentences:
            say(f"{title}:")
            for sentence in sentences:
                say(f"  {sentence}")
    for name, secret in (made or {}).items():
        say(f"Its {name} (shown this once): {secret}")


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise ConfigurationError("--set takes NAME=VALUE.", where="option --set", mend="As in: --set since=7d")
        pairs[name] = value
    return pairs
