"""The places that emerge from the links of messages, with what is said of each: of all links at once, or in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.emerging_facts import Facts, facts_here, facts_over, links_to
from seawall.detectors.emerging_links import SCHEMA, PlatformSpans, coverage_of, of_whole_days
from seawall.measures import Emerging, place_keys
from seawall.measures.emergence.asking import Asked
from seawall.measures.emergence.measure import EmergingMeasure
from seawall.model import UTC_MICROSECONDS
from seawall.parts import Parts


@dataclass(frozen=True)
class Looked:
    """What was found.

    Args:
        found: the places.
        facts: of each.
        begin: of the first link; None = there is none.
    """

    found: Emerging
    facts: Mapping[str, Facts]
    begin: datetime


@dataclass(frozen=True)
class EmergingLinks:
    """The places that emerge on days that are over, because a link of a later day is there.

    Args:
        q: the false-discovery rate up to which a place is told.
        popular: domains that the world knows.
        known: places that are nothing new.
        coverage: rows of the lake's coverage table.
    """

    q: float
    popular: tuple[str, ...]
    known: tuple[str, ...]
    coverage: Sequence[Mapping[str, Any]]
    columns: tuple[str, ...] = tuple(SCHEMA.names)

    def at_once(self, rows: pa.RecordBatchReader) -> Looked | None:
        """Of all links (``emerging_links.SCHEMA``, in any order); None = no day is over."""
        return self.of(rows.read_all())

    def of(self, links: pa.Table) -> Looked | None:
        """See ``at_once``."""
        ended = _midnight(pc.max(links["at"]).as_py())
        links = of_whole_days(links)
        if not len(links) or ended is None:
            return None
        measure = self._measure(pc.unique(links["platform"]).to_pylist(), ended)
        found = measure.at_once(links.select(measure.columns).to_reader())
        if not len(found):
            return Looked(found, {}, links["at"][0].as_py())
        leads = place_keys(links)["place"]
        facts = {
            one["place"]: facts_here(links.filter(pc.equal(leads, one["place"])), one["found_at"])
            for one in found.table.to_pylist()
        }
        return Looked(found, facts, links["at"][0].as_py())

    def over(self, parts: Parts) -> Looked | None:
        """The same of links in parts."""
        spans = PlatformSpans().over(parts)
        ended = _midnight(pc.max(spans["last_at"]).as_py())
        if ended is None:
            return None
        spans = spans.filter(pc.less(spans["first_at"], pa.scalar(ended, UTC_MICROSECONDS)))
        if not len(spans):
            return None
        found = self._measure(spans["platform"].to_pylist(), ended).over(parts)
        begin = pc.min(spans["first_at"]).as_py()
        if not len(found):
            return Looked(found, {}, begin)
        places = found.table.select(["place", "found_at"])
        places = places.append_column("ended", pa.repeat(pa.scalar(ended, UTC_MICROSECONDS), len(places)))
        return Looked(found, facts_over(parts.beside_all(places, links_to), places["place"].to_pylist()), begin)

    def _measure(self, platforms: Sequence[str], ended: datetime) -> EmergingMeasure:
        asked = Asked.of(
            popular=list(self.popular) or None,
            known=list(self.known) or None,
            coverage=coverage_of(platforms, self.coverage),
            q=self.q,
            until=ended,
        )
        return EmergingMeasure(asked)


def _midnight(latest: datetime | None) -> datetime | None:
    """The midnight before the latest link: what came before it is over."""
    return None if latest is None else latest.replace(hour=0, minute=0, second=0, microsecond=0)
