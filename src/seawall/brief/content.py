"""What a brief says, before it becomes a page. The workspace fills it; nothing here reads or decides anything.

Times are in UTC and carry their zone. None means *not told* or *not looked at*, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from seawall.brief.flow_content import Flow
from seawall.brief.funnel_content import FunnelShown
from seawall.brief.move_content import Succession, Uptake
from seawall.brief.spread_content import SpreadShown
from seawall.model import Severity

if TYPE_CHECKING:
    from seawall.brief.going_content import Going


@dataclass(frozen=True, slots=True)
class InputRead:
    """One input: ``records = kept + rejected + duplicate``."""

    label: str  # never a file name: "input 3f2a91c0"
    source: str
    platform: str
    records: int
    kept: int
    rejected: int
    duplicate: int
    first: datetime | None = None  # of what was kept
    last: datetime | None = None
    reasons: tuple[tuple[str, int], ...] = ()  # why rows were rejected, and how many
    assumptions: tuple[str, ...] = ()  # sentences


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing was collected: not silence."""

    source: str
    start: datetime
    end: datetime
    how: str  # how it is known, or why


@dataclass(frozen=True, slots=True)
class SurgeWindow:
    """An interval in which much more, or much less, was written than expected."""

    start: datetime
    end: datetime
    observed: float
    expected: float
    factor: float
    factor_low: float | None = None  # 95 % interval
    factor_high: float | None = None
    q: float | None = None  # expected part of false discoveries among windows like this
    direction: str = "up"  # or "down": a collapse


@dataclass(frozen=True, slots=True)
class Timeline:
    """Counts in consecutive bins of one length. All tuples are as long as ``at``."""

    title: str  # "forum, messages in German"
    unit: str  # "messages per day"
    source: str  # where the counts come from, for the line below the picture
    bin: timedelta
    at: tuple[datetime, ...]  # begin of each bin
    observed: tuple[float | None, ...]  # None = not collected
    expected: tuple[float | None, ...] = ()  # empty = no expectation was computed
    low: tuple[float | None, ...] = ()  # the band within which 95 % of ordinary bins lie
    high: tuple[float | None, ...] = ()
    windows: tuple[SurgeWindow, ...] = ()

    @property
    def gaps(self) -> bool:
        """Whether some bins were not collected."""
        return None in self.observed


@dataclass(frozen=True, slots=True)
class Panel:
    """One series of several that rose together."""

    line: Timeline  # with one window: when this series rose
    name: str  # a channel's pseudonym, or a platform
    platform: str
    role: str | None = None  # "led", "followed", "with the others"; None = cannot be told
    lag_hours: float | None = None  # behind the others; negative = before them
    lag_low: float | None = None  # 95 % interval
    lag_high: float | None = None


@dataclass(frozen=True, slots=True)
class Multiples:
    """Small pictures of several series beside one another, over the same time; those that led first."""

    title: str
    unit: str
    source: str
    panels: tuple[Panel, ...]
    hidden: int = 0  # series that are not shown


@dataclass(frozen=True, slots=True)
class SharedThing:
    """Something that stands in many messages of a candidate, and in few of the weeks before."""

    kind: str  # "text", "repost", "link", "domain", "hashtag", "phrase"
    name: str  # words, an address, or the key of a text
    messages: int
    accounts: int
    before: int  # messages of the weeks before
    z: float  # how clearly it belongs to the candidate, in standard errors


@dataclass(frozen=True, slots=True)
class Node:
    """An account in the network."""

    id: str  # pseudonym
    activity: float  # how often it shared something
    group: int = 0  # accounts of one group hang together
    core: bool = False  # tied to many of its group, who are so themselves


@dataclass(frozen=True, slots=True)
class Together:
    """Two messages that are behind a pair: the same thing, shared by both within the window."""

    kind: str  # "text", "link", ...
    source_message: str
    target_message: str
    source_at: datetime
    target_at: datetime
    text: str | None = None  # of the first of the two; None = withheld, empty or erased


@dataclass(frozen=True, slots=True)
class Edge:
    """Two accounts that shared the same things within the window."""

    source: str
    target: str
    weight: float  # how many times
    expected: float | None = None  # how many by chance
    q: float | None = None
    directed: bool = False
    leads: float | None = None  # the part of the times on which the source came first
    lag_s: float | None = None  # seconds between the two, the median
    behind: tuple[Together, ...] = ()  # some of the messages, in the order of time
    behind_total: int | None = None  # how many such pairs of messages there are; None = not counted


@dataclass(frozen=True, slots=True)
class Network:
    """Who shared the same things at nearly the same time."""

    title: str
    unit: str  # what a weight counts: "messages shared within 60 seconds of each other"
    source: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    folder: str | None = None  # of the workspace, for the command that shows all messages of a pair


@dataclass(frozen=True, slots=True)
class Evidence:
    """A message or interaction that an alert rests on."""

    id: str
    at: datetime | None = None
    account: str | None = None  # pseudonym
    channel: str | None = None  # pseudonym
    channel_kind: str | None = None
    visibility: str | None = None
    language: str | None = None
    text: str | None = None  # with typed tokens for identities; None = withheld, empty or erased
    copies: int = 1  # how many messages say the same


@dataclass(frozen=True, slots=True)
class AlertShown:
    """A detector's claim, what it rests on, and what speaks against it."""

    alert_id: str
    revision: int
    detector: str
    version: str
    sentence: str
    start: datetime
    end: datetime
    score: float
    observed: float | None = None
    expected: float | None = None
    p: float | None = None
    q: float | None = None
    factor: float | None = None
    factor_low: float | None = None
    factor_high: float | None = None
    doubt: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    evidence_total: int = 0  # how many pieces there are; ``evidence`` holds the most telling
    timeline: Timeline | None = None
    network: Network | None = None
    multiples: Multiples | None = None
    shared: tuple[SharedThing, ...] = ()
    spread: SpreadShown | None = None
    funnel: FunnelShown | None = None
    flow: Flow | None = None
    uptake: Uptake | None = None
    succession: Succession | None = None


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """What a person decided."""

    reviewer: str
    at: datetime
    outcome: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseShown:
    """Alerts that belong together."""

    case_id: str
    status: str
    severity: Severity
    confidence: float
    sentence: str
    start: datetime
    end: datetime
    alerts: tuple[AlertShown, ...]
    decisions: tuple[DecisionShown, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """A detector with the parameters that it ran with."""

    detector: str
    version: str
    about: str  # one or two sentences for someone who has never heard of it
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class BriefContent:
    """A whole brief."""

    title: str
    workspace: str
    made_at: datetime
    lake_version: str
    versions: Mapping[str, str]  # part -> version, "seawall" among them
    messages: int
    accounts: int
    channels: int
    inputs: tuple[InputRead, ...] = ()
    gaps: tuple[Gap, ...] = ()
    timelines: tuple[Timeline, ...] = ()
    network: Network | None = None
    going: Going | None = None  # None = the records hold no links, no ends and no actions
    cases: tuple[CaseShown, ...] = ()  # by priority
    cases_total: int = 0  # how many there are, when only the gravest are shown
    methods: tuple[Method, ...] = ()
    commands: tuple[str, ...] = ()  # what reproduces this
    limits: tuple[str, ...] = field(default=())  # sentences, beside those that every brief states
