"""The picture of where members link to: what is drawn is what was counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.brief.flow_content import Flow, FlowPage, Stream
from seawall.brief.flow_page import render_flow, render_flow_picture
from seawall.brief.flow_picture import draw
from seawall.brief.timeline import NARROW, WIDE

START = datetime(2026, 3, 2, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


def flow(active: list[int | None], *streams: list[int], moved: int = 1) -> Flow:
    at = tuple(START + timedelta(weeks=place) for place in range(len(active)))
    told = tuple(
        Stream(f"https://club{place}.example/a/rather/long/name/of/a/place", "web", tuple(one), sum(one), place < moved)
        for place, one in enumerate(streams)
    )
    missing = tuple(7 if one is None else 0 for one in active)
    return Flow("c1", "week", at, at[-1] + timedelta(weeks=1), tuple(active), missing, told)


def page(one: Flow) -> FlowPage:
    return FlowPage(EVIL, EVIL, "club", START, "v1", "0", (one,), 2, {"links_that_pass": 3}, "seawall places club")


@pytest.mark.parametrize("width", [WIDE, NARROW])
@given(counts=st.lists(st.tuples(st.integers(1, 90), st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=30))
def test_every_bar_lies_in_its_line_and_heights_are_shares(width: int, counts: list[tuple[int, int, int]]) -> None:
    """Bars stand on their base, no higher than the line, within the picture, and are as high as their shares."""
    told = flow([a for a, _, _ in counts], [min(a, b) for a, b, _ in counts], [min(a, c) for a, _, c in counts])
    picture = draw(told, width)
    for line, stream in zip(picture.lines, told.streams, strict=True):
        assert len(line.bars) == sum(count > 0 for count in stream.linked)
        for bar in line.bars:
            assert bar.y + bar.height == pytest.approx(line.base, abs=0.11)
            assert line.top - 0.2 <= bar.y
            assert picture.left - 0.1 <= bar.x <= bar.x + bar.width <= picture.right + 0.1
    most = float(picture.share.split()[0].split("\xa0")[0]) / 100
    for line, stream in zip(picture.lines, told.streams, strict=True):
        shares = [linked / (wrote or 1) for linked, wrote in zip(stream.linked, told.active, strict=True) if linked]
        for bar, share in zip(line.bars, shares, strict=True):
            assert bar.height == pytest.approx(max(44 * share / most, 1.5), abs=0.06)
    assert 0 < picture.bottom < picture.height


def test_what_was_not_collected_is_hatched_and_not_zero() -> None:
    """A week without collection breaks the line of members, is hatched, and says so in the table."""
    told = flow([5, None, 6], [1, 0, 2])
    picture = draw(told, WIDE)
    assert picture.wrote.count("M") == 2
    assert len(picture.missing) == 1
    html = render_flow(page(told))
    assert html.count("not collected") >= 2
    assert "1 of 5" in html


def test_a_place_that_members_move_to_is_teal_and_marked() -> None:
    """Colour is never the only cue: a mark stands before the name, and a word in the table."""
    html = render_flow(page(flow([10, 10], [2, 9], [1, 1])))
    assert html.count("▸ club0") == 2
    assert "▸ club1" not in html
    assert html.count('class="stream moved"') >= 2
    assert ">yes<" in html


def test_what_people_wrote_is_escaped_and_nothing_is_loaded() -> None:
    """Names of places and of the page are text; there is no script and no address that is fetched."""
    told = flow([3], [1])
    told = replace(told, community=EVIL, streams=(replace(told.streams[0], place=EVIL, kind=EVIL),))
    html = render_flow(page(told))
    assert "<script" not in html
    assert "src=" not in html
    picture = render_flow_picture(told)
    assert ET.fromstring(picture).tag.endswith("svg")  # noqa: S314 - made here
    assert "<script" not in picture


def test_a_page_without_links_says_so() -> None:
    """Empty is a designed state."""
    html = render_flow(replace(page(flow([1], [1])), flows=(), hidden=0, left_out={}, command=None))
    assert "No message of this time links to a place" in html


def test_the_same_flow_gives_the_same_picture() -> None:
    """Bytes are equal, so that pages can be compared."""
    told = flow([4, 6], [1, 2], [2, 0])
    assert render_flow_picture(told) == render_flow_picture(told)
