"""A brief's content -> one HTML page that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from seawall.brief import (
    cascade,
    effect_picture,
    flow_picture,
    funnel,
    groups,
    network,
    plan_picture,
    survival_picture,
    timeline,
    tokens,
    uptake_picture,
    words,
)
from seawall.brief.content import BriefContent
from seawall.brief.opening import opening
from seawall.brief.pairs import Pairs, after
from seawall.brief.quoted import quoted
from seawall.model import made_up, unmarked
from seawall.planning import words as plan_words

MOST_EDGES_IN_TABLE = 50
MOST_GROUPS_IN_TABLE = 200
SEVERITIES = {
    "low": ("○", "Low"),
    "medium": ("◑", "Medium"),
    "high": ("●", "High"),
    "urgent": ("▲", "Urgent"),
}
OUTCOMES = {
    "refer": "Refer to the platform",
    "support": "Offer support",
    "watch": "Keep watching",
    "no_action": "No action",
    "not_what_it_seems": "Not what it seems",
}


def render(content: BriefContent) -> str:
    """The page. It prints well, works from 360 px on, light and dark, and loads nothing.

    Every text is escaped; messages are isolated (``<bdi dir="auto">``), their addresses defanged, and what cannot be
    seen in them is shown. The same content gives the same page.
    """
    return environment().get_template("brief.html.j2").render(brief=content, opening=opening(content), **styled())


def styled() -> dict[str, str]:
    """The style of a page, and the hash by which its policy allows it."""
    style = _style()
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return {"style": Markup(style), "style_hash": digest}  # noqa: S704 - ours, from the package


def _style() -> str:
    sheet = files("seawall.brief").joinpath("templates/brief.css").read_text(encoding="utf-8")
    groups = "".join(f".{name}{{--hue:var(--{name})}}" for name in tokens.TOKENS if name.startswith("group-"))
    light, dark = tokens.css(0), tokens.css(1)
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f":root:has(#light:checked){{color-scheme:light;{light}}}"
        f":root:has(#dark:checked){{color-scheme:dark;{dark}}}"
        f"{groups}{sheet}"
        f"@media print{{:root,:root:has(#dark:checked),:root:has(#light:checked){{color-scheme:light;{light}}}}}"
    )


def environment() -> Environment:
    """The templates with what they may use, for one page: its pairs have their places in it."""
    made = Environment(
        loader=PackageLoader("seawall.brief", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": words.number,
        "small": words.small,
        "minute": words.minute,
        "second": words.second,
        "day": words.day,
        "short": words.short,
        "quoted": quoted,
        "behind": cascade.behind,
        "length_of": cascade.length,
        "stage": funnel.stage_name,
        "signed": funnel.signed,
        "parameter": _parameter,
        "percent": words.percent,
        "duration": plan_words.duration,
        "size": plan_words.size,
        "messages": plan_words.many,
    }
    made.tests["made_up"] = made_up
    made.filters["unmarked"] = unmarked
    made.globals |= {
        "part": words.part,
        "span": words.span,
        "interval": words.interval,
        "counted": words.counted,
        "draw_timeline": timeline.draw,
        "draw_cascade": cascade.draw,
        "draw_newcomers": funnel.draw_newcomers,
        "term_bars": funnel.term_bars,
        "factor_marks": timeline.factor_marks,
        "draw_network": network.draw,
        "draw_flow": flow_picture.draw,
        "flow_shares": flow_picture.shares,
        "draw_effect": effect_picture.draw,
        "draw_survival": survival_picture.draw,
        "round_ages": survival_picture.ages,
        "lives_at": survival_picture.at,
        "present_at": survival_picture.present,
        "draw_plan": plan_picture.draw,
        "plan_amounts": plan_picture.at_round_amounts,
        "plan_dash": plan_picture.DASH,
        "plan_sentence": plan_words.sentence,
        "plan_turning_points": plan_words.turning_points,
        "plan_measured": plan_words.measured_words,
        "plan_assumptions": plan_words.ASSUMPTIONS,
        "draw_uptake": uptake_picture.draw,
        "one_day": timedelta(days=1),
        "taken_so_far": uptake_picture.taken_so_far,
        "group_rows": groups.group_rows,
        "strongest_edges": groups.strongest_edges,
        "pairs": Pairs(),
        "after": after,
        "most_groups": MOST_GROUPS_IN_TABLE,
        "widths": {"wide": timeline.WIDE, "narrow": timeline.NARROW, "panel": timeline.PANEL},
        "most_edges": MOST_EDGES_IN_TABLE,
        "severities": SEVERITIES,
        "outcomes": OUTCOMES,
    }
    return made


def _parameter(value: object) -> str:
    """A parameter as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return words.number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_parameter(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_parameter(one) for one in value)
    return "–" if value is None else str(value)
