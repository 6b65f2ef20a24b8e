"""The brief's pictures as pieces of another page: the console shows them beside what it says of a case itself."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from seawall.brief.content import Multiples, Network, SharedThing, Timeline
from seawall.brief.flow_content import Flow
from seawall.brief.funnel_content import FunnelShown
from seawall.brief.move_content import Succession, Uptake
from seawall.brief.pairs import Pairs
from seawall.brief.render import environment
from seawall.brief.spread_content import Cascade


class Fragments:
    """The pictures of one page, each with its tables; the same pair of accounts has one place in all of them.

    No piece holds a style or a script: the page's own sheet gives the classes their looks.
    """

    def __init__(self) -> None:
        self._pairs = Pairs()

    def pictures(
        self,
        key: str,
        *,
        timeline: Timeline | None = None,
        cascade: Cascade | None = None,
        multiples: Multiples | None = None,
        shared: tuple[SharedThing, ...] = (),
        network: Network | None = None,
        funnel: FunnelShown | None = None,
        flow: Flow | None = None,
        uptake: Uptake | None = None,
        succession: Succession | None = None,
    ) -> Markup:
        """The pictures of one alert, as HTML.

        Args:
            key: a name that no other alert of the page has.
            timeline: counts with their windows.
            cascade: copies by channel and time.
            multiples: series that rose together.
            shared: what marks the messages of a campaign candidate.
            network: who acted together.
            funnel: how a hub led newcomers, who are numbered.
            flow: where the members of a community link to.
            uptake: how channel after channel took to a place.
            succession: what may have come after a channel that ended.
        """
        given = {"timeline": timeline, "cascade": cascade, "multiples": multiples, "shared": shared, "network": network}
        moves = {"flow": flow, "uptake": uptake, "succession": succession}
        return self._render("fragment.html.j2", key=key, funnel=funnel, **moves, **given)

    def pairs(self) -> Markup:
        """The messages behind the pairs that the pictures so far lead to; empty where there are none."""
        return self._render("fragment_pairs.html.j2")

    def _render(self, template: str, **values: object) -> Markup:
        page = _templates().get_template(template).render(pairs=self._pairs, **values)
        return Markup(page)  # noqa: S704 - the brief's own templates, which escape


@cache
def _templates() -> Environment:
    """Compiled once; what belongs to one page is handed in with it."""
    return environment()
