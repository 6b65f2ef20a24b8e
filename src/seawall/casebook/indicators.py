"""The lists of indicators of one casebook: what people and interfaces use; every rule is below this line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from seawall.casebook import indicators_acts as acts
from seawall.casebook import indicators_rows as rows
from seawall.casebook import indicators_sightings as seen
from seawall.casebook.audit import Clock
from seawall.casebook.indicators_acts import Kept
from seawall.casebook.indicators_looking import IndicatorLooks
from seawall.casebook.indicators_rows import Listing
from seawall.casebook.indicators_sightings import Count, Limit, Overflow
from seawall.casebook.store import Store
from seawall.casebook.tables import indicators
from seawall.model import Indicator


class IndicatorBook:
    """Every act is one transaction with its entry in the audit. Any method may raise StorageError: the disk refuses."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.looks = IndicatorLooks(store)

    @property
    def today(self) -> date:
        """The day (UTC) by the casebook's clock."""
        return self._clock().date()

    # --- acts of people -------------------------------------------------------------------------------

    def add(self, listings: Sequence[Listing], *, by: str, anew: bool = False) -> Kept:
        """List entries. Phrases and words wait for a second person; the others match at once.

        An entry that is listed already is renewed (expiry, confidence). One that was retracted is listed again only
        where ``anew``: handing in the same list once more does not undo a retraction.

        Raises:
            RuleError: no name, or not permitted. What is wrong with single entries stands in the answer.
        """
        with self._store.write() as connection:
            return acts.add(connection, self._clock(), listings, by, anew)

    def second(self, names: Sequence[str], *, by: str) -> list[str]:
        """Agree, as a second person, to what waits: it goes into shadow or live, as was asked for. Ids.

        Args:
            names: ids, or names of lists.
            by: who agrees; not the person who listed it.

        Raises:
            RuleError: there is none, it does not wait, or the same person.
        """
        with self._store.write() as connection:
            return acts.second(connection, self._clock(), names, by)

    def promote(self, names: Sequence[str], *, by: str, reason: str | None = None) -> list[str]:
        """Let entries alert that were counted only, or were in quarantine (then with a reason). Ids.

        Raises:
            RuleError: there is none, it is not in shadow or quarantine, or no reason.
        """
        with self._store.write() as connection:
            return acts.promote(connection, self._clock(), names, by, reason)

    def retract(self, names: Sequence[str], *, by: str, reason: str) -> list[str]:
        """Take entries back for good. Ids.

        Raises:
            RuleError: there is none, it is retracted already, or no reason.
        """
        with self._store.write() as connection:
            return acts.retract(connection, self._clock(), names, by, reason)

    def withdraw(self, bank: str, keys: Collection[tuple[str, str]], *, by: str, reason: str) -> list[str]:
        """Take back what a list's maker has taken back, by kind and value. Ids.

        Raises:
            RuleError: no name or reason, or not permitted.
        """
        with self._store.write() as connection:
            return acts.withdraw(connection, self._clock(), bank, keys, by, reason)

    def switch(self, bank: str, *, enabled: bool, by: str, reason: str) -> int:
        """Switch a whole list off or on; how many entries it has.

        Raises:
            RuleError: no such list, no reason, or it is so already.
        """
        with self._store.write() as connection:
            return acts.switch(connection, self._clock(), bank, enabled, by, reason)

    def set_limit(self, limit: Limit, *, by: str) -> None:
        """Change the rate above which an indicator is quarantined.

        Raises:
            RuleError: not permitted, or a rate that is none.
        """
        with self._store.write() as connection:
            seen.set_limit(connection, self._clock(), limit, by)

    # --- reading ----------------------------------------------------------------------------------------

    def all(self) -> list[Indicator]:
        """Every indicator, retracted ones too, by list."""
        with self._store.read() as connection:
            return list(rows.listed(connection))

    def one(self, name: str) -> Indicator:
        """One indicator by its id.

        Raises:
            RuleError: there is none.
        """
        with self._store.read() as connection:
            return rows.chosen(connection, [name])[0][0]

    def named(self, names: Sequence[str]) -> list[Indicator]:
        """The indicators of these ids or lists.

        Raises:
            RuleError: there is none of a name.
        """
        with self._store.read() as connection:
            return rows.chosen(connection, names)[0]

    def ended_reason(self, id_: str) -> str | None:
        """Why it was retracted."""
        with self._store.read() as connection:
            return connection.scalar(select(indicators.c.ended_reason).where(indicators.c.id == id_))

    def changes(self, after: int) -> tuple[int, list[Indicator]]:
        """The number of the latest change, and the indicators that were changed after another one."""
        with self._store.read() as connection:
            latest = rows.latest_change(connection)
            return latest, rows.changed_after(connection, after) if latest > after else []

    def latest_change(self) -> int:
        """The number of the latest change of the lists; 0 where there was none."""
        with self._store.read() as connection:
            return rows.latest_change(connection)

    def uncompared(self, feeds: Mapping[str, int]) -> bool:
        """Whether something in the lake was not compared with something that matches today.

        Args:
            feeds: feed -> number of its last batch.
        """
        with self._store.read() as connection:
            return seen.uncompared(connection, self.today, feeds)

    def limit(self) -> Limit:
        """The rate above which an indicator is quarantined."""
        with self._store.read() as connection:
            return seen.read_limit(connection)

    def counts(self) -> dict[str, Count]:
        """Indicator -> how often it was seen."""
        with self._store.read() as connection:
            return seen.counts(connection)

    def sightings(self, indicator: str, *, live: bool | None = None) -> pa.Table:
        """``indicators_sightings.HITS`` of one indicator, the earliest first."""
        with self._store.read() as connection:
            return seen.sightings_of(connection, indicator, live=live)

    def of_messages(self, messages: Collection[str]) -> list[dict[str, Any]]:
        """What was found in these messages, as JSON."""
        with self._store.read() as connection:
            return seen.of_messages(connection, messages)

    # --- acts of the machine ------------------------------------------------------------------------

    def sight(
        self, hits: pa.Table, *, compared: Mapping[date, int], mark: Mapping[str, int] | None
    ) -> tuple[set[str], list[Overflow]]:
        """Keep what was found while messages came: see ``indicators_sightings.sight``."""
        with self._store.write() as connection:
            return seen.sight(connection, self._clock(), hits, compared, mark)

    def keep(self, hits: pa.Table) -> set[str]:
        """Keep what was found in the past, without judging it yet; the live indicators among it."""
        with self._store.write() as connection:
            return seen.keep(connection, self._clock(), hits)

    def judge(self, touched: Collection[tuple[str, date]], totals: Mapping[date, int]) -> list[Overflow]:
        """Quarantine the indicators that hit too much on these days, whose messages are so many."""
        with self._store.write() as connection:
            return seen.judge(connection, self._clock(), touched, totals)

    def set_looked_back(self, change: int, feeds: Mapping[str, int]) -> None:
        """Remember what a look at the past has compared: see ``indicators_sightings.set_looked_back``."""
        with self._store.write() as connection:
            seen.set_looked_back(connection, change, feeds)

    def mark(self) -> dict[str, int]:
        """Feed -> number of the last batch that was compared while it came."""
        with self._store.read() as connection:
            return seen.read_mark(connection)

    def checkpoint(self, bank: str) -> str | None:
        """Where the exchange behind a list resumes."""
        with self._store.read() as connection:
            return seen.read_checkpoint(connection, bank)

    def set_checkpoint(self, bank: str, checkpoint: str) -> None:
        """Remember where the exchange behind a list resumes."""
        with self._store.write() as connection:
            seen.set_checkpoint(connection, bank, checkpoint)
