from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from seawall.casebook import Casebook, Role
from seawall.casebook.approached import SupportState
from seawall.casebook.approached_people import SupportAct
from seawall.casebook.metadata import metadata
from seawall.casebook.records import Claim
from seawall.casebook.tables_approached import approached_people, approaches, support_events
from seawall.errors import InputError, RuleError
from tests.casebook.builders import START, account
from tests.casebook.clocks import Clock
from tests.casebook.hubs import approached, hub_alert, newcomer
from tests.casebook.peopled import PEOPLE, with_people

SAGE = "Sol"
"""The person of safeguarding."""
APART = {approached_people.name, approaches.name, support_events.name}


book = pytest.fixture(with_people)


def standing(book: Casebook) -> dict[str, str]:
    """Account -> state, of everybody on the list."""
    found = {}
    for row in book.approached.all(reviewer=SAGE, limit=200).rows:
        person = book.approached.find(row.person_id, reviewer=SAGE)
        found[person.account] = person.state.value
    return found


def id_of(book: Casebook, number: int) -> str:
    rows = book.approached.all(reviewer=SAGE, limit=200).rows
    people = [book.approached.find(row.person_id, reviewer=SAGE) for row in rows]
    return next(one.person_id for one in people if one.account == newcomer(number))


def test_an_alert_puts_whom_it_names_on_the_list(book: Casebook) -> None:
    """Each person is listed once with the furthest stage, those who were led furthest first; everybody waits."""
    people = [approached(1), approached(2, "contact"), approached(1, "direct", day=1)]
    book.propose([hub_alert(people)], lake_version="v1")
    page = book.approached.all(reviewer=SAGE)
    assert [(row.stage, row.alerts) for row in page.rows] == [("contact", 1), ("direct", 1)]
    assert page.states[SupportState.WAITING] == page.total == 2
    person = book.approached.find(page.rows[1].person_id, reviewer=SAGE)
    assert person.account == newcomer(1)
    (seen,) = person.approaches
    assert (seen.first_at, seen.last_at) == (START, START + timedelta(days=3))
    assert seen.by == (account(900),)


def test_each_revision_replaces_whom_it_named(book: Casebook) -> None:
    """Whom an alert no longer names leaves the list, unless somebody acted for them; a person of two hubs stays."""
    one, other = hub_alert([approached(1), approached(2), approached(3)]), hub_alert([approached(3)], hub=901)
    book.propose([one, other], lake_version="v1")
    book.approached.act(id_of(book, 2), SupportAct.OFFER, "Wrote to her.", reviewer=SAGE)
    fewer = replace(hub_alert([approached(4)]), anchor=one.anchor)
    assert book.propose([fewer], lake_version="v2").revised
    assert standing(book) == {newcomer(2): "offered", newcomer(3): "waiting", newcomer(4): "waiting"}
    assert book.approached.find(id_of(book, 2), reviewer=SAGE).approaches == ()
    (row,) = [one for one in book.approached.all(reviewer=SAGE).rows if one.state is SupportState.OFFERED]
    assert (row.stage, row.alerts) == (None, 0)


def test_the_list_changes_where_the_claim_does_not(book: Casebook) -> None:
    """Other people beside the same claim are no revision, and the list has them all the same."""
    one = hub_alert([approached(1)])
    book.propose([one], lake_version="v1")
    changed = book.propose([replace(one, approached=(approached(2),))], lake_version="v2")
    assert changed.unchanged
    assert standing(book) == {newcomer(2): "waiting"}


def test_neither_body_nor_fingerprint_nor_marks_know_them(book: Casebook) -> None:
    """What is kept, compared and matched of an alert is the same whoever stands beside it."""
    one = hub_alert([approached(1)])
    claim, other = Claim(one), Claim(replace(one, approached=()))
    assert (claim.body, claim.fingerprint, claim.marks) == (other.body, other.fingerprint, other.marks)
    assert newcomer(1) not in repr(one)


def test_no_other_table_holds_them(book: Casebook) -> None:
    """After alerts, revisions, acts and reads, no row of any other table holds the pseudonym of anybody approached."""
    people = [approached(number, "contact") for number in range(5)]
    book.propose([hub_alert(people)], lake_version="v1")
    book.propose([hub_alert([*people, approached(5)])], lake_version="v2")
    for what in SupportAct:
        book.approached.act(id_of(book, 1), what, "Called by telephone.", reviewer=SAGE)
    book.approached.held_about([newcomer(2)], reviewer=SAGE)
    with book._store.read() as connection:
        told = {
            table.name: str(connection.execute(select(table)).all())
            for table in metadata.sorted_tables
            if table.name != "seals"
        }
    names = [newcomer(number) for number in range(6)]
    assert {name for name, rows in told.items() if any(one in rows for one in names)} == {approached_people.name}
    assert all(told[name] != "[]" for name in APART)


