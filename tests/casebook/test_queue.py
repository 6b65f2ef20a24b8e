from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.casebook import Casebook, QueueFilter, Role
from seawall.errors import InputError, RuleError
from seawall.model import Outcome, Severity, Subject
from tests.casebook.builders import START, accounts, alert
from tests.casebook.fresh import fresh_book

EVERY = QueueFilter(status=())


def ids(book: Casebook, wanted: QueueFilter = EVERY) -> list[str]:
    return [row.case_id for row in book.queue.page(wanted, reviewer="Rosa", limit=200).rows]


@pytest.fixture
def filled(book: Casebook) -> Casebook:
    """Five cases: two of them surges, one urgent, one decided."""
    severities = [Severity.LOW, Severity.HIGH, Severity.URGENT, Severity.MEDIUM, Severity.MEDIUM]
    book.propose(
        [
            alert(
                accounts([10 * number]),
                day=number * 10,
                severity=severity,
                detector="surge" if number > 2 else "coordination",
                sentence=f"Club {number} sowed 100% of its beds_{number}.",
            )
            for number, severity in enumerate(severities)
        ],
        lake_version="v1",
    )
    return book


def test_the_queue_is_in_the_order_of_the_cases(filled: Casebook) -> None:
    """The gravest first, then the surest; a line says who claims what, and since when."""
    assert ids(filled) == filled.cases()["case_id"].to_pylist()
    first = filled.queue.page(EVERY, reviewer="Rosa").rows[0]
    assert (first.severity, first.detectors, first.alerts) == (Severity.URGENT, ("coordination",), 1)
    assert first.start == START + timedelta(days=20)


def test_each_filter_leaves_what_it_says(filled: Casebook) -> None:
    """Severity, detector, words, time, status, holder and campaign, alone and together."""
    rows = {row.sentence[5]: row.case_id for row in filled.queue.page(EVERY, reviewer="Rosa").rows}
    filled.decide(rows["0"], reviewer="Rosa", outcome=Outcome.WATCH, reason="Seen.")
    filled.queue.take(rows["1"], reviewer="Rosa")
    campaign = filled.campaigns.name("Sowing", [rows["3"], rows["0"]], reviewer="Rosa", reason="One calendar.")

    def left(**wanted: object) -> str:
        found = set(ids(filled, QueueFilter(**wanted)))  # type: ignore[arg-type]
        return "".join(sorted(name for name, case_id in rows.items() if case_id in found))

    assert left() == "1234"
    assert left(status=("decided",)) == "0"
    assert left(severity=(Severity.URGENT, Severity.HIGH)) == "12"
    assert left(detectors=("surge",)) == "34"
    assert left(detectors=("surge", "coordination"), status=()) == "01234"
    assert left(held_by="ROSA") == "1"
    assert left(held_by="") == "234"
    assert left(campaign=campaign.campaign_id.lower(), status=()) == "03"
    assert left(text="CLUB 3") == "3"
    assert left(text=rows["4"].lower()) == "4"
    assert left(text="100%") == "1234"
    assert left(text="0_0") == ""
    assert left(text="\0' OR 1=1 --") == ""
    assert left(start=START + timedelta(days=20), end=START + timedelta(days=30)) == "2"
    assert left(start=START + timedelta(days=20), severity=(Severity.MEDIUM,)) == "34"


def test_a_mark_that_no_page_gave_is_refused(filled: Casebook) -> None:
    """Whatever stands in an address."""
    for mark in ("", "1~2", "a~b~c", "1~0.8~C-1~2", "1~nan~C-1", "9~0.5~C-1", "1~0.5~C-\0", "1~١~C-1"):
        with pytest.raises(InputError, match="not a mark"):
            filled.queue.page(EVERY, reviewer="Rosa", after=mark)


claims = st.lists(st.tuples(st.sampled_from(list(Severity)), st.sampled_from([0.0, 0.1, 1 / 3, 0.9])), max_size=12)


