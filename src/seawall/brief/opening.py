"""The sentences that a brief opens with: what was read, what stands out, and what people have decided."""

from __future__ import annotations

from collections import Counter

from seawall.brief.content import BriefContent
from seawall.brief.words import counted, part, span
from seawall.model import made_up

_CLAIMS = {
    "coordination": ("group of coordinated accounts", "groups of coordinated accounts"),
    "surge": ("surge or collapse", "surges or collapses"),
    "campaign": ("campaign candidate", "campaign candidates"),
    "output": ("collapse or recovery of output", "collapses or recoveries of output"),
    "funnel": ("funnel-like hub", "funnel-like hubs"),
    "spread": ("text that spread", "texts that spread"),
    "emerging": ("place that emerges", "places that emerge"),
    "migration": ("move that may begin", "moves that may begin"),
    "successor": ("likely successor", "likely successors"),
    "canary": ("test alert", "test alerts"),
}


def opening(content: BriefContent) -> str:
    """One sentence with its numbers."""
    if not content.inputs:
        return "Nothing has been read into this workspace yet, so there is nothing to see."
    records = sum(one.records for one in content.inputs)
    kept = sum(one.kept for one in content.inputs)
    times = [(one.first, one.last) for one in content.inputs if one.first and one.last]
    when = f" of {span(min(first for first, _ in times), max(last for _, last in times))}" if times else ""
    read = f"{part(kept, records)} records{when} were read from {counted(len(content.inputs), 'input')}"
    return f"{read}; {_found(content)}"


def _found(content: BriefContent) -> str:
    claims = Counter((alert.detector, made_up(alert.sentence)) for case in content.cases for alert in case.alerts)
    if not claims and not content.methods:
        return "no detector has looked at them yet."
    if not claims:
        return "nothing in them stands out from what is usual."
    told = [
        counted(count, *_CLAIMS.get(detector, (f"alert by {detector}", f"alerts by {detector}")))
        + (" (simulated)" if simulated else "")
        for (detector, simulated), count in sorted(claims.items())
    ]
    listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    verb = "stands" if sum(claims.values()) == 1 else "stand"
    return (
        f"{listed} {verb} out, in {counted(max(content.cases_total, len(content.cases)), 'case')}, {_decided(content)}."
    )


def _decided(content: BriefContent) -> str:
    decided = sum(case.status == "decided" for case in content.cases)
    waiting = sum(case.status == "awaiting second" for case in content.cases)
    told = part(decided, len(content.cases)) if decided else "none of them"
    after = f"; {waiting} {'waits' if waiting == 1 else 'wait'} for a second person" if waiting else ""
    return f"{told} decided by a person so far{after}"
