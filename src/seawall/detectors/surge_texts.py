"""Texts of which there are many copies by several accounts: each is a series of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_kinds import AUTHORS, text_names
from seawall.measures.tables import Folded
from seawall.parts import Parts

TEXT_OF = ["platform", "text_key"]
COPIES = pa.schema(
    [("platform", pa.string()), ("text_key", pa.uint64()), ("account", pa.string()), ("count", pa.int64())]
)


@dataclass(frozen=True)
class CommonTexts:
    """The texts with at least so many copies on a platform, by at least ``AUTHORS`` accounts, as names of indicators.

    Args:
        least: copies.
    """

    least: int
    columns: tuple[str, ...] = ("platform", "account_id", "kind", "text_key")

    def at_once(self, rows: pa.RecordBatchReader) -> list[str]:
        """The names, sorted."""
        copies = Folded(few_authors, COPIES.empty_table())
        for batch in rows:
            copies.put(copies_of(pa.Table.from_batches([batch])))
        return _names(common(copies.all(), self.least))

    def over(self, parts: Parts) -> list[str]:
        """The same of rows in parts; what comes back is the names."""
        return _names(parts.each(copies_of).by(*TEXT_OF).each(partial(common, least=self.least)).all())


def copies_of(rows: pa.Table) -> pa.Table:
    """Messages -> for each text and some of its accounts how many copies; a later revision is none."""
    written = rows.filter(pc.and_(pc.not_equal(rows["kind"], "edit"), pc.is_valid(rows["text_key"])))
    told = written.select(["platform", "text_key", "account_id"])
    return few_authors(told.append_column("count", pa.repeat(1, len(told))).rename_columns(COPIES.names).cast(COPIES))


def few_authors(copies: pa.Table) -> pa.Table:
    """The same numbers of copies with ``AUTHORS`` accounts of each text at most: more make no difference."""
    each = (
        copies.group_by([*TEXT_OF, "account"]).aggregate([("count", "sum")]).rename_columns(COPIES.names).cast(COPIES)
    )
    text, texts = _texts(each)
    order = np.argsort(text, kind="stable")
    starts = np.searchsorted(text[order], np.arange(texts))
    rank = np.empty(len(each), np.int64)
    rank[order] = np.arange(len(each)) - starts[text[order]]
    totals = np.bincount(text, weights=each["count"].to_numpy(), minlength=texts).astype(np.int64)
    counts = pa.array(np.where(rank == 0, totals[text], 0))
    return each.set_column(COPIES.get_field_index("count"), "count", counts).filter(pa.array(rank < AUTHORS))


def _texts(copies: pa.Table) -> tuple[npt.NDArray[np.int64], int]:
    """The number of each row's text, and how many texts there are."""
    platforms = copies["platform"].combine_chunks().dictionary_encode()
    keys = np.unique(copies["text_key"].to_numpy(), return_inverse=True)[1]
    pairs = keys * max(len(platforms.dictionary), 1) + platforms.indices.to_numpy()
    found, text = np.unique(pairs, return_inverse=True)
    return text.astype(np.int64), len(found)


def common(copies: pa.Table, least: int) -> pa.Table:
    """``name``: the texts that are common, of the copies of whole texts."""
    by_text = copies.group_by(TEXT_OF)
    sums = by_text.aggregate([("count", "sum"), ("account", "count_distinct")])
    many = pc.and_(
        pc.greater_equal(sums["count_sum"], least), pc.greater_equal(sums["account_count_distinct"], AUTHORS)
    )
    return pa.table({"name": text_names(sums["text_key"].filter(many))})


def _names(found: pa.Table) -> list[str]:
    return sorted(set(found["name"].to_pylist()))
