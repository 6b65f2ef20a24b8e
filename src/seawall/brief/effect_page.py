"""A page of before and after, and its pictures alone."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from seawall.brief import tokens
from seawall.brief.effect_content import EffectPage, EffectPanel
from seawall.brief.effect_picture import draw
from seawall.brief.render import environment, styled
from seawall.brief.timeline import WIDE

_HEAD, _GAP, _FOOT = 44, 14, 44
_STYLE = """text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--quiet)}
.paper{fill:var(--paper)}.grid{stroke:var(--rule)}.axis{stroke:var(--quiet)}.band{fill:var(--band)}
.observed{fill:none;stroke:var(--ink);stroke-width:1.5}.expected{fill:none;stroke:var(--quiet);stroke-dasharray:4 3}
.hatch{stroke:var(--missing);stroke-width:1.5;fill:none}.acted{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:2 2}
.title{fill:var(--ink);font-weight:650;font-size:15px}
"""


def render_effect(page: EffectPage) -> str:
    """The page: pictures with their tables; it loads nothing and runs nothing."""
    return environment().get_template("effect_page.html.j2").render(page=page, **styled())


def render_effect_picture(panels: Sequence[EffectPanel]) -> str:
    """The pictures alone, one below the other, as SVG with its colours in it, light or dark as the reader's system.

    Args:
        panels: at least one.
    """
    style = Markup(tokens.alone(_STYLE))  # noqa: S704 - ours
    drawn = [draw(panel, WIDE) for panel in panels]
    tall = [_HEAD + one.line.height + _GAP for one in drawn]
    tops = [sum(tall[:place]) for place in range(len(tall))]
    rows = list(zip(panels, drawn, tops, strict=True))
    told = {"rows": rows, "width": WIDE, "height": sum(tall) + _FOOT, "head": _HEAD}
    svg = environment().get_template("effect.svg.j2").render(style=style, **told)
    return svg.strip() + "\n"
