"""How numbers, times and addresses are written and how pages are coloured: the brief's own way, for every page."""

from __future__ import annotations

from importlib.resources import files

from seawall.brief.quoted import defanged
from seawall.brief.tokens import TOKENS, css
from seawall.brief.words import counted, interval, number, part, short, small

__all__ = ["TOKENS", "counted", "defanged", "interval", "number", "part", "short", "small", "style_sheet"]


def style_sheet() -> str:
    """The brief's style with its colours, light or dark: as the system has it, or as the root's ``data-theme`` says."""
    light, dark = (f"color-scheme:{name};{css(scheme)}" for scheme, name in enumerate(("light", "dark")))
    groups = "".join(f".{name}{{--hue:var(--{name})}}" for name in TOKENS if name.startswith("group-"))
    sheet = files("seawall.brief").joinpath("templates/brief.css").read_text(encoding="utf-8")
    return (
        f":root{{{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f":root[data-theme=light]{{{light}}}:root[data-theme=dark]{{{dark}}}"
        f"{groups}{sheet}"
        f"@media print{{:root,:root[data-theme]{{{light}}}}}"
    )
