"""The messages of a candidate and of the weeks before it, taken from all messages as they stream by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.campaign_candidates import Candidate
from seawall.detectors.campaign_counts import Series, counted_rows
from seawall.detectors.campaign_sample import Sample
from seawall.measures.keys import Keys, identity_keys
from seawall.model import MESSAGES
from seawall.model.instants import INSTANT, microseconds

CONTENT = (
    "message_id",
    "platform",
    "source",
    "channel_id",
    "account_id",
    "sent_at",
    "kind",
    "visibility",
    "text",
    "text_key",
    "repost_of",
    "links",
    "hashtags",
)
"""Of ``messages``."""
ROWS = pa.schema([*(MESSAGES.field(name) for name in CONTENT), ("channel", pa.int64())])
"""``channel`` is the place of the channel in the candidate."""

BEFORE = timedelta(weeks=8)
"""With so long before the first rise a candidate is compared."""
MOST_ROWS = 200_000
"""So many messages of a candidate are looked at, at most, and as many of the weeks before."""
LAGS_AFTER = 15
"""The rise is followed for so many bins to find out who was first."""

Ints = npt.NDArray[np.int64]


@dataclass
class Held:
    """What is kept of one candidate.

    Args:
        candidate: whose messages.
        width: of a bin, microseconds.
        tolerance: bins within which the rises began.

    Attributes:
        fine: width of the bins in which leads are looked for: an hour where bins are days.
        inside: messages of the rises.
        before: messages of the same channels in the weeks before.
        accounts: who wrote in these weeks, as keys.
    """

    candidate: Candidate
    width: int
    tolerance: int
    inside: Sample = field(default_factory=lambda: Sample(MOST_ROWS))
    before: Sample = field(default_factory=lambda: Sample(MOST_ROWS))
    accounts: Keys = field(default_factory=lambda: np.empty(0, np.uint64))

    def __post_init__(self) -> None:
        self.fine = max(self.width // 24, 60_000_000)
        self.start = microseconds(self.candidate.start) - self.tolerance * self.width
        self.first = self.start - BEFORE // INSTANT
        whole = microseconds(self.candidate.end)
        self.last = max(whole, self.start + (LAGS_AFTER + 3 * self.tolerance) * self.width)
        self.begins = np.array([microseconds(rise.start) for rise in self.candidate.rises])
        self.ends = np.array([microseconds(rise.end) for rise in self.candidate.rises])
        self.counts = np.zeros((len(self.begins), -(-(self.last - self.first) // self.fine)), np.int64)
        self._places = {rise.series: place for place, rise in enumerate(self.candidate.rises)}

    def take(self, rows: pa.Table, at: Ints, series: Sequence[Series], code: Ints) -> None:
        """Take what belongs to the candidate out of messages.

        Args:
            rows: with the columns CONTENT.
            at: their times in UTC microseconds.
            series: channels.
            code: the channel of each row, as a place in ``series``.
        """
        places = np.array([self._places.get(one, -1) for one in series], np.int64)
        chosen = np.flatnonzero((at >= self.first) & (at < self.last))
        chosen = chosen[places[code[chosen]] >= 0]
        if not len(chosen):
            return
        channel, at = places[code[chosen]], at[chosen]
        np.add.at(self.counts, (channel, (at - self.first) // self.fine), 1)
        within = (at >= self.begins[channel]) & (at < self.ends[channel])
        self._put(self.inside, rows, chosen[within], channel[within])
        earlier = chosen[at < self.start]
        self._put(self.before, rows, earlier, channel[at < self.start])
        wrote = rows["account_id"].take(pa.array(earlier))
        self.accounts = np.union1d(self.accounts, identity_keys(wrote))

    def _put(self, sample: Sample, rows: pa.Table, chosen: Ints, channel: Ints) -> None:
        kept = rows.take(pa.array(chosen)).append_column("channel", pa.array(channel))
        sample.add(kept.cast(ROWS))


def gather(messages: pa.RecordBatchReader, helds: Sequence[Held]) -> None:
    """Give each candidate its messages, reading all messages once."""
    for batch in messages:
        rows = counted_rows(batch)
        if not rows.num_rows:
            continue
        at = rows["sent_at"].cast(pa.int64()).to_numpy()
        first, last = int(at.min()), int(at.max())
        wanted = [held for held in helds if held.first <= last and first < held.last]
        if wanted:
            key = pc.binary_join_element_wise(rows["platform"], pc.fill_null(rows["channel_id"], "\t"), "\t")
            coded = key.combine_chunks().dictionary_encode()
            series = [_series(name) for name in coded.dictionary.to_pylist()]
            for held in wanted:
                held.take(rows, at, series, coded.indices.to_numpy().astype(np.int64))


def _series(name: str) -> Series:
    platform, _, channel = name.partition("\t")
    return platform, None if channel == "\t" else channel
