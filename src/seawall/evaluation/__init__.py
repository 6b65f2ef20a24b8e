"""How well a measure of funnels does on worlds whose truth is known: plain figures with intervals, nothing else.

It judges; it never searches for settings that go undetected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.late import names

if TYPE_CHECKING:
    from seawall.evaluation.funnel import FunnelReport, evaluate_funnel
    from seawall.evaluation.groups import GroupGap, group_gaps, newcombe
    from seawall.evaluation.intervals import Figure, figures
    from seawall.evaluation.judgement import Judgement, evaluate
    from seawall.evaluation.operating import Clean, operating_bound
    from seawall.evaluation.worlds import Result, World, earlier
else:
    __getattr__, __dir__ = names(
        __name__,
        {
            "intervals": ("Figure", "figures"),
            "funnel": ("FunnelReport", "evaluate_funnel"),
            "groups": ("GroupGap", "group_gaps", "newcombe"),
            "judgement": ("Judgement", "evaluate"),
            "operating": ("Clean", "operating_bound"),
            "worlds": ("Result", "World", "earlier"),
        },
    )

__all__ = [
    "Clean",
    "Figure",
    "FunnelReport",
    "GroupGap",
    "Judgement",
    "Result",
    "World",
    "earlier",
    "evaluate",
    "evaluate_funnel",
    "figures",
    "group_gaps",
    "newcombe",
    "operating_bound",
]
