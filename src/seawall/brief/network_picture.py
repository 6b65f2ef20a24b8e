"""What a picture of a network is made of, in units of about a pixel."""

from __future__ import annotations

from dataclasses import dataclass

from seawall.brief.content import Edge

Place = tuple[float, float]
SHAPES = ("circle", "square", "triangle", "diamond")
NARROW = 400
"""Up to this width a picture is narrow, and shows less."""


@dataclass(frozen=True, slots=True)
class Dot:
    """An account, or where accounts are too many, a group of them."""

    x: float
    y: float
    r: float
    hue: str  # a token: "group-1"
    path: str  # for every shape but the circle
    core: bool
    title: str
    label: str  # empty = none
    label_x: float
    label_y: float
    named: bool  # whether the label stands there without being asked for
    pair: Edge | None  # whose messages are shown where it is chosen


@dataclass(frozen=True, slots=True)
class Line:
    """A pair of accounts, or all pairs of two groups."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    between: bool  # whether it leaves a group
    title: str
    pair: Edge  # whose messages are shown where it is chosen


@dataclass(frozen=True, slots=True)
class Hull:
    """The ground of a group."""

    number: int
    points: str
    hue: str
    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """Where everything lies."""

    width: int
    height: int
    aggregated: bool  # whether a shape is a group, not an account
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    hulls: tuple[Hull, ...]
    pad: float  # how far a hull reaches beyond its accounts, doubled
    hidden_groups: int
    hidden_pairs: int
    thin: bool  # whether lines are too many to be made easier to hit
