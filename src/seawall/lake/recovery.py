"""What a writer mends when it opens the lake: files of batches that were never acknowledged, and lost index runs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

from seawall.lake.delta import DataFile, DeltaFolder
from seawall.lake.index import DuplicateIndex
from seawall.lake.ledger import Ledger
from seawall.lake.runs import Entries, join
from seawall.lake.schemas import KEYED, KEYS, STORED


def orphans(files: tuple[DataFile, ...], committed: Mapping[int, int]) -> list[DataFile]:
    """The files that hold nothing but a batch without a row in ``batches``."""
    return [file for file in files if file.first_batch == file.last_batch and file.first_batch not in committed]


def drop_orphans(table: DeltaFolder, ledger: Ledger) -> None:
    """Take the files of unacknowledged batches out of a table, so that a retry writes them anew.

    To keep them and skip the table on the retry would be wrong: what is a duplicate may have changed since,
    through another feed.
    """
    stale = orphans(table.snapshot().files, ledger.kept)
    if stale:
        table.commit([], stale, operation="DELETE")


def restore_index(index: DuplicateIndex, ledger: Ledger, tables: Mapping[str, DeltaFolder]) -> None:
    """Read the keys of batches whose run is missing or damaged back from the lake."""
    expected = {batch for batch, kept in ledger.kept.items() if kept}
    missing = np.array(sorted(expected - index.batches), np.int64)
    if len(missing):
        index.add_missing(missing, join([_keys(tables[name], missing) for name in KEYED]))


def _keys(table: DeltaFolder, batches: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Entries:
    snapshot = table.snapshot()
    if not snapshot.files:
        return join([])
    wanted = ds.field("batch").isin(pa.array(batches)) & ds.field("id_key").is_valid()
    with snapshot.place.refusals():
        rows = snapshot.place.dataset([file.path for file in snapshot.files], STORED[table.table]).to_table(
            columns=list(KEYS), filter=wanted
        )
    ids, contents, edited = (rows.column(name).to_numpy() for name in KEYS)
    return Entries(ids.view(np.uint64), edited, contents.view(np.uint64))
