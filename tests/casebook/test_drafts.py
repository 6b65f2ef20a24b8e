from __future__ import annotations

from pathlib import Path

from seawall.casebook import Casebook
from seawall.model import Outcome
from tests.casebook.builders import account, alert


def opened(book: Casebook) -> str:
    return book.propose([alert()], lake_version="v1").opened[0]


def test_a_draft_is_its_writers_own_and_outlives_the_session(book: Casebook, path: Path) -> None:
    """The same person finds it under another spelling and in another process; nobody else does."""
    case_id = opened(book)
    book.queue.keep_draft(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="Half a sen", note="Ask")
    again = Casebook.open(path)
    draft = again.queue.draft(case_id.lower(), reviewer="ROSA ")
    assert draft is not None
    assert (draft.outcome, draft.reason, draft.note) == (Outcome.WATCH, "Half a sen", "Ask")
    assert again.queue.draft(case_id, reviewer="Nils") is None


def test_a_draft_goes_when_its_writer_decides_or_empties_it(book: Casebook) -> None:
    """Another person's draft about the same case stays."""
    case_id = opened(book)
    for name in ("Rosa", "Nils", "Ada"):
        book.queue.keep_draft(case_id, reviewer=name, outcome=None, reason="Half a sentence")
    book.queue.keep_draft(case_id, reviewer="Ada", outcome=None, reason=" ", note="")
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason="A sentence.")
    left = [book.queue.draft(case_id, reviewer=name) is not None for name in ("Rosa", "Nils", "Ada")]
    assert left == [False, True, False]


def test_a_draft_takes_any_text_and_keeps_the_last_one(book: Casebook) -> None:
    """What no database keeps (NUL, half a surrogate pair) is left out; the rest is kept as it was written."""
    case_id = opened(book)
    book.queue.keep_draft(case_id, reviewer="Rosa", outcome=None, reason="first")
    book.queue.keep_draft(case_id, reviewer="Rosa", outcome=None, reason="بذور\0 \ud800🌱", note="-- '")
    draft = book.queue.draft(case_id, reviewer="Rosa")
    assert draft is not None
    assert (draft.reason, draft.note) == ("بذور ?🌱", "-- '")


def test_erasing_an_account_reaches_everything_that_people_wrote(book: Casebook, path: Path) -> None:
    """Drafts, notes, campaigns, appeals and second looks that name the account name it no more, to the last byte."""
    case_id, gone = opened(book), account(2)
    book.queue.keep_draft(case_id, reviewer="Nils", outcome=None, reason=f"See {gone}.", note=f"Or {gone}")
    book.decide(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason=f"It is {gone}.", note=f"Ask {gone}.")
    book.campaigns.name(f"The club of {gone}", [case_id], reviewer="Rosa", reason=f"Because of {gone}")
    for _ in range(12):
        book.audit.append("Rosa", "wait")
    appeal = book.appeals.record(case_id, f"I am {gone}!", reviewer="Nils")
    book.quality.set_golden(case_id, reviewer="Rosa", outcome=Outcome.WATCH, reason=f"{gone} is a newsletter.")
    assert book.quality.blind_next(reviewer="Vera") == case_id
    book.quality.review_blind(case_id, reviewer="Vera", outcome=Outcome.WATCH, reason=f"{gone} again.")
    book.appeals.decide(appeal.appeal_id, "stands", reviewer="Ada", reason=f"{gone} it is.")
    book.erase([gone], reviewer="Rosa")
    files = [one for one in path.parent.iterdir() if one.name.startswith(path.name)]
    assert not any(gone.encode() in one.read_bytes() for one in files)
    draft = book.queue.draft(case_id, reviewer="Nils")
    assert draft is not None
    assert draft.reason == "See [erased]."
    assert book.audit.verify() == []
    assert book.problems() == []