READS: dict[str, Callable[[Casebook, str, str], object]] = {
    "list": lambda book, person, who: book.approached.all(reviewer=who),
    "person": lambda book, person, who: book.approached.find(person, reviewer=who),
    "offer": lambda book, person, who: book.approached.act(person, SupportAct.OFFER, "", reviewer=who),
    "close": lambda book, person, who: book.approached.act(person, SupportAct.CLOSE, "Done.", reviewer=who),
    "held about": lambda book, person, who: book.approached.held_about([newcomer(1)], reviewer=who),
}


@pytest.mark.parametrize("what", READS)
def test_safeguarding_alone(book: Casebook, what: str) -> None:
    """Every other role, and whoever is not enrolled, is refused alike, and the refusal names nobody."""
    book.propose([hub_alert([approached(1)])], lake_version="v1")
    person = id_of(book, 1)
    head = book.audit.head()
    for name in (*(name for name, role in PEOPLE.items() if role is not Role.SAFEGUARDING), "Eve"):
        with pytest.raises(RuleError) as refused:
            READS[what](book, person, name)
        assert newcomer(1) not in str(refused.value)
    assert book.audit.head() == head
    READS[what](book, person, SAGE)


def test_where_nobody_is_enrolled_nobody_reads_it(tmp_path: Path) -> None:
    """A casebook that belongs to whoever opens it keeps the list closed, until somebody of safeguarding is enrolled."""
    book = Casebook.open(tmp_path / "alone.sqlite")
    case_id = book.propose([hub_alert([approached(1), approached(2)])], lake_version="v1").opened[0]
    for name in ("rosa", ""):
        with pytest.raises(RuleError, match="safeguarding"):
            book.approached.all(reviewer=name)
    waits = book.approached.of_case(case_id, reviewer="rosa")
    assert (waits.people, waits.waiting, waits.enrolled) == (2, 2, False)
    book.enrol("Ada", Role.ADMINISTRATOR, by="Ada")
    with pytest.raises(RuleError):
        book.approached.all(reviewer="Ada")
    book.enrol("Sol", Role.SAFEGUARDING, by="Ada")
    assert book.approached.all(reviewer="Sol").total == 2


def test_each_read_of_each_person_is_in_the_audit(book: Casebook) -> None:
    """A page names in the audit those it showed, a person theirs: by a commitment of which others know nothing."""
    book.propose([hub_alert([approached(1, "contact"), approached(2)])], lake_version="v1")
    rows = book.approached.all(reviewer=SAGE, limit=1, page=2).rows
    person = book.approached.find(rows[0].person_id, reviewer=SAGE)
    listed, opened = book.audit.entries()[-2:]
    assert person.account == newcomer(2)
    assert (listed.actor, listed.act, len(listed.detail["people"])) == (SAGE, "read", 1)
    assert opened.detail == listed.detail
    assert opened.detail["people"] != [book.commit(newcomer(2))]
    assert [entry["act"] for entry in book.subject(newcomer(2), reviewer="Ben")["audit"]] == ["read subject"]
    assert book.audit.verify() == []


def test_what_a_person_of_another_role_asks_of_an_account_does_not_tell(book: Casebook) -> None:
    """Export and erasure answer alike about somebody on the list, for whom much was done, and about nobody."""
    book.propose([hub_alert([approached(1)])], lake_version="v1")
    book.approached.act(id_of(book, 1), SupportAct.OFFER, "Wrote to her.", reviewer=SAGE)
    there, not_there = (book.subject(newcomer(number), reviewer="Ben") for number in (1, 2))
    assert [entry.pop("act") for entry in (*there.pop("audit"), *not_there.pop("audit"))] == ["read subject"] * 2
    assert there == not_there
    assert book.erase([newcomer(1)], reviewer="Ben") == book.erase([newcomer(2)], reviewer="Ben")
    told = [entry.detail | {"accounts": None} for entry in book.audit.entries()[-2:]]
    assert told[0] == told[1]


