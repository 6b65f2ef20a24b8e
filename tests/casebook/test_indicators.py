"""Lists of indicators: the rules that hold below every interface."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from seawall.casebook import Casebook, Limit, Role
from seawall.errors import RuleError
from seawall.model import Indicator, IndicatorStatus
from tests.casebook.builders import account
from tests.casebook.listings import TODAY, hits, listing, phrase

NOON = datetime(2026, 5, 19, 12, tzinfo=UTC)


def add(book: Casebook, *listings, by: str = "Rosa") -> list[str]:
    return list(book.indicators.add(listings or [listing()], by=by, anew=True).new)


def status(book: Casebook, id_: str) -> str:
    return book.indicators.one(id_).status.value


def matching(book: Casebook) -> list[Indicator]:
    return [one for one in book.indicators.all() if one.matches_on(book.indicators.today)]


def acts(book: Casebook) -> list[str]:
    return [entry.act for entry in book.audit.entries()]


def test_what_needs_no_second_person_matches_at_once(book: Casebook) -> None:
    """A domain goes where it was asked to go, live or shadow, and the audit names it."""
    live, shadow = add(book, listing(), listing("roses.example", live=False))
    assert (status(book, live), status(book, shadow)) == ("live", "shadow")
    (entry,) = book.audit.entries()
    assert entry.act == "list"
    assert entry.detail["indicators"] == sorted([live, shadow])
    assert book.audit.verify() == []
    assert book.problems() == []


@pytest.mark.parametrize("kind", ["phrase", "word"])
def test_a_phrase_matches_only_once_a_second_person_agrees(book: Casebook, kind: str) -> None:
    """Neither time nor the person who listed it, under any spelling of the name, lets it match; another person does."""
    (id_,) = add(book, listing("tulips", kind))
    assert status(book, id_) == "proposed"
    assert matching(book) == []
    for same in ("Rosa", " ROSA ", "ro\u200bsa"):
        with pytest.raises(RuleError, match="second person"):
            book.indicators.second([id_], by=same)
    with pytest.raises(RuleError, match="proposed"):
        book.indicators.promote([id_], by="Iris")
    assert book.indicators.second([id_], by="Iris") == [id_]
    assert [(one.status, one.seconded_by) for one in matching(book)] == [(IndicatorStatus.LIVE, "Iris")]
    with pytest.raises(RuleError, match="is live"):
        book.indicators.second([id_], by="Fern")


def test_a_whole_list_is_seconded_by_its_name(book: Casebook) -> None:
    """What waits in it goes where it was asked to go; one of one's own in it keeps the whole act from happening."""
    mine, others = add(book, phrase("one bed")), add(book, phrase("two beds", live=False), phrase("3 beds"), by="Iris")
    with pytest.raises(RuleError, match="second person"):
        book.indicators.second(["feud"], by="Rosa")
    assert {status(book, id_) for id_ in [*mine, *others]} == {"proposed"}
    assert sorted(book.indicators.second(["feud"], by="Fern")) == sorted([*mine, *others])
    assert [status(book, id_) for id_ in [*mine, *others]] == ["live", "shadow", "live"]


def test_shadow_goes_live_by_a_persons_act(book: Casebook) -> None:
    """Promoting is an act with a name; an indicator that is live already is told so, with its next step."""
    (id_,) = add(book, listing(live=False))
    assert book.indicators.promote([id_.lower()], by="Rosa") == [id_]
    assert status(book, id_) == "live"
    with pytest.raises(RuleError, match="is live"):
        book.indicators.promote([id_], by="Rosa")
    with pytest.raises(RuleError, match="seawall indicators"):
        book.indicators.promote(["I-AAAAAAAA"], by="Rosa")
    assert acts(book) == ["list", "promote"]


def test_a_retracted_indicator_never_matches_again(book: Casebook) -> None:
    """It needs a reason, which is kept; the same list handed in again does not bring it back, but a person can list it
    anew."""
    (id_,) = add(book)
    with pytest.raises(RuleError, match="reason"):
        book.indicators.retract([id_], by="Rosa", reason=" ")
    book.indicators.retract([id_], by="Rosa", reason="It is the club's own page.")
    assert book.indicators.ended_reason(id_) == "It is the club's own page."
    assert matching(book) == []
    for act in (book.indicators.second, book.indicators.promote):
        with pytest.raises(RuleError, match="retracted"):
            act([id_], by="Iris")
    again = book.indicators.add([listing()], by="Rosa")
    assert (again.new, len(again.refused)) == ((), 1)
    (other,) = add(book)
    assert other != id_
    assert [one.id for one in matching(book)] == [other]


