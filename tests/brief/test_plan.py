"""A plan as a picture and as a page."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from seawall.brief.plan_page import PlanPage, render_plan, render_plan_picture
from seawall.brief.plan_picture import at_round_amounts, draw
from seawall.brief.timeline import NARROW, WIDE
from seawall.planning import Plan, plan
from tests.planning.made_up import CONSTANTS

SMALL = plan(100_000, constants=CONSTANTS)
LARGE = plan(1e9, workers=20, constants=CONSTANTS)


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("shown", [SMALL, LARGE, plan(1, retention_days=0.1, constants=CONSTANTS)])
def test_curves_rise_within_their_frame(shown: Plan, width: int) -> None:
    """More messages never take less time, and every place lies in the picture."""
    picture = draw(shown, width)
    for path in filter(None, (picture.machine, picture.beyond, picture.cluster)):
        across, heights = zip(*places(path), strict=True)
        assert list(across) == sorted(across)
        assert list(heights) == sorted(heights, reverse=True)
        assert picture.left <= min(across) <= max(across) <= picture.right
        assert picture.top <= min(heights) <= max(heights) <= picture.bottom
    assert picture.left <= picture.window <= picture.right
    marks = [x for x, _, _ in picture.x_ticks]
    assert all(later - earlier >= 60 for earlier, later in itertools.pairwise(marks))


def test_where_one_machine_has_no_room_its_curve_is_another_one() -> None:
    """The square stands where the one begins and the other ends."""
    picture = draw(LARGE, WIDE)
    assert picture.full is not None
    assert places(picture.machine)[-1] == places(picture.beyond)[0]
    assert abs(places(picture.machine)[-1][0] - picture.full[0]) < 15


def test_the_break_even_lies_where_the_curves_cross() -> None:
    """The circle lies on both curves."""
    assert SMALL.break_even is not None
    at = SMALL.amount(SMALL.break_even)
    assert at.local_s == pytest.approx(at.cluster_s, rel=0.001)
    assert draw(SMALL, WIDE).even is not None


def test_a_page_has_advice_tables_and_what_it_rests_on() -> None:
    """It tells what to do, each cost, the curves as a table, the figures' origin, and how to make it again."""
    page = render_plan(PlanPage(SMALL, datetime(2026, 5, 3, tzinfo=UTC), "1", "seawall plan 100000 --plot plan.html"))
    for words in ("stay on one machine", "hedges", "powers of ten as a table", "2026-05-03", "as quick as one of the"):
        assert words in page
    assert "seawall plan 100000 --plot plan.html" in page
    assert page.count("<tr>") >= len(at_round_amounts(SMALL))
    assert re.findall(r"(?:src|href)=", page) == []


def test_the_picture_alone_is_svg_that_tells_itself() -> None:
    """It parses, runs from left to right in every language, and says in words what it shows."""
    root = ElementTree.fromstring(render_plan_picture(SMALL))  # noqa: S314 - ours
    assert root.attrib["role"] == "img"
    assert root.attrib["direction"] == "ltr"
    assert "stay on one machine" in (root.findtext("{http://www.w3.org/2000/svg}desc") or "")
