from __future__ import annotations

from pathlib import Path

import pytest

from seawall.casebook import Casebook, RequestKind, RequestState, Role
from seawall.errors import RuleError
from seawall.model import IndicatorStatus
from tests.casebook.builders import account
from tests.casebook.clocks import Clock
from tests.casebook.listings import phrase
from tests.casebook.peopled import with_people

WHO = [account(1)]
REASON, OTHER = "Offers seeds to newcomers.", "I saw the same."


book = pytest.fixture(with_people)


def asked(book: Casebook, by: str = "Rosa", kind: RequestKind = RequestKind.UNMASK) -> str:
    return book.requests.ask(kind, WHO, REASON, reviewer=by).request_id


def test_another_person_agrees_without_knowing_the_first_reason(book: Casebook) -> None:
    """The second person sees the first's reason once they gave theirs; then everybody who may see it does."""
    request = asked(book)
    assert book.requests.all("Fern") == book.requests.all("Ada") == book.requests.all("a stranger") == []
    for viewer in ("Ben", "Otto"):
        (told,) = book.requests.all(viewer)
        assert (told.reason, told.answers, told.state) == (None, (), RequestState.WAITING)
    answered = book.requests.answer(request, True, OTHER, reviewer="Ben")
    assert (answered.reason, answered.state, answered.answers[0].reason) == (REASON, RequestState.AGREED, OTHER)
    for viewer in ("Rosa", "Otto"):
        assert book.requests.find(request, viewer) == answered


@pytest.mark.parametrize("spelling", ["Rosa", " rosa", "ROSA\u200b", "Ｒｏｓａ", "Ro\u00adsa"])
def test_nobody_agrees_with_themself(book: Casebook, spelling: str) -> None:
    """Not under another spelling either: case, width, spaces and invisible characters are one person."""
    request = asked(book)
    with pytest.raises(RuleError, match="yourself"):
        book.requests.answer(request, True, OTHER, reviewer=spelling)
    assert book.requests.find(request, "Rosa").state is RequestState.WAITING


def test_one_answer_settles_it(book: Casebook) -> None:
    """Refused is refused: no third person can agree to it afterwards."""
    request = asked(book)
    assert book.requests.answer(request, False, "No danger.", reviewer="Ben").state is RequestState.REFUSED
    book.enrol("Vera", book.people.find("Rosa").role, by="Ada")
    with pytest.raises(RuleError, match="refused already"):
        book.requests.answer(request, True, OTHER, reviewer="Vera")


@pytest.mark.parametrize("name", ["Ada", "Fern", "Otto", "Vera"])
def test_only_some_roles_ask_and_answer(book: Casebook, name: str) -> None:
    """Administrators, analysts, auditors and strangers neither ask for an unmasking nor answer."""
    with pytest.raises(RuleError):
        asked(book, name)
    request = asked(book)
    with pytest.raises(RuleError):
        book.requests.answer(request, True, OTHER, reviewer=name)


def test_safeguarding_asks_and_answers_apart(book: Casebook) -> None:
    """Nobody else sees that its requests exist, lead, auditor and administrator included; and it sees no other's."""
    apart, other = asked(book, "Sol"), asked(book, "Rosa")
    for viewer in ("Rosa", "Ben", "Otto", "Ada", "Fern"):
        assert apart not in [one.request_id for one in book.requests.all(viewer)]
        with pytest.raises(RuleError, match="no such request"):
            book.requests.find(apart, viewer)
    with pytest.raises(RuleError, match="no such request"):
        book.requests.answer(apart, True, OTHER, reviewer="Ben")
    with pytest.raises(RuleError, match="no such request"):
        book.requests.answer(other, True, OTHER, reviewer="Sky")
    assert book.requests.answer(apart, True, OTHER, reviewer="Sky").state is RequestState.AGREED


def test_a_request_expires(book: Casebook, clock: Clock) -> None:
    """Unanswered after seven days, or agreed and unused after one, it is over."""
    waiting, agreed = asked(book), asked(book)
    book.requests.answer(agreed, True, OTHER, reviewer="Ben")
    clock.move(days=1)
    assert book.requests.find(agreed, "Rosa").state is RequestState.EXPIRED
    clock.move(days=6)
    with pytest.raises(RuleError, match="expired already"):
        book.requests.answer(waiting, True, OTHER, reviewer="Ben")
    assert book.requests.find(waiting, "Ben").reason is None


def test_only_the_two_who_agreed_open_the_vault(book: Casebook, clock: Clock) -> None:
    """A waiting or refused request opens nothing; an agreed one serves its two people, for a quarter of an hour."""
    book.enrol("Vera", book.people.find("Ben").role, by="Ada")
    request = asked(book)
    with pytest.raises(RuleError, match="waiting"):
        book.requests.open(request, [b"1", b"2"], reviewer="Rosa")
    book.requests.answer(request, True, OTHER, reviewer="Ben")
    with pytest.raises(RuleError, match="Only the two"):
        book.requests.hand_in(request, b"3", reviewer="Vera")
    assert book.requests.hand_in(request.lower(), b"1", reviewer="rosa") == tuple(WHO)
    assert book.requests.open(request, [b"1", b"2"], reviewer="Ben") == tuple(WHO)
    clock.move(minutes=14)
    assert book.requests.open(request, [b"1", b"2"], reviewer="Rosa") == tuple(WHO)
    clock.move(minutes=1)
    with pytest.raises(RuleError, match="used"):
        book.requests.open(request, [b"1", b"2"], reviewer="Rosa")


