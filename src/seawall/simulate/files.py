"""A world on disk: what Seawall can import, and beside it what only a judge may read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from seawall.errors import StorageError
from seawall.model import SIMULATED_PLATFORM
from seawall.simulate.world import World
from seawall.spreadsheets import harmless

INTERACTIONS, TRUTH_HUBS, TRUTH_PAIRS = "interactions.csv", "truth_hubs.csv", "truth_pairs.csv"
SETTINGS, README = "settings.json", "README.txt"
_IMPORTED = {"contact_key": "contact", "reply_key": "reply"}
_README = f"""Everything here is simulated: nobody did any of it. Made by: seawall simulate funnel

{INTERACTIONS}   who did what towards whom and when; {{rows:,}} rows
{TRUTH_HUBS}     the accounts that were planted: funnels, and honest roles (decoy = true)
{TRUTH_PAIRS}    whom they met, and when each stage was reached
{SETTINGS}       seed and settings: the same ones give the same files

Import it: seawall add DIR {INTERACTIONS} --source generic --platform {SIMULATED_PLATFORM} --visibility public
The platform's name must begin with "{SIMULATED_PLATFORM}", so that each place that shows it says so.
"""


def write_world(world: World, folder: Path) -> list[Path]:
    """Write a world into a new folder.

    Raises:
        StorageError: the folder is there already and holds something, or the disk refuses.
    """
    with new_folder(folder):
        csv_file(importable(world.interactions), folder / INTERACTIONS)
        csv_file(world.hubs, folder / TRUTH_HUBS)
        csv_file(world.pairs, folder / TRUTH_PAIRS)
        (folder / SETTINGS).write_text(json.dumps(world.settings, indent=2) + "\n", encoding="utf-8")
        (folder / README).write_text(_README.format(rows=world.interactions.num_rows), encoding="utf-8")
    return [folder / name for name in (INTERACTIONS, TRUTH_HUBS, TRUTH_PAIRS, SETTINGS, README)]


def importable(interactions: pa.Table) -> pa.Table:
    """Interactions under the names of ``seawall add --source generic``, with the visibility that they have.

    The keys stand for an address and for words: an import keys them again.
    """
    private = pc.is_in(interactions["kind"], pa.array(["dm", "contact_shared"]))
    named = interactions.rename_columns([_IMPORTED.get(name, name) for name in interactions.column_names])
    return named.append_column("visibility", pc.if_else(private, "direct", "public"))


@contextmanager
def new_folder(folder: Path) -> Iterator[None]:
    """A folder that holds nothing yet, while it is written to.

    Raises:
        StorageError: it holds something, the folder above is not there, or the disk refuses.
    """
    try:
        folder.mkdir(parents=False, exist_ok=True)
        if any(folder.iterdir()):
            raise StorageError("The folder holds something.", where=str(folder), mend="Name a new one.")
        yield
    except FileNotFoundError as error:
        raise StorageError("The folder above is not there.", where=str(folder), mend="Make it first.") from error
    except OSError as error:
        raise StorageError(
            f"The disk refused: {error.strerror or type(error).__name__}.",
            where=str(folder), mend="Check free space and permissions.",
        ) from error  # fmt: skip


def csv_file(table: pa.Table, path: Path) -> None:
    """A table as CSV: times in UTC, and no text that a spreadsheet would take for a formula."""
    columns = [
        pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ", locale="C") if pa.types.is_timestamp(column.type) else column
        for column in table.columns
    ]
    written = pa.Table.from_arrays(columns, names=table.column_names)
    pa_csv.write_csv(harmless(written), path, pa_csv.WriteOptions(quoting_style="needed"))
