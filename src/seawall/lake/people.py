"""All pseudonyms of the same accounts: by stable id, and by the handles that lead to it."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from seawall.lake.delta import DeltaFolder
from seawall.lake.rewrite import read_rows
from seawall.lake.schemas import STORED


def pseudonyms_of(aliases: DeltaFolder, accounts: Collection[str]) -> frozenset[str]:
    """The accounts, those that one of the given handles alone leads to, and every handle that leads to any of them."""
    given = pa.array(sorted(set(accounts)), pa.string())
    columns = ["handle_key", "account_id"]
    rows = pa.Table.from_batches(
        list(read_rows(aliases, aliases.snapshot().files, columns)),
        schema=pa.schema([STORED["aliases"].field(name) for name in columns]),
    )
    pairs = rows.group_by(columns).aggregate([])
    named = pairs.filter(pc.is_in(pairs.column("handle_key"), value_set=given))
    owners = named.group_by("handle_key").aggregate([("account_id", "count"), ("account_id", "min")])
    sure = owners.filter(pc.equal(owners.column("account_id_count"), 1)).column("account_id_min")
    known = pa.array(sorted({*given.to_pylist(), *sure.to_pylist()}), pa.string())
    handles = pairs.filter(pc.is_in(pairs.column("account_id"), value_set=known)).column("handle_key")
    return frozenset([*known.to_pylist(), *handles.to_pylist()])