def test_a_list_can_be_switched_off_as_a_whole(book: Casebook) -> None:
    """What is in a disabled list does not match, whatever its own status; enabled again, all is as it was."""
    ids = add(book, listing(), listing("roses.example", live=False), phrase())
    (other,) = add(book, listing(bank="other"))
    assert book.indicators.switch("feud", enabled=False, by="Rosa", reason="Its maker made a mistake.") == 3
    assert [one.id for one in matching(book)] == [other]
    assert {status(book, id_) for id_ in ids} == {"disabled"}
    with pytest.raises(RuleError, match="disabled already"):
        book.indicators.switch("feud", enabled=False, by="Rosa", reason="Again.")
    with pytest.raises(RuleError, match="enable"):
        book.indicators.promote([ids[1]], by="Rosa")
    book.indicators.switch("feud", enabled=True, by="Rosa", reason="It was mended.")
    assert [status(book, id_) for id_ in ids] == ["live", "shadow", "proposed"]
    assert acts(book) == ["list", "list", "disable", "enable"]


def test_what_has_expired_does_not_match(book: Casebook) -> None:
    """The day of expiry is the first on which it does not match."""
    (id_,) = add(book, listing(expires_on=TODAY + timedelta(days=2)))
    one = book.indicators.one(id_)
    assert [one.matches_on(TODAY + timedelta(days=day)) for day in range(4)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (listing("tulip bed"), "no domain"),
        (listing("abc", "sha256"), "64 hexadecimal"),
        (listing("G" * 32, "md5"), "32 hexadecimal"),
        (listing("A" * 64, "pdq"), "64 hexadecimal"),
        (listing("two words", "word"), "phrase"),
        (listing(" ", "phrase"), "characters"),
        (listing("tulips.example", "url"), "address"),
        (listing(confidence=101), "confidence"),
        (listing(expires_on=TODAY), "expired"),
        (listing(expires_on=TODAY + timedelta(days=731)), "730 days"),
        (listing(reason=""), "reason"),
        (listing(owner=" "), "owner"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_what_cannot_be_listed_is_told_and_the_rest_is_kept(book: Casebook, given, why: str) -> None:
    """Each entry that breaks a rule is refused by its place, with the reason and without its value."""
    kept = book.indicators.add([listing("roses.example"), given], by="Rosa")
    assert len(kept.new) == 1
    ((place, told),) = kept.refused
    assert place == 1
    assert why in told
    assert given.value.strip() not in told or not given.value.strip()


def test_the_same_entry_again_is_known_or_renewed(book: Casebook) -> None:
    """Nothing is twice in a list; a later expiry or another confidence renews what is there."""
    (id_,) = add(book)
    assert book.indicators.add([listing()], by="Rosa").known == (id_,)
    longer = listing(expires_on=TODAY + timedelta(days=200))
    kept = book.indicators.add([longer, longer], by="Rosa")
    assert (kept.renewed, len(kept.refused)) == ((id_,), 1)
    assert book.indicators.one(id_).expires_on == longer.expires_on
    assert len(book.indicators.all()) == 1
    assert len(add(book, listing(bank="other"))) == 1


def test_roles_hold_for_lists_too(book: Casebook) -> None:
    """Once people are enrolled, an analyst may not list, second or switch; a reviewer may."""
    book.enrol("Ada", Role.ADMINISTRATOR, by="Ada")
    book.enrol("Rosa", Role.REVIEWER, by="Ada")
    book.enrol("Fern", Role.ANALYST, by="Ada")
    (id_,) = add(book, phrase())
    for refused in (
        lambda: add(book, by="Fern"),
        lambda: book.indicators.second([id_], by="Fern"),
        lambda: book.indicators.retract([id_], by="Nobody", reason="No."),
        lambda: book.indicators.switch("feud", enabled=False, by="Fern", reason="No."),
        lambda: book.indicators.set_limit(Limit(5, 0.5), by="Fern"),
    ):
        with pytest.raises(RuleError, match=r"may not|enrolled"):
            refused()
    assert status(book, id_) == "proposed"


def test_sightings_are_counted_once_and_the_plainest_counts(book: Casebook) -> None:
    """The same pair again is no second sighting; live counts more than shadow, plain more than quoted, in any order."""
    (id_,) = add(book, listing(live=False))
    see = lambda table: book.indicators.keep(table)  # noqa: E731
    assert see(hits(id_, ["m1", "m2"], context="quoted")) == set()
    book.indicators.promote([id_], by="Rosa")
    assert see(hits(id_, ["m1"], context="plain")) == {id_}
    see(hits(id_, ["m1"], context="reported"))
    counted = book.indicators.counts()[id_]
    assert (counted.live, counted.shadow) == (1, 1)
    assert book.indicators.sightings(id_, live=True)["context"].to_pylist() == ["plain"]
    assert book.problems() == []


def test_what_does_not_match_any_more_is_not_sighted(book: Casebook) -> None:
    """Hits that were found before an indicator was retracted, and come to be written afterwards, are passed over."""
    (id_,) = add(book)
    book.indicators.retract([id_], by="Rosa", reason="A mistake.")
    assert book.indicators.keep(hits(id_, ["m1"])) == set()
    assert book.indicators.counts() == {}


def test_an_indicator_that_hits_too_much_is_quarantined(book: Casebook) -> None:
    """51 hits among 900 messages of a day are too many, 50 are not; among 9,000 they are not either."""
    (id_,) = add(book)
    day = NOON.date()
    many = [f"m{number}" for number in range(51)]
    _, none = book.indicators.sight(hits(id_, many[:50]), compared={day: 900}, mark={"club": 1})
    assert none == []
    _, (overflow,) = book.indicators.sight(hits(id_, many[50:]), compared={}, mark={"club": 2})
    assert (overflow.indicator.id, overflow.day, overflow.hits, overflow.messages) == (id_, day, 51, 900)
    assert len(overflow.examples) == 20
    assert matching(book) == []
    assert book.indicators.mark() == {"club": 2}
    with pytest.raises(RuleError, match="reason"):
        book.indicators.promote([id_], by="Rosa")
    book.indicators.promote([id_], by="Rosa", reason="It spreads; it is no mistake.")
    assert status(book, id_) == "live"
    assert [act for act in acts(book) if act == "quarantine"] == ["quarantine"]


def test_the_day_before_counts_where_the_day_has_just_begun(book: Casebook) -> None:
    """51 hits in the first hundred messages of a day are not too many where the day before had 9,000; the rate is the
    workspace's own choice."""
    (id_,) = add(book)
    day = NOON.date()
    many = hits(id_, [f"m{number}" for number in range(51)])
    seen = book.indicators.sight(many, compared={day: 100, day - timedelta(days=1): 9_000}, mark=None)
    assert seen == ({id_}, [])
    book.indicators.set_limit(Limit(10, 0.001), by="Rosa")
    assert book.indicators.limit() == Limit(10, 0.001)
    (overflow,) = book.indicators.judge({(id_, day)}, {})
    assert overflow.hits == 51
    with pytest.raises(RuleError):
        book.indicators.set_limit(Limit(0, 2.0), by="Rosa")


def test_erasing_an_account_removes_its_sightings(book: Casebook) -> None:
    """Sightings of the erased messages are gone, with the bytes of their ids; those of others stay."""
    (id_,) = add(book, listing(reason=f"Account {account(1)} spread it."))
    book.indicators.keep(hits(id_, ["garden:secret-1", "garden:secret-2", "garden:other"]))
    book.erase([account(1)], ["garden:secret-1", "garden:secret-2"], reviewer="Rosa")
    assert book.indicators.sightings(id_)["message_id"].to_pylist() == ["garden:other"]
    assert account(1) not in book.indicators.one(id_).reason
    assert b"secret-1" not in b"".join(path.read_bytes() for path in book._store.path.parent.iterdir())
    assert book.audit.verify() == []
    assert book.problems() == []


def test_changes_of_the_list_are_told_from_any_number_on(book: Casebook) -> None:
    """Whoever keeps the list in memory is told what was changed since, and nothing else."""
    (first,) = add(book)
    number, changed = book.indicators.changes(0)
    assert [one.id for one in changed] == [first]
    assert book.indicators.changes(number) == (number, [])
    (second,) = add(book, phrase())
    later, changed = book.indicators.changes(number)
    assert [one.id for one in changed] == [second]
    book.indicators.switch("feud", enabled=False, by="Rosa", reason="A pause.")
    assert {one.id for one in book.indicators.changes(later)[1]} == {first, second}


def test_what_a_lists_maker_withdraws_is_retracted(book: Casebook) -> None:
    """By kind and value within the list; what is not listed is passed over."""
    (id_,) = add(book)
    (other,) = add(book, listing(bank="other"))
    keys = {("domain", "tulips-only.example"), ("domain", "unknown.example")}
    assert book.indicators.withdraw("feud", keys, by="Rosa", reason="Withdrawn.") == [id_]
    assert [one.id for one in matching(book)] == [other]


def test_large_lists_are_named_by_number_and_digest_in_the_audit(book: Casebook) -> None:
    """An act on a thousand entries is one entry of the audit, of bounded length."""
    kept = book.indicators.add([listing(f"bed{n}.example") for n in range(1000)], by="Rosa")
    assert len(set(kept.new)) == 1000
    (entry,) = book.audit.entries()
    assert entry.detail["indicators"] == 1000
    assert len(str(entry.detail)) < 500
    assert date.fromisoformat(entry.at[:10]) == TODAY
