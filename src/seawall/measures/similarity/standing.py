"""Clusters of near-duplicates while texts come and go: what the batch would say of all of them, at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.keys import FARTHEST, Keys, Mask, Times, microseconds
from seawall.measures.similarity.batch import check_threshold, hexadecimal
from seawall.measures.similarity.linking import Clustering, clustering
from seawall.measures.similarity.sent import NEVER, Sent
from seawall.measures.similarity.sketches import Collection, Indices, Sketches, of_shingles, sketched
from seawall.measures.similarity.slots import ABSENT, Slots
from seawall.measures.text.match_key import key_texts
from seawall.measures.text.text_buffers import in_one_piece

EVER = -FARTHEST
_TIME = pa.timestamp("us", "UTC")
_LIMITS = pa.schema([("threshold", pa.float64()), ("horizon", pa.int64())])


class Clusters:
    """What ``near_duplicates`` finds in all texts so far, while texts come in, are taken out, and grow old.

    The id of a cluster is the match key, as 16 hex digits, of its earliest text, of equals the smallest. So it stays
    when the cluster grows, and of two that merge the older one's stays; it changes only where an earlier text comes
    in late, or the earliest is taken out. ``forget`` changes no id and parts no cluster.
    No text is held, only hashes: of match keys and of shingles.

    Args:
        threshold: as for ``near_duplicates``.
        state: what ``save`` gave; the threshold is then the saved one.

    Raises:
        MeasureError: the threshold is out of reach.

    >>> clusters = Clusters()
    >>> from seawall.measures.text import match_keys
    >>> texts = pa.array(["Plant tulips in the garden", "PLANT tulips in the garden!", "Ride to the mill"])
    >>> clusters.add(match_keys(texts), texts, [30, 20, 10])
    >>> clusters.cluster_of(match_keys(texts)).value_counts().field("counts").to_pylist()
    [2, 1]
    >>> clusters.remove(match_keys(texts)[2:], [10])
    >>> clusters.cluster_of(match_keys(texts))[2].as_py() is None
    True
    """

    def __init__(self, threshold: float = 0.8, state: Mapping[str, pa.Table] | None = None) -> None:
        check_threshold(threshold)
        self.threshold = threshold
        self._slots, self._sent = Slots(), Sent()
        self._collection = Collection()
        self._origin = np.empty(0, np.int64)
        self._ties = np.empty(0, np.int64), np.empty(0, np.int64)
        self._horizon = EVER
        self._found: Clustering | None = None
        if state is not None:
            self._restore(state)

    def __len__(self) -> int:
        return int(np.count_nonzero(self._sent.counts))

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._collection.nbytes + self._slots.nbytes + self._sent.nbytes + self._origin.nbytes

    @property
    def _sketches(self) -> Sketches:
        return self._collection.sketches()

    def add(self, keys: Any, texts: Any, at: Any) -> None:
        """Put texts in, one for each message.

        Args:
            keys: uint64, as ``seawall.measures.text.match_keys`` gives them; what has none is passed over.
            texts: strings, looked at where the key is new; what has none is passed over.
            at: when each was sent, as for ``coordination``; what was forgotten is passed over.

        Raises:
            MeasureError: columns of different lengths, or of types that cannot be compared.
        """
        numbers, told = _told(keys)
        times, timed = self._times(at)
        written = in_one_piece(_column(texts))
        if not len(numbers) == len(times) == len(written):
            raise MeasureError("Keys, texts and times are not equally many.", where="keys, texts, at")
        told = told & timed & written.is_valid().to_numpy(zero_copy_only=False)
        rows, fresh = self._slots.add(numbers, told)
        if len(fresh):
            sketches = sketched(key_texts(written.take(pa.array(fresh))), np.arange(len(fresh)))
            self._collection.add(sketches._replace(keys=numbers[fresh]))
            self._origin = np.concatenate([self._origin, np.full(len(fresh), NEVER)])
            self._sent.reach(len(self._origin))
        self._sent.add(rows[told], times[told])
        self._found = None

    def remove(self, keys: Any, at: Any) -> None:
        """Take messages out, as they were put in; what is not in is passed over.

        Args:
            keys: uint64.
            at: when each was sent.
        """
        numbers, told = _told(keys)
        times, timed = self._times(at)
        rows = self._slots.find(numbers)
        told = told & timed & (rows != ABSENT)
        self._sent.remove(rows[told], times[told])
        self._found = None

    def cluster_of(self, keys: Any) -> pa.Array:
        """The cluster of each key, a string; null where no message with it is in."""
        found = self._clustering()
        numbers, told = _told(keys)
        rows = self._slots.find(numbers)
        told = told & (rows != ABSENT)
        told[told] = self._sent.counts[rows[told]] > 0
        names = np.zeros(len(rows), np.uint64)
        names[told] = self._sketches.keys[found.anchors[rows[told]]]
        return hexadecimal(names, told)

    def members(self) -> pa.Table:
        """A row for each match key that is in, by key.

        Returns:
            ``text_key`` (uint64), ``cluster`` (string), ``similarity`` (float64, with the cluster's earliest text),
            ``messages`` (int64), ``first_at`` (timestamp of microseconds, UTC).
        """
        found = self._clustering()
        rows = np.flatnonzero(self._sent.counts)
        rows = rows[np.argsort(self._sketches.keys[rows])]
        return pa.table(
            {
                "text_key": self._sketches.keys[rows],
                "cluster": hexadecimal(self._sketches.keys[found.anchors[rows]]),
                "similarity": found.similarity[rows],
                "messages": self._sent.counts[rows],
                "first_at": pa.array(self._sent.first[rows]).cast(_TIME),
            }
        )

    def forget(self, before: datetime) -> None:
        """Let go of all messages from before a time (UTC), for ever.

        Of a cluster that lives on, the hashes of the earliest text are kept: its id stays, and its texts stay together.
        """
        horizon = round((before - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
        if horizon <= self._horizon:
            return
        self._horizon = horizon
        found, since = self._clustering(), self._since()
        self._sent.forget(horizon)
        living = np.flatnonzero(self._sent.counts)
        anchors = found.anchors[living]
        self._origin[:] = NEVER
        self._origin[anchors] = since[anchors]
        apart = anchors != living
        self._ties = living[apart], anchors[apart]
        self._keep(np.union1d(living, anchors))

    def save(self) -> dict[str, pa.Table]:
        """The state, hashes only: ``texts``, ``messages``, ``ties``, ``limits``; the same for the same messages."""
        self._clustering()
        keys = self._sketches.keys
        rows = self._rows()
        rows = rows[np.argsort(keys[rows])]
        kept = self._sketches.take(rows).compact()
        sets = pa.LargeListArray.from_arrays(pa.array(np.append(kept.starts, len(kept.pool))), pa.array(kept.pool))
        origin = self._origin[rows]
        numbers, at = self._sent.held()
        order = np.lexsort((at, keys[numbers]))
        ties = self._living_ties()
        tied = np.lexsort((keys[ties[1]], keys[ties[0]]))
        return {
            "texts": pa.table(
                {"text_key": kept.keys, "shingles": sets, "since": pa.array(origin, mask=origin == NEVER)}
            ),
            "messages": pa.table({"text_key": keys[numbers][order], "at": at[order]}),
            "ties": pa.table({"text_key": keys[ties[0]][tied], "anchor": keys[ties[1]][tied]}),
            "limits": pa.table([[self.threshold], [self._horizon]], schema=_LIMITS),
        }

    def _restore(self, saved: Mapping[str, pa.Table]) -> None:
        limits = saved["limits"].to_pylist()[0]
        self.threshold, self._horizon = limits["threshold"], limits["horizon"]
        texts = saved["texts"].combine_chunks()
        keys = texts["text_key"].to_numpy()
        self._slots.number(keys, np.ones(len(keys), np.bool_))
        sizes, pool = pc.list_value_length(texts["shingles"]), pc.list_flatten(texts["shingles"])
        self._collection.add(of_shingles(keys, sizes.to_numpy(), pool.to_numpy()))
        self._origin = texts["since"].fill_null(NEVER).to_numpy().copy()
        self._sent.reach(len(keys))
        messages, ties = saved["messages"], saved["ties"]
        self._sent.add(self._slots.find(messages["text_key"].to_numpy()), messages["at"].to_numpy())
        self._ties = self._slots.find(ties["text_key"].to_numpy()), self._slots.find(ties["anchor"].to_numpy())

    def _times(self, at: Any) -> tuple[Times, Mask]:
        times, told = microseconds(_column(at))
        late: Mask = times >= self._horizon
        return times, late if told is None else late & told

    def _since(self) -> Times:
        """When each text's first message was sent, forgotten ones of anchors included."""
        return np.minimum(self._sent.first, self._origin)

    def _rows(self) -> Indices:
        """Texts with messages, and earliest texts that are kept."""
        return np.flatnonzero(self._since() < NEVER)

    def _living_ties(self) -> tuple[Indices, Indices]:
        """Those ties whose both ends are still there."""
        since = self._since()
        both = np.maximum(since[self._ties[0]], since[self._ties[1]]) < NEVER
        return self._ties[0][both], self._ties[1][both]

    def _clustering(self) -> Clustering:
        """The clusters of all rows that there are; rows that are gone stand for themselves."""
        if self._found is None:
            rows = self._rows()
            if 2 * len(rows) < len(self._origin):
                self._keep(rows)
                rows = np.arange(len(rows))
            places = np.full(len(self._origin), ABSENT, np.int64)
            places[rows] = np.arange(len(rows))
            ones, others = self._living_ties()
            part = clustering(
                self._sketches.take(rows), self.threshold, self._since()[rows], (places[ones], places[others])
            )
            anchors, similarity = np.arange(len(self._origin)), np.ones(len(self._origin))
            anchors[rows], similarity[rows] = rows[part.anchors], part.similarity
            self._found = Clustering(anchors, similarity)
        return self._found

    def _keep(self, rows: Indices) -> None:
        """Let go of all other rows, and number these anew."""
        new = np.full(len(self._origin), ABSENT, np.int64)
        new[rows] = np.arange(len(rows))
        ones, others = self._living_ties()
        self._ties = new[ones], new[others]
        self._sent.keep(rows)
        self._origin = self._origin[rows]
        kept = self._sketches.take(rows).compact()
        self._collection, self._slots = Collection(), Slots()
        self._collection.add(kept)
        self._slots.number(kept.keys, np.ones(len(rows), np.bool_))
        self._found = None


def _column(values: Any) -> pa.ChunkedArray:
    if isinstance(values, pa.ChunkedArray):
        return values
    return pa.chunked_array([values if isinstance(values, pa.Array) else pa.array(values)])


def _told(keys: Any) -> tuple[Keys, Mask]:
    """Keys as numbers, and where there is one."""
    column = _column(keys)
    if not pa.types.is_integer(column.type):
        raise MeasureError("Match keys are not whole numbers.", where="keys", mend="Take them from match_keys.")
    told: Mask = column.is_valid().to_numpy()
    return column.cast(pa.uint64()).fill_null(0).to_numpy(), told
