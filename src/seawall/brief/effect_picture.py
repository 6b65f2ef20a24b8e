"""Before and after an action, as geometry: what was counted over what was to be expected. The template draws it."""

from __future__ import annotations

from dataclasses import dataclass

from seawall.brief.effect_content import EffectPanel
from seawall.brief.timeline import TimelinePicture
from seawall.brief.timeline import draw as draw_line


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
