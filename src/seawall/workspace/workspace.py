"""The workspace: one folder in which a platform's records are kept, measured and judged."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from seawall.casebook import Act
from seawall.model import MESSAGES
from seawall.protocols import Connection, Detector, Progress, ReadOptions, Source
from seawall.workspace import auditing, care, coverage, identities
from seawall.workspace.asking import Asking
from seawall.workspace.clusters_offered import ClusterReading
from seawall.workspace.coincidences_offered import CoincidenceReading
from seawall.workspace.connections import Connections
from seawall.workspace.effects_offered import EffectReading
from seawall.workspace.flows_offered import FlowReading
from seawall.workspace.indicators_offered import KnownContent
from seawall.workspace.lifetimes_offered import LifetimeReading
from seawall.workspace.looking_moves import PlaceLooking
from seawall.workspace.networks_offered import NetworkReading
from seawall.workspace.people import People
from seawall.workspace.places_offered import PlaceReading
from seawall.workspace.reviewing import Reviewing
from seawall.workspace.safeguarding import Safeguarded
from seawall.workspace.settings import pseudonym_key, reply_key
from seawall.workspace.successors_offered import SuccessorReading

if TYPE_CHECKING:
    from seawall.casebook.audit_pages import AuditPage
    from seawall.workspace.ingest import Ingest
    from seawall.workspace.receivers import Receivers
    from seawall.workspace.results import AddResult, DetectResult


class Workspace(
    NetworkReading,
    FlowReading,
    EffectReading,
    ClusterReading,
    LifetimeReading,
    CoincidenceReading,
    PlaceReading,
    SuccessorReading,
    KnownContent,
    PlaceLooking,
    Reviewing,
    People,
    Asking,
    Safeguarded,
):
    """A folder with a lake, a casebook and keys of its own.

    Args:
        path: the folder.
        reviewer: who acts; it stands in the audit beside each act and each read of messages.
        engine: what runs measures over the lake; see ``seawall.open``.
        engine_options: settings of Spark's own.

    Use ``Workspace.create`` for a new one and ``seawall.open`` for one that is there.
    """

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        identities: str = "drop",
        reviewer_keys: Sequence[str] = (),
        reviewer: str | None = None,
        like: Path | None = None,
        casebook: str | None = None,
        lake: str | None = None,
        storage_options: Mapping[str, object] | None = None,
    ) -> Self:
        """Make a new workspace in an empty or new folder.

        Args:
            path: the folder.
            identities: "drop" forgets who is behind a pseudonym; "vault" keeps it sealed.
            reviewer_keys: the public keys of at least two reviewers, for "vault".
            reviewer: who acts.
            like: another workspace, whose pseudonyms and whose list of erased accounts hold here too.
            casebook: the address of a database for the casebook, ``postgresql+pg8000://ROLE@HOST/DATABASE``, whose
                password the environment variable SEAWALL_CASEBOOK_PASSWORD holds; otherwise it is a file in the folder.
            lake: ``s3://BUCKET/PREFIX`` for a lake on object storage, which needs a casebook in a database too. The
                credentials come from the environment, as AWS_ACCESS_KEY_ID; otherwise it is in the folder.
            storage_options: ``endpoint``, ``region`` and ``allow_http`` of that storage.

        Raises:
            ConfigurationError: fewer than two reviewers' keys for a vault, or keys without one; a lake in a bucket
                whose casebook is none; a bucket that cannot keep what a lake promises. Nothing is made.
            WorkspaceError: the folder is not empty, or another workspace has this database or prefix.
            StorageError: the disk or the object storage refuses; nothing is made where the storage does.
        """
        from seawall.workspace.making import make  # here and below: an act does not wait for what another one needs

        folder = Path(path)
        make(folder, identities, reviewer_keys, like=like, casebook=casebook, lake=lake, options=storage_options or {})
        workspace = cls(folder, reviewer=reviewer)
        workspace.casebook.audit.append(workspace.reviewer, "init", {"identities": identities})
        return workspace

    # --- records in -----------------------------------------------------------------------------------

    def add(
        self,
        *paths: str | Path,
        source: str | None = None,
        options: ReadOptions | None = None,
        basis: str | None = None,
        progress: Progress | None = None,
    ) -> AddResult:
        """Read files into the lake. Nothing is dropped silently: ``in = kept + rejected + duplicate``.

        Args:
            paths: files, archives or folders.
            source: the name of the format, where recognising it is not wanted.
            options: what the files do not tell (visibility, time zone, order of dates, columns).
            basis: the basis on which text of closed groups is kept; recorded in the audit.
            progress: called as records are committed.

        Raises:
            ConfigurationError: something must be stated that was not.
            IncompleteImportError: an input could not be read to its end; what came before is kept.
            StorageError: the disk refused.
        """
        from seawall.intake.clean import Intake
        from seawall.intake.pseudonyms import Pseudonyms
        from seawall.workspace.adding import Import

        stated = options or ReadOptions()
        self.casebook.audit.append(
            self.reviewer, "add", {"inputs": len(paths), "basis": basis, "visibility": stated.visibility}
        )
        pseudonyms = Pseudonyms(pseudonym_key(self.path), reply_key())
        vault = self._vault()

        def intake(chosen: Source) -> Intake:
            return Intake(pseudonyms, source=chosen.name, basis=basis, keep_identities=vault is not None)

        with self.writing() as lake:
            job = Import(lake, vault, intake, stated, basis, source, progress)
            return job.run([Path(path) for path in paths])

    def ingest(self) -> Ingest:
        """The live entrance, for ``with``: what it accepts is durable at once and in the lake after its ``flush``.

        Raises:
            WorkspaceError: another process watches, or writes and does not give way.
            StorageError: the disk refused, or the journal is damaged.
        """
        from seawall.workspace.ingest import Ingest

        return Ingest.of(self.path, self._vault())

    # --- claims -----------------------------------------------------------------------------------------

    def detect(
        self,
        detectors: Sequence[Detector] | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        progress: Progress | None = None,
    ) -> DetectResult:
        """Run detectors over the lake and put what they propose before people, as alerts in cases.

        Running it again adds revisions, never twins.

        Args:
            detectors: those of ``seawall.detectors.DETECTORS`` where None.
            start: UTC, inclusive.
            end: UTC, exclusive.
            progress: called as each detector begins.
        """
        from seawall.workspace.detecting import detect

        return detect(self, detectors, start, end, progress)

    # --- tables out -------------------------------------------------------------------------------------

    def messages(self, columns: Sequence[str] | None = None) -> pa.Table:
        """The messages (schema: ``seawall.model.MESSAGES``), edits and deletions folded in. The read is audited."""
        return self._read("messages", columns)

    def interactions(self, columns: Sequence[str] | None = None) -> pa.Table:
        """The interactions (schema: ``seawall.model.INTERACTIONS``). The read is audited."""
        return self._read("interactions", columns)

    def messages_by_id(self, ids: Sequence[str], columns: Sequence[str] | None = None) -> pa.Table:
        """Those of the messages that the lake has, as ``messages`` gives them, in no order. The read is audited."""
        from seawall.lake.among import among

        self.permit(Act.READ_CASES)
        self.casebook.audit.append(self.reviewer, "read", {"table": "messages", "ids": len(ids)})
        wanted = list(columns or MESSAGES.names)
        read = list(dict.fromkeys([*wanted, "message_id"]))
        with self.reading() as lake:
            return lake.reader("messages", read, where=among("message_id", ids)).read_all().select(wanted)

    def coverage(self) -> pa.Table:
        """What was collected from when to when, as far as it is known."""
        with self.reading() as lake:
            return lake.reader("coverage").read_all()

    def state_coverage(self, *, platform: str, start: datetime, end: datetime, complete: bool) -> None:
        """State that a platform was collected without a break, or not at all, in [start, end).

        Stating the same again changes nothing.

        Raises:
            ConfigurationError: a time without a zone, or an end that is not after the start.
        """
        coverage.state(self, platform=platform, start=start, end=end, complete=complete)

    def assume_history(self, but: Collection[str] = ()) -> list[str]:
        """Take what was imported so far as collected without a break, for each platform of which nothing is told.

        Args:
            but: platforms whose live source never tells what it covers.
        """
        return coverage.assume_history(self, but)

    def alerts(self) -> pa.Table:
        """The alerts, one row each in its latest revision. The read is audited."""
        self.permit(Act.READ_CASES)
        self.casebook.audit.append(self.reviewer, "read", {"table": "alerts"})
        return self.casebook.alerts()

    def brief(self, out: str | Path | None = None) -> Path:
        """Write a brief: one page for someone who was not there. Where it was written.

        Raises:
            StorageError: the file cannot be written.
        """
        from seawall.workspace.briefing import write_brief

        self.permit(Act.BRIEF)
        self.casebook.audit.append(self.reviewer, "brief", {})
        return write_brief(self, Path(out) if out is not None else None)

    # --- care -------------------------------------------------------------------------------------------

    def expire(self, before: datetime, *, progress: Progress | None = None) -> dict[str, int]:
        """Delete rows older than ``before`` (UTC), except of held accounts; how many of each kind went."""
        return care.expire(self, before, progress)

    def erase(self, account: str | Sequence[str], reason: str, *, progress: Progress | None = None) -> dict[str, int]:
        """Take an account (all its pseudonyms) out of lake, index, casebook, briefs and vault.

        Results from before cannot be repeated, and a later import of the account is refused.

        Raises:
            RuleError: no reason, or a legal hold.
        """
        return care.erase(self, identities.checked(account), reason, progress)

    def export_subject(self, account: str | Sequence[str], out: str | Path) -> int:
        """Write what is held about an account to a new JSON file that only you can read; how many records.

        Raises:
            InputError: nothing is held.
            StorageError: the file exists or cannot be written.
        """
        return care.export_subject(self, identities.checked(account), Path(out))

    def pseudonyms_of(self, *, platform: str | None, id_: str | None = None, handle: str | None = None) -> list[str]:
        """The pseudonyms that an account, named by its id or handle on the platform, has in this workspace."""
        return care.pseudonyms_of(self, platform=platform, id_=id_, handle=handle)

    def hold(self, account: str, reason: str, *, release: bool = False) -> None:
        """Suspend expiry and erasure of an account, or end that.

        Raises:
            RuleError: no reason; held already, or not held.
        """
        (subject,) = identities.checked(account)
        act = self.casebook.release if release else self.casebook.hold
        act(subject, reviewer=self.reviewer, reason=reason)

    def holds(self) -> list[dict[str, str]]:
        """The holds in force: account, since, by, reason."""
        return care.holds(self)

    def unmask(self, accounts: Sequence[str], keys: Sequence[tuple[Path, str]], reason: str) -> pa.Table:
        """Open the vault for some pseudonyms, with two reviewers' key files and passphrases.

        The audit has the entry before anything is opened.

        Raises:
            RuleError: no reason, not two reviewers, or not reviewers of this vault.
            ConfigurationError: a key file or passphrase is wrong.
        """
        return identities.unmask(self, accounts, keys, reason)

    def check_vault(self) -> None:
        """Refuse where identities were dropped.

        Raises:
            ConfigurationError: this workspace has no vault.
        """
        identities.check_vault(self)

    def compact(self, *, progress: Progress | None = None) -> dict[str, int]:
        """Join small files of the lake; how many there were and are."""
        with self.writing() as lake:
            done = lake.compact(progress=progress)
        return {"files_before": done.files_before, "files_after": done.files_after}

    def check(self) -> list[str]:
        """What is wrong with the files of this workspace, a sentence each."""
        from seawall.workspace.checkup import problems

        return list(problems(self))

    def audit_entries(self) -> list[dict[str, Any]]:
        """The audit, the oldest entry first."""
        self.permit(Act.READ_AUDIT)
        return [asdict(entry) for entry in self.casebook.audit.entries()]

    def audit_page(self, *, before: int | None = None, person: str = "", act: str = "", limit: int = 100) -> AuditPage:
        """A page of the audit, the newest entries first.

        Args:
            before: entries with a smaller number only: the ``next`` of the page before.
            person: of this person only.
            act: of this kind only.
            limit: so many rows, 1 to 200.

        Raises:
            InputError: a limit outside 1 to 200.
            RuleError: not permitted.
        """
        self.permit(Act.READ_AUDIT)
        return self.casebook.audit.page(before=before, person=person, act=act, limit=limit)

    def verify_audit(self, against: str | Path | None = None) -> tuple[list[str], str]:
        """Problems of the audit's chain, and its head as text to keep elsewhere.

        Args:
            against: what was kept elsewhere: a checkpoint, a head, or a file with one of them.

        Raises:
            ConfigurationError: ``against`` is none of these.
        """
        return auditing.verify_audit(self, against)

    def checkpoint(self, out: str | Path | None = None) -> str:
        """A signed checkpoint of the audit, to be kept elsewhere: one line of JSON. The audit says that it was made.

        Args:
            out: a new file to write it to as well.

        Raises:
            StorageError: the file exists or cannot be written.
        """
        return auditing.checkpoint(self, None if out is None else Path(out))

    def __repr__(self) -> str:
        return f"Workspace({str(self.path)!r})"

    def _repr_html_(self) -> str:
        with self.reading() as lake:
            rows = "".join(
                f"<tr><td>{name}</td><td style='text-align:right'>{lake.count(name):,}</td></tr>"
                for name in ("messages", "interactions", "accounts", "channels")
            )
        return f"<p>Seawall workspace <code>{html.escape(str(self.path))}</code></p><table>{rows}</table>"

    def connect(self, connection: Connection) -> None:
        """Keep a connection for ``seawall watch``; the audit says so, without its secrets.

        Raises:
            ConfigurationError: its name cannot be one, or another source has it.
        """
        self.permit(Act.KEEP_SOURCES)
        told = {"connection": connection.name, "source": connection.source, "basis": connection.basis}
        self.casebook.audit.append(self.reviewer, "connect", told)
        self.connections.put(connection)

    def disconnect(self, name: str) -> None:
        """Forget a connection with its secrets; what was read from it stays.

        Raises:
            ConfigurationError: there is none of that name.
        """
        self.permit(Act.KEEP_SOURCES)
        self.connections.named(name)
        self.casebook.audit.append(self.reviewer, "disconnect", {"connection": name})
        self.connections.remove(name)

    @property
    def connections(self) -> Connections:
        """The live sources that ``seawall watch`` reads."""
        return Connections(self.path)

    @property
    def receivers(self) -> Receivers:
        """Who is told of new cases."""
        from seawall.workspace.receivers import Receivers

        return Receivers(self)

    def _read(self, table: str, columns: Sequence[str] | None) -> pa.Table:
        self.permit(Act.EXPLORE)
        self.casebook.audit.append(self.reviewer, "read", {"table": table})
        with self.reading() as lake:
            return lake.reader(table, columns).read_all()
