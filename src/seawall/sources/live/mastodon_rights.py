"""What a Mastodon token may do: what Seawall needs, what is missing, and what it should not be able to do.

A server tells the rights of a token at ``/oauth/token/info`` or, where it does not, those of the application that made
it. Rights: https://docs.joinmastodon.org/api/oauth-scopes/
"""

from __future__ import annotations

from seawall.errors import AccessError, ConnectError
from seawall.protocols import Rights
from seawall.sources.json_values import dict_of, list_of, text_of
from seawall.sources.live.mastodon_api import Api
from seawall.sources.live.mastodon_reports import PATH as REPORTS
from seawall.sources.live.mastodon_settings import Settings, Timeline

_TOLD_AT = (("oauth/token/info", "scope"), ("api/v1/apps/verify_credentials", "scopes"))
_NEEDED = ("read", "read:statuses", "read:lists", "read:accounts", "profile", "admin:read:reports")
_STATUSES = "read:statuses"
_FORBIDDEN = 403


async def rights_of(api: Api, settings: Settings) -> Rights:
    """What the token may do, tried out.

    Raises:
        AccessError: the server refuses the token.
        ConnectError: the server cannot be reached, or is no such server.
    """
    instance = await api.instance()
    server = api.server(instance)
    api.streaming(instance, settings.streaming)
    identity = await _identity(api, server)
    scopes = await _scopes(api)
    can, missing = [], []
    for timeline in settings.timelines:
        if await _readable(api, timeline):
            can.append(f"Read the timeline {timeline.name}.")
        else:
            missing.append(f"Read the timeline {timeline.name}: give the token the right {_right_for(timeline)}.")
    if await _may(api, REPORTS):
        can.append("Read what members report to the moderators.")
    else:
        missing.append(
            "Read what members report to the moderators: the right admin:read:reports, and a role that sees reports."
        )
    if not can:
        raise AccessError(
            "This token may read none of the timelines.", where=api.where, mend="Make a token with read:statuses."
        )
    return Rights(identity, tuple(can), tuple(missing), _excess(scopes))


async def _identity(api: Api, server: str) -> str:
    """Whom the token belongs to. A token without that right may still read timelines."""
    try:
        told = dict_of(await api.get("api/v1/accounts/verify_credentials"))
    except AccessError as error:
        if error.status != _FORBIDDEN:
            raise
        return f"an account of {server} that this token may not name"
    role = text_of(dict_of(told.get("role")).get("name")) or "no role"
    return f"{text_of(told.get('acct')) or 'an account without a name'} on {server} ({role})"


async def _scopes(api: Api) -> frozenset[str]:
    for path, key in _TOLD_AT:
        try:
            told = dict_of(await api.get(path)).get(key)
        except ConnectError:
            continue
        scopes = told.split() if isinstance(told, str) else [one for one in list_of(told) if isinstance(one, str)]
        if scopes:
            return frozenset(scopes)
    return frozenset()


async def _readable(api: Api, timeline: Timeline) -> bool:
    return await _may(api, timeline.path, timeline.params)


async def _may(api: Api, path: str, params: dict[str, str] | None = None) -> bool:
    try:
        await api.listed(path, {**(params or {}), "limit": 1})
    except ConnectError as error:
        if error.status not in (401, 403, 404, 422):
            raise
        return False
    return True


def _right_for(timeline: Timeline) -> str:
    return "read:lists" if timeline.name.startswith("list:") else _STATUSES


def _excess(scopes: frozenset[str]) -> tuple[str, ...]:
    """Rights that Seawall never uses; it only reads statuses and reports."""
    found = []
    writing = sorted(one for one in scopes if one.partition(":")[0] in ("write", "follow", "push"))
    if writing:
        found.append(f"It could also write ({', '.join(writing)}). Seawall never does: make a token without them.")
    ruling = sorted(one for one in scopes if one.startswith("admin:") and one not in _NEEDED)
    if ruling:
        found.append(f"It has more rights of a moderator than are needed ({', '.join(ruling)}).")
    if "read" in scopes:
        found.append("It could read everything of its account; read:statuses alone is enough for public timelines.")
    return tuple(found)
