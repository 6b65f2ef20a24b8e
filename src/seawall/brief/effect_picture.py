"""Before and after an action, as geometry: what was counted over what was to be expected. The template draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from seawall.brief import tokens
from seawall.brief.content import Timeline
from seawall.brief.render import environment, styled
from seawall.brief.timeline import WIDE, TimelinePicture
from seawall.brief.timeline import draw as draw_line

DAY = timedelta(days=1)
_HEAD, _GAP, _FOOT = 44, 14, 44
_STYLE = """text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--quiet)}
.paper{fill:var(--paper)}.grid{stroke:var(--rule)}.axis{stroke:var(--quiet)}.band{fill:var(--band)}
.observed{fill:none;stroke:var(--ink);stroke-width:1.5}.expected{fill:none;stroke:var(--quiet);stroke-dasharray:4 3}
.hatch{stroke:var(--missing);stroke-width:1.5;fill:none}.acted{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:2 2}
.title{fill:var(--ink);font-weight:650;font-size:15px}
"""


@dataclass(frozen=True, slots=True)
class EffectPanel:
    """One action and measure. ``line``: days of both windows, no windows marked; ``acted``: midnight of its day."""

    line: Timeline
    acted: datetime
    sentence: str  # with ratio and interval
    label: str  # the same, short
    verdict: str
    doubt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EffectPage:
    """All that a page of effects says. ``tables``: caption -> head and rows, as text."""

    title: str
    sentence: str
    workspace: str
    made_at: datetime
    lake_version: str
    version: str  # of Seawall
    panels: tuple[EffectPanel, ...]
    hidden: int  # panels that are not drawn
    tables: Mapping[str, tuple[Sequence[str], Sequence[Sequence[str]]]]
    doubt: tuple[str, ...]
    left_out: Mapping[str, int]
    command: str | None = None


@dataclass(frozen=True, slots=True)
class EffectPicture:
    """Where everything lies: the timeline, and the line of the action with its label."""

    line: TimelinePicture
    acted: float
    label_x: float
    anchor: str


def draw(panel: EffectPanel, width: int) -> EffectPicture:
    """The geometry of one panel. Time runs left to right, counts start at zero.

    Args:
        panel: at least one day.
        width: of the picture, WIDE or NARROW of ``seawall.brief.timeline``.
    """
    picture = draw_line(panel.line, width)
    first, last = panel.line.at[0], panel.line.at[-1] + panel.line.bin
    share = min(max((panel.acted - first) / (last - first), 0.0), 1.0)
    acted = round(picture.left + (picture.right - picture.left) * share, 1)
    return EffectPicture(picture, acted, acted + 6 if share < 0.7 else acted - 6, "start" if share < 0.7 else "end")


def render_effect(page: EffectPage) -> str:
    """The page: pictures with their tables; it loads nothing and runs nothing."""
    return environment().get_template("effect_page.html.j2").render(page=page, draw_effect=draw, **styled())


def render_effect_picture(panels: Sequence[EffectPanel]) -> str:
    """The pictures alone, one below the other, as SVG with its colours in it, light or dark as the reader's system.

    Args:
        panels: at least one.
    """
    style = f":root{{{tokens.css(0)}}}@media (prefers-color-scheme:dark){{:root{{{tokens.css(1)}}}}}{_STYLE}"
    drawn = [draw(panel, WIDE) for panel in panels]
    tall = [_HEAD + one.line.height + _GAP for one in drawn]
    tops = [sum(tall[:place]) for place in range(len(tall))]
    rows = list(zip(panels, drawn, tops, strict=True))
    told = {"rows": rows, "width": WIDE, "height": sum(tall) + _FOOT, "head": _HEAD}
    svg = environment().get_template("effect.svg.j2").render(style=Markup(style), **told)  # noqa: S704 - ours
    return svg.strip() + "\n"
