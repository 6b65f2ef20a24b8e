"""A funnel-like hub, drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from seawall.brief import FunnelShown, Newcomer, Rung, Term, render
from seawall.brief.funnel import MINUS, MOST_DRAWN, STAGES, draw_newcomers, signed, term_bars
from tests.brief.sample import SAMPLE

START = datetime(2026, 5, 3, 14, tzinfo=UTC)
LADDER = tuple(STAGES)


def hub(newcomers: int = 9) -> FunnelShown:
    people = tuple(
        Newcomer(
            number, LADDER[number % 6], START + timedelta(hours=9 * number), START + timedelta(days=2 + number % 11)
        )
        for number in range(1, newcomers + 1)
    )
    rungs = tuple(
        Rung(stage, sum(LADDER.index(one.stage) >= place for one in people), place * 1.25)
        for place, stage in enumerate(LADDER)
    )
    terms = (Term("strangers", 4.25, "9 newcomers have no tie."), Term("begins", -1.5, "<b>2</b> of them wrote first."))
    return FunnelShown(rungs, people, terms)


def page(funnel: FunnelShown, sentence: str = "1 account approached 9 newcomers.") -> str:
    case = SAMPLE.cases[0]
    shown = replace(case.alerts[0], funnel=funnel, detector="funnel", sentence=sentence, evidence=(), evidence_total=0)
    return render(replace(SAMPLE, cases=(replace(case, alerts=(shown,), sentence=sentence),)))


@given(
    st.lists(
        st.tuples(st.sampled_from(LADDER), st.integers(0, 90), st.integers(0, 30)), min_size=1, max_size=2 * MOST_DRAWN
    ),
    st.sampled_from([960, 330]),
)
def test_everybody_has_a_line_inside_the_picture(told: list[tuple[str, int, int]], width: int) -> None:
    """Each newcomer who is drawn has one line, in the band of their stage, from the first to the last act."""
    people = tuple(
        Newcomer(number, stage, START + timedelta(days=day), START + timedelta(days=day + days))
        for number, (stage, day, days) in enumerate(told, start=1)
    )
    picture = draw_newcomers(FunnelShown((), people, ()), width)
    lanes = [lane for band in picture.bands for lane in band.lanes]
    assert len(lanes) == min(len(people), MOST_DRAWN) == len(people) - picture.hidden
    assert all(0 < lane.x <= lane.end < width and 0 < lane.y < picture.bottom <= picture.height for lane in lanes)
    assert [lane.y for lane in lanes] == sorted({lane.y for lane in lanes})
    ranks = [next(place for place, name in enumerate(STAGES.values()) if name in band.label) for band in picture.bands]
    assert ranks == sorted(ranks, reverse=True)


def test_the_furthest_are_drawn_first() -> None:
    """Of more newcomers than lines, those who were led furthest have one, and the page says how many have not."""
    people = [Newcomer(n, "approach", START, START + timedelta(days=1)) for n in range(1, MOST_DRAWN + 1)]
    people.append(Newcomer(MOST_DRAWN + 1, "contact", START, START + timedelta(days=1)))
    picture = draw_newcomers(FunnelShown((), tuple(people), ()), 960)
    assert (picture.hidden, picture.bands[0].label) == (1, "1 got an outside address")
    assert "1 more newcomer is in the table alone." in page(FunnelShown((), tuple(people), ()))


def test_terms_point_where_they_speak() -> None:
    """What speaks against a funnel lies left of the middle with a minus, what speaks for it right, with a plus."""
    bars = term_bars([Term("a", 0.0, "A."), Term("b", -3.0, "B."), Term("c", 1.5, "C.")])
    assert [(bar.name, bar.x, bar.width, bar.against) for bar in bars] == [
        ("c", 0.0, 50.0, False),
        ("a", 0.0, 0.0, False),
        ("b", -100.0, 100.0, True),
    ]
    assert term_bars([]) == ()
    assert signed(-1234.567) == f"{MINUS}1,234.57"


def test_the_page_shows_ladder_newcomers_and_terms_with_their_tables() -> None:
    """The brief has ladder, picture with table, and terms with their sum; nobody is named, and nothing is markup."""
    told = page(hub())
    assert "How far newcomers were led" in told
    assert len(re.findall(r'<svg class="(?:wide|narrow) newcomers"', told)) == 2
    assert told.count('class="lane"') == 18
    assert "Newcomers as a table (9 rows)" in told
    assert "+2.75" in told
    assert "&lt;b&gt;2&lt;/b&gt; of them wrote first." in told
    assert "numbered and not named" in told
    assert "no single message is evidence" not in told


def test_what_is_made_up_is_marked() -> None:
    """A case whose sentence begins with "Simulated: " carries a mark beside it; another does not."""
    mark = '<span class="badge">Simulated</span>'
    assert mark in page(hub(), "Simulated: 1 account approached 9 newcomers.")
    assert mark not in page(hub())


def test_an_alert_of_one_part_shows_that_part() -> None:
    """Without newcomers, ladder or terms the others stand alone."""
    whole = hub()
    for part in ("rungs", "newcomers", "terms"):
        alone = replace(FunnelShown((), (), ()), **{part: getattr(whole, part)})
        told = page(alone)
        assert ("How far newcomers were led" in told) == (part == "rungs")
        assert ('class="lane"' in told) == (part == "newcomers")
        assert ("What the score is made of" in told) == (part == "terms")