def test_who_loses_the_role_opens_nothing(book: Casebook) -> None:
    """A person who has asked, and may no longer unmask, is refused what was agreed."""
    request = asked(book)
    book.requests.answer(request, True, OTHER, reviewer="Ben")
    book.people.set_role("Rosa", Role.ANALYST, by="Ada")
    for act in (book.requests.open, book.requests.hand_in):
        with pytest.raises(RuleError, match="may not"):
            act(request, b"1", reviewer="Rosa")  # type: ignore[arg-type]


def test_a_sanction_is_not_an_unmasking(book: Casebook) -> None:
    """What was agreed for one purpose opens nothing for another."""
    request = asked(book, kind=RequestKind.SANCTION)
    book.requests.answer(request, True, OTHER, reviewer="Ben")
    with pytest.raises(RuleError, match="cannot be used"):
        book.requests.open(request, [b"1", b"2"], reviewer="Ben")


def test_an_agreed_phrase_matches(book: Casebook) -> None:
    """Agreeing to a phrase list is the second person's act on it; the one who listed it cannot be that person."""
    (name,) = book.indicators.add([phrase()], by="Rosa").new
    request = book.requests.ask(RequestKind.PHRASES, [name], REASON, reviewer="Rosa").request_id
    assert book.requests.answer(request, True, OTHER, reviewer="Ben").state is RequestState.USED
    assert [one.status for one in book.indicators.all()] == [IndicatorStatus.LIVE]
    (name,) = book.indicators.add([phrase("dig up their leeks")], by="Ben").new
    request = book.requests.ask(RequestKind.PHRASES, [name], REASON, reviewer="Rosa").request_id
    with pytest.raises(RuleError, match="listed this yourself"):
        book.requests.answer(request, True, OTHER, reviewer="Ben")
    assert book.requests.find(request, "Ben").state is RequestState.WAITING


def test_what_a_removed_person_asked_for_is_over(book: Casebook) -> None:
    """Nobody answers, or uses, a request of somebody who is no longer here."""
    request = asked(book)
    book.people.remove("Rosa", by="Ada")
    with pytest.raises(RuleError, match="expired"):
        book.requests.answer(request, True, OTHER, reviewer="Ben")


@pytest.mark.parametrize("subjects", [[], [""], [account(n) for n in range(101)]], ids=["none", "empty", "many"])
def test_a_request_is_about_something(book: Casebook, subjects: list[str]) -> None:
    """About nothing, or about more than a hundred accounts, nobody asks; and not without a reason."""
    with pytest.raises(RuleError):
        book.requests.ask(RequestKind.UNMASK, subjects, REASON, reviewer="Rosa")
    with pytest.raises(RuleError, match="reason"):
        book.requests.ask(RequestKind.UNMASK, WHO, " ", reviewer="Rosa")


def test_the_record_names_nobody_and_no_reason(book: Casebook) -> None:
    """The audit holds who asked, answered and opened; accounts and reasons stand in it as commitments."""
    request = asked(book)
    book.requests.answer(request, True, OTHER, reviewer="Ben")
    book.requests.open(request, [b"1", b"2"], reviewer="Rosa")
    entries = book.audit.entries()[-3:]
    assert [(entry.actor, entry.act) for entry in entries] == [("Rosa", "ask"), ("Ben", "answer"), ("Rosa", "unmask")]
    told = str(entries)
    assert not any(word in told for word in (*WHO, REASON, OTHER))
    assert entries[2].detail["accounts"] == [book.commit(WHO[0])] == entries[0].detail["subjects"]


def test_erasing_a_person_takes_them_out_of_requests(book: Casebook) -> None:
    """Subjects and reasons that name an erased account name it no more, and the sums agree."""
    book.requests.ask(RequestKind.SANCTION, WHO, f"{WHO[0]} sells the same seedlings.", reviewer="Rosa")
    book.erase(WHO, reviewer="Ada")
    (told,) = book.requests.all("Rosa")
    assert WHO[0] not in str(told)
    assert book.problems() == []


def test_without_people_any_two_names_do(path: Path) -> None:
    """In a casebook that belongs to whoever runs it two names are still needed."""
    book = Casebook.open(path)
    request = asked(book, "Rosa")
    with pytest.raises(RuleError, match="yourself"):
        book.requests.answer(request, True, OTHER, reviewer="rosa")
    assert book.requests.answer(request, True, OTHER, reviewer="Ben").state is RequestState.AGREED
