"""Who acted together, read from the lake: the network of all layers, and the messages behind one of its edges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import ConfigurationError, InputError
from seawall.lake import Lake
from seawall.lake.among import among
from seawall.measures.layers import LAYERS, LayeredNetwork, network
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

SIMILAR = "similar"
USUAL_LAYERS = tuple(layer for layer in LAYERS if layer != SIMILAR)
"""Near-duplicates are looked for where they are asked for: that reads every text."""

COLUMNS = (
    "message_id", "account_id", "sent_at", "platform", "channel_id", "text_key", "repost_of", "links", "hashtags",
    "reply_to", "mentions", "media",
)  # fmt: skip


def checked_layers(layers: Sequence[str] | None) -> tuple[str, ...]:
    """The layers, each once; the usual ones where None.

    Raises:
        ConfigurationError: one that does not exist.
    """
    if layers is None:
        return USUAL_LAYERS
    if not layers or not set(layers) <= set(LAYERS):
        raise ConfigurationError(
            "A layer does not exist.", where="option --layer", mend=f"Choose from {', '.join(LAYERS)}."
        )
    return tuple(dict.fromkeys(layers))


def network_of(
    workspace: OpenedFolder,
    start: datetime | None,
    end: datetime | None,
    window: float | None,
    layers: Sequence[str] | None,
    q: float,
    min_repeats: int | None,
    progress: Progress | None,
) -> LayeredNetwork:
    """See ``NetworkReading.network``."""
    chosen = checked_layers(layers)
    span = {"start": start, "end": end}
    told = {"table": "messages", "for": "network", "layers": list(chosen), **{k: str(v) for k, v in span.items() if v}}
    workspace.casebook.audit.append(workspace.reviewer, "read", told)
    with workspace.reading() as lake:
        columns = (*COLUMNS, "text") if SIMILAR in chosen else COLUMNS
        messages = _read(lake, columns, start, end, None, progress)
        accounts = lake.reader("accounts", ("account_id", "declared_bot")).read_all()
        version = lake.version()
    clusters = None
    if SIMILAR in chosen:
        _tell(progress, "looking for near-duplicates")
        from seawall.measures import near_duplicates

        texts = messages.select(["message_id", "text"]).rename_columns(["id", "text"])
        found = near_duplicates(texts.filter(pc.is_valid(texts["text"])))
        clusters = found.select(["id", "cluster"]).rename_columns(["message_id", "cluster"])
        messages = messages.drop_columns(["text"])
    _tell(progress, "looking for pairs")
    return network(
        messages,
        window=window,
        layers=chosen,
        significance=min_repeats is None,
        q=q,
        min_repeats=min_repeats,
        clusters=clusters,
        accounts=accounts,
        input_version=version,
    )


def messages_behind(
    workspace: OpenedFolder,
    source: str,
    target: str,
    start: datetime | None,
    end: datetime | None,
    window: float,
    layers: Sequence[str] | None,
    progress: Progress | None,
) -> pa.Table:
    """See ``NetworkReading.messages_behind``."""
    chosen = checked_layers(layers)
    if SIMILAR in chosen:
        raise ConfigurationError(
            "Which texts are near-duplicates is a question about all messages.", where="option --layer",
            mend="Leave the layer similar out beside --edge.",
        )  # fmt: skip
    told = {"table": "messages", "for": "edge", "accounts": [source, target]}
    workspace.casebook.audit.append(workspace.reviewer, "read", told)
    with workspace.reading() as lake:
        messages = _read(lake, (*COLUMNS, "text"), start, end, among("account_id", (source, target)), progress)
    known = set(messages["account_id"].unique().to_pylist())
    if missing := [place for place, one in (("first", source), ("second", target)) if one not in known]:
        raise InputError(
            f"There is no message by the {' and the '.join(missing)} account.",
            where="option --edge",
            mend="Take both pseudonyms whole from a table or a page, and check --start and --end.",
        )
    found = network(
        messages.drop_columns(["text"]), window=window, layers=chosen, significance=False, min_repeats=1
    ).evidence(source, target)
    place = pc.index_in(found["source_message"], messages["message_id"].combine_chunks())
    return found.append_column("text", messages["text"].take(place))


def _read(
    lake: Lake,
    columns: Sequence[str],
    start: datetime | None,
    end: datetime | None,
    where: str | None,
    progress: Progress | None,
) -> pa.Table:
    total = lake.count("messages") if progress is not None and where is None and start is None and end is None else None
    reader = lake.reader("messages", columns, start=start, end=end, where=where)
    batches, done = [], 0
    for batch in reader:
        batches.append(batch)
        done += len(batch)
        _tell(progress, "reading messages", done, total)
    return pa.Table.from_batches(batches, reader.schema)


def _tell(progress: Progress | None, what: str, done: int = 0, total: int | None = None) -> None:
    if progress is not None:
        progress(what, done, total)
