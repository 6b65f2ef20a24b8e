"""What a Matrix token may do, in sentences for the person who connects it."""

from __future__ import annotations

from collections import Counter

from seawall.protocols import Rights
from seawall.sources.json_values import dict_of, list_of, text_of
from seawall.sources.live.matrix_beginning import now_in, survey, wanted_rooms
from seawall.sources.live.matrix_homeserver import Homeserver, Sync
from seawall.sources.live.matrix_reports import Reports
from seawall.sources.live.matrix_settings import Settings
from seawall.sources.matrix_rooms import Room, learn_state
from seawall.sources.raw_rows import Row

_SHOWN = 5
_OWNERS_SINCE = 12
"""From this version of rooms on, whoever created a room may do everything in it."""


async def rights_of(homeserver: Homeserver, settings: Settings) -> Rights:
    """Try what listening needs.

    Raises:
        ConnectError: the server cannot be reached, or is no homeserver.
        AccessError: it refuses the token.
    """
    await homeserver.greet()
    user = await homeserver.whoami()
    wanted = await wanted_rooms(homeserver, settings)
    named = 0 if wanted is None else len(settings.rooms)
    unknown = 0 if wanted is None else max(0, named - len(wanted))
    now = await survey(homeserver, wanted)
    can, missing, excess = _rooms(now), _missing(now, wanted, unknown, user), _writing(now, user)
    if await Reports(homeserver).latest() is not None:
        can.append("Read what members reported to the server's administrators.")
        excess.insert(
            0, "The token is an administrator's: only the reports need that. Without them, take another account."
        )
    else:
        missing.append("Reports of members: only an administrator's token reads them. All else works without.")
    return Rights(user, tuple(can), tuple(missing), tuple(excess))


def _rooms(now: Sync) -> list[str]:
    """Names of rooms are shown to the person who connects, and stored nowhere."""
    if not now.joined:
        return []
    known = [_known(told) for told in now.joined.values()]
    names = sorted(room.title or room.handle or "a room without a name" for room in known)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    sentences = [f"Read {_count(len(names), 'room')}: {', '.join(names[:_SHOWN])}{more}."]
    earlier = sum(room.shows_history for room in known)
    if earlier:
        sentences.append(f"Read the earlier history of {earlier} of them.")
    return sentences


def _missing(now: Sync, wanted: set[str] | None, unknown: int, user: str) -> list[str]:
    sentences = []
    outside = 0 if wanted is None else len(wanted - now.joined.keys())
    if not now.joined or outside:
        which = f"{_count(outside, 'room')} to watch" if outside else "any room"
        sentences.append(
            f"The account is not in {which}: let a member of it write /invite {user}, and accept with this account."
        )
    if now.invited:
        sentences.append(f"{_count(len(now.invited), 'invitation')} to a room can be accepted with this account.")
    if unknown:
        sentences.append(
            f"{_count(unknown, 'address')} of the rooms to watch cannot be found: write ids, or ask again."
        )
    kinds = Counter(_obstacle(told, now) for told in now.joined.values())
    if kinds["encrypted"]:
        sentences.append(
            f"The words of {_count(kinds['encrypted'], 'encrypted room')}: who writes when is read, not what."
        )
    if kinds["replaced"]:
        sentences.append(f"{_count(kinds['replaced'], 'room')} went on in another one, and the account is not in it.")
    return sentences


def _obstacle(told: Row, now: Sync) -> str | None:
    successor = _known(told).successor
    if successor is not None:
        return None if successor in now.joined else "replaced"
    encrypted = any(event.get("type") == "m.room.encryption" for event in now_in(told))
    return "encrypted" if encrypted else None


def _writing(now: Sync, user: str) -> list[str]:
    levels = [_levels(told, user) for told in now.joined.values()]
    moderates = sum(own > 0 for own, _ in levels)
    writes = sum(own >= needed for own, needed in levels)
    sentences = []
    if moderates:
        sentences.append(f"The account may moderate {_count(moderates, 'room')}: a power level of 0 is enough.")
    if writes:
        sentences.append(
            f"The account may write in {_count(writes, 'room')}, as any member may. Seawall never does; "
            "a power level of -1 makes sure of it."
        )
    return sentences


def _levels(told: Row, user: str) -> tuple[float, float]:
    """The account's power level in a room, and the one that it takes to write."""
    contents = {event.get("type"): dict_of(event.get("content")) for event in now_in(told)}
    owners = [event.get("sender") for event in now_in(told) if event.get("type") == "m.room.create"]
    create, levels = contents.get("m.room.create", {}), contents.get("m.room.power_levels", {})
    version = text_of(create.get("room_version")) or "1"
    needed = _level(levels.get("events_default"), 0)
    if (
        version.isdigit()
        and int(version) >= _OWNERS_SINCE
        and user in [*owners, *list_of(create.get("additional_creators"))]
    ):
        return float("inf"), needed
    return _level(dict_of(levels.get("users")).get(user), _level(levels.get("users_default"), 0)), needed


def _level(value: object, default: float) -> float:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else default


def _known(told: Row) -> Room:
    room = Room()
    for event in now_in(told):
        if event.get("type") != "m.room.member":
            learn_state(room, event)
    return room


def _count(number: int, thing: str) -> str:
    plural = "es" if thing.endswith("s") else "s"
    return f"{number} {thing}{plural if number != 1 else ''}"
