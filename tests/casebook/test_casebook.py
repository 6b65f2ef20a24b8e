from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seawall.casebook import ALERTS, CASES, Casebook, Role
from seawall.errors import RuleError
from seawall.model import Outcome, Severity, Subject
from tests.casebook.builders import account, accounts, alert


def test_an_alert_opens_a_case_that_says_what_the_alert_says(book: Casebook) -> None:
    """A single alert becomes a case with its sentence, severity, confidence and span."""
    one = alert()
    changes = book.propose([one], lake_version="v1")
    file = book.case(changes.opened[0])
    assert (file.case.status, file.case.sentence) == ("open", one.sentence)
    assert (file.case.severity, file.case.confidence) == (one.severity, one.score)
    assert (file.case.start, file.case.end) == (one.start, one.end)
    assert file.alerts[0].alert == replace(one, lake_version="v1")


def test_the_tables_keep_their_documented_schemas(book: Casebook) -> None:
    """Empty or not, alerts() and cases() have the documented columns and types."""
    assert book.alerts().schema.equals(ALERTS)
    assert book.cases().schema.equals(CASES)
    book.propose([alert(evidence=("x:1",), details={"edges": [[1, 2]]})], lake_version="v1")
    assert book.alerts().schema.equals(ALERTS)
    assert book.cases().schema.equals(CASES)
    assert book.alerts()["details"].to_pylist() == ['{"edges": [[1, 2]]}']
    book.alerts().validate(full=True)


def test_cases_come_in_the_order_of_severity_then_confidence(book: Casebook) -> None:
    """The gravest case is the first, however sure another one is."""
    book.propose(
        [
            alert(accounts([1]), severity=Severity.LOW, score=0.99),
            alert(accounts([2]), severity=Severity.HIGH, score=0.5),
            alert(accounts([3]), severity=Severity.HIGH, score=0.7),
        ],
        lake_version="v1",
    )
    rows = book.cases().select(["severity", "confidence"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [("high", 0.7), ("high", 0.5), ("low", 0.99)]


def test_case_ids_are_short_and_the_same_in_every_casebook(tmp_path: Path) -> None:
    """The same alerts give the same speakable case ids in another casebook, in whatever order they come."""
    alerts = [alert(accounts([number])) for number in range(20)]
    ids = []
    for name, order in (("one", alerts), ("two", alerts[::-1])):
        book = Casebook.open(tmp_path / name)
        book.propose(order, lake_version="v1")
        ids.append(sorted(book.cases()["case_id"].to_pylist()))
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 20
    assert all(len(one) == 6 and one.startswith("C-") for one in ids[0])


def test_a_case_id_may_be_typed_as_it_was_heard(book: Casebook) -> None:
    """Small letters, a missing "C-" and O for zero find the case."""
    case_id = book.propose([alert()], lake_version="v1").opened[0]
    typed = case_id.removeprefix("C-").lower().replace("0", "o")
    assert book.case(typed).case.case_id == case_id


def test_an_unknown_case_is_a_rule_error(book: Casebook) -> None:
    """Asking for a case that is not there is refused with a way to mend it."""
    with pytest.raises(RuleError, match="seawall cases"):
        book.case("C-0000")


def test_the_casebook_tells_what_it_holds_of_an_account_and_records_the_reading(book: Casebook) -> None:
    """subject() lists alerts, cases, decisions, holds and audit entries of one account, and is itself audited."""
    case_id = book.propose([alert(accounts([1, 2]))], lake_version="v1").opened[0]
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Seen before.")
    book.hold(account(1), reviewer="Rosa", reason="A complaint is pending.")
    told = book.subject(account(1), reviewer="Rosa")
    assert [one["case_id"] for one in told["cases"]] == [case_id]
    assert [one["outcome"] for one in told["decisions"]] == ["watch"]
    assert told["holds"][0]["reason"] == "A complaint is pending."
    assert [one["act"] for one in told["audit"]] == ["hold", "read subject"]
    assert account(1) not in str(book.audit.entries())
    nothing = book.subject(account(99), reviewer="Rosa")
    assert not nothing["alerts"]
    assert not nothing["cases"]


def test_enrolled_people_act_within_their_roles(book: Casebook) -> None:
    """Once anyone is enrolled, strangers are refused, and an analyst may not decide."""
    case_id = book.propose([alert()], lake_version="v1").opened[0]
    with pytest.raises(RuleError, match="administrator"):
        book.enrol("Rosa", Role.REVIEWER, by="Rosa")
    book.enrol("Ada", Role.ADMINISTRATOR, by="Ada")
    book.enrol("Rosa", Role.REVIEWER, by="ada")
    book.enrol("Nils", Role.ANALYST, by="Ada")
    with pytest.raises(RuleError, match="already"):
        book.enrol(" ROSA ", Role.LEAD, by="Ada")
    for stranger in ("Nils", "Vera", "Ada"):
        with pytest.raises(RuleError):
            book.decide(case_id, reviewer=stranger, outcome=Outcome.WATCH, reason="Just looking.")
    book.decide(case_id, reviewer="rosa", outcome=Outcome.WATCH, reason="Seen before.")
    assert [one.name for one in book.reviewers()] == ["Ada", "Nils", "Rosa"]


def test_only_the_owner_may_read_the_file(book: Casebook, path: Path) -> None:
    """The casebook holds pseudonyms: its file is readable by its owner alone."""
    assert path.stat().st_mode & 0o077 == 0


def test_an_alert_without_subjects_is_kept(book: Casebook) -> None:
    """The canary names nobody, and still becomes a case."""
    book.propose([replace(alert(), detector="canary", subjects=())], lake_version="v1")
    assert book.alerts()["subjects"].to_pylist() == [[]]


def test_strange_words_survive(book: Casebook) -> None:
    """Quotes, right-to-left text and NUL in an alert come back as they went in; half a surrogate pair as a "?"."""
    words = "'; DROP TABLE audit; -- \u202eحديقة\u202c \x00 \ud800"
    book.propose([alert([Subject("object", "'\"\\")], sentence=words)], lake_version="v1")
    assert book.alerts()["subjects"].to_pylist()[0][0]["id"] == "'\"\\"
    assert (
        book.alerts()["sentence"].to_pylist() == book.cases()["sentence"].to_pylist() == [words.replace("\ud800", "?")]
    )
