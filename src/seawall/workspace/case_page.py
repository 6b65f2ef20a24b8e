"""What a page shows of one case: its file, the messages that it rests on grouped by their words, and its pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from seawall.brief import CopyGroup
from seawall.brief.fragments import Fragments
from seawall.casebook import Campaign, CaseFile, KeptAlert, QueueFilter, QueueRow
from seawall.casebook.approached import ToProtect
from seawall.model import Alert
from seawall.workspace.behind import Held, beginning, wanted
from seawall.workspace.ego import ego
from seawall.workspace.funnel_shown import funnel_of
from seawall.workspace.looking_messages import MessageSeen, messages_of
from seawall.workspace.moves_shown import flow_of, succession_of, uptake_of
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
    row: QueueRow  # its line in the queue: who holds it, in which campaign it is
    alike: tuple[QueueRow, ...]  # other waiting cases that rest on the same or nearly the same messages
    campaign: Campaign | None
    protect: ToProtect  # how many people its alerts name, who are for safeguarding alone


def case_page(workspace: Workspace, case_id: str, *, around: str | None = None) -> CasePage:
    """One case with everything that its page shows. The read is audited, as one.

    Args:
        workspace: acts as the person who looks.
        case_id: which case.
        around: the account in the middle of its networks; otherwise the most active one of each.

    Raises:
        RuleError: there is no such case, or the role does not allow to read it.
        StorageError: the audit cannot be written, so nothing is shown.
    """
    book, who = workspace.casebook, workspace.reviewer
    file = workspace.case(case_id)
    shown = file.alerts[:MOST_ALERTS]
    drawn = {kept.alert_id: _around(kept.alert, around) for kept in shown}
    edges = [edge for one in drawn.values() if one for edge in one.edges]
    messages = messages_of(workspace, _ids(shown, edges))
    behind = {id_: (one.sent_at, beginning(one.text)) for id_, one in messages.items()}
    folder, fragments = workspace.path.resolve().name, Fragments()
    alerts = tuple(
        _alert(kept, messages, drawn[kept.alert_id], _Drawing(fragments, f"alert-{place}", behind, folder))
        for place, kept in enumerate(shown, start=1)
    )
    (row,) = book.queue.page(QueueFilter(status=(), cases=(file.case.case_id,)), reviewer=who).rows
    return CasePage(
        file=file,
        alerts=alerts,
        hidden=len(file.alerts) - len(shown),
        pairs=fragments.pairs(),
        policy=_policy(workspace),
        row=row,
        alike=book.queue.alike(file.case.case_id, reviewer=who),
        campaign=book.campaigns.find(row.campaign_id, reviewer=who) if row.campaign_id else None,
        protect=book.approached.of_case(file.case.case_id, reviewer=who),
    )


@dataclass(frozen=True, slots=True)
class _Around:
    """What is drawn of an alert's pairs."""

    edges: tuple[Mapping[str, Any], ...]
    accounts: tuple[str, ...]  # of all pairs, the most active first
    middle: str


@dataclass(frozen=True, slots=True)
class _Drawing:
    fragments: Fragments
    key: str
    behind: Held
    folder: str


def _around(alert: Alert, account: str | None) -> _Around | None:
    """The pairs around one account of an alert; None where the alert has no pairs."""
    whole = network_of(alert, {}, None)
    if whole is None or not whole.nodes:
        return None
    names = tuple(node.id for node in sorted(whole.nodes, key=lambda node: (-node.activity, node.id)))
    middle = account if account in names else names[0]
    near = {node.id for node in ego(whole, middle).nodes}
    edges = tuple(edge for edge in edges_of([alert]) if edge["source"] in near and edge["target"] in near)
    return _Around(edges, names, middle)


def _ids(alerts: Sequence[KeptAlert], edges: Sequence[Mapping[str, Any]]) -> list[str]:
    """The messages that the page shows: evidence, and what is behind the pairs."""
    evidence = [one for kept in alerts for one in kept.alert.evidence[:MOST_READ]]
    return list(dict.fromkeys([*evidence, *wanted(edges)]))


def _alert(
    kept: KeptAlert, messages: Mapping[str, MessageSeen], around: _Around | None, drawing: _Drawing
) -> AlertPage:
    alert = kept.alert
    found = [messages[one] for one in alert.evidence[:MOST_READ] if one in messages]
    read = [one for one in found if one.text]
    cascade = alert.details.get("cascade")
    network = network_of(alert, drawing.behind, drawing.folder) if around else None
    return AlertPage(
        kept=kept,
        groups=tuple(_groups(read)),
        read=len(read),
        without_text=len(found) - len(read),
        total=len(alert.evidence),
        pictures=drawing.fragments.pictures(
            drawing.key,
            timeline=timeline_of(alert),
            cascade=cascade_of(cascade) if cascade else None,
            multiples=multiples_of(alert),
            shared=tuple(shared_of(alert)),
            network=ego(network, around.middle) if network and around else None,
            funnel=funnel_of(alert),
            flow=flow_of(alert),
            uptake=uptake_of(alert),
            succession=succession_of(alert),
        ),
        accounts=around.accounts if around else (),
        ego=around.middle if around else None,
    )


def _groups(read: Sequence[MessageSeen]) -> Iterable[MessageGroup]:
    """Messages by their words; each group beside the first message of all."""
    groups: dict[str, list[MessageSeen]] = {}
    for one in sorted(read, key=lambda one: (one.sent_at, one.message_id)):
        groups.setdefault(one.text or "", []).append(one)
    shown = sorted(groups.values(), key=lambda group: -len(group))[:MOST_GROUPS]
    by_id = {group[0].message_id: group for group in shown}
    compared = [
        {"message_id": one.message_id, "sent_at": one.sent_at, "text": one.text, "language": one.language}
        for group in shown
        for one in group
    ]
    for copy in copy_groups(compared):
        group = by_id[copy.id]
        yield MessageGroup(
            copy=copy,
            text=group[0].text or "",
            last=group[-1].sent_at,
            accounts=tuple(dict.fromkeys(one.account_id for one in group)),
            channels=tuple(dict.fromkeys(one.channel_id for one in group if one.channel_id)),
            visibility=group[0].visibility,
        )


def _policy(workspace: Workspace) -> str | None:
    """The rules of the platform as the operator has put them beside the workspace; None where there are none."""
    try:
        with (workspace.path / POLICY).open(encoding="utf-8", errors="replace") as file:
            return file.read(MOST_POLICY)
    except OSError:
        return None
