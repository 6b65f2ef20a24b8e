"""Who is told of new cases: the workspace's receivers of notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from yarl import URL

from seawall.errors import AccessError, ConfigurationError, ConnectError, SeawallError, StorageError
from seawall.model import Severity
from seawall.model.ports import port_of
from seawall.notices import LogReceiver, MailReceiver, Notice, Receiver, WebhookReceiver
from seawall.notices.webhook import new_secret
from seawall.workspace.checked_file import read_checked, write_checked
from seawall.workspace.connections import NAME

if TYPE_CHECKING:
    from seawall.workspace.workspace import Workspace

KINDS = ("log", "webhook", "mail")


@dataclass(frozen=True, slots=True)
class Told:
    """A receiver as it is kept: what kind, where to, and from which severity on."""

    name: str
    kind: str  # "log", "webhook" or "mail"
    to: str  # a path, an address on the web, a mail address
    least: str = "low"
    settings: dict[str, str] = field(default_factory=dict)  # mail: "sender", "host", "port"
    secret: str = field(default="", repr=False)

    def receiver(self) -> Receiver:
        """What delivers."""
        if self.kind == "log":
            return LogReceiver(self.name, Path(self.to))
        if self.kind == "webhook":
            return WebhookReceiver(self.name, self.to, self.secret)
        host, port = self.settings["host"], int(self.settings["port"])
        return MailReceiver(self.name, self.to, self.settings["sender"], host, port)


class Receivers:
    """The receivers in ``keys/receivers.json`` (0600)."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._path = workspace.path / "keys" / "receivers.json"

    def all(self) -> list[Told]:
        """Every receiver, by name.

        Raises:
            StorageError: the file is damaged.
        """
        return [Told(**row) for row in read_checked(self._path, [])]

    def add(
        self, kind: str, to: str, *, name: str | None = None, least: Severity = Severity.LOW, **settings: str
    ) -> Told:
        """Add a receiver. It is told of cases that open from now on; a webhook gets a secret of its own.

        Args:
            kind: "log", "webhook" or "mail".
            to: a file, an address on the web, a mail address.
            name: unique; the kind where None.
            least: cases of at least this severity.
            settings: for mail: sender, host, port.

        Raises:
            ConfigurationError: it cannot work as given, or the name is taken.
        """
        told = _checked(kind, to, name or kind, least, settings)
        held = {one.name: one for one in self.all()}
        if told.name in held:
            raise ConfigurationError(
                "A receiver of this name is here already.", where="--name", mend="Choose another, or remove it first."
            )
        held[told.name] = told
        self._workspace.casebook.start_telling(told.name, by=self._workspace.reviewer)
        self._write(held)
        return told

    def remove(self, name: str) -> None:
        """Tell this receiver nothing any more.

        Raises:
            ConfigurationError: there is none of that name.
        """
        held = {one.name: one for one in self.all()}
        if name not in held:
            raise ConfigurationError("There is no receiver of that name.", mend="List them with: seawall tell DIR")
        del held[name]
        self._workspace.casebook.audit.append(self._workspace.reviewer, "remove receiver", {"receiver": name})
        self._write(held)

    def _write(self, held: dict[str, Told]) -> None:
        write_checked(self._path, [asdict(held[name]) for name in sorted(held)])


def _checked(kind: str, to: str, name: str, least: Severity, settings: dict[str, str]) -> Told:
    if kind not in KINDS:
        raise ConfigurationError("There is no such kind of receiver.", where="KIND", mend=f"Use {', '.join(KINDS)}.")
    if not NAME.fullmatch(name):
        raise ConfigurationError(
            "A receiver's name has up to 40 small letters, digits, dots, hyphens and underscores.",
            where="--name",
            mend="As in: --name night-team",
        )
    if kind == "log":
        return Told(name, kind, str(Path(to).absolute()), least.value)
    if kind == "webhook":
        return Told(name, kind, _web_address(to), least.value, secret=new_secret())
    sender = settings.get("sender") or to
    for address in (to, sender):
        _check_mail_address(address)
    host, port = settings.get("host", "127.0.0.1"), settings.get("port", "25")
    if port_of(port) is None:
        raise ConfigurationError(
            "The mail server's port is a number.", where="--smtp", mend="As in: --smtp mail.example.org:25"
        )
    return Told(name, kind, to, least.value, {"sender": sender, "host": host, "port": port})


def _web_address(text: str) -> str:
    try:
        url = URL(text)
    except ValueError:
        url = URL()
    local = url.host in ("localhost", "127.0.0.1", "::1")
    if url.scheme not in (("http", "https") if local else ("https",)) or not url.host or url.user:
        raise ConfigurationError(
            "A webhook needs an https:// address without a name and password in it (http:// for this machine only).",
            where="TO",
            mend="As in: https://alerts.example.org/seawall",
        )
    return str(url)


def _check_mail_address(text: str) -> None:
    name, _, host = text.rpartition("@")
    if not name or not host or any(char.isspace() or not char.isprintable() for char in text):
        raise ConfigurationError("This is no mail address.", where="TO or --sender", mend="Use name@host.")


def deliver(workspace: Workspace, told: Iterable[tuple[Receiver, Severity]]) -> tuple[list[Notice], list[SeawallError]]:
    """Tell each receiver of the cases that it has not heard of, each once.

    A receiver that fails is tried again at the next call; the others are told all the same.

    Returns:
        What arrived, and what went wrong (one error a receiver).
    """
    arrived: list[Notice] = []
    failed: list[SeawallError] = []
    for receiver, least in told:
        try:
            for due in workspace.casebook.due(receiver.name, least):
                notice = Notice(
                    receiver.name, due.case_id, due.severity, due.opened_at, due.sentence, workspace.path.name
                )
                workspace.casebook.telling(receiver.name, due.case_id)
                receiver.send(notice, again=due.again)
                workspace.casebook.told(receiver.name, due.case_id)
                arrived.append(notice)
        except (AccessError, ConnectError, StorageError) as error:
            failed.append(error)
    return arrived, failed
