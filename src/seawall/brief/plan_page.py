"""A page of a plan, and its picture alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from seawall.brief import tokens
from seawall.brief.render import environment, styled
from seawall.brief.timeline import WIDE
from seawall.planning import Plan

_PICTURE_STYLE = """text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--quiet)}
.paper{fill:var(--paper)}
.grid{stroke:var(--rule);stroke-width:1}
.axis{stroke:var(--quiet);stroke-width:1}
.plan-within{stroke:var(--quiet);stroke-width:1;stroke-dasharray:2 3}
.plan-window{stroke:var(--ink);stroke-width:1}
.plan-line{fill:none;stroke:var(--hue);stroke-width:2}
.plan-beyond{opacity:.55;stroke-dasharray:2 4}
.plan-mark{fill:var(--paper);stroke:var(--ink);stroke-width:1.5}
text.plan-name{fill:var(--ink)}
"""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """All that the page says; ``command`` makes it again."""

    plan: Plan
    made_at: datetime
    version: str
    command: str


def render_plan(page: PlanPage) -> str:
    """The page: advice, picture, costs, what it rests on; it loads nothing."""
    return environment().get_template("plan_page.html.j2").render(page=page, plan=page.plan, **styled())


def render_plan_picture(plan: Plan) -> str:
    """The picture alone, as SVG with its colours in it, light or dark as the reader's system."""
    style = Markup(tokens.alone(_PICTURE_STYLE))  # noqa: S704 - ours
    return environment().get_template("plan.svg.j2").render(plan=plan, wide=WIDE, style=style).strip() + "\n"
