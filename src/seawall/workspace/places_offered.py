"""What a workspace offers about where links lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seawall.casebook import Act
from seawall.protocols import Expander, Progress
from seawall.workspace.opened import OpenedFolder

if TYPE_CHECKING:
    import pyarrow as pa

    from seawall.measures.emergence import Emerging
    from seawall.measures.place import Places


class PlaceReading(OpenedFolder):
    """What a workspace tells of links and places."""

    def links(
        self,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        expander: Expander | None = None,
        progress: Progress | None = None,
    ) -> pa.Table:
        """The links of messages, one row each, as the measures of places take them. The read is audited.

        Args:
            start: messages from this time on (UTC).
            end: messages before this time (UTC).
            expander: what short links stand for; without one they stay as they are. Nothing is ever fetched.
            progress: called as messages are read.

        Returns:
            ``at`` (UTC microseconds), ``channel`` and ``account`` (pseudonyms; ``channel`` may be null), ``platform``,
            ``message``, ``url`` (null where it may not be kept), ``domain``, ``place``. Links of direct conversations
            are left out.
        """
        from seawall.workspace.placing import links_of

        self.permit(Act.EXPLORE)
        return links_of(self, start, end, expander, progress)

    def places(
        self,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        table: Any = None,
        expander: Expander | None = None,
        progress: Progress | None = None,
    ) -> Places:
        """The places that links lead to: see ``seawall.measures.places``. The read is audited.

        Args:
            start: messages from this time on (UTC).
            end: messages before this time (UTC).
            table: your own small table of hosts (``host``, ``kind``, perhaps ``role``); otherwise ``places.csv`` in the
                workspace's folder, where it is.
            expander: what short links stand for; see ``links``.
            progress: called as messages are read.

        Raises:
            InputError: ``places.csv`` is no table of hosts.
            MeasureError: a row of the table of hosts cannot be used.
        """
        from seawall.workspace.placing import places_of

        self.permit(Act.EXPLORE)
        return places_of(self, start, end, table, expander, progress)

    def emerging(
        self,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        popular: str | Path | Any = None,
        known: Sequence[str] | None = None,
        communities: Any = None,
        q: float = 0.2,
        progress: Progress | None = None,
    ) -> Emerging:
        """Places that channel after channel takes to: see ``seawall.measures.emerging``. The read is audited.

        Args:
            start: messages from this time on (UTC).
            end: messages before this time (UTC).
            popular: domains that the world knows: a CSV file (``rank,domain``), or a table or list of domains.
            known: places and domains that are known to be nothing new.
            communities: a table with ``channel`` (pseudonym) and ``community``.
            q: the false-discovery rate up to which a place is told.
            progress: called as messages are read.

        Raises:
            InputError: the file of popular domains cannot be read.
            MeasureError: q is no rate, or a table lacks a column.
        """
        from seawall.workspace.emerging_found import emerging_of

        self.permit(Act.EXPLORE)
        return emerging_of(self, start, end, popular, known, communities, q, progress)
