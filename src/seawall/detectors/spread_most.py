"""The texts that were copied most, on any engine: each cluster as one, whatever the platform and the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.spread_copies import COLUMNS, Copies, cluster_keys, copies_table, repeated
from seawall.detectors.spread_episodes import Episodes, episodes
from seawall.detectors.spread_known import HOUR
from seawall.detectors.spread_over import copies_of, countable
from seawall.parts import Parts

FOREVER = 1 << 61
_RANKS = pa.schema([("cluster", pa.uint64()), ("copies", pa.int64()), ("hour", pa.int64())])


@dataclass(frozen=True)
class MostCopied:
    """The copies (``spread_copies.SCHEMA``) of the clusters that reached the most accounts anew within an hour.

    Args:
        clusters: ``key`` and ``cluster`` of the texts that belong to a cluster; the others are their own.
        least: the least number of copies.
        most: so many clusters; of those that reached as many, the ones with more copies.
    """

    clusters: pa.Table
    least: int
    most: int

    columns = COLUMNS

    def at_once(self, rows: pa.RecordBatchReader) -> pa.Table:
        """The copies, in any order."""
        copies = copies_table(rows)
        return of_clusters(copies, self._first(ranks(copies, self.least, self.clusters)), self.clusters)

    def over(self, parts: Parts) -> pa.Table:
        """The same, of rows in parts."""
        copies = parts.each(copies_of)
        counted = copies.each(partial(countable, clusters=self.clusters)).by("key").each(self._ranked)
        return copies_in(copies, self._first(counted.all()), self.clusters)

    def _ranked(self, copies: pa.Table) -> pa.Table:
        return self._first(ranks(copies, self.least, None))

    def _first(self, found: pa.Table) -> pa.Table:
        order = [("hour", "descending"), ("copies", "descending"), ("cluster", "ascending")]
        return found.sort_by(order).slice(0, self.most)


def ranks(copies: pa.Table, least: int, clusters: pa.Table | None) -> pa.Table:
    """``cluster``, ``copies`` and ``hour`` (the most accounts that were reached anew within one) of clusters."""
    several = copies if least < 2 else repeated(copies, clusters)
    if not len(several):
        return _RANKS.empty_table()
    found = as_one(several, clusters)
    size = found.end - found.first
    many = np.flatnonzero(size >= least)
    columns = (found.copies.cluster[found.first], size, found.peaks["accounts", HOUR])
    return pa.Table.from_arrays([pa.array(column[many]) for column in columns], schema=_RANKS)


def as_one(copies: pa.Table, clusters: pa.Table | None) -> Episodes:
    """Each cluster as one episode."""
    return episodes(Copies.of(copies, clusters, apart=False), FOREVER, (HOUR,))


def copies_in(copies: Parts, few: pa.Table, clusters: pa.Table | None) -> pa.Table:
    """The copies in parts that belong to a few clusters (``cluster``)."""
    return copies.beside_all(few.select(["cluster"]), partial(of_clusters, clusters=clusters)).all()


def of_clusters(copies: pa.Table, few: pa.Table, clusters: pa.Table | None) -> pa.Table:
    """The copies that belong to a few clusters (``cluster``)."""
    wanted = few["cluster"].combine_chunks()
    return copies.filter(pc.is_in(pa.array(cluster_keys(copies, clusters)), value_set=wanted))