def test_an_act_moves_a_person_and_says_who_and_why(book: Casebook, clock: Clock) -> None:
    """Offer, not needed and close are kept with who, when and note; the latter two need a note, and none is sent."""
    book.propose([hub_alert([approached(1)])], lake_version="v1")
    person = id_of(book, 1)
    offered = book.approached.act(person.lower().removeprefix("p-"), SupportAct.OFFER, " By letter. ", reviewer=SAGE)
    assert (offered.state, offered.history[0].note, offered.history[0].by) == (SupportState.OFFERED, "By letter.", SAGE)
    clock.move(days=1)
    with pytest.raises(RuleError, match="note"):
        book.approached.act(person, SupportAct.CLOSE, "  ", reviewer=SAGE)
    closed = book.approached.act(person, SupportAct.CLOSE, "She is well.", reviewer="Sky")
    assert [(line.act, line.by) for line in closed.history] == [("offered", SAGE), ("closed", "Sky")]
    assert closed.history[1].at == clock()
    with pytest.raises(RuleError, match="already"):
        book.approached.act(person, SupportAct.CLOSE, "Again.", reviewer=SAGE)
    with pytest.raises(RuleError, match="no such person"):
        book.approached.act("P-00000000", SupportAct.OFFER, "", reviewer=SAGE)
    assert [entry.act for entry in book.audit.entries()].count("safeguard") == 2


@pytest.mark.parametrize(("act", "note"), [(SupportAct.OFFER, ""), (SupportAct.NOT_NEEDED, "A cousin.")])
def test_who_is_led_further_or_approached_again_waits_again(book: Casebook, act: SupportAct, note: str) -> None:
    """After an act, a further stage or another hub lets a person wait again, and says so; less or the same does not."""
    hub = hub_alert([approached(1, "direct")])
    book.propose([hub], lake_version="v1")
    person = id_of(book, 1)
    book.approached.act(person, act, note, reviewer=SAGE)
    same = replace(hub, end=hub.end + timedelta(days=3), approached=(approached(1, "follow_back", days=4),))
    book.propose([same], lake_version="v2")
    assert standing(book) != {newcomer(1): "waiting"}
    book.propose([replace(same, approached=(approached(1, "contact", days=5),))], lake_version="v3")
    assert standing(book) == {newcomer(1): "waiting"}
    book.approached.act(person, act, note, reviewer=SAGE)
    book.propose([hub_alert([approached(1)], hub=901)], lake_version="v4")
    found = book.approached.find(person, reviewer=SAGE)
    assert found.state is SupportState.WAITING
    assert [line.act for line in found.history if line.by == "seawall"] == ["went further", "approached again"]


def test_erasure_takes_a_person_off_the_list(book: Casebook, path: Path) -> None:
    """Account, approaches and history go, and their name in the notes of others; nobody else does."""
    book.propose([hub_alert([approached(1), approached(2)])], lake_version="v1")
    for number in (1, 2):
        book.approached.act(id_of(book, number), SupportAct.OFFER, f"A friend of {newcomer(1)}.", reviewer=SAGE)
    book.erase([newcomer(1)], reviewer="Ben")
    assert standing(book) == {newcomer(2): "offered"}
    (line,) = book.approached.find(id_of(book, 2), reviewer=SAGE).history
    assert line.note == "A friend of [erased]."
    assert book.problems() == []
    assert book.audit.verify() == []


def test_a_hub_that_is_erased_leaves_whom_it_approached(book: Casebook) -> None:
    """They still wait; who approached them is told no more."""
    book.propose([hub_alert([approached(1)])], lake_version="v1")
    book.erase([account(900)], reviewer="Ben")
    (seen,) = book.approached.find(id_of(book, 1), reviewer=SAGE).approaches
    assert seen.by == ()
    assert standing(book) == {newcomer(1): "waiting"}


def test_retention_reaches_the_list(book: Casebook, clock: Clock) -> None:
    """Who was last approached before, and for whom nobody acted since, goes; a later approach or act keeps a person."""
    early, late = approached(1), approached(2, day=10)
    book.propose([hub_alert([early, late]), hub_alert([approached(3)], hub=901)], lake_version="v1")
    clock.now = START + timedelta(days=8)
    book.approached.act(id_of(book, 3), SupportAct.OFFER, "", reviewer=SAGE)
    assert book.approached.expire(START + timedelta(days=5)) == 1
    assert standing(book) == {newcomer(2): "waiting", newcomer(3): "offered"}
    assert book.approached.expire(START + timedelta(days=9)) == 1
    assert book.approached.expire(START + timedelta(days=30)) == 1
    assert standing(book) == {}


