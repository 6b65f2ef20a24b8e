from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from seawall.casebook import Role
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.web.pages.places_lives import mark
from seawall.web.places_words import LIVES_LEFT_OUT
from seawall.workspace.survival_found import LEFT_OUT
from tests.web.conftest import Served
from tests.web.pages.cases import text_of
from tests.web.pages.seen import PATIENCE_SECONDS, assert_no_inline
from tests.web.pages.test_places_after import write_ends

DAYS, CLOSED = 80, 50
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def write_clubs(served: Served) -> None:
    """Twelve clubs that write each day for eighty days; two of them fall silent on the fiftieth."""
    path = served.folder.parent / "clubs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("id", "author", "created_at", "channel", "text"))
        for day in range(DAYS):
            for club in range(12):
                for member in range(0 if club < 2 and day >= CLOSED else 4 + (day * 7 + club) % 3):
                    at = FIRST + timedelta(days=day, hours=member)
                    out.writerow(
                        (f"{day}.{club}.{member}", f"m{club}.{member}", at.isoformat(), f"club {club}", "Peas.")
                    )
    served.workspace().add(path, options=ReadOptions(visibility=Visibility.PUBLIC, platform="meadow"))


def test_lives_of_channels(console: Served) -> None:
    """The first sentence counts channels and ends; the curve has bands, numbers under observation and a table."""
    write_ends(console, 8)
    assert console.workspace().survival_seen(by=None, patience=PATIENCE_SECONDS).state == "ready"
    page = console.as_(Role.ANALYST).get("/places/survival?by=").text
    told = text_of(page)
    assert "ended." in told
    assert "silent for 30 days, all of them collected" in told
    assert "Under observation at this age" in told
    assert 'class="lives-band' in page
    assert "As a table: The curves at round ages" in told
    assert "What was left out" in told or "Nothing was left out." in told
    assert_no_inline(page)


def test_lives_by_something_strange(console: Served) -> None:
    """What there is no group by is as if nothing was asked for."""
    answer = console.as_(Role.ANALYST).get("/places/survival?by=members")
    assert answer.status_code == 200


def test_each_reason_has_words() -> None:
    """Every reason for leaving a spell of a lake out that the measure tells has its words."""
    assert {LEFT_OUT[name] for name in LIVES_LEFT_OUT} == set(LIVES_LEFT_OUT.values())


def test_before_and_after_without_actions(console: Served) -> None:
    """Where nothing was referred the page says so, and how actions can be told."""
    assert console.workspace().effect_seen(patience=PATIENCE_SECONDS).state == "failed"
    told = text_of(console.as_(Role.LEAD).get("/places/effect").text)
    assert "No case was referred whose alerts speak of a channel." in told
    assert "actions.csv" in told


def test_before_and_after_of_ones_own_list(console: Served) -> None:
    """An action of actions.csv is compared with what was to be expected, drawn, and told where it cannot be told."""
    write_clubs(console)
    rows = [("date", "channel", "kind"), *(("2026-02-20", f"club {club}", "closed") for club in (0, 1))]
    (console.folder / "actions.csv").write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    seen = console.workspace().effect_seen(decisions=False, patience=PATIENCE_SECONDS)
    assert seen.state == "ready", seen.problem
    page = console.as_(Role.ANALYST).get("/places/effect?of=list").text
    told = text_of(page)
    assert "comparisons of before and after:" in told
    assert "fell" in told
    assert "cannot tell" in told
    assert re.search(r"Compared with \d+ channels\.", told)
    assert "Nobody drew lots who was acted on" in told
    assert page.count('class="acted"') > 2
    assert 'class="whisker"' in page
    assert "Where accounts went" in told
    assert_no_inline(page)


def test_a_list_of_actions_that_is_none(console: Served) -> None:
    """A date that is none is told with the way to write it."""
    (console.folder / "actions.csv").write_text("date,channel\nlast spring,club 0\n", encoding="utf-8")
    seen = console.workspace().effect_seen(decisions=False, patience=PATIENCE_SECONDS)
    assert (seen.state, seen.problem) == ("failed", "A date cannot be read.")
    assert "A date cannot be read." in text_of(console.as_(Role.ANALYST).get("/places/effect?of=list").text)


positive = st.floats(1e-6, 1e6)


@given(positive, positive, positive)
def test_marks_lie_in_the_scale_and_in_order(first: float, second: float, third: float) -> None:
    """Whatever an interval is, its ends lie within the scale around its middle."""
    low, ratio, high = sorted((first, second, third))
    places = mark({"low": low, "ratio": ratio, "high": high})
    assert places is not None
    assert 0 <= places[0] <= places[1] <= places[2] <= 120