@settings(max_examples=5, deadline=None)
@given(claims, st.integers(1, 5))
def test_pages_put_together_are_the_queue(given_claims: list[tuple[Severity, float]], limit: int) -> None:
    """No case twice, none left out, whatever the size of a page and however many are equal."""
    with fresh_book() as book:
        alerts = [
            alert(accounts([100 * number]), severity=severity, score=score)
            for number, (severity, score) in enumerate(given_claims)
        ]
        book.propose(alerts, lake_version="v1")
        found, after, pages = [], None, 0
        while True:
            page = book.queue.page(EVERY, reviewer="Rosa", after=after, limit=limit)
            assert (page.total, len(page.rows) <= limit) == (len(alerts), True)
            found += [row.case_id for row in page.rows]
            after, pages = page.next, pages + 1
            if after is None:
                break
        assert found == book.cases()["case_id"].to_pylist()
        assert pages == max(-(-len(alerts) // limit), 1)


def test_a_person_with_queues_sees_and_decides_the_cases_of_these_alone(filled: Casebook) -> None:
    """Whoever is limited to surges finds no other case, by whichever way they ask."""
    filled.enrol("Ada", Role.ADMINISTRATOR, by="Ada")
    filled.enrol("Rosa", Role.REVIEWER, by="Ada")
    every = filled.cases()["case_id"].to_pylist()
    surges = [row["case_id"] for row in filled.cases().to_pylist() if row["detectors"] == ["surge"]]
    filled.people.set_queues("Rosa", {"surge"}, by="Ada")
    assert ids(filled) == surges
    assert filled.cases(viewer="Rosa")["case_id"].to_pylist() == surges
    taken = [filled.queue.take_next(QueueFilter(), reviewer="Rosa")]
    filled.decide(surges[0], reviewer="Rosa", outcome=Outcome.WATCH, reason="Seen.")
    taken.append(filled.queue.take_next(QueueFilter(), reviewer="Rosa"))
    assert taken == surges
    other = next(one for one in every if one not in surges)
    for act in (
        lambda: filled.case(other, viewer="Rosa"),
        lambda: filled.queue.take(other, reviewer="Rosa"),
        lambda: filled.queue.give_back(other, reviewer="Rosa"),
        lambda: filled.queue.alike(other, reviewer="Rosa"),
        lambda: filled.decide(other, reviewer="Rosa", outcome=Outcome.WATCH, reason="Seen."),
        lambda: filled.campaigns.name("Spring sale", [other], reviewer="Rosa", reason="One calendar."),
        lambda: filled.queue.page(EVERY, reviewer="A stranger"),
        lambda: filled.queue.page(EVERY, reviewer="Ada"),
    ):
        with pytest.raises(RuleError):
            act()


def test_a_casebook_of_an_older_seawall_has_a_queue(filled: Casebook, path: Path) -> None:
    """What the queue keeps of a case is made from its alerts where it is missing."""
    rows = filled.queue.page(EVERY, reviewer="Rosa").rows
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DROP TABLE case_detectors")
        raw.execute("DELETE FROM seals WHERE name IN ('case_detectors', 'sqlite_master')")
    again = Casebook.open(path)
    assert again.queue.page(EVERY, reviewer="Rosa").rows == rows
    assert again.problems() == []


def test_the_next_case_is_one_that_this_person_can_decide(filled: Casebook) -> None:
    """Not one that someone else holds or that they proposed; behind the one they come from, then from the head."""
    order = ids(filled)
    filled.queue.take(order[0], reviewer="Nils")
    filled.decide(order[1], reviewer="Rosa", outcome=Outcome.REFER, reason="Many copies.")

    def following(after: str | None, name: str = "Rosa") -> str | None:
        case_id = filled.queue.take_next(QueueFilter(), reviewer=name, after=after)
        if case_id is not None:
            filled.queue.give_back(case_id, reviewer=name)
        return case_id

    assert following(None) == order[2]
    assert following(order[2]) == order[3]
    assert following(order[4]) == order[2]
    assert following(None, "Ada") == order[1]
    assert following(None, "Nils") == order[0]
    assert filled.queue.take_next(QueueFilter(status=("decided",)), reviewer="Rosa") is None
    assert filled.queue.take_next(QueueFilter(text="no such words"), reviewer="Rosa") is None


def test_cases_are_alike_that_share_a_text_a_message_or_evidence(filled: Casebook) -> None:
    """Across detectors and times; an account or a channel that they share makes them no copies of one another."""
    text, message = Subject("text", "t" * 16), Subject("message", "forum:1")
    one, two, three, four = (
        filled.propose([alert(subjects, **more)], lake_version="v2").opened[0]  # type: ignore[arg-type]
        for subjects, more in (
            ([text, *accounts([900])], {"day": 100, "evidence": ("forum:1",)}),
            ([text, *accounts([901])], {"day": 110, "detector": "spread"}),
            ([message, *accounts([902])], {"day": 120, "detector": "known words"}),
            (accounts([900]), {"day": 130}),
        )
    )
    assert {row.case_id for row in filled.queue.alike(one, reviewer="Rosa")} == {two, three}
    assert filled.queue.alike(four, reviewer="Rosa") == ()
    filled.decide(two, reviewer="Rosa", outcome=Outcome.WATCH, reason="Seen.")
    assert {row.case_id for row in filled.queue.alike(one, reviewer="Rosa")} == {three}
