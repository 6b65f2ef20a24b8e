"""What a page of Explore shows, as Python that gives the same: to copy, to run and to change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from seawall.workspace.looking_filter import MessageFilter
from seawall.workspace.looking_jobs import NetworkAsked
from seawall.workspace.looking_messages import A_PAGE

NETWORK_COLUMNS = (
    "message_id", "account_id", "sent_at", "platform", "channel_id", "text_key", "repost_of", "links", "hashtags",
    "reply_to", "mentions", "media",
)  # fmt: skip
COUNTED = ("sent_at", "platform", "channel_id", "account_id", "text_key")
TABLE = ("message_id", "sent_at", "platform", "channel_id", "account_id", "kind", "language", "text", "text_key")


def timeline_python(folder: str, chosen: MessageFilter, step: timedelta) -> str:
    """The counts of a timeline: ``counts``, a list of (begin of the bin in UTC, messages)."""
    return _script(
        folder,
        ["import numpy as np"],
        _needed(chosen),
        COUNTED,
        chosen,
        f"""step, monday = {int(step.total_seconds())}, 4 * 86_400  # seconds; weeks begin on a Monday
seconds = chosen["sent_at"].cast("int64").to_numpy() // 1_000_000
bins, many = np.unique((seconds - monday) // step * step + monday, return_counts=True)
counts = [(datetime.fromtimestamp(int(at), UTC), int(count)) for at, count in zip(bins, many, strict=True)]
for at, count in counts:
    print(f"{{at:%Y-%m-%d %H:%M}} UTC", count)""",
    )


def table_python(folder: str, chosen: MessageFilter) -> str:
    """The latest messages: ``rows``, a list of dictionaries."""
    return _script(
        folder,
        [],
        _needed(chosen),
        TABLE,
        chosen,
        f"""rows = chosen.sort_by([("sent_at", "descending")]).slice(0, {A_PAGE}).to_pylist()
for row in rows:
    print(row["sent_at"], row["account_id"], row["text"])""",
    )


def network_python(folder: str, asked: NetworkAsked) -> str:
    """Who acted together: ``found``, a ``seawall.measures.LayeredNetwork``."""
    chance = "" if asked.least is None else f", significance=False, min_repeats={asked.least}"
    return _script(
        folder,
        [],
        _needed(asked.chosen),
        NETWORK_COLUMNS,
        asked.chosen,
        f"""layers = [layer for layer in LAYERS if layer != "similar"]
found = network(chosen, window={asked.window!r}, layers=layers{chance})
print(found)
print(found.found)""",
        ["from seawall.measures import network", "from seawall.measures.layers import LAYERS"],
    )


def _script(
    folder: str,
    first: list[str],
    second: list[str],
    columns: tuple[str, ...],
    chosen: MessageFilter,
    body: str,
    third: list[str] | None = None,
) -> str:
    condition = _condition(chosen)
    known = ", ".join(f'"{name}"' for name in columns)
    standard = ["from datetime import UTC, datetime"] if "UTC" in body or "UTC" in condition else []
    blocks = ["\n".join(block) for block in (standard, [*first, *second], ["import seawall", *(third or [])]) if block]
    filtered = f"messages.filter({condition})" if condition else "messages"
    return (
        "\n\n".join(blocks)
        + f"""

workspace = seawall.open({folder!r})  # run this beside the folder
messages = workspace.messages([{known}])
chosen = {filtered}
{body}
"""
    )


def _needed(chosen: MessageFilter) -> list[str]:
    """The imports of the filter."""
    arrow = ["import pyarrow as pa"] if chosen.key is not None else []
    return [*arrow, "import pyarrow.compute as pc"] if _condition(chosen) else []


def _condition(chosen: MessageFilter) -> str:
    """The filter as an expression of pyarrow; empty where all messages fit."""
    parts = []
    for sign, moment in ((">=", chosen.start), ("<", chosen.end)):
        if moment is not None:
            parts.append(f'(pc.field("sent_at") {sign} {_moment(moment)})')
    parts += [f'(pc.field("{column}") == {value!r})' for column, value in chosen.names.items()]
    if chosen.key is not None:
        parts.append(f'(pc.field("text_key") == pa.scalar({chosen.key}, pa.uint64()))')
    if len(parts) < 2:
        return "".join(parts)
    return "\n    " + "\n    & ".join(parts) + "\n"


def _moment(moment: datetime) -> str:
    told = moment.astimezone(UTC)
    numbers = [told.year, told.month, told.day, told.hour, told.minute, told.second, told.microsecond]
    while len(numbers) > 3 and not numbers[-1]:
        numbers.pop()
    return f"datetime({', '.join(map(str, numbers))}, tzinfo=UTC)"
