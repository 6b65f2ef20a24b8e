from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from seawall.casebook import Casebook
from seawall.model import Alert, Outcome, Severity, Subject
from tests.casebook.builders import account, accounts, alert
from tests.casebook.fresh import fresh_book


def test_the_same_alerts_again_change_nothing(book: Casebook) -> None:
    """Proposing twice leaves the tables, the history and the audit as they were."""
    alerts = [alert(accounts([n, n + 1]), day=n / 2) for n in range(12)]
    book.propose(alerts, lake_version="v1")
    before = (book.alerts(), book.cases(), book.audit.head(), book.case_files())
    again = book.propose(alerts[::-1], lake_version="v2")
    assert (book.alerts(), book.cases(), book.audit.head(), book.case_files()) == before
    assert len(again.unchanged) == 12
    assert not again.new
    assert not again.revised


def test_more_data_is_a_revision_and_never_a_twin(book: Casebook) -> None:
    """The same anchor with a later end is revision 2 of the same alert in the same case."""
    one = alert()
    first = book.propose([one], lake_version="v1")
    second = book.propose([replace(one, end=one.end + timedelta(days=2))], lake_version="v2")
    assert second.revised == first.new
    assert book.alerts()["revision"].to_pylist() == [2]
    assert book.alerts()["lake_version"].to_pylist() == ["v2"]
    assert book.cases().num_rows == 1


def test_a_growing_community_keeps_its_id(book: Casebook) -> None:
    """A community that gains members, a new first subject and an earlier anchor stays the same alert."""
    grown = alert(accounts([9, *range(6)]), day=-1, days=5)
    first = book.propose([alert(accounts(range(6)))], lake_version="v1")
    second = book.propose([grown], lake_version="v2")
    assert second.revised == first.new
    assert book.propose([grown], lake_version="v3").unchanged == first.new


def test_other_parameters_make_another_alert_in_the_same_case(book: Casebook) -> None:
    """Two windows over the same accounts are two claims about one thing."""
    book.propose([alert(), alert(parameters={"window": 10})], lake_version="v1")
    assert book.alerts().num_rows == 2
    assert book.cases().num_rows == 1


def test_a_community_that_splits_keeps_its_id_in_one_half(book: Casebook) -> None:
    """Of two successors one is the revision, the other a new alert; a rerun changes nothing."""
    first = book.propose([alert(accounts(range(4)), anchor="whole")], lake_version="v1")
    halves = [alert(accounts([0, 1]), anchor="left"), alert(accounts([2, 3]), anchor="right")]
    second = book.propose(halves, lake_version="v2")
    assert second.revised == first.new
    assert len(second.new) == 1
    assert len(book.propose(halves, lake_version="v3").unchanged) == 2


def test_two_surges_of_one_series_at_different_times_stay_apart(book: Casebook) -> None:
    """The same series in May and in November is two alerts and two cases."""
    series = [Subject("platform", "forum"), Subject("language", "de")]
    book.propose([alert(series, day=0, detector="surge"), alert(series, day=180, detector="surge")], lake_version="v1")
    assert book.cases().num_rows == 2


def test_windows_that_only_touch_do_not_overlap(book: Casebook) -> None:
    """A surge that ends when a collapse begins is not the same alert."""
    series = [Subject("channel", "c" + "1" * 20)]
    changes = book.propose([alert(series, day=0, days=3), alert(series, day=3, days=3)], lake_version="v1")
    assert len(changes.new) == 2


def test_alerts_that_share_accounts_channels_objects_or_messages_make_one_case(book: Casebook) -> None:
    """Each kind of overlap joins two alerts of different detectors in one case."""
    pairs = [
        (alert(accounts([1, 2])), alert(accounts([2, 3]), detector="funnel")),
        (alert([Subject("channel", "c1")]), alert([Subject("channel", "c1")], detector="surge")),
        (alert([Subject("object", "o1")]), alert([Subject("object", "o1")], detector="spread")),
        (alert(accounts([7]), evidence=("x:1",)), alert([Subject("message", "x:1")], detector="canary")),
    ]
    changes = book.propose([one for pair in pairs for one in pair], lake_version="v1")
    assert len(changes.opened) == 4
    assert sorted(len(ids) for ids in book.cases()["alerts"].to_pylist()) == [2, 2, 2, 2]


def test_one_account_of_many_does_not_join_two_communities(book: Casebook) -> None:
    """Less than a fifth of the smaller one's accounts is not enough."""
    changes = book.propose([alert(accounts(range(20))), alert(accounts(range(19, 40)))], lake_version="v1")
    assert len(changes.opened) == 2


def test_synchronous_surges_of_a_platform_make_one_case(book: Casebook) -> None:
    """Two languages of one platform that rise over the same days belong together, a long drift does not."""
    german = alert([Subject("platform", "forum"), Subject("language", "de")], detector="surge")
    polish = alert([Subject("platform", "forum"), Subject("language", "pl")], detector="surge", days=4)
    drift = alert([Subject("platform", "forum"), Subject("language", "da")], detector="surge", day=-60, days=90)
    assert len(book.propose([german, polish, drift], lake_version="v1").opened) == 2


