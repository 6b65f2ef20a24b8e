"""A simulated takedown on disk: an export that Seawall can import, and beside it what only a judge may read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from seawall.model import SIMULATED_PLATFORM
from seawall.simulate.files import README, SETTINGS, csv_file, new_folder
from seawall.simulate.takedowns import TakedownWorld

EXPORT, ACTIONS = "messages.ndjson", "actions.csv"
TRUTH = {
    "truth_successors.csv": "successors", "truth_ends.csv": "ends", "truth_decoys.csv": "decoys",
    "truth_channels.csv": "channels",
}  # fmt: skip
_README = f"""Everything here is simulated: nobody wrote or ended any of it. Made by: seawall simulate takedown

{EXPORT}      what channels posted, and what is known of each channel; {{rows:,}} messages
{ACTIONS}          when there was an action, and on which channels: what whoever acts knows
truth_successors.csv which channel came after which; truth_ends.csv has all ends, also those without a successor
truth_decoys.csv     channels that only look like successors: fans, look-alikes, copycats, opened the same day, spam
truth_channels.csv   all channels, their communities, and whether the actions were on them
{SETTINGS}        seed and settings: the same ones give the same files

Import it: seawall add DIR {EXPORT} --source generic --platform {SIMULATED_PLATFORM} --visibility public
The platform's name must begin with "{SIMULATED_PLATFORM}", so that each place that shows it says so.
"""

_WORDS = (
    "beans", "roses", "compost", "puncture", "saddle", "seedlings", "frost", "mulch", "tandem", "helmets", "apples",
    "cuttings", "brakes", "tulips", "watering", "pruning", "hedges", "gravel", "basil", "ferns", "pedals", "bulbs",
    "lanterns", "trellis", "peas", "tyres", "meadow", "slugs", "spokes", "pears", "canal", "picnic", "sunflowers",
    "chain", "route", "greenhouse", "swap", "ride", "thyme", "quinces",
)  # fmt: skip
_LENGTH = 11


def write_takedown(world: TakedownWorld, folder: Path) -> list[Path]:
    """Write a world into a new folder.

    Raises:
        StorageError: the folder is there already and holds something, or the disk refuses.
    """
    with new_folder(folder):
        with (folder / EXPORT).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(export_lines(world))
        csv_file(acted_on(world), folder / ACTIONS)
        for name, table in TRUTH.items():
            csv_file(getattr(world, table), folder / name)
        (folder / SETTINGS).write_text(json.dumps(world.settings, indent=2) + "\n", encoding="utf-8")
        (folder / README).write_text(_README.format(rows=world.messages.num_rows), encoding="utf-8")
    return [folder / name for name in (EXPORT, ACTIONS, *TRUTH, SETTINGS, README)]


def acted_on(world: TakedownWorld) -> pa.Table:
    """A row an action and channel that was there on its day: ``date``, ``channel`` (its handle), ``kind``."""
    channels = [row for row in world.channels.to_pylist() if row["acted_on"]]
    rows = [
        {"date": action["at"].date().isoformat(), "channel": one["handle"] or one["channel"], "kind": action["kind"]}
        for action in world.actions.to_pylist()
        for one in channels
        if one["created_at"] < action["at"] and (one["ended_at"] is None or one["ended_at"] >= action["at"])
    ]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in ("date", "channel", "kind")]))


def export_lines(world: TakedownWorld) -> Iterator[str]:
    """One JSON object a message, as ``seawall add --source generic`` takes it, with what is known of its channel."""
    channels = {row["channel"]: row for row in world.channels.to_pylist()}
    for batch in world.messages.to_batches(max_chunksize=20_000):
        for row in batch.to_pylist():
            yield json.dumps(_line(row, channels[row["channel"]])) + "\n"


def _line(row: dict[str, Any], channel: dict[str, Any]) -> dict[str, Any]:
    told = {
        "id": row["message"],
        "time": row["at"].isoformat(),
        "author_id": row["account"],
        "channel_id": row["channel"],
        "channel_kind": channel["kind"],
        "channel_handle": channel["handle"],
        "channel_address": channel["address"],
        "channel_created_at": channel["created_at"].isoformat(),
        "channel_ended_at": None if channel["ended_at"] is None else channel["ended_at"].isoformat(),
        "channel_end_reason": channel["end_reason"],
        "text": " ".join(chain([written(row["cluster"])], row["links"])),
        "repost_of": row["repost_of"],
        "media_kinds": ["image"] * len(row["media"]),
        "media_sha256": row["media"],
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def written(cluster: int) -> str:
    """Placeholder words: the same for one cluster, and others for another one.

    >>> written(7) == written(7) != written(8)
    True
    """
    state, words = cluster * 2 + 1, []
    for _ in range(_LENGTH):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        words.append(_WORDS[(state >> 33) % len(_WORDS)])
    return " ".join(words)
