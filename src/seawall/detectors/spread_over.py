"""Spreads found on any engine: copies are counted where they lie, and those of what is told come back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.spread_copies import COLUMNS, SCHEMA, Copies, cluster_keys, copies_table, repeated
from seawall.detectors.spread_episodes import episodes
from seawall.detectors.spread_found import Fast, Rule, Told, compared, fast
from seawall.detectors.spread_known import Known
from seawall.detectors.spread_numbers import judged, numbers, schema
from seawall.parts import Parts

_TOLD = pa.schema(
    [
        ("cluster", pa.uint64()),
        ("of_platform", pa.string()),
        ("reposted", pa.bool_()),
        ("start", pa.int64()),
        ("last", pa.int64()),
        ("place", pa.int64()),
    ]
)


@dataclass(frozen=True)
class FastSpreads:
    """The spreads among messages (``spread_copies.COLUMNS``); the result is a list of ``Fast``.

    Args:
        rule: when a spread is told.
        known: what is known of the platforms.
        clusters: as ``spread_copies.repeated`` takes them.
    """

    rule: Rule
    known: Known
    clusters: pa.Table | None = None

    columns = COLUMNS

    def at_once(self, rows: pa.RecordBatchReader) -> list[Fast]:
        """The spreads, those that began first at the head."""
        return self.among(copies_table(rows))

    def among(self, table: pa.Table) -> list[Fast]:
        """The same, of copies (``spread_copies.SCHEMA``) in any order."""
        return fast(Copies.of(repeated(table, self.clusters), self.clusters), self.known, self.rule)

    def over(self, parts: Parts) -> list[Fast]:
        """The same, of rows in parts: a row comes back for each episode that is compared, and then what is told."""
        copies = parts.each(copies_of)
        counted = copies.each(partial(countable, clusters=self.clusters)).by("key")
        found = counted.each(partial(_numbers, rule=self.rule, known=self.known)).all()
        order = [(name, "ascending") for name in ("platform", "repost", "cluster", "start")]
        told = compared(found.sort_by(order), self.known, self.rule)
        if not told:
            return []
        rows = copies.beside_all(_as_table(told), partial(_of_told, clusters=self.clusters)).all()
        return [Fast.of(one, self._copies(rows, place)) for place, one in enumerate(told)]

    def _copies(self, rows: pa.Table, place: int) -> Copies:
        return Copies.of(rows.filter(pc.equal(rows["place"], place)).select(SCHEMA.names), self.clusters)


def copies_of(messages: pa.Table) -> pa.Table:
    """The copies (``spread_copies.SCHEMA``) among messages."""
    return copies_table(messages.to_reader())


def countable(copies: pa.Table, clusters: pa.Table | None) -> pa.Table:
    """What is counted of copies, by their cluster: its key is theirs, and neither message nor link is told."""
    columns = {name: copies[name] for name in ("platform", "channel", "account", "at", "repost")}
    columns |= {
        "message": pa.nulls(len(copies), pa.string()),
        "key": pa.array(cluster_keys(copies, clusters)),
        "linked": pa.repeat(pa.scalar(False), len(copies)),
    }
    return pa.table({name: columns[name] for name in SCHEMA.names}, schema=SCHEMA)


def _numbers(copies: pa.Table, rule: Rule, known: Known) -> pa.Table:
    """What is counted of the episodes that are compared."""
    again = repeated(copies)
    if not len(again):
        return schema(rule.spans).empty_table()
    table = numbers(episodes(Copies.of(again), rule.silence, rule.spans), rule.spans)
    return table.take(pa.array(judged(table, known, rule.silence)))


def _as_table(told: list[Told]) -> pa.Table:
    rows = [(one.cluster, one.platform, one.reposted, one.start, one.last, place) for place, one in enumerate(told)]
    return pa.Table.from_arrays(
        [pa.array(column, kind.type) for column, kind in zip(zip(*rows, strict=True), _TOLD, strict=True)],
        schema=_TOLD,
    )


def _of_told(copies: pa.Table, told: pa.Table, clusters: pa.Table | None) -> pa.Table:
    """The copies of episodes that are told, and the ``place`` of each."""
    cluster = pa.array(cluster_keys(copies, clusters))
    some = pc.is_in(cluster, value_set=told["cluster"].combine_chunks())
    here = copies.append_column("cluster", cluster).filter(some).join(told, "cluster", join_type="inner")
    same = pc.and_(pc.equal(here["platform"], here["of_platform"]), pc.equal(here["repost"], here["reposted"]))
    within = pc.and_(pc.greater_equal(here["at"], here["start"]), pc.less_equal(here["at"], here["last"]))
    return here.filter(pc.and_(same, within)).select([*SCHEMA.names, "place"])
