"""The lists of indicators of a workspace: what ``workspace.indicators`` offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seawall.casebook import Kept, Limit, Listing
from seawall.errors import InputError
from seawall.intake.pseudonyms import Pseudonyms
from seawall.model import Indicator, IndicatorKind, IndicatorStatus
from seawall.sources.lists import Broken, Entry, Exchange, Line, read_csv, read_stix
from seawall.sources.lists.stix import is_stix
from seawall.workspace.indicators_canonical import canonical_value, refused_terms
from seawall.workspace.settings import pseudonym_key, reply_key

if TYPE_CHECKING:
    from seawall.protocols import Progress
    from seawall.workspace.opened import OpenedFolder

USUAL_DAYS = 90
"""An indicator of which nothing else is said expires after so many days."""

USUAL_CONFIDENCE = 50
CHUNK = 5_000

TABLE = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "kind", "value", "bank", "status", "source", "owner", "reason")),
        ("confidence", pa.int32()),
        ("added_on", pa.date32()),
        ("expires_on", pa.date32()),
        ("expired", pa.bool_()),
        ("seconded_by", pa.string()),
        ("live_sightings", pa.int64()),
        ("shadow_sightings", pa.int64()),
    ]
)
"""``IndicatorList.table()``: one row an indicator, by list."""


@dataclass(frozen=True, slots=True)
class ListResult:
    """What became of a list that was read: ``read == new + renewed + known + withdrawn + len(broken)``."""

    bank: str
    read: int
    new: int
    renewed: int
    known: int
    withdrawn: int
    waiting: int  # of the new ones: phrases and words, for which a second person is needed
    broken: tuple[Broken, ...]
    expires_on: date | None  # what was given to entries that tell no expiry; None where each tells one

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"expires_on": self.expires_on.isoformat() if self.expires_on else None}

    def __str__(self) -> str:
        broken = len(self.broken)
        told = (
            f"{self.bank}: {self.read:,} read = {self.new:,} new + {self.renewed:,} renewed + {self.known:,} known + "
            f"{self.withdrawn:,} withdrawn + {broken:,} broken."
        )
        if self.waiting:
            told += f" {self.waiting:,} phrases or words wait for a second person."
        if self.expires_on is not None:
            told += f" Entries that tell no expiry expire on {self.expires_on.isoformat()}."
        return told


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for entries that do not tell it themselves.

    Args:
        bank: the list that they stand in.
        reason: why they are listed.
        source: where they come from.
        owner: who answers for them; the reviewer where None.
        confidence: 0 to 100.
        expires_on: the first day on which they match no more; 90 days from now where None.
        live: whether hits alert; otherwise they are only counted.
    """

    bank: str
    reason: str
    source: str = "by hand"
    owner: str | None = None
    confidence: int = USUAL_CONFIDENCE
    expires_on: date | None = None
    live: bool = False


@dataclass
class _Tally:
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("read", "new", "renewed", "known"), 0))
    withdrawn: int = 0
    waiting: int = 0
    assumed: bool = False
    broken: list[Broken] = field(default_factory=list)


