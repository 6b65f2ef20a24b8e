"""A place that is taken up, and a channel that came after another, drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from seawall.brief import Candidate, Succession, Term, Uptake, render
from seawall.brief.fragments import Fragments
from seawall.brief.uptake_picture import draw, taken_so_far
from tests.brief.sample import SAMPLE

START = datetime(2026, 5, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def uptake(days: list[tuple[int, int, int]], fifth: float = 2.5, found: float = 5.0) -> Uptake:
    at = tuple(START + day * DAY for day, _, _ in days)
    return Uptake(
        "chat.allotment.example",
        "rocketchat",
        at,
        tuple(channels for _, channels, _ in days),
        tuple(min(new, channels) for _, channels, new in days),
        START + fifth * DAY,
        START + found * DAY,
    )


SIX_DAYS = uptake([(0, 1, 1), (1, 3, 2), (2, 4, 3), (5, 2, 0), (9, 6, 2), (12, 5, 0)])
AFTER = Succession(
    ended="c" + "1" * 20,
    ended_at=START,
    how="taken_down",
    opened_at=START + 2 * DAY,
    candidates=(Candidate("c" + "2" * 20, 0.93), Candidate("c" + "3" * 20, 0.004)),
    none=0.066,
    hidden=3,
    terms=(Term("announced", 3.5, "The <b>old</b> channel gave its address 2 times."), Term("imitable", -1.0, "Some.")),
)


@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.integers(1, 90), st.integers(0, 90)),
        min_size=1,
        max_size=60,
        unique_by=lambda one: one[0],
    ),
    st.floats(0, 250),
    st.floats(0, 250),
    st.sampled_from([960, 330]),
)
def test_everything_lies_in_the_picture(
    days: list[tuple[int, int, int]], fifth: float, found: float, width: int
) -> None:
    """A bar a day, none outside; the line ends at the sum of first links; moments are named, not on one another."""
    shown = uptake(sorted(days), fifth, found)
    picture = draw(shown, width)
    assert len(picture.bars) == len(shown.days)
    for bar, channels, new in zip(picture.bars, shown.channels, shown.new, strict=True):
        assert picture.left <= bar.x <= bar.x + bar.width <= picture.right + 1
        assert bar.y >= picture.top
        assert bar.new_height <= bar.height
        assert abs(bar.y + bar.height - picture.bottom) < 0.11
        assert (bar.new_height > 0) == (new > 0)
        assert channels > 0
    heights = [float(one) for one in re.findall(r"[\d.]+ ([\d.]+)", picture.taken)]
    assert heights == sorted(heights, reverse=True)
    assert heights[-1] >= picture.top
    assert taken_so_far(shown)[-1] == sum(shown.new)
    first, second = picture.moments
    assert {first.label, second.label} == {"fifth channel", "found"}
    assert first.x <= second.x
    assert second.x - first.x >= 90 or first.label_y != second.label_y


def page(**given: object) -> str:
    case = SAMPLE.cases[0]
    shown = replace(case.alerts[0], timeline=None, network=None, **given)  # type: ignore[arg-type]
    return render(replace(SAMPLE, cases=(replace(case, alerts=(shown,)),)))


def test_the_brief_shows_how_a_place_was_taken_up_with_its_table() -> None:
    """Wide and narrow picture, legend with both moments, and a table with every count."""
    told = page(uptake=SIX_DAYS)
    assert len(re.findall(r'<svg class="(?:wide|narrow) uptake"', told)) == 2
    assert "the fifth channel: 5 May 2026 12:00 UTC; it could be found: 8 May 2026 00:00 UTC" in told
    assert "as a table (6 rows)" in told
    assert '<th scope="row">15 May 2026</th><td class="n">5</td><td class="n">0</td><td class="n">8</td>' in told


def test_the_brief_shows_candidates_none_and_reasons() -> None:
    """Each candidate with its probability, that of none, how many were less likely, and the terms with their sum."""
    told = page(succession=AFTER).replace("\u00a0", " ")
    assert "93 %" in told
    assert "below 1 %" in told
    assert "none of these" in told
    assert "3 more channels were compared" in told
    assert "(taken down)" in told
    assert "+2.50" in told
    assert "&lt;b&gt;old&lt;/b&gt;" in told
    assert "when the likeliest to come after it opened is not told" in page(succession=replace(AFTER, opened_at=None))


def test_the_console_gets_the_same_pieces() -> None:
    """As pieces for another page, without style or script."""
    piece = Fragments().pictures("alert-1", uptake=SIX_DAYS, succession=AFTER)
    assert "uptake" in piece
    assert "none of these" in piece
    assert not re.search(r"<style|\sstyle=|<script|\son\w+=", piece)
