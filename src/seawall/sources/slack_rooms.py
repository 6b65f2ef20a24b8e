"""The people and channels of an export of Slack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seawall.model import Visibility
from seawall.sources.json_values import Unusable, dict_of, id_of, identity, list_of, number_time, text_of
from seawall.sources.raw_rows import Row

NOT_LISTED = "Some folders are in none of the lists of channels; the name of the folder stands for the channel's id."


class Users:
    """Who the ids are."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str | None, str | None, bool | None]] = {}

    def add(self, told: Row) -> None:
        """An entry of users.json."""
        stable = id_of(told.get("id"))
        if stable is not None:
            profile = dict_of(told.get("profile"))
            name = text_of(profile.get("display_name")) or text_of(profile.get("real_name"))
            bot = told.get("is_bot")
            shown = name or text_of(told.get("real_name"))
            self._known[stable] = text_of(told.get("name")), shown, bot if isinstance(bot, bool) else None

    def identity(self, stable: str, profile: Row | None = None) -> dict[str, str | None]:
        """The account of an id. ``profile``: what a message itself tells of its author."""
        handle, name, _ = self._known.get(stable, (None, None, None))
        if handle is None and profile:
            handle = text_of(profile.get("name"))
            name = text_of(profile.get("display_name")) or text_of(profile.get("real_name"))
        return identity(stable, handle, name)

    def is_bot(self, stable: str) -> bool | None:
        """Whether users.json says so; None where it does not tell."""
        return self._known.get(stable, (None, None, None))[2]


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as its list tells it."""

    channel_id: str
    kind: str
    visibility: str | None
    members: tuple[str, ...] = ()
    created_at: int | None = None

    def row(self, users: Users) -> Row:
        """A row of RAW_CHANNELS. Whoever is in the workspace can read a public channel, whatever its members are."""
        told: Row = {"channel_id": self.channel_id, "kind": self.kind, "visibility": self.visibility}
        told["created_at"] = self.created_at
        if self.visibility != Visibility.PUBLIC and self.members:
            told["participants"] = [users.identity(member) for member in self.members]
        return told


_LISTS: dict[str, tuple[str, Visibility]] = {
    "channels": ("room", Visibility.PUBLIC),
    "groups": ("room", Visibility.CLOSED),
    "dms": ("direct", Visibility.DIRECT),
    "mpims": ("group", Visibility.CLOSED),
}
"""List -> kind of channel and who can read it: intake takes a closed one of at most five people for direct."""


class Channels:
    """Which channel a folder is."""

    def __init__(self) -> None:
        self._known: dict[str, Channel] = {}

    def add(self, listed: str, told: Row) -> None:
        """An entry of one of the lists. Folders have the channel's name, those of direct messages its id."""
        stable, name = id_of(told.get("id")), text_of(told.get("name"))
        if stable is not None:
            kind, visibility = _LISTS[listed]
            members = tuple(member for one in list_of(told.get("members")) if (member := id_of(one)) is not None)
            channel = Channel(stable, kind, visibility.value, members, number_time(told.get("created"), 1))
            self._known[stable] = channel
            if name is not None:
                self._known[name] = channel

    def of_folder(self, folder: str | None, assume: Callable[[str], None]) -> Channel:
        """The channel of a folder.

        Raises:
            Unusable: no folder is told.
        """
        if folder is None:
            raise Unusable("folder", "the folder of the channel is not told")
        known = self._known.get(folder)
        if known is None:
            assume(NOT_LISTED)
            return Channel(folder, "room", None)
        return known
