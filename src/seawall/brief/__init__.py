"""A written document for someone who was not there: one page that needs nothing else."""

from __future__ import annotations

from seawall.brief.content import (
    AlertShown,
    BriefContent,
    CaseShown,
    DecisionShown,
    Edge,
    Evidence,
    Gap,
    InputRead,
    Method,
    Multiples,
    Network,
    Node,
    Panel,
    SharedThing,
    SurgeWindow,
    Timeline,
    Together,
)
from seawall.brief.funnel_content import FunnelShown, Newcomer, Rung, Term
from seawall.brief.move_content import Candidate, Succession, Uptake
from seawall.brief.network_page import GroupTold, NetworkPage, render_network, render_picture
from seawall.brief.render import render
from seawall.brief.spread_content import Cascade, CascadeRow, CopyGroup, Part, SpreadShown

__all__ = [
    "AlertShown",
    "BriefContent",
    "Candidate",
    "Cascade",
    "CascadeRow",
    "CaseShown",
    "CopyGroup",
    "DecisionShown",
    "Edge",
    "Evidence",
    "FunnelShown",
    "Gap",
    "GroupTold",
    "InputRead",
    "Method",
    "Multiples",
    "Network",
    "NetworkPage",
    "Newcomer",
    "Node",
    "Panel",
    "Part",
    "Rung",
    "SharedThing",
    "SpreadShown",
    "Succession",
    "SurgeWindow",
    "Term",
    "Timeline",
    "Together",
    "Uptake",
    "render",
    "render_network",
    "render_picture",
]
