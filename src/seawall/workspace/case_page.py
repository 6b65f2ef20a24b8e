"""What a page shows of one case: its file, the messages that it rests on grouped by their words, and its pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from seawall.brief import CopyGroup, Network
from seawall.brief.fragments import Fragments
from seawall.casebook import CaseFile, KeptAlert
from seawall.lake import Lake
from seawall.workspace.behind import held, wanted
from seawall.workspace.ego import ego
from seawall.workspace.pictures import edges_of, multiples_of, network_of, shared_of, timeline_of
from seawall.workspace.spread_shown import cascade_of, copy_groups

if TYPE_CHECKING:
    from seawall.workspace.workspace import Workspace

MOST_ALERTS = 12
"""So many alerts of a case are shown, the gravest."""
MOST_READ = 200
"""So many messages of an alert are read, the most telling."""
MOST_GROUPS = 24
POLICY = "policy.md"
MOST_POLICY = 40_000
"""So many letters of the policy are shown."""
_COLUMNS = ("message_id", "sent_at", "account_id", "channel_id", "visibility", "language", "text")


@dataclass(frozen=True, slots=True)
class MessageGroup:
    """Messages with the same words, and how they differ from the first message of the alert."""

    copy: CopyGroup
    text: str
    last: datetime
    accounts: tuple[str, ...]  # pseudonyms, those that wrote it first first
    channels: tuple[str, ...]
    visibility: str


@dataclass(frozen=True, slots=True)
class AlertPage:
    """One alert of a case."""

    kept: KeptAlert
    groups: tuple[MessageGroup, ...]
    read: int  # messages whose text is kept and was read
    without_text: int  # of those that were looked for
    total: int  # pieces of evidence in all
    pictures: Markup
    accounts: tuple[str, ...]  # of its network, the most active first; empty where it has none
    ego: str | None  # in the middle of the network that is drawn


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case as a page shows it."""

    file: CaseFile
    alerts: tuple[AlertPage, ...]
    hidden: int  # alerts that are not shown
    pairs: Markup
    policy: str | None


def case_page(workspace: Workspace, case_id: str, *, around: str | None = None) -> CasePage:
    """One case with everything that its page shows. The read is audited.

    Args:
        workspace: acts as the person who looks.
        case_id: which case.
        around: the account in the middle of its networks; otherwise the most active one of each.

    Raises:
        RuleError: there is no such case, or the role does not allow to read it.
        StorageError: the audit cannot be written, so nothing is shown.
    """
    file = workspace.case(case_id)
    shown = file.alerts[:MOST_ALERTS]
    fragments = Fragments()
    with workspace.reading() as lake:
        messages = _messages(lake, shown)
        folder = workspace.path.resolve().name
        networks = {kept.alert_id: _network(kept, lake, folder, around) for kept in shown}
    alerts = tuple(
        _alert(kept, messages, networks[kept.alert_id], fragments, f"alert-{place}")
        for place, kept in enumerate(shown, start=1)
    )
    return CasePage(file, alerts, len(file.alerts) - len(shown), fragments.pairs(), _policy(workspace))


@dataclass(frozen=True, slots=True)
class _Around:
    network: Network
    accounts: tuple[str, ...]
    middle: str


def _network(kept: KeptAlert, lake: Lake, folder: str, around: str | None) -> _Around | None:
    """The pairs around one account of an alert; None where the alert has no pairs."""
    whole = network_of(kept.alert, {}, None)
    if whole is None or not whole.nodes:
        return None
    by_activity = sorted(whole.nodes, key=lambda node: (-node.activity, node.id))
    names = tuple(node.id for node in by_activity)
    middle = around if around in names else names[0]
    near = {node.id for node in ego(whole, middle).nodes}
    edges = [edge for edge in edges_of([kept.alert]) if edge["source"] in near and edge["target"] in near]
    drawn = network_of(kept.alert, held(lake, wanted(edges)), folder)
    return None if drawn is None else _Around(ego(drawn, middle), names, middle)


def _alert(
    kept: KeptAlert, messages: Mapping[str, Mapping[str, Any]], around: _Around | None, fragments: Fragments, key: str
) -> AlertPage:
    alert = kept.alert
    found = [messages[one] for one in alert.evidence[:MOST_READ] if one in messages]
    read = [row for row in found if row["text"]]
    cascade = alert.details.get("cascade")
    return AlertPage(
        kept=kept,
        groups=tuple(_groups(read)),
        read=len(read),
        without_text=len(found) - len(read),
        total=len(alert.evidence),
        pictures=fragments.pictures(
            key,
            timeline=timeline_of(alert),
            cascade=cascade_of(cascade) if cascade else None,
            multiples=multiples_of(alert),
            shared=tuple(shared_of(alert)),
            network=around.network if around else None,
        ),
        accounts=around.accounts if around else (),
        ego=around.middle if around else None,
    )


def _groups(read: Sequence[Mapping[str, Any]]) -> Iterable[MessageGroup]:
    """Messages by their words; each group beside the first message of all."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(read, key=lambda row: (row["sent_at"], row["message_id"])):
        rows.setdefault(row["text"], []).append(row)
    shown = dict(sorted(rows.items(), key=lambda group: -len(group[1]))[:MOST_GROUPS])
    by_id = {group[0]["message_id"]: (text, group) for text, group in shown.items()}
    for copy in copy_groups([row for group in shown.values() for row in group]):
        text, group = by_id[copy.id]
        yield MessageGroup(
            copy=copy,
            text=text,
            last=group[-1]["sent_at"],
            accounts=tuple(dict.fromkeys(row["account_id"] for row in group)),
            channels=tuple(dict.fromkeys(row["channel_id"] for row in group if row["channel_id"])),
            visibility=group[0]["visibility"],
        )


def _messages(lake: Lake, alerts: Sequence[KeptAlert]) -> dict[str, Mapping[str, Any]]:
    ids = dict.fromkeys(one for kept in alerts for one in kept.alert.evidence[:MOST_READ])
    if not ids:
        return {}
    listed = ", ".join("'" + one.replace("'", "''") + "'" for one in ids)
    rows = lake.reader("messages", _COLUMNS, where=f"message_id IN ({listed})").read_all().to_pylist()
    return {row["message_id"]: row for row in rows}


def _policy(workspace: Workspace) -> str | None:
    """The rules of the platform as the operator has put them beside the workspace; None where there are none."""
    try:
        with (workspace.path / POLICY).open(encoding="utf-8", errors="replace") as file:
            return file.read(MOST_POLICY)
    except OSError:
        return None
