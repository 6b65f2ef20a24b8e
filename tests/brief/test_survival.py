"""Survival as a picture and as a page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from seawall.brief.survival_content import KindOfEnd, SurvivalCurve, SurvivalPage, SurvivalShown, Usual
from seawall.brief.survival_page import render_survival, render_survival_picture
from seawall.brief.survival_picture import at, draw, present
from seawall.brief.timeline import NARROW, WIDE

CURVE = SurvivalCurve(
    name="gardening forums",
    spells=4,
    ended=2,
    usual=Usual(60.0, 30.0, None),
    days=(0.0, 30.0, 60.0, 90.0),
    survival=(1.0, 0.75, 0.5, 0.5),
    low=(1.0, 0.3, 0.1, 0.1),
    high=(1.0, 0.95, 0.9, 0.9),
    at_risk=(4, 4, 3, 2),
    gone=(0, 1, 1, 2),
    censored=(0, 0, 0, 2),
)
ALL_GONE = replace(
    CURVE, name="نادي البستنة", days=(0.0, 10.0), survival=(1.0, 0.0), low=(1.0, 0.0), high=(1.0, 0.0),
    at_risk=(2, 2), gone=(0, 2), censored=(0, 0), spells=2, ended=2, usual=Usual(10.0, 10.0, None),
)  # fmt: skip
ONE = SurvivalShown("How long they live", "forums.csv", (CURVE,), 0.95)
TWO = replace(ONE, curves=(CURVE, ALL_GONE), ends=(KindOfEnd("gardening forums", "renamed", 2, 0.5, 0.1, 0.9),))


def page(shown: SurvivalShown) -> str:
    made = datetime(2026, 5, 3, tzinfo=UTC)
    told = {"the end is before the start": 3}
    return render_survival(SurvivalPage("Survival", "Of 4 spells 2 ended.", made, "1", shown, None, ("UTC.",), told))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_curve_steps_down_within_its_band_and_its_frame(width: int) -> None:
    """Every place of the picture lies in its frame; the curve never rises, and its numbers at risk stand below."""
    picture = draw(TWO, width)
    for curve in picture.curves:
        heights = [float(y) for y in re.findall(r"V([\d.]+)", curve.line)]
        assert heights == sorted(heights)
        assert all(picture.top <= y <= picture.bottom for y in heights)
        across = [float(x) for x in re.findall(r"H([\d.]+)", curve.line + curve.band)]
        assert all(picture.left <= x <= picture.right for x in across)
        assert picture.bottom < curve.y < picture.height
    first = picture.curves[0]
    assert next(count for _, count, _ in first.counts) == "4"
    assert len({curve.hue for curve in picture.curves}) == len({curve.dash for curve in picture.curves}) == 2


def test_numbers_at_risk_are_those_between_the_ages_too() -> None:
    """Just after an end one less is under observation; after the last age nobody is."""
    assert [present(CURVE, day) for day in (0, 29, 30, 31, 60, 61, 90, 91)] == [4, 4, 4, 3, 3, 2, 2, 0]


def test_beyond_what_was_observed_nothing_is_told() -> None:
    """The part that lives is told up to the last age; where all have ended it stays nothing."""
    assert at(CURVE, 45) == (0.75, 0.3, 0.95)
    assert at(CURVE, 90) == (0.5, 0.1, 0.9)
    assert at(CURVE, 91) is None
    assert at(ALL_GONE, 5) == (1.0, 1.0, 1.0)
    assert at(ALL_GONE, 50) == (0.0, 0.0, 0.0)


def test_a_picture_has_a_table_twin_a_source_and_limits() -> None:
    """The page carries curves at round ages, source, what was left out, what it cannot tell; it loads nothing."""
    text = page(replace(TWO, curves=(replace(CURVE, days=(0.0, 30.0, 60.0, 87.0)), ALL_GONE)))
    assert "The curves at round ages as a table" in text
    assert "not observed" in text
    assert "Source: <bdi>forums.csv</bdi>" in text
    assert "the end is before the start" in text
    assert "What this cannot tell" in text
    assert "60 days (30 or later)" in text
    assert re.findall(r"(?:src|href)=", text) == []


def test_the_picture_alone_is_svg_that_tells_itself() -> None:
    """It parses, holds its colours, and says in words what it shows."""
    text = render_survival_picture(TWO)
    root = ElementTree.fromstring(text)  # noqa: S314 - ours
    assert root.attrib["role"] == "img"
    assert "gardening forums: 4 spells, 2 ended; half by 60 days (30 or later)" in text
    assert render_survival_picture(TWO) == text


def test_names_are_escaped() -> None:
    """A name that looks like markup is text."""
    text = page(replace(ONE, curves=(replace(CURVE, name="<script>"),)))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_million_ages_make_a_small_picture() -> None:
    """Where ages cannot be told apart in the picture they are drawn once."""
    many = 100_000
    values = tuple(1 - place / many for place in range(many))
    long = replace(
        CURVE, days=tuple(float(place) for place in range(many)), survival=values, low=values, high=values,
        at_risk=(1,) * many, gone=(0,) * many, censored=(0,) * many,
    )  # fmt: skip
    assert len(draw(replace(ONE, curves=(long,)), WIDE).curves[0].line) < 30_000
