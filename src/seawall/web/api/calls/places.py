"""A channel and a pseudonymous account: behaviour only, in counts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path

from seawall.casebook.glances import Glance
from seawall.casebook.rules import Act
from seawall.model import Severity
from seawall.web.api.calling import Called, Calling
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Numbered, Shape
from seawall.web.api.unseen import unseen

Whole = Annotated[str, Path(max_length=300)]

calls = Calls("Channels and accounts")


class NamingAlert(Shape):
    """An alert that names it."""

    alert_id: str
    case_id: str
    detector: str
    severity: Severity
    start: datetime
    sentence: str


class ActsTold(Shape):
    """Interactions of one kind and direction."""

    kind: str
    outwards: bool
    count: int
    others: int


class Place(Shape):
    """What is known of a channel or an account."""

    messages: int
    kinds: list[Numbered]
    platforms: list[Numbered]
    alerts: list[NamingAlert]
    alerts_total: int


class AccountTold(Place):
    """What an account did."""

    account_id: str
    channels: list[Numbered]
    channels_total: int
    hours: list[int]
    weekdays: list[int]
    acts: list[ActsTold]


class ChannelTold(Place):
    """What happened in a channel."""

    channel_id: str
    accounts: list[Numbered]
    accounts_total: int
    acts: list[Numbered]


@calls.read("/accounts/{account_id:path}", may=Act.READ_ACCOUNT, name="account", answer=AccountTold)
def account(calling: Called, account_id: Whole) -> AccountTold:
    """Counts of an account by its pseudonym. Each look is audited."""
    with unseen():
        seen = calling.workspace.account_seen(account_id)
    return AccountTold(
        account_id=seen.account_id,
        messages=seen.messages,
        kinds=_counts(seen.kinds),
        platforms=_counts(seen.platforms),
        channels=_counts(seen.channels),
        channels_total=seen.channels_total,
        hours=list(seen.hours),
        weekdays=list(seen.weekdays),
        acts=[ActsTold.made_of(one) for one in seen.acts],
        alerts=_alerts(calling, seen.alerts),
        alerts_total=seen.alerts_total,
    )


@calls.read("/channels/{channel_id:path}", may=Act.READ_CHANNEL, name="channel", answer=ChannelTold)
def channel(calling: Called, channel_id: Whole) -> ChannelTold:
    """Counts of a channel. Each look is audited."""
    with unseen():
        seen = calling.workspace.channel_seen(channel_id)
    return ChannelTold(
        channel_id=seen.channel_id,
        messages=seen.messages,
        kinds=_counts(seen.kinds),
        platforms=_counts(seen.platforms),
        accounts=_counts(seen.accounts),
        accounts_total=seen.accounts_total,
        acts=_counts(seen.acts),
        alerts=_alerts(calling, seen.alerts),
        alerts_total=seen.alerts_total,
    )


def _counts(told: tuple[tuple[str, int], ...]) -> list[Numbered]:
    return [Numbered(name=name, count=count) for name, count in told]


def _alerts(calling: Calling, found: tuple[Glance, ...]) -> list[NamingAlert]:
    """The alerts, for those who may read cases."""
    named = ("detector", "severity", "start", "sentence")
    return [
        NamingAlert(alert_id=one.alert_id, case_id=one.case_id, **{name: getattr(one.alert, name) for name in named})
        for one in (found if calling.may(Act.READ_CASES) else ())
    ]