class IndicatorList:
    """The lists of one workspace. Acts are the reviewer's, and stand in the audit.

    Args:
        workspace: whose lists.
    """

    def __init__(self, workspace: OpenedFolder) -> None:
        self._workspace = workspace
        self._book = workspace.casebook.indicators
        self._pseudonyms = Pseudonyms(pseudonym_key(workspace.path), reply_key())

    # --- listing ----------------------------------------------------------------------------------------

    def add(self, kind: IndicatorKind | str, value: str, terms: Terms) -> Indicator:
        """List one thing.

        Raises:
            InputError: the value cannot be one of its kind; the message does not quote it.
            RuleError: a reason is missing, or the rules of the casebook forbid it.
        """
        own = IndicatorKind(kind)
        listing = self._listing(Entry(1, own, value), terms)
        if isinstance(listing, Broken):
            raise InputError(f"This {own} cannot be listed: {listing.reason}.", mend="Check it, and list it again.")
        wrong = refused_terms([listing])
        if wrong:
            raise InputError(f"This {own} cannot be listed: {wrong[0]}.", mend="Change it, and list it again.")
        kept = self._book.add([listing], by=self._workspace.reviewer, anew=True)
        if kept.refused:
            raise InputError(
                f"This {own} cannot be listed: {kept.refused[0][1]}.", mend="Change it, and list it again."
            )
        return self._book.one((kept.new or kept.renewed or kept.known)[0])

    def import_file(
        self,
        path: str | Path,
        terms: Terms,
        *,
        mapping: Mapping[str, str] | None = None,
        kind: IndicatorKind | str | None = None,
        progress: Progress | None = None,
    ) -> ListResult:
        """Take in a list: a STIX 2.1 bundle, or a table with a line for each entry. Every broken line is told.

        The same list again adds nothing; entries that tell another expiry or confidence are renewed.

        Args:
            path: the file.
            terms: what holds where the file does not tell.
            mapping: for a table: field -> column.
            kind: for a table without a column of kinds.
            progress: called as entries are kept.

        Raises:
            InputError: the file as a whole cannot be read.
            ConfigurationError: no column holds the value or the kind.
            RuleError: not permitted.
        """
        file = Path(path)
        own = IndicatorKind(kind) if kind is not None else None
        lines = read_stix(file) if is_stix(file) else read_csv(file, mapping=mapping, kind=own)
        tally = _Tally()
        self._take(lines, terms, tally, progress)
        return self._result(terms, tally)

    def fetch(self, exchange: Exchange, terms: Terms, *, progress: Progress | None = None) -> ListResult:
        """Take in what an exchange has told since the last time; what it withdrew is retracted.

        Each delta is kept before the place where the exchange resumes, so that nothing is lost by an interruption.

        Raises:
            ConnectError: the exchange does not answer as its interface says; what came before is kept.
            RuleError: not permitted.
        """
        tally = _Tally()
        for delta in exchange.fetch(self._book.checkpoint(terms.bank)):
            self._take(delta.lines, terms, tally, progress)
            self._book.set_checkpoint(terms.bank, delta.checkpoint)
        return self._result(terms, tally)

    def _take(self, lines: Iterable[Line], terms: Terms, tally: _Tally, progress: Progress | None) -> None:
        rest = iter(lines)
        while some := list(islice(rest, CHUNK)):
            tally.counts["read"] += len(some)
            self._keep(some, terms, tally)
            if progress is not None:
                progress("listing", tally.counts["read"], None)

    def _keep(self, some: Sequence[Line], terms: Terms, tally: _Tally) -> None:
        listings: list[Listing] = []
        numbers: list[int] = []
        gone: set[tuple[str, str]] = set()
        for line in some:
            listing = line if isinstance(line, Broken) else self._listing(line, terms)
            if isinstance(listing, Broken):
                tally.broken.append(listing)
            elif isinstance(line, Entry) and line.withdrawn:
                gone.add(listing.key)
                tally.withdrawn += 1
            else:
                tally.assumed |= isinstance(line, Entry) and line.expires_on is None
                listings.append(listing)
                numbers.append(line.number)
        if gone:
            self._book.withdraw(terms.bank, gone, by=self._workspace.reviewer, reason=f"Withdrawn by {terms.source}.")
        for place, why in sorted(refused_terms(listings).items(), reverse=True):
            tally.broken.append(Broken(numbers.pop(place), why))
            listings.pop(place)
        kept = self._book.add(listings, by=self._workspace.reviewer) if listings else Kept(())
        tally.broken += [Broken(numbers[place], why) for place, why in kept.refused]
        tally.waiting += kept.waiting
        for name in ("new", "renewed", "known"):
            tally.counts[name] += len(getattr(kept, name))

    def _listing(self, entry: Entry, terms: Terms) -> Listing | Broken:
        value, wrong = canonical_value(entry.kind, entry.value, self._pseudonyms.hide)
        if value is None:
            return Broken(entry.number, wrong or "it cannot be read")
        usual = terms.expires_on or self._book.today + timedelta(days=USUAL_DAYS)
        return Listing(
            kind=entry.kind,
            value=value,
            bank=terms.bank,
            source=entry.source or terms.source,
            owner=terms.owner or self._workspace.reviewer,
            reason=entry.reason or terms.reason,
            confidence=terms.confidence if entry.confidence is None else entry.confidence,
            expires_on=entry.expires_on or usual,
            live=terms.live,
        )

    def _result(self, terms: Terms, tally: _Tally) -> ListResult:
        assumed = terms.expires_on or self._book.today + timedelta(days=USUAL_DAYS)
        return ListResult(
            bank=terms.bank,
            **tally.counts,
            withdrawn=tally.withdrawn,
            waiting=tally.waiting,
            broken=tuple(sorted(tally.broken, key=lambda one: one.number)),
            expires_on=assumed if tally.assumed else None,
        )

    # --- judging ----------------------------------------------------------------------------------------

    def second(self, *names: str) -> list[str]:
        """Agree, as a second person, to phrases and words that wait; ids, or names of lists.

        Raises:
            RuleError: there is none, it does not wait, or you have listed it yourself.
        """
        return self._book.second(names, by=self._workspace.reviewer)

    def promote(self, *names: str, reason: str | None = None) -> list[str]:
        """Let indicators alert that were counted only, or were in quarantine (then with a reason).

        Raises:
            RuleError: there is none, it is not in shadow or quarantine, or no reason.
        """
        return self._book.promote(names, by=self._workspace.reviewer, reason=reason)

    def retract(self, *names: str, reason: str) -> list[str]:
        """Take indicators back for good. What they have found stays.

        Raises:
            RuleError: there is none, it is retracted already, or no reason.
        """
        return self._book.retract(names, by=self._workspace.reviewer, reason=reason)

    def disable(self, bank: str, reason: str) -> int:
        """Switch a list off; how many entries it has.

        Raises:
            RuleError: no such list, no reason, or it is off already.
        """
        return self._book.switch(bank, enabled=False, by=self._workspace.reviewer, reason=reason)

    def enable(self, bank: str, reason: str) -> int:
        """Switch a list on again; how many entries it has.

        Raises:
            RuleError: no such list, no reason, or it is on already.
        """
        return self._book.switch(bank, enabled=True, by=self._workspace.reviewer, reason=reason)

    @property
    def limit(self) -> Limit:
        """The rate above which an indicator is quarantined."""
        return self._book.limit()

    def set_limit(self, most: int, share: float) -> None:
        """Quarantine indicators with more hits a day than ``most`` and than this share of the day's messages.

        Raises:
            RuleError: a number that cannot be, or not permitted.
        """
        self._book.set_limit(Limit(most, share), by=self._workspace.reviewer)

    # --- reading ----------------------------------------------------------------------------------------

    def all(self) -> list[Indicator]:
        """Every indicator, retracted ones too, by list."""
        return self._book.all()

    def live(self) -> tuple[Indicator, ...]:
        """Those that alert today: for ``seawall.detectors.KnownDetector``."""
        today = self._book.today
        return tuple(one for one in self._book.all() if one.status is IndicatorStatus.LIVE and one.matches_on(today))

    def table(self) -> pa.Table:
        """``TABLE``: every indicator with how often it was seen."""
        counts, today = self._book.counts(), self._book.today
        rows = [
            {name: getattr(one, name) for name in TABLE.names if hasattr(one, name)}
            | {"kind": one.kind.value, "status": one.status.value, "expired": today >= one.expires_on}
            | {"live_sightings": counts[one.id].live if one.id in counts else 0}
            | {"shadow_sightings": counts[one.id].shadow if one.id in counts else 0}
            for one in self._book.all()
        ]
        return pa.Table.from_pylist(rows, TABLE)

    def one(self, id_: str) -> tuple[Indicator, str | None]:
        """One indicator, and why it was retracted, if it was.

        Raises:
            RuleError: there is no such indicator.
        """
        found = self._book.one(id_)
        return found, self._book.ended_reason(found.id)

    def sightings(self, id_: str) -> pa.Table:
        """``seawall.model.HITS`` of one indicator: which messages carry it, the earliest first. The read is audited.

        Raises:
            RuleError: there is no such indicator.
        """
        one = self._book.one(id_)
        self._workspace.casebook.audit.append(self._workspace.reviewer, "read", {"sightings": one.id})
        return self._book.sightings(one.id)

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self.all())
