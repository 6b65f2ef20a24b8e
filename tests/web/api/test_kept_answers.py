"""The answers of acts are kept for a day, within bounds."""

from __future__ import annotations

import pytest

from seawall.web.api.kept_answers import (
    KEPT_SECONDS,
    MOST_OF_A_TOKEN,
    MOST_TOKENS,
    Answered,
    KeptAnswers,
    OtherAct,
    UnderWay,
)

DONE = Answered(200, b"{}")


class Clock:
    """Shows what it is set to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_is_kept_for_a_day() -> None:
    """Until then the same key is answered alike; after that it is a new act."""
    clock = Clock()
    kept = KeptAnswers(clock)
    kept.begin("one", "k", b"water the beds")
    kept.finish("one", "k", DONE)
    clock.now = KEPT_SECONDS - 1.0
    assert kept.begin("one", "k", b"water the beds") == DONE
    clock.now = KEPT_SECONDS
    assert kept.begin("one", "k", b"water the beds") is None


def test_a_key_stands_for_one_act_of_one_token() -> None:
    """Another act with it is refused, also while the first is under way; another token may use the same key."""
    kept = KeptAnswers(Clock())
    kept.begin("one", "k", b"water")
    with pytest.raises(UnderWay):
        kept.begin("one", "k", b"water")
    with pytest.raises(OtherAct):
        kept.begin("one", "k", b"weed")
    assert kept.begin("other", "k", b"weed") is None


def test_what_was_not_done_may_be_tried_again() -> None:
    """An act that was abandoned leaves its key free, for another act too."""
    kept = KeptAnswers(Clock())
    kept.begin("one", "k", b"water")
    kept.abandon("one", "k")
    assert kept.begin("one", "k", b"weed") is None


def test_the_store_is_bounded() -> None:
    """Of a token's answers the oldest goes first; so does the token that was silent longest."""
    kept = KeptAnswers(Clock())
    for number in range(MOST_OF_A_TOKEN + 1):
        kept.begin("one", str(number), b"water")
        kept.finish("one", str(number), DONE)
    assert kept.begin("one", "1", b"water") == DONE
    assert kept.begin("one", "0", b"water") is None
    for number in range(MOST_TOKENS):
        kept.begin(f"token {number}", "k", b"weed")
    assert kept.begin("one", "1", b"water") is None
