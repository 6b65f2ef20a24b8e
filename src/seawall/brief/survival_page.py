"""A page of how long things live, and its picture alone."""

from __future__ import annotations

from markupsafe import Markup

from seawall.brief import tokens
from seawall.brief.render import environment, styled
from seawall.brief.survival_content import SurvivalPage, SurvivalShown
from seawall.brief.timeline import WIDE

_PICTURE_STYLE = """text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--quiet)}
.paper{fill:var(--paper)}
.grid{stroke:var(--rule);stroke-width:1}
.axis{stroke:var(--quiet);stroke-width:1}
.half{stroke:var(--quiet);stroke-width:1;stroke-dasharray:2 3}
.lives{fill:none;stroke:var(--hue,var(--ink));stroke-width:1.8}
.lives-band{fill:var(--band)}
.lives-band[class*=group]{fill:var(--hue);opacity:.16}
.lives-mark{fill:none;stroke:var(--hue,var(--ink));stroke-width:1}
text.lives-name{fill:var(--ink)}
"""


def render_survival(page: SurvivalPage) -> str:
    """The page: picture, numbers at risk, tables, what was left out and what this cannot tell; it loads nothing."""
    return environment().get_template("survival_page.html.j2").render(page=page, **styled())


def render_survival_picture(shown: SurvivalShown) -> str:
    """The picture alone, as SVG with its colours in it, light or dark as the reader's system."""
    style = Markup(tokens.alone(_PICTURE_STYLE))  # noqa: S704 - ours
    return environment().get_template("survival.svg.j2").render(shown=shown, wide=WIDE, style=style).strip() + "\n"
