"""Links of the lake, and the places that they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake import Pseudonyms
from seawall.lake import Lake
from seawall.measures.place import Places, places
from seawall.model import LINK, UTC_MICROSECONDS, Visibility
from seawall.protocols import Expander, Progress
from seawall.workspace.expanding import expanded
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.settings import pseudonym_key, reply_key
from seawall.workspace.text_columns import text_columns

OWN_TABLE = "places.csv"
"""The operator's own table of hosts, in the workspace's folder."""

LINKS = pa.schema(
    [
        ("at", UTC_MICROSECONDS),
        ("channel", pa.string()),
        ("account", pa.string()),
        ("platform", pa.string()),
        ("message", pa.string()),
        *LINK,
    ]
)
"""The columns of ``links``."""

_COLUMNS = {"at": "sent_at", "channel": "channel_id", "account": "account_id", "platform": "platform"}
READ = (*_COLUMNS.values(), "message_id", "visibility", "links")
"""The columns of messages from which ``links_in`` reads them."""


def links_of(
    workspace: OpenedFolder,
    start: datetime | None,
    end: datetime | None,
    expander: Expander | None,
    progress: Progress | None,
    purpose: str = "links",
) -> pa.Table:
    """See ``PlaceReading.links``."""
    note_reading(workspace, start, end, purpose, {} if expander is None else {"expander": expander.name})
    with workspace.reading() as lake:
        found = pa.Table.from_batches(_links(lake, start, end, progress), LINKS)
    if expander is None:
        return found
    hide = Pseudonyms(pseudonym_key(workspace.path), reply_key()).hide
    return expanded(found, expander, hide)[0]


def note_reading(
    workspace: OpenedFolder, start: datetime | None, end: datetime | None, purpose: str, further: dict[str, str]
) -> None:
    """Tell the audit that the messages of this time were read."""
    span = {name: str(at) for name, at in (("start", start), ("end", end)) if at is not None}
    told = {"table": "messages", "for": purpose}
    workspace.casebook.audit.append(workspace.reviewer, "read", told | further | span)


def _links(
    lake: Lake, start: datetime | None, end: datetime | None, progress: Progress | None
) -> Iterator[pa.RecordBatch]:
    """A row a link; none of direct conversations."""
    done = 0
    for batch in lake.reader("messages", READ, start=start, end=end):
        done += batch.num_rows
        if progress is not None:
            progress("reading messages", done, None)
        yield links_in(batch)


def links_in(messages: pa.RecordBatch) -> pa.RecordBatch:
    """The links (``LINKS``) of a batch of messages (``READ``), without those of direct conversations."""
    rows = messages.filter(pc.not_equal(messages.column("visibility"), Visibility.DIRECT.value))
    lists = rows.column("links")
    parents, parts = pc.list_parent_indices(lists), pc.list_flatten(lists)
    columns = [rows.column(name).take(parents) for name in (*_COLUMNS.values(), "message_id")]
    return pa.RecordBatch.from_arrays([*columns, *parts.flatten()], schema=LINKS)


def places_of(
    workspace: OpenedFolder,
    start: datetime | None,
    end: datetime | None,
    table: Any,
    expander: Expander | None,
    progress: Progress | None,
) -> Places:
    """See ``PlaceReading.places``."""
    own = table if table is not None else own_table(workspace)
    links = links_of(workspace, start, end, expander, progress, "places")
    if progress is not None:
        progress("counting places", 0, None)
    return places(links, table=own)


def own_table(workspace: OpenedFolder) -> pa.Table | None:
    """The table of hosts in the workspace's folder; None where there is none.

    Raises:
        InputError: it is no table of hosts.
    """
    path = workspace.path / OWN_TABLE
    return text_columns(path, ("host", "kind"), ("role",)) if path.exists() else None
