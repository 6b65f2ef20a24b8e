"""What people call channels and platforms -> the units of the lake."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from seawall.intake.pseudonyms import Pseudonyms
from seawall.workspace.settings import pseudonym_key, reply_key


class Called:
    """Finds units by their pseudonym, by the platform's own id of a channel, by handle or title, or by platform.

    Args:
        path: of the workspace, for its key.
        channels: the lake's channels.
        days: ``platform`` and ``unit`` of all that is counted.
    """

    def __init__(self, path: Path, channels: pa.Table, days: pa.Table) -> None:
        self._pseudonyms = Pseudonyms(pseudonym_key(path), reply_key())
        pairs = dict.fromkeys(zip(days["platform"].to_pylist(), days["unit"].to_pylist(), strict=True))
        self._of: dict[str, list[str]] = {}
        for platform, unit in pairs:
            self._of.setdefault(platform, []).append(unit)
        self._known = {unit for _, unit in pairs}
        self._words: dict[str, str] = {}
        for column in ("title", "handle"):  # a handle is surer than a title
            for unit, name in zip(channels["channel_id"].to_pylist(), channels[column].to_pylist(), strict=True):
                if name:
                    self._words[name.casefold()] = unit

    def units(self, name: str) -> list[str]:
        """The units that a name means, none where it means nothing here."""
        if name in self._known:
            return [name]
        if name in self._of:
            return self._of[name]
        made = [self._pseudonyms.channels(platform, pa.array([name]))[0].as_py() for platform in self._of]
        found = [unit for unit in made if unit in self._known]
        word = self._words.get(name.strip().removeprefix("@").casefold())
        return found or ([word] if word is not None and word in self._known else [])
