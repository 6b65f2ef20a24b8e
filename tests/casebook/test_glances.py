from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from seawall.casebook import Casebook
from seawall.model import Outcome, Severity, Subject
from tests.casebook.builders import START, account, accounts, alert
from tests.casebook.conftest import ticking_clock

PLATFORM = Subject("platform", "forum")


def filled(folder: Path) -> Casebook:
    """Three cases of coordination, of four accounts each; one surge of a platform, and one of a channel of it."""
    book = Casebook.open(folder / "casebook.sqlite", clock=ticking_clock())
    together = [alert(accounts(range(10 * n, 10 * n + 4)), day=20 * n, anchor=f"c{n}") for n in range(3)]
    surge = {"detector": "surge", "severity": Severity.HIGH, "sentence": "Messages on forum rose 3-fold."}
    whole = alert([PLATFORM], day=100, anchor="p", parameters={"kinds": ["platform"]}, **surge)
    part = alert(
        [Subject("channel", "beds"), PLATFORM], day=130, anchor="b", parameters={"kinds": ["channel"]}, **surge
    )
    book.propose([*together, whole, part], lake_version="1")
    return book


def test_waiting_is_counted_by_severity(tmp_path: Path) -> None:
    """Every case that is not decided counts once, under its severity; the gravest is named."""
    book = filled(tmp_path)
    seen = book.glances.waiting()
    assert (seen.total, seen.decided) == (5, 0)
    assert {one.value: count for one, count in seen.open.items() if count} == {"high": 2, "medium": 3}
    assert seen.gravest == "Messages on forum rose 3-fold."
    assert seen.gravest_id == book.cases()["case_id"][0].as_py()


def test_a_decided_case_waits_no_more(tmp_path: Path) -> None:
    """What is decided is counted apart, and its alerts are no longer new."""
    book = filled(tmp_path)
    newest = book.glances.of_detectors(["coordination"], most=5)[0]
    book.decide(newest.case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="It is a seed swap.")
    seen = book.glances.waiting()
    assert (seen.total, seen.decided) == (4, 1)
    assert newest.alert_id not in {one.alert_id for one in book.glances.of_detectors(["coordination"], most=5)}


def test_cases_are_counted_by_status(tmp_path: Path) -> None:
    """As the table of cases tells them, decided ones too."""
    book = filled(tmp_path)
    told = book.cases()["status"].to_pylist()
    book.decide(book.cases()["case_id"][0].as_py(), reviewer="rosa", outcome=Outcome.WATCH, reason="Wait.")
    assert book.glances.by_status() == {"open": len(told) - 1, "decided": 1}


def test_alerts_about_a_subject(tmp_path: Path) -> None:
    """The alerts that name a thing are found by it, the latest first, and counted beyond what is read."""
    book = filled(tmp_path)
    found, total = book.glances.about("account", account(12), most=5)
    assert (len(found), total) == (1, 1)
    assert Subject("account", account(12)) in found[0].alert.subjects
    assert book.glances.about("channel", account(12), most=5) == ((), 0)
    some, total = book.glances.about("platform", "forum", most=1)
    assert (some[0].alert.anchor, total) == ("b", 2)


def test_surges_of_a_whole_platform(tmp_path: Path) -> None:
    """Surges of a platform's channels are not its own; a window that only touches the span is not in it."""
    book = filled(tmp_path)
    start, end = START + timedelta(days=100), START + timedelta(days=103)
    (found,) = book.glances.surges("forum", start, end, most=9)
    assert found.alert.anchor == "p"
    assert book.glances.surges("forum", end, end + timedelta(days=60), most=9) == ()
    assert book.glances.surges("chat", start, end, most=9) == ()


def test_only_one_s_own_queues(tmp_path: Path) -> None:
    """Whoever is limited to some detectors sees nothing of the others, not even how much waits."""
    book = filled(tmp_path)
    own = frozenset({"surge"})
    assert book.glances.waiting(own).total == 2
    assert book.glances.about("account", account(12), most=5, own=own) == ((), 0)
    assert book.glances.of_detectors(["coordination"], most=5, own=own) == ()
    assert book.glances.surges("forum", START, START + timedelta(days=200), most=9, own={"coordination"}) == ()


def test_alerts_come_page_after_page(tmp_path: Path) -> None:
    """All alerts once, the latest first, wherever the pages end; of one's own detectors where one has some."""
    book = filled(tmp_path)
    whole = book.glances.page(most=10)
    assert [one.alert.start for one in whole] == sorted((one.alert.start for one in whole), reverse=True)
    first = book.glances.page(most=2)
    rest = book.glances.page(most=10, after=(first[-1].alert.start, first[-1].alert_id))
    assert [one.alert_id for one in (*first, *rest)] == [one.alert_id for one in whole]
    assert {one.alert.detector for one in book.glances.page(most=10, own=["surge"])} == {"surge"}
