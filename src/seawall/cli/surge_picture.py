"""A picture of surges as PNG or SVG: small multiples over one axis of time. It needs matplotlib, and no display."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

import seawall
from seawall.brief.axes import count_ticks, time_ticks
from seawall.brief.tokens import TOKENS
from seawall.brief.words import number
from seawall.cli.output import in_a_line
from seawall.cli.surge_panels import Panel, Picture, label
from seawall.errors import ConfigurationError

SUFFIXES = (".png", ".svg")
DPI = 150
COLOUR = {name: pair[0] for name, pair in TOKENS.items()}
FONTS = (
    "DejaVu Sans",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Noto Sans Ethiopic",
    "PingFang SC",
    "Microsoft YaHei",
    "Nirmala UI",
    "WenQuanYi Zen Hei",
    "Arial Unicode MS",
)
"""Tried in this order for letters that the ones before do not have; the first comes with matplotlib."""

_ONE_COLUMN = 4
_DECIMALS = re.compile(rb"(\.\d{2})\d+")
_HEAD, _FOOT, _GAP = 1.15, 0.78, 0.62  # inches
_LEFT, _RIGHT, _BETWEEN = 0.75, 0.25, 0.65
_STYLE: dict[Any, Any] = {
    "text.parse_math": False,
    "font.size": 8.5,
    "svg.fonttype": "none",
    "svg.hashsalt": "seawall",
    "text.color": COLOUR["ink"],
    "axes.edgecolor": COLOUR["rule"],
    "axes.labelcolor": COLOUR["quiet"],
    "xtick.color": COLOUR["quiet"],
    "ytick.color": COLOUR["quiet"],
    "hatch.linewidth": 0.5,
}


def require_matplotlib() -> None:
    """Refuse before anything is computed.

    Raises:
        ConfigurationError: matplotlib is not installed.
    """
    try:
        import matplotlib  # noqa: F401 - asked for here only
    except ImportError as error:
        raise ConfigurationError(
            "Pictures need matplotlib, which is not installed.",
            where="option --plot",
            mend="Install it with: pip install 'seawall[plot]'",
        ) from error


def render(picture: Picture, form: str) -> bytes:
    """The bytes of the picture; the same picture gives the same bytes.

    Args:
        picture: at least one panel.
        form: ".png" or ".svg".
    """
    import matplotlib as mpl
    from matplotlib.font_manager import get_font_names

    installed = set(get_font_names())
    style = _STYLE | {"font.family": [name for name in FONTS if name in installed]}
    out = io.BytesIO()
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that no font has is drawn as a box
        figure = _figure(picture)
        title, description = in_a_line(picture.headline), in_a_line(picture.description)
        told: dict[str, Any] = {"Title": title, "Description": description}
        if form == ".svg":
            told |= {"Date": None, "Creator": f"Seawall {seawall.__version__}"}
            figure.savefig(out, format="svg", metadata=told)
            return _readable(out.getvalue(), description)
        figure.savefig(out, format="png", dpi=DPI, metadata=told | {"Software": f"Seawall {seawall.__version__}"})
    return out.getvalue()


def _readable(svg: bytes, description: str) -> bytes:
    """The picture with a description that a screen reader finds, and no more decimals than can be seen."""
    words = f"<desc>{escape(description)}</desc>".encode()
    svg = re.sub(rb"<svg ([^>]*>)", lambda head: b'<svg role="img" ' + head[1] + words, svg, count=1)
    return re.sub(rb' d="[^"]*"', lambda path: _DECIMALS.sub(rb"\1", path[0]), svg)


def _figure(picture: Picture) -> Any:
    from matplotlib.figure import Figure

    panels = picture.panels
    columns = 1 if len(panels) <= _ONE_COLUMN else 2
    rows = -(-len(panels) // columns)
    width = 10.0 if columns == 1 else 13.0
    tall = 2.3 if rows == 1 else 1.8 if columns == 1 else 1.5
    height = _HEAD + rows * (tall + _GAP) - _GAP + _FOOT
    figure = Figure(figsize=(width, height), facecolor=COLOUR["paper"])
    broad = (width - _LEFT - _RIGHT - (columns - 1) * _BETWEEN) / columns
    start = min(panel.edges[0] for panel in panels)
    end = max(panel.edges[-1] for panel in panels)
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        left = _LEFT + column * (broad + _BETWEEN)
        bottom = height - _HEAD - row * (tall + _GAP) - tall
        axes = figure.add_axes((left / width, bottom / height, broad / width, tall / height))
        lowest = place + columns >= len(panels)
        _draw(axes, panel, start, end, broad, lowest=lowest)
        axes.set_ylabel(f"counts {picture.unit}")
    _words(figure, picture, width, height)
    return figure


def _words(figure: Any, picture: Picture, width: float, height: float) -> None:
    left, right = _LEFT / width, 1 - _RIGHT / width
    figure.text(left, 1 - 0.16 / height, picture.headline, size=12, weight="bold", va="top")
    source = f"Source: {_cut(in_a_line(Path(picture.source).name), 80)}"
    figure.text(right, 0.1 / height, source, color=COLOUR["quiet"], ha="right", va="bottom")
    figure.text(left, 0.1 / height, picture.footer, color=COLOUR["quiet"], va="bottom")
    figure.legend(
        handles=list(_legend(picture.panels)),
        loc="upper left",
        bbox_to_anchor=(left, 1 - 0.4 / height),
        ncols=6,
        frameon=False,
        borderpad=0,
        borderaxespad=0,
        handlelength=1.6,
        columnspacing=1.6,
    )


def _legend(panels: Sequence[Panel]) -> Iterator[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    yield Line2D([], [], color=COLOUR["ink"], linewidth=1.2, label="counted")
    yield Line2D([], [], color=COLOUR["quiet"], linewidth=1, linestyle=(0, (4, 2)), label="expected")
    yield Patch(facecolor=COLOUR["band"], label="usual range")
    directions = {window["direction"] for panel in panels for window in panel.windows}
    if "up" in directions:
        yield Patch(facecolor=COLOUR["surge"], label="▲ surge")
    if "down" in directions:
        yield Patch(facecolor=COLOUR["collapse"], label="▼ collapse")
    if not all(panel.known.all() for panel in panels):
        yield Patch(facecolor=COLOUR["wash"], edgecolor=COLOUR["missing"], hatch="////", label="not collected")


def _draw(axes: Any, panel: Panel, start: datetime, end: datetime, broad: float, *, lowest: bool) -> None:
    highest = float(np.nanmax(panel.observed, initial=1.0))
    usual = float(np.nanmax(panel.high, initial=0.0))
    ticks = count_ticks(max(highest, min(usual, 1.2 * highest)), 4)
    axes.set_xlim(start, end)
    axes.set_ylim(0, ticks[-1] * (1.2 if panel.windows else 1.05))
    axes.set_yticks(ticks, [number(tick) for tick in ticks])
    moments = time_ticks(start, end, int(broad / 0.6))
    axes.set_xticks([at for at, _ in moments], [told for _, told in moments] if lowest else [""] * len(moments))
    axes.tick_params(length=3, pad=3)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="y", color=COLOUR["rule"], linewidth=0.5)
    axes.set_axisbelow(True)
    if lowest:
        axes.set_xlabel("time (UTC)")
    edges = np.array([edge.replace(tzinfo=None) for edge in panel.edges], "datetime64[us]")
    axes.fill_between(edges[:-1], panel.low, panel.high, step="post", color=COLOUR["band"], linewidth=0, zorder=1)
    _windows(axes, panel, (end - start) * 0.004, (end - start) * (0.55 / broad))
    _gaps(axes, panel)
    ink = _line(len(panel.observed))
    axes.stairs(
        panel.expected,
        edges,
        baseline=None,
        color=COLOUR["quiet"],
        linewidth=0.75 * ink,
        linestyle=(0, (4, 2)),
        zorder=3,
    )
    axes.stairs(panel.observed, edges, baseline=None, color=COLOUR["ink"], linewidth=ink, zorder=4)
    name = _cut(in_a_line(panel.series), int(broad * 8))
    _above(axes, name, 17, size=10, weight="bold")
    _above(axes, panel.caption, 4, color=COLOUR["quiet"])


def _above(axes: Any, text: str, points: int, **looks: Any) -> None:
    """A line of text that begins where the axes do, so many points above them."""
    place = {"xycoords": "axes fraction", "xytext": (0, points), "textcoords": "offset points"}
    axes.annotate(text, (0, 1), va="bottom", **place, **looks)


def _line(steps: int) -> float:
    return 1.2 if steps < 400 else 0.8 if steps < 1500 else 0.5


def _windows(axes: Any, panel: Panel, least: timedelta, room: timedelta) -> None:
    """Grounds of windows, wide enough to be seen, and their labels where there is room for them."""
    row_ends: list[datetime | None] = [None, None]
    for window in sorted(panel.windows, key=lambda one: one["start"]):
        up = window["direction"] == "up"
        middle = window["start"] + (window["end"] - window["start"]) / 2
        half = max(window["end"] - window["start"], least) / 2
        colour = COLOUR["surge" if up else "collapse"]
        axes.axvspan(middle - half, middle + half, color=colour, alpha=0.75, linewidth=0, zorder=2)
        row = next((place for place, taken in enumerate(row_ends) if taken is None or middle - taken >= room), None)
        if row is not None:
            row_ends[row] = middle
            axes.annotate(
                label(window),
                (middle, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, -1 - 10 * row),
                textcoords="offset points",
                ha="center",
                va="top",
                size=8,
                color=COLOUR["surge-ink" if up else "collapse-ink"],
            )


def _gaps(axes: Any, panel: Panel) -> None:
    for known, run in groupby(range(len(panel.known)), key=lambda place: bool(panel.known[place])):
        places = list(run)
        if not known:
            axes.axvspan(
                panel.edges[places[0]],
                panel.edges[places[-1] + 1],
                facecolor=COLOUR["wash"],
                edgecolor=COLOUR["missing"],
                hatch="////",
                linewidth=0,
                zorder=2.5,
            )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
