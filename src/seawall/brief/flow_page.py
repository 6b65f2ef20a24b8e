"""A page of flows, and the picture of one alone."""

from __future__ import annotations

from markupsafe import Markup

from seawall.brief import tokens
from seawall.brief.flow_content import Flow, FlowPage
from seawall.brief.flow_picture import draw
from seawall.brief.render import environment, styled
from seawall.brief.timeline import WIDE

_STYLE = """text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--quiet)}
.paper{fill:var(--paper)}.grid{stroke:var(--rule)}.axis{stroke:var(--quiet)}.observed{fill:none;stroke:var(--ink);stroke-width:1.5}
.stream{fill:var(--missing)}.stream.moved{fill:var(--migration);stroke:var(--migration);stroke-width:1.5}
.moved-name{fill:var(--migration);font-weight:650}.hatch{stroke:var(--missing);stroke-width:1.5;fill:none}
"""


def render_flow(page: FlowPage) -> str:
    """The page: pictures with their tables; it loads nothing and runs nothing."""
    return environment().get_template("flow_page.html.j2").render(page=page, **styled())


def render_flow_picture(flow: Flow) -> str:
    """The picture alone, as SVG with its colours in it, light or dark as the reader's system."""
    style = Markup(tokens.alone(_STYLE))  # noqa: S704 - ours
    drawn = {"flow": flow, "picture": draw(flow, WIDE), "style": style}
    svg = environment().get_template("flow.svg.j2").render(**drawn)
    return svg.strip() + "\n"
