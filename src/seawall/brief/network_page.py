"""One network on a page, or as a picture, by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from seawall.brief import tokens
from seawall.brief.content import Network
from seawall.brief.network import draw
from seawall.brief.render import environment, styled
from seawall.brief.timeline import WIDE

_PICTURE_STYLE = """text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.paper{fill:var(--paper)}
.edge{stroke:var(--coordination);stroke-opacity:.5}
.between{stroke:var(--quiet);stroke-opacity:.35}
.dot{fill:var(--hue);stroke:var(--paper);stroke-width:1}
.core{stroke:var(--ink);stroke-width:1.3}
.whole-groups .dot{fill:color-mix(in srgb,var(--hue) 30%,var(--paper));stroke:var(--hue);stroke-width:2}
.hull{fill:var(--hue);stroke:var(--hue);stroke-linejoin:round;opacity:.12}
text{fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
"""


@dataclass(frozen=True, slots=True)
class GroupTold:
    """A group in words."""

    sentence: str
    doubt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """All that a page of one network says."""

    title: str
    sentence: str
    workspace: str
    made_at: datetime
    lake_version: str
    version: str  # of Seawall
    network: Network
    groups: tuple[GroupTold, ...]
    parameters: Mapping[str, object]
    command: str | None = None  # what makes this page again


def render_network(page: NetworkPage) -> str:
    """The page: picture, tables, groups in words, the messages behind each pair; it loads nothing and runs nothing."""
    return environment().get_template("network_page.html.j2").render(page=page, **styled())


def render_picture(network: Network) -> str:
    """The picture alone, as SVG with its colours in it, light or dark as the reader's system."""
    svg = (
        environment()
        .get_template("network.svg.j2")
        .render(
            net=network,
            picture=draw(network, WIDE),
            style=Markup(tokens.alone(_PICTURE_STYLE)),  # noqa: S704 - ours
        )
    )
    return svg.strip() + "\n"
