"""What a Rocket.Chat token may do: what Seawall needs, what is missing, and what it should not be able to do."""

from __future__ import annotations

from seawall.errors import ConnectError
from seawall.protocols import Rights
from seawall.sources.json_values import list_of, text_of
from seawall.sources.live.rocketchat_api import Api, me_of
from seawall.sources.live.rocketchat_rooms import CLOSED, DIRECT, PUBLIC, Room, RoomList, room_of
from seawall.sources.live.rocketchat_settings import Settings

_READ_PUBLIC = frozenset(("view-c-room", "preview-c-room"))
_READ_REPORTS = "view-moderation-console"
_NO_LIMIT = "api-bypass-rate-limit"
_ADMINISTRATOR = (
    "It is an administrator, and could change or delete everything. Make an account that only reads, with a token of "
    "its own."
)
_EXCESS = {
    "delete-message": "delete messages of others",
    "force-delete-message": "delete messages of others",
    "edit-message": "edit messages of others",
    "clean-channel-history": "clean the history of rooms",
    "manage-moderation-actions": "act on reports",
    "create-user": "create accounts",
    "delete-user": "delete accounts",
    "edit-other-user-info": "change accounts",
    "create-c": "create channels",
    "create-p": "create groups",
    "create-d": "write to people directly",
    "mention-all": "notify everybody",
}


async def rights_of(api: Api, settings: Settings) -> Rights:
    """What the token may do.

    Raises:
        AccessError: the server refuses it.
        ConnectError: the server cannot be reached, or is no Rocket.Chat server.
    """
    name, roles = me_of(await api.get("me"))
    held = await _permissions(api, roles)
    answer = await api.get("rooms.get")
    joined = [room for told in api.listed(answer, "update", "rooms.get") if (room := room_of(told)) is not None]
    total = await _public_rooms(api)
    can = _can(joined, total, held, settings)
    rooms = RoomList(api, settings)
    if settings.rooms:
        await rooms.refresh(whole=True)
    missing = _missing(len(rooms.unknown()), held, api.limits)
    excess = _excess(roles, held)
    return Rights(
        f"{name or 'an account without a name'} ({', '.join(sorted(roles)) or 'no role'})", can, missing, excess
    )


async def _permissions(api: Api, roles: list[str]) -> frozenset[str]:
    """What its roles permit everywhere on the server."""
    try:
        answer = await api.get("permissions.listAll")
    except ConnectError as error:
        if error.status not in (400, 403, 404):
            raise
        return frozenset()
    granted = (
        (text_of(one.get("_id")), list_of(one.get("roles"))) for one in api.listed(answer, "update", "permissions")
    )
    return frozenset(name for name, holders in granted if name is not None and set(roles) & set(map(str, holders)))


async def _public_rooms(api: Api) -> int | None:
    """How many public rooms there are; None if the token may not list them."""
    try:
        answer = await api.get("channels.list", count=1)
    except ConnectError as error:
        if error.status not in (400, 403, 404):
            raise
        return None
    total = answer.get("total")
    return total if isinstance(total, int) else None


def _can(joined: list[Room], public: int | None, held: frozenset[str], settings: Settings) -> tuple[str, ...]:
    own = [room for room in joined if room.kind == PUBLIC]
    groups = [room for room in joined if room.kind == CLOSED]
    if public is not None and held >= _READ_PUBLIC:
        found = [f"Read all {public} public channels."]
    else:
        found = [f"Read the {len(own)} public channels that it has joined."]
    found.append(f"Read the {len(groups)} closed groups that it is a member of.")
    named = [room for room in joined if room.kind == DIRECT and room.id in settings.rooms]
    if named:
        found.append(f"Read who wrote when, but no text, in the {len(named)} direct rooms that were named.")
    if _READ_REPORTS in held:
        found.append("Read what members report to the moderators.")
    return tuple(found)


def _missing(unknown: int, held: frozenset[str], limits: dict[str, int]) -> tuple[str, ...]:
    found = []
    if not held >= _READ_PUBLIC:
        wanted = " and ".join(sorted(_READ_PUBLIC - held))
        found.append(f"Read public channels that it has not joined: give a role of its the permission {wanted}.")
    if _READ_REPORTS not in held:
        found.append(f"Read what members report to the moderators: the permission {_READ_REPORTS}.")
    if _NO_LIMIT not in held:
        told = f" ({min(limits.values())} a minute for each kind)" if limits else ""
        found.append(
            f"Ask as often as is needed: the server limits its requests{told}, so that Seawall falls behind on a busy "
            f"server; the role bot, or the permission {_NO_LIMIT}, lifts the limit."
        )
    if unknown:
        found.append(
            f"Read {unknown} of the rooms that were named: check how they are written, and that it is a member of them."
        )
    return tuple(found)


def _excess(roles: list[str], held: frozenset[str]) -> tuple[str, ...]:
    if "admin" in roles:
        return (_ADMINISTRATOR,)
    could = list(dict.fromkeys(words for name, words in _EXCESS.items() if name in held))
    if not could:
        return ()
    return (f"It could also {', '.join(could)}. Seawall never does: a role that only reads is enough.",)
