"""How a text spread, drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from seawall.brief import AlertShown, Cascade, CascadeRow, CopyGroup, Part, SpreadShown, render
from seawall.brief.cascade import draw
from tests.brief.sample import SAMPLE

START = datetime(2026, 5, 3, 14, tzinfo=UTC)


def cascade(bins: int = 30, channels: int = 8) -> Cascade:
    counts = [
        tuple((place * 7 + row * 3) % 5 if place >= row else 0 for place in range(bins)) for row in range(channels)
    ]
    rows = tuple(
        CascadeRow(f"c{row:020x}", START + timedelta(hours=row), timedelta(hours=row), sum(one), 3, one)
        for row, one in enumerate(counts)
    )
    every = tuple(map(sum, zip(*counts, strict=True))) if channels else tuple(range(1, bins + 1))
    fresh = tuple((count + 1) // 2 for count in every)
    at = tuple(START + timedelta(hours=place) for place in range(bins))
    return Cascade(timedelta(hours=1), at, every, fresh, rows, hidden=2, outside=1)


def group(kind: str, *parts: tuple[str, str]) -> CopyGroup:
    return CopyGroup(kind, 3, 0.9, tuple(Part(*one) for one in parts), "garden:1", START, "ar")


SPREAD = SpreadShown(
    cascade(),
    (
        group("first", ("same", "Bring a spade")),
        group("edited", ("same", "Bring "), ("gone", "a spade"), ("new", "<b>gloves</b>")),
        group("edited", ("same", "احضر "), ("gone", "مجرفة"), ("new", "قفازات")),
    ),
    read=9,
    total=40,
    kinds={"edited": 12, "verbatim": 28},
)


def page(spread: SpreadShown) -> str:
    case = SAMPLE.cases[0]
    alert: AlertShown = replace(case.alerts[0], spread=spread)
    return render(replace(SAMPLE, cases=(replace(case, alerts=(alert,)),)))


def test_every_count_stands_where_it_belongs() -> None:
    """One bar for each bin with copies, one dot for each channel and bin with any, all inside of the picture."""
    drawn = cascade()
    for width in (960, 330):
        picture = draw(drawn, width)
        assert len(picture.bars) == sum(count > 0 for count in drawn.counts)
        assert len(picture.marks) == sum(count > 0 for row in drawn.rows for count in row.counts)
        for bar, count in zip(picture.bars, [count for count in drawn.counts if count], strict=True):
            assert picture.left <= bar.x <= bar.x + bar.width <= picture.right + 1
            assert abs(bar.y + bar.height - picture.base) < 0.11
            assert bar.new_height <= bar.height
            assert f": {count} copies" in bar.title
        for mark in picture.marks:
            assert picture.left <= mark.x <= picture.right
            assert picture.base < mark.y < picture.bottom


def test_the_area_of_a_dot_tells_the_count() -> None:
    """Four times the copies have twice the radius."""
    row = CascadeRow("c1", START, timedelta(0), 5, 2, (1, 4))
    at = (START, START + timedelta(hours=1))
    small, large = draw(Cascade(timedelta(hours=1), at, (1, 4), (1, 1), (row,)), 960).marks
    assert abs(large.r / small.r - 2.0) < 0.05


def test_a_stream_without_channels_is_bars_alone() -> None:
    """No line for a channel where there is none, and one bin is enough."""
    picture = draw(cascade(channels=0), 960)
    assert not picture.rows
    assert not picture.marks
    assert picture.bottom == picture.base
    alone = Cascade(timedelta(minutes=1), (START,), (1,), (1,), ())
    assert len(draw(alone, 330).bars) == 1


def test_the_page_shows_cascade_and_marked_copies() -> None:
    """Differences are marked by element and bracket; texts are escaped, isolated and closed until they are opened."""
    html = page(SPREAD)
    assert "How the copies went from channel to channel" in html
    assert "<del>[-a spade-]</del><ins>{+&lt;b&gt;gloves&lt;/b&gt;+}</ins>" in html
    assert '<bdi dir="auto" lang="ar">احضر <del>[-مجرفة-]</del><ins>{+قفازات+}</ins></bdi>' in html
    assert html.count('<blockquote class="copy">') == 3
    assert not re.search(r"<details open", html)
    assert "12 edited, 28 verbatim" in html
    assert "2 more channels" in html


def test_every_number_of_the_picture_is_in_its_table() -> None:
    """The table twin has a row for each bin with all counts, and one for each channel."""
    html = page(SPREAD)
    table = html.split("Every count of this picture as a table (30 rows)")[1].split("</table>")[0]
    assert table.count("<tr>") == 31
    for row in SPREAD.cascade.rows:
        assert f'title="{row.name}"' in table


def test_without_text_it_says_how_copies_were_found() -> None:
    """Copies of closed rooms have a picture and no words."""
    html = page(replace(SPREAD, copies=(), read=0, kinds={"not compared": 40}))
    assert "found by the hash of their match key" in html
