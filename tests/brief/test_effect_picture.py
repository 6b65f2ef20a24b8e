"""Before and after as pictures and a page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from seawall.brief.content import Timeline
from seawall.brief.effect_content import EffectPage, EffectPanel
from seawall.brief.effect_page import render_effect, render_effect_picture
from seawall.brief.effect_picture import draw
from seawall.brief.timeline import NARROW, WIDE

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LINE = Timeline(
    "choir: messages", "messages per day", "made-up counts.", DAY, tuple(START + day * DAY for day in range(20)),
    (*[9.0] * 10, None, *[2.0] * 9), (9.0,) * 20, (5.0,) * 20, (14.0,) * 20,
)  # fmt: skip
PANEL = EffectPanel(
    LINE, START + 10 * DAY, "2 a day where 9 were to be expected.", "0.22 (0.1–0.4)", "fell", ("Nobody drew lots.",)
)
PAGE = EffectPage(
    "Before and after", "2 a day.", "clubs", START, "v1", "1.0", (PANEL,), 0,
    {"All measures": (("action", "ratio"), (("closed <b>", "0.22"),))}, ("Nobody drew lots.",), {"too quiet": 3},
    "seawall effect clubs",
)  # fmt: skip


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_line_of_the_action_lies_between_before_and_after(width: int) -> None:
    """In the middle of twenty days it is in the middle of the picture, and its label within it."""
    picture = draw(PANEL, width)
    middle = (picture.line.left + picture.line.right) / 2
    assert picture.acted == pytest.approx(middle, abs=0.2)
    assert picture.line.left <= picture.label_x <= picture.line.right


def test_a_day_that_is_not_known_is_hatched() -> None:
    """One stretch of one day, next to the action."""
    picture = draw(PANEL, WIDE)
    ((x, width),) = picture.line.missing
    assert x == pytest.approx(picture.acted, abs=0.2)
    assert width == pytest.approx((picture.line.right - picture.line.left) / 20, abs=0.2)


def test_the_picture_alone_is_well_formed_and_says_what_it_shows() -> None:
    """SVG with a title, a description, and both panels one below the other."""
    later = replace(PANEL, acted=START + 19 * DAY)
    svg = render_effect_picture([PANEL, later])
    root = ElementTree.fromstring(svg)  # noqa: S314 - ours
    assert "2 a day where 9 were to be expected." in root.attrib["aria-label"]
    tops = [float(top) for top in re.findall(r'<g transform="translate\(0 ([\d.]+)\)"><text class="title"', svg)]
    assert tops[0] == 0
    assert tops[1] > 200


def test_the_page_has_pictures_with_their_tables_and_what_speaks_against_them() -> None:
    """Twenty rows of days, the table of all measures, limits, what was left out; nothing runs, nothing is markup."""
    page = render_effect(PAGE)
    assert page.count('<tr><th scope="row">') >= 20
    assert "not known" in page
    assert "Nobody drew lots." in page
    assert "closed &lt;b&gt;" in page
    assert "too quiet" in page
    assert "<script" not in page


def test_a_page_without_pictures_says_why() -> None:
    """It is a state of its own, not an empty page."""
    assert "Nothing could be told" in render_effect(replace(PAGE, panels=()))
