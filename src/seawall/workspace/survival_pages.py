"""What was found of how long things live -> the content of its picture and its page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import seawall
from seawall.brief.survival_content import KindOfEnd, SurvivalCurve, SurvivalPage, SurvivalShown, Usual
from seawall.measures.lifetimes import told
from seawall.workspace.survival_found import LEFT_OUT, SurvivalFound, group_name


def survival_shown(found: SurvivalFound) -> SurvivalShown:
    """Curves with bands, usual ages and kinds of end."""
    curves = tuple(_curve(found, row) for row in found.median.to_pylist())
    ends = tuple(
        KindOfEnd(group_name(row), row["kind"], row["ended"], row["incidence"], row["low"], row["high"])
        for row in (found.last_ends() if found.ends_differ else ())
    )
    title = "How long they live" if found.by is None else f"How long they live, by {found.grouped}"
    return SurvivalShown(title, found.source, curves, found.confidence, ends, between=told(found.curve)["interval"])


def survival_page(found: SurvivalFound, command: str | None) -> SurvivalPage:
    """All that the page says; ``command`` makes it again."""
    return SurvivalPage(
        title=f"Survival: {found.source}",
        sentence=found.sentence,
        made_at=datetime.now(UTC),
        version=seawall.__version__,
        shown=survival_shown(found),
        compared=found.comparison,
        assumptions=found.assumptions,
        left_out={LEFT_OUT[reason]: count for reason, count in found.left_out.items()},
        command=command,
    )


def _curve(found: SurvivalFound, row: dict[str, Any]) -> SurvivalCurve:
    part = found.curve
    if "group" in row:
        own = pc.is_null(part["group"]) if row["group"] is None else pc.equal(part["group"], pa.scalar(row["group"]))
        part = part.filter(pc.fill_null(own, False))
    return SurvivalCurve(
        name=group_name(row),
        spells=row["spells"],
        ended=row["ended"],
        usual=Usual(row["age"], row["low"], row["high"]),
        days=tuple(part["time"].to_pylist()),
        survival=tuple(part["survival"].to_pylist()),
        low=tuple(part["low"].to_pylist()),
        high=tuple(part["high"].to_pylist()),
        at_risk=tuple(part["at_risk"].to_pylist()),
        gone=tuple(pc.add(part["events"], part["censored"]).to_pylist()),
        censored=tuple(part["censored"].to_pylist()),
    )
