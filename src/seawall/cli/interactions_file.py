"""A file of interactions -> a table with the columns that measures and the simulator read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seawall.cli.output import note
from seawall.errors import ConfigurationError

if TYPE_CHECKING:
    import pyarrow as pa

Background = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Your own interactions (CSV, NDJSON, Parquet), instead of synthetic ones."),
]


def read_interactions(path: Path) -> pa.Table:
    """The rows of a file (CSV, NDJSON, Parquet); those that cannot be read are left out, and said.

    Raises:
        ConfigurationError: the file holds no interactions.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from seawall.protocols import ReadOptions
    from seawall.sources.files import plain_file
    from seawall.sources.generic import Generic

    batches = list(Generic().read(plain_file(path, str(path)), ReadOptions()))
    rejected = sum(batch.rejected.num_rows for batch in batches)
    if rejected:
        note(f"{rejected:,} rows of {path} cannot be read and are left out.")
    told = [batch.interactions for batch in batches if batch.interactions is not None]
    rows = pa.concat_tables(told) if told else None
    if rows is None or not rows.num_rows:
        raise ConfigurationError(
            "The file holds no interactions.", where=str(path), mend="It needs the columns at, kind, source, target."
        )
    names = {
        "interaction_id": "interaction_id", "channel": "channel_id", "contact_kind": "contact_kind",
        "contact_key": "contact", "reply_key": "reply", "length_class": "length_class",
    }  # fmt: skip
    columns = {"at": rows["at"], "kind": rows["kind"]} | {name: rows[column] for name, column in names.items()}
    if columns["interaction_id"].null_count:
        del columns["interaction_id"]
    for name in ("source", "target"):
        columns[name] = pc.struct_field(rows[f"{name}_account"], "id")
    return pa.table(columns)
