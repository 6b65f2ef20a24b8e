"""The colours of every picture and page, light and dark, and how well they can be told from their ground."""

from __future__ import annotations

TOKENS: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#14171a"),
    "ink": ("#16191d", "#e9ecef"),
    "quiet": ("#545c66", "#a9b1ba"),  # secondary text
    "rule": ("#d5d9de", "#353b42"),
    "wash": ("#f4f5f7", "#1d2126"),  # ground of quoted text
    "band": ("#d9dce1", "#3a4048"),  # expected
    "missing": ("#9aa2ac", "#69717b"),  # hatching: not collected
    "surge": ("#f5c26b", "#7a5310"),  # amber ground of a window
    "surge-ink": ("#7a4b00", "#f5c26b"),
    "collapse": ("#b5d5ee", "#1f4c6e"),  # blue ground
    "collapse-ink": ("#0b5a91", "#86c5f0"),
    "coordination": ("#6a3d9a", "#c3a4e6"),  # violet
    "migration": ("#00695c", "#66c2b0"),  # teal
    "danger": ("#b00020", "#ff8a95"),  # danger to life only
    "group-1": ("#0072b2", "#56a9e0"),  # Okabe-Ito hues, lightened for dark
    "group-2": ("#d55e00", "#f08a3c"),
    "group-3": ("#009e73", "#2fc79b"),
    "group-4": ("#cc79a7", "#e29bc3"),
    "group-5": ("#a37a00", "#e6b93c"),
    "group-6": ("#3b8fb8", "#56b4e9"),
    "group-7": ("#7d7500", "#f0e442"),
    "group-other": ("#6d7680", "#949ca6"),
}
"""Name -> (light, dark)."""

TEXT = ("ink", "quiet", "surge-ink", "collapse-ink", "coordination", "migration", "danger")
"""Tokens that text is written in, on paper and on wash."""


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2), 0 to 1."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2.2), 1 to 21.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return round((lighter + 0.05) / (darker + 0.05), 2)


def css(scheme: int) -> str:
    """Custom properties of the light (0) or the dark (1) scheme."""
    return "".join(f"--{name}:{pair[scheme]};" for name, pair in TOKENS.items())


def alone(sheet: str) -> str:
    """The style of a picture that stands alone: light or dark as the reader's system, hues of groups, its own rules.

    >>> alone(".dot{fill:var(--hue)}").endswith(".dot{fill:var(--hue)}")
    True
    """
    hues = "".join(f".{name}{{--hue:var(--{name})}}" for name in TOKENS if name.startswith("group-"))
    return f":root{{{css(0)}}}@media (prefers-color-scheme:dark){{:root{{{css(1)}}}}}{hues}{sheet}"