def test_a_new_alert_grows_its_case(book: Casebook) -> None:
    """A later alert on the same accounts joins the case, which is open and says so."""
    case_id = book.propose([alert(accounts([1, 2]))], lake_version="v1").opened[0]
    changes = book.propose([alert(accounts([2, 3]), detector="funnel", severity=Severity.HIGH)], lake_version="v2")
    assert changes.grown == (case_id,)
    file = book.case(case_id)
    assert file.case.severity is Severity.HIGH
    assert file.case.sentence.endswith("1 more alert belongs to this case.")
    assert [event.act for event in file.history] == ["opened", "grown"]


def test_an_alert_that_joins_two_open_cases_goes_to_the_older_and_links_them(book: Casebook) -> None:
    """The older case gets the alert, and both say that they are linked."""
    older = book.propose([alert(accounts([1, 2]))], lake_version="v1").opened[0]
    newer = book.propose([alert(accounts([5, 6]))], lake_version="v1").opened[0]
    changes = book.propose([alert(accounts([2, 5]), detector="funnel")], lake_version="v2")
    assert changes.grown == (older,)
    assert book.case(older).linked == (newer,)
    assert book.case(newer).linked == (older,)
    assert "linked" in [event.act for event in book.case(newer).history]


def decided(book: Casebook, one: Alert) -> str:
    case_id = book.propose([one], lake_version="v1").opened[0]
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.NO_ACTION, reason="A seed swap.")
    return case_id


def test_a_decided_case_stays_decided_when_it_grows_a_little(book: Casebook) -> None:
    """A revision with some more evidence does not reopen a decided case."""
    one = alert(evidence=tuple(f"x:{n}" for n in range(10)))
    case_id = decided(book, one)
    changes = book.propose([replace(one, evidence=(*one.evidence, "x:99"))], lake_version="v2")
    assert changes.revised
    assert not changes.reopened
    assert book.case(case_id).case.status == "decided"


def test_a_decided_case_reopens_on_a_stated_change(book: Casebook) -> None:
    """Higher severity, doubled evidence or subjects, or another kind of claim reopen it; the history says why."""
    one = alert(accounts([1, 2]), evidence=("x:1", "x:2"))
    grown = {
        "severity rose from medium to high": replace(one, severity=Severity.HIGH),
        "evidence grew from 2 to 4": replace(one, evidence=("x:1", "x:2", "x:3", "x:4")),
        "about 4 accounts": replace(one, subjects=accounts([1, 2, 3, 4])),
        "funnel": replace(one, detector="funnel"),
    }
    for why, change in grown.items():
        with fresh_book() as fresh:
            case_id = decided(fresh, one)
            assert fresh.propose([change], lake_version="v2").reopened == (case_id,)
            file = fresh.case(case_id)
            assert file.case.status == "reopened"
            assert why in next(event.note for event in file.history if event.act == "reopened")


def test_an_open_case_is_preferred_to_a_decided_one(book: Casebook) -> None:
    """A new alert between a decided and an open case does not disappear in the decided one."""
    decided(book, alert(accounts([1, 2])))
    waiting = book.propose([alert(accounts([5, 6]))], lake_version="v1").opened[0]
    assert book.propose([alert(accounts([2, 5]), anchor="between")], lake_version="v2").grown == (waiting,)


communities = st.builds(
    lambda members, day, days, window: alert(
        accounts(sorted(members)), day=day, days=days, parameters={"window": window}, anchor=f"{min(members)}"
    ),
    st.sets(st.integers(0, 8), min_size=1, max_size=5),
    st.integers(0, 6),
    st.integers(0, 4),
    st.sampled_from([10, 60]),
)


@given(st.lists(st.lists(communities, max_size=6), max_size=4), st.randoms())
def test_any_sequence_of_runs_is_idempotent_and_free_of_order(runs: list[list[Alert]], chance: random.Random) -> None:
    """After any runs: each run repeated in any order changes nothing, and every alert is in exactly one case."""
    with fresh_book() as book:
        for run in runs:
            book.propose(run, lake_version="v1")
            before = (book.alerts(), book.cases(), book.audit.head())
            shuffled = run[:]
            chance.shuffle(shuffled)
            again = book.propose(shuffled, lake_version="v2")
            assert (book.alerts(), book.cases(), book.audit.head()) == before
            assert not again.new
            assert not again.revised
        held = [one for ids in book.cases()["alerts"].to_pylist() for one in ids]
        assert sorted(held) == sorted(book.alerts()["alert_id"].to_pylist())
        assert book.audit.verify() == []


def test_no_pseudonym_is_in_the_audit(book: Casebook) -> None:
    """The audit tells of alerts and cases by their hashes only."""
    book.propose([alert()], lake_version="v1")
    assert account(0) not in str(book.audit.entries())
