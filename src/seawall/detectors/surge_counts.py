"""How many messages, and accounts, each series has in each bin: steps over rows in parts, each for one part.

A row of counts is ``kind, platform, name`` (the series; ``surge_kinds``), ``bin`` (int64, counted from the first Monday
of 1970), ``count``; and, of platforms alone, ``first`` and ``last``: its first and last message within the bin, in
UTC microseconds. Rows of one series and bin are added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_kinds import spread
from seawall.measures.bursts.plan import FIRST_MONDAY
from seawall.measures.bursts.rows import bin_numbers
from seawall.measures.tables import Folded
from seawall.model import UTC_MICROSECONDS
from seawall.parts import Parts

SERIES = ["kind", "platform", "name"]
ACCOUNTS = "accounts"
COUNTS = pa.schema(
    [
        ("kind", pa.string()),
        ("platform", pa.string()),
        ("name", pa.string()),
        ("bin", pa.int64()),
        ("account", pa.string()),
        ("count", pa.int64()),
        ("first", pa.int64()),
        ("last", pa.int64()),
    ]
)
"""Of one batch: beside the counts a row for each account that was active in a bin, with its ``account``."""
SUMMED = COUNTS.remove(COUNTS.get_field_index("account"))


@dataclass(frozen=True)
class Counting:
    """Counts of a batch of messages; a later revision is not another message.

    Args:
        width: of a bin, in microseconds.
        kinds: of series.
        indicators: domains, addresses and texts that a person has listed.
        clusters: texts of which there are many copies.
    """

    width: int
    kinds: tuple[str, ...]
    indicators: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()

    def __call__(self, rows: pa.Table) -> pa.Table:
        """Messages -> rows of ``COUNTS``."""
        rows = rows.filter(pc.not_equal(rows["kind"], "edit"))
        at = rows["sent_at"].cast(pa.int64()).combine_chunks()
        bins, platforms = pa.array(bin_numbers(at.to_numpy(), self.width)), rows["platform"].combine_chunks()
        parts = [_platforms(platforms, bins, at)]
        for kind, numbers, names in spread(rows, self.kinds, self.indicators, self.clusters):
            if kind != "platform":
                parts.append(_counted(kind, platforms.take(numbers), names, bins.take(numbers)))
        if ACCOUNTS in self.kinds:
            active = pa.table({"platform": platforms, "bin": bins, "account": rows["account_id"]})
            parts.append(_of_kind(ACCOUNTS, distinct_accounts(active)))
        return pa.concat_tables([COUNTS.empty_table(), *parts], promote_options="default").select(COUNTS.names)


def _platforms(platforms: pa.Array, bins: pa.Array, at: pa.Array) -> pa.Table:
    rows = pa.table({"platform": platforms, "bin": bins, "at": at}).group_by(["platform", "bin"])
    told = rows.aggregate([([], "count_all"), ("at", "min"), ("at", "max")])
    return _of_kind("platform", told.rename_columns(["platform", "bin", "count", "first", "last"]))


def _counted(kind: str, platforms: pa.Array, names: pa.Array, bins: pa.Array) -> pa.Table:
    rows = pa.table({"platform": platforms, "name": names, "bin": bins})
    counts = rows.group_by(["platform", "name", "bin"]).aggregate([([], "count_all")])
    return _of_kind(kind, counts.rename_columns(["platform", "name", "bin", "count"]))


def _of_kind(kind: str, rows: pa.Table) -> pa.Table:
    return rows.append_column("kind", pa.repeat(pa.scalar(kind), len(rows)))


def of_messages(counts: pa.Table) -> pa.Table:
    """The counts of a batch without its accounts."""
    return counts.filter(pc.not_equal(counts["kind"], ACCOUNTS)).select(SUMMED.names)


def of_accounts(counts: pa.Table) -> pa.Table:
    """Who was active in which bin: ``platform, bin, account``; an account may stand there again."""
    return counts.filter(pc.equal(counts["kind"], ACCOUNTS)).select(["platform", "bin", "account"])


def distinct_accounts(active: pa.Table) -> pa.Table:
    """``of_accounts``, each once."""
    return active.group_by(active.column_names).aggregate([])


def active_accounts(active: pa.Table) -> pa.Table:
    """``distinct_accounts`` -> counts."""
    counts = active.group_by(["platform", "bin"]).aggregate([([], "count_all")])
    told = _of_kind(ACCOUNTS, counts.rename_columns(["platform", "bin", "count"]))
    return pa.concat_tables([SUMMED.empty_table(), told], promote_options="default").select(SUMMED.names)


def summed(counts: pa.Table) -> pa.Table:
    """One row a series and bin."""
    sums = counts.group_by([*SERIES, "bin"]).aggregate([("count", "sum"), ("first", "min"), ("last", "max")])
    return sums.rename_columns(SUMMED.names).cast(SUMMED)


def with_enough(counts: pa.Table, least: int) -> pa.Table:
    """The counts of whole series without those that have fewer in all; platforms stay."""
    counts = summed(counts)
    codes = series_keys(counts).dictionary_encode().indices.to_numpy()
    many = np.bincount(codes, weights=counts["count"].to_numpy()) >= least if len(counts) else np.empty(0, np.bool_)
    return counts.filter(pc.or_(pa.array(many[codes]), pc.equal(counts["kind"], "platform").combine_chunks()))


def series_keys(counts: pa.Table) -> pa.Array:
    """The name of each row's series among those of all kinds."""
    return pc.binary_join_element_wise(counts["kind"], *_named(counts), "\t").combine_chunks()


def named_series(counts: pa.Table) -> pa.ChunkedArray:
    """The name of each row's series among those of its kind: its platform, and its own name."""
    return pc.binary_join_element_wise(*_named(counts), "\t")


def _named(counts: pa.Table) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    return counts["platform"], pc.fill_null(counts["name"], "")


def with_times(counts: pa.Table, width: int) -> pa.Table:
    """The same rows with ``at``, the start of the bin."""
    at = pa.array(counts["bin"].to_numpy() * width + FIRST_MONDAY).cast(UTC_MICROSECONDS)
    return counts.append_column("at", at)


def counted_here(batches: Iterable[pa.RecordBatch], counting: Counting) -> pa.Table:
    """The counts of all messages, one row a series and bin."""
    counts = Folded(summed, SUMMED.empty_table())
    active = Folded(distinct_accounts, of_accounts(COUNTS.empty_table()))
    for batch in batches:
        found = counting(pa.Table.from_batches([batch]))
        counts.put(of_messages(found))
        active.put(of_accounts(found))
    return pa.concat_tables([counts.all(), active_accounts(active.all())])


def counted_over(parts: Parts, counting: Counting, least: int) -> Parts:
    """The counts of series with at least so many in all, and of platforms; cut by series."""
    found = parts.each(counting).kept()
    counts = found.each(of_messages)
    if ACCOUNTS in counting.kinds:
        active = found.each(of_accounts).by("platform", "bin", "account").each(distinct_accounts)
        counts = counts.joined(active.each(active_accounts))
    return counts.by(*SERIES).each(partial(with_enough, least=least)).kept()
