"""From what alerts carry to what a brief draws: timelines with windows, several beside one another, networks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from seawall.brief import Edge, Multiples, Network, Node, Panel, SharedThing, SurgeWindow, Timeline
from seawall.casebook import KeptAlert
from seawall.model import Alert
from seawall.workspace.behind import Held, together_of

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
    if not drawn or "bin_seconds" not in drawn:
        return None
    return _timeline(str(alert.details.get("series", "")), drawn, drawn, _window(alert))


def multiples_of(alert: Alert) -> Multiples | None:
    """The channels of a campaign candidate, small, those that led first; None for an alert of another kind."""
    channels, drawn = alert.details.get("channels"), alert.details.get("drawn")
    if not channels or not drawn:
        return None
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


def edges_of(alerts: Iterable[Alert]) -> Iterator[Mapping[str, Any]]:
    """The links that alerts of coordination tell."""
    for alert in alerts:
        yield from alert.details.get("edges", ())


def network_of(alert: Alert, messages: Held, folder: str | None) -> Network | None:
    """The accounts of a coordination alert; None for an alert of another kind."""
    return _network("Accounts that acted together", [alert], messages, folder) if alert.details.get("edges") else None


def overall_network(alerts: Sequence[KeptAlert], messages: Held, folder: str | None) -> Network | None:
    """All accounts that coordination alerts speak of, in one picture; None where there are none."""
    found = [kept.alert for kept in alerts if kept.alert.details.get("edges")]
    return _network("All accounts that acted together", found, messages, folder) if found else None


def _network(title: str, alerts: Sequence[Alert], messages: Held, folder: str | None) -> Network:
    pairs: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    activity: dict[str, float] = {}
    core = {account for alert in alerts for account in alert.details.get("core", ())}
    for alert in alerts:
        for edge in alert.details["edges"]:
            pairs.setdefault((str(edge["source"]), str(edge["target"])), []).append(edge)
        for account in alert.details.get("per_account", ()):
            activity[account["account"]] = activity.get(account["account"], 0) + float(account["messages"])
    number = _numbered(alerts, pairs)
    windows = sorted({float(alert.parameters.get("window_s", 0)) for alert in alerts})
    return Network(
        title=title,
        unit=f"things shared within {' or '.join(f'{window:g}' for window in windows)} seconds of each other",
        source="alerts of the detector coordination",
        nodes=tuple(Node(one, activity.get(one, 1.0), number[one], one in core) for one in sorted(number)),
        edges=tuple(_edge(pair, edges, messages) for pair, edges in sorted(pairs.items())),
        folder=folder,
    )


def _numbered(alerts: Sequence[Alert], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The group of each account: that of the first alert which speaks of it; of alerts that overlap most, one."""
    homes: dict[str, int] = {}
    drawn = {account for pair in pairs for account in pair}
    for place, alert in enumerate(alerts):
        members = [subject.id for subject in alert.subjects if subject.id in drawn]
        known = Counter(homes[one] for one in members if one in homes)
        group, shared = known.most_common(1)[0] if known else (place, 0)
        for one in members:
            homes.setdefault(one, group if 2 * shared >= len(members) else place)
    return homes | {one: len(alerts) for one in drawn - homes.keys()}


def _edge(pair: tuple[str, str], edges: Sequence[Mapping[str, Any]], messages: Held) -> Edge:
    """A pair, once, whatever number of alerts tell of it."""
    expected = [edge["expected"] for edge in edges if edge.get("expected") is not None]
    heaviest = max(edges, key=lambda edge: float(edge["weight"]))
    pieces = {tuple(piece): None for edge in edges for piece in edge.get("behind", ())}
    weight = sum(float(edge["weight"]) for edge in edges)
    return Edge(
        source=pair[0],
        target=pair[1],
        weight=weight,
        expected=sum(expected) if expected else None,
        q=min((edge["q"] for edge in edges if edge.get("q") is not None), default=None),
        leads=heaviest.get("leads"),
        lag_s=heaviest.get("median_lag_s"),
        behind=together_of(pieces, messages),
        behind_total=int(weight),
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
