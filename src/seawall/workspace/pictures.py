"""From what alerts carry to what a brief draws: timelines with windows, several beside one another, networks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import networkx as nx

from seawall.brief import Edge, Multiples, Network, Node, Panel, SharedThing, SurgeWindow, Timeline
from seawall.casebook import KeptAlert
from seawall.model import Alert

CLEAR = 2.0
MOST_THINGS = 5
"""Of what marks a candidate, so many of each kind are shown, at most; each at least so many standard errors apart."""


def windows_of(alerts: Iterable[KeptAlert], *, platform: str) -> tuple[SurgeWindow, ...]:
    """The surges of a whole platform, by time."""
    found = [
        _window(kept.alert)
        for kept in alerts
        if kept.alert.detector == "surge"
        and [(subject.kind, subject.id) for subject in kept.alert.subjects] == [("platform", platform)]
    ]
    return tuple(sorted(found, key=lambda window: window.start))


def timeline_of(alert: Alert) -> Timeline | None:
    """The counts around a surge, with its window; None for an alert of another kind."""
    drawn = alert.details.get("picture")
    if not drawn:
        return None
    return _timeline(str(alert.details.get("series", "")), drawn, drawn, _window(alert))


def multiples_of(alert: Alert) -> Multiples | None:
    """The channels of a campaign candidate, small, those that led first; None for an alert of another kind."""
    channels = alert.details.get("channels")
    if not channels:
        return None
    drawn = alert.details["drawn"]
    shown = [one for one in channels if one["picture"] and one["picture"]["at"]]
    return Multiples(
        title=f"{len(channels)} channels that rose together",
        unit=str(drawn["unit"]),
        source=str(drawn["source"]),
        panels=tuple(_panel(one, drawn) for one in shown),
        hidden=len(alert.details["channels"]) - len(shown),
    )


def shared_of(alert: Alert) -> Iterator[SharedThing]:
    """What marks the messages of a campaign candidate; a few of each kind."""
    for kind, things in alert.details.get("shared", {}).items():
        for thing in [one for one in things if one["z"] >= CLEAR][:MOST_THINGS]:
            counts = {key: thing[key] for key in ("messages", "accounts", "before", "z")}
            yield SharedThing(kind, str(thing["object"]), **counts)


def _panel(channel: Mapping[str, Any], drawn: Mapping[str, Any]) -> Panel:
    name = channel["channel"] or channel["platform"]
    window = SurgeWindow(
        start=datetime.fromisoformat(channel["start"]),
        end=datetime.fromisoformat(channel["end"]),
        **{key: channel[key] for key in ("observed", "expected", "factor", "factor_low", "factor_high")},
    )
    return Panel(
        line=_timeline(f"{name} on {channel['platform']}", channel["picture"], drawn, window),
        name=name,
        platform=channel["platform"],
        **{key: channel[key] for key in ("role", "lag_hours", "lag_low", "lag_high")},
    )


def _timeline(title: str, counts: Mapping[str, Any], drawn: Mapping[str, Any], window: SurgeWindow) -> Timeline:
    return Timeline(
        title=title,
        unit=str(drawn["unit"]),
        source=str(drawn["source"]),
        bin=timedelta(seconds=float(drawn["bin_seconds"])),
        at=tuple(datetime.fromisoformat(moment) for moment in counts["at"]),
        **{name: tuple(counts[name]) for name in ("observed", "expected", "low", "high")},
        windows=(window,),
    )


def network_of(alert: Alert) -> Network | None:
    """The accounts of a coordination alert; None for an alert of another kind."""
    edges = alert.details.get("edges")
    if not edges:
        return None
    return _network("Accounts that acted together", [alert])


def overall_network(alerts: Sequence[KeptAlert]) -> Network | None:
    """All accounts that coordination alerts speak of, in one picture; None where there are none."""
    found = [kept.alert for kept in alerts if kept.alert.details.get("edges")]
    return _network("All accounts that acted together", found) if found else None


def _network(title: str, alerts: Sequence[Alert]) -> Network:
    weights: dict[tuple[str, str], float] = {}
    activity: dict[str, float] = {}
    for alert in alerts:
        for edge in alert.details["edges"]:
            pair = (str(edge["source"]), str(edge["target"]))
            weights[pair] = weights.get(pair, 0) + float(edge["weight"])
        for account in alert.details.get("per_account", ()):
            activity[account["account"]] = activity.get(account["account"], 0) + float(account["messages"])
    graph: Any = nx.Graph(list(weights))
    groups = sorted(nx.connected_components(graph), key=lambda group: (-len(group), min(group)))
    number = {account: index for index, group in enumerate(groups) for account in group}
    windows = sorted({float(alert.parameters.get("window_s", 0)) for alert in alerts})
    return Network(
        title=title,
        unit=f"things shared within {' or '.join(f'{window:g}' for window in windows)} seconds of each other",
        source="alerts of the detector coordination",
        nodes=tuple(Node(account, activity.get(account, 1.0), number[account]) for account in sorted(number)),
        edges=tuple(Edge(source, target, weight) for (source, target), weight in sorted(weights.items())),
    )


def _window(alert: Alert) -> SurgeWindow:
    low, high = alert.details.get("factor_interval") or (None, None)
    return SurgeWindow(
        start=alert.start,
        end=alert.end,
        observed=float(alert.observed or 0),
        expected=float(alert.expected or 0),
        factor=float(alert.details.get("factor") or 0),
        factor_low=low,
        factor_high=high,
        q=alert.q,
        direction=str(alert.details.get("direction", "up")),
    )
