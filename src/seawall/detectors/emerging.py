"""Places that are new here, and that channel after channel begins to link to and comes back to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.emerging_example import emerging_example
from seawall.detectors.emerging_links import COLUMNS, by_day, coverage_of, links_table, of_whole_days
from seawall.detectors.emerging_standing import EmergingStanding
from seawall.detectors.emerging_words import GENERAL, Circumstances, emerging_doubts, emerging_sentence
from seawall.errors import ConfigurationError
from seawall.measures import Emerging, emerging, place_keys
from seawall.model import SIMULATED, Alert, Severity, Subject, is_simulated
from seawall.protocols import Window

MANY = 20
"""From so many channels on a place is of medium severity."""
LISTED = 100
"""So many channels are named as subjects, and their first messages as evidence."""


@dataclass(frozen=True)
class EmergingDetector:
    """Places that are new and rising over channels: taken up by one after the other, and linked to again.

    It looks at where links lead and which channels linked, and says nothing about an account: that one account in
    many channels counts once is all that it asks of accounts. See ``seawall.measures.emerging`` for the method.

    Args:
        q: the false-discovery rate up to which a place is told, over the places judged on one day.
        popular: registrable domains that the world knows; not told.
        known: places or domains that are known to be nothing new; not told.

    Raises:
        ConfigurationError: q is no rate.

    >>> from seawall.checks import MemoryWindow
    >>> detector = EmergingDetector()
    >>> alert = next(detector.detect(MemoryWindow(detector.examples()[0], detector)))
    >>> alert.subjects[0].id, alert.details["found_at"][:10]
    ('chat.allotment.example', '2026-07-06')
    """

    q: float = 0.2
    popular: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    name: ClassVar[str] = "emerging"
    version: ClassVar[str] = "1"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": COLUMNS,
        "coverage": ("source", "platform", "channel_id", "start", "end", "complete"),
    }

    def __post_init__(self) -> None:
        if not 0 < self.q < 1:
            raise ConfigurationError("q is a rate above 0 and below 1.", where="q", mend="Take 0.2.")

    def detect(self, window: Window) -> Iterator[Alert]:
        """The places of this window, in the order in which they were found."""
        coverage = window.query("SELECT * FROM coverage").to_pylist()
        yield from self.of(links_table(window.rows("messages", COLUMNS)), coverage)

    def standing(self, saved: Mapping[str, pa.Table] | None = None) -> EmergingStanding:
        """The links of the last months, kept while records come in."""
        return EmergingStanding(self.of, saved)

    def of(self, links: pa.Table, coverage: list[dict[str, Any]]) -> Iterator[Alert]:
        """The places of links (``emerging_links.SCHEMA``) in any order."""
        ended = _last(links)
        links = of_whole_days(links)
        if not len(links) or ended is None:
            return
        found = emerging(
            links,
            popular=list(self.popular) or None,
            known=list(self.known) or None,
            coverage=coverage_of(links, coverage),
            q=self.q,
            until=ended,
        )
        if not len(found):
            return
        leads = place_keys(links)["place"]
        begin = links["at"][0].as_py()
        for one in found.table.to_pylist():
            yield self._alert(one, links.filter(pc.equal(leads, one["place"])), found, begin)

    def _alert(self, one: dict[str, Any], links: pa.Table, found: Emerging, begin: Any) -> Alert:
        until = links.filter(pc.less(links["at"], pa.scalar(one["found_at"], links["at"].type)))
        pages = pc.value_counts(until["url"]).field("counts").to_numpy(zero_copy_only=False)
        accounts = pc.value_counts(until["account"]).field("counts").to_numpy(zero_copy_only=False)
        about = Circumstances(
            pages=float((pages == 1).sum() / len(until)),
            top_account=float(accounts.max() / len(until)),
            collected_days=(one["found_at"] - begin) // timedelta(days=1) + 1,
            judged=found.judged,
            listed=bool(self.popular),
        )
        doubts = tuple(emerging_doubts(about))
        _, first = np.unique(pc.dictionary_encode(links["channel"]).combine_chunks().indices, return_index=True)
        firsts = links.take(pa.array(first[np.argsort(first)]))
        last = links["at"][-1].as_py()
        platforms = sorted(pc.unique(until["platform"]).to_pylist())
        head = SIMULATED if all(map(is_simulated, platforms)) else ""
        kind = "domain" if one["place"] == one["domain"] else "place"
        return Alert(
            detector=self.name,
            version=self.version,
            parameters=asdict(self) | {"popular": list(self.popular), "known": list(self.known)},
            anchor=one["place"],
            start=one["first_at"].astimezone(UTC),
            end=max(one["found_at"], last),
            subjects=(
                Subject(kind, one["place"]),
                *(Subject("channel", name) for name in firsts["channel"].to_pylist()[:LISTED]),
            ),
            severity=Severity.MEDIUM if len(firsts) >= MANY else Severity.LOW,
            score=(1.0 - one["q"]) * 0.9 ** len(doubts),
            sentence=head + emerging_sentence(one, len(firsts)),
            evidence=tuple(dict.fromkeys(firsts["message"].to_pylist()[:LISTED])),
            doubt=(*doubts, GENERAL),
            p=one["p"],
            q=one["q"],
            observed=float(one["observed"]),
            expected=one["expected"],
            details={
                "place": one["place"],
                "kind": one["kind"],
                "platforms": platforms,
                "channels_when_found": one["channels"],
                "channels": len(firsts),
                "fifth_channel_at": one["fifth_channel_at"].isoformat(),
                "found_at": one["found_at"].isoformat(),
                "compared_with": found.judged,
                "pages": len(pages),
                "picture": by_day(links),
            },
        )

    def examples(self) -> tuple[Mapping[str, pa.Table], Mapping[str, pa.Table]]:
        """Eleven gardening clubs take to a server of their own, one by one; the same clubs link to it once."""
        return emerging_example(coming_back=True), emerging_example(coming_back=False)


def _last(links: pa.Table) -> Any:
    """The midnight before the latest link: what came before it is over."""
    latest = pc.max(links["at"]).as_py()
    return None if latest is None else latest.replace(hour=0, minute=0, second=0, microsecond=0)