@pytest.mark.parametrize("who", [newcomer(1), account(900)])
def test_a_legal_hold_keeps_the_list(book: Casebook, who: str) -> None:
    """Retention and erasure leave a person on hold on the list, retention also one whom a held hub approached."""
    book.propose([hub_alert([approached(1)]), hub_alert([approached(2)], hub=901)], lake_version="v1")
    book.hold(who, reviewer="Ben", reason="Order 12/26")
    assert book.approached.expire(START + timedelta(days=90)) == 1
    assert standing(book) == {newcomer(1): "waiting"}
    if who == newcomer(1):
        with pytest.raises(RuleError, match="hold"):
            book.erase([who], reviewer="Ben")
    book.release(who, reviewer="Ben", reason="Lifted.")
    assert book.approached.expire(START + timedelta(days=90)) == 1


def test_a_person_is_told_what_is_theirs(book: Casebook) -> None:
    """Stage, times and what was done, and nothing of who approached them or in which case; read for them is audited."""
    case_id = book.propose([hub_alert([approached(1, "contact")])], lake_version="v1").opened[0]
    person = id_of(book, 1)
    book.approached.act(person, SupportAct.OFFER, "By letter.", reviewer=SAGE)
    (by_account,) = book.approached.held_about([newcomer(1)], reviewer=SAGE)
    assert [by_account] == book.approached.held_about([person], reviewer=SAGE)
    assert by_account["approaches"][0]["stage"] == "contact"
    assert [line["note"] for line in by_account["history"]] == ["By letter."]
    assert account(900) not in str(by_account)
    assert case_id not in str(by_account)
    with pytest.raises(InputError, match="nothing"):
        book.approached.held_about([newcomer(2)], reviewer=SAGE)
    assert all(entry.detail["for"] == "the person" for entry in book.audit.entries()[-3:])


def test_pages_of_the_list(book: Casebook) -> None:
    """Pages follow one another without gap or repetition, by state if asked; other pages and limits are refused."""
    people = [approached(number, ("approach", "direct")[number % 2], day=number / 10) for number in range(7)]
    book.propose([hub_alert(people)], lake_version="v1")
    pages = [book.approached.all(reviewer=SAGE, limit=3, page=page) for page in (1, 2, 3)]
    rows = [row for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages] == [3, 3, 1]
    assert pages[0].pages == 3
    assert rows == list(book.approached.all(reviewer=SAGE).rows)
    assert [row.stage for row in rows] == ["direct"] * 3 + ["approach"] * 4
    book.approached.act(rows[0].person_id, SupportAct.OFFER, "", reviewer=SAGE)
    offered = book.approached.all(reviewer=SAGE, states=[SupportState.OFFERED])
    assert [row.person_id for row in offered.rows] == [rows[0].person_id]
    for wrong in ({"page": 0}, {"limit": 0}, {"limit": 201}):
        with pytest.raises(InputError):
            book.approached.all(reviewer=SAGE, **wrong)


def test_a_made_up_platform_is_told(book: Casebook) -> None:
    """A person whom an alert of a simulated platform names is marked; others are not."""
    book.propose(
        [hub_alert([approached(1, "contact")], simulated=True), hub_alert([approached(2)], hub=901)], lake_version="v1"
    )
    assert [row.simulated for row in book.approached.all(reviewer=SAGE).rows] == [True, False]


def test_what_others_learn_of_a_case(book: Casebook) -> None:
    """Whoever reads the case learns how many; an administrator, who reads no cases, learns nothing."""
    case_id = book.propose([hub_alert([approached(1), approached(2)])], lake_version="v1").opened[0]
    book.approached.act(id_of(book, 1), SupportAct.OFFER, "", reviewer=SAGE)
    told = book.approached.of_case(case_id, reviewer="Rosa")
    assert (told.people, told.waiting, told.enrolled) == (2, 1, True)
    with pytest.raises(RuleError):
        book.approached.of_case(case_id, reviewer="Ada")


def test_damage_is_told_without_names(book: Casebook) -> None:
    """A state that does not exist is found, in a sentence that names nobody."""
    book.propose([hub_alert([approached(1)])], lake_version="v1")
    assert book.approached.problems() == []
    with book._store.write() as connection:
        connection.execute(approached_people.update().values(state="compost"))
    (told,) = book.approached.problems()
    assert "1 people to protect" in told
    assert newcomer(1) not in told
