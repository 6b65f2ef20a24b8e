"""The truth and what was said are laid side by side, account by account."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from seawall.errors import MeasureError
from seawall.evaluation.judgement import NEVER, evaluate
from seawall.evaluation.worlds import earlier
from tests.evaluation.made import BEGIN, Club, Said, day, said, two_funnels


def microseconds(number: float) -> int:
    moment = day(number)
    assert moment is not None
    return int(moment.timestamp() * 1_000_000)


def test_all_accounts_count_and_each_once() -> None:
    """Accounts that never act, that only act, hubs and look-alikes are counted; who only takes persons over is not."""
    club = two_funnels()
    club.acts.append((5, "handler", "a1"))
    club.acts.append((5, "visitor", "a1"))
    one = evaluate(club, said({}))
    assert (len(one.background), len(one.scores), len(one.decoy_scores)) == (21, 3, 2)
    assert one.accounts == 26
    assert one.prevalence == pytest.approx(3 / 26)
    assert one.days == 30
    assert one.exposure == pytest.approx(26 / 10_000)


def test_who_is_not_spoken_of_has_no_score() -> None:
    """An account without a row scores below all others and was never alerted; a null score is none."""
    one = evaluate(two_funnels(), said({"h1": (7.0, 3), "shop": (2.0, None), "a3": (1.0, 4)}))
    assert one.scores.tolist() == [7.0, -np.inf, -np.inf]
    assert one.alerts.tolist() == [microseconds(3), NEVER, NEVER]
    assert one.decoy_scores.tolist() == [2.0, -np.inf]
    assert sorted(one.background[one.background > -np.inf]) == [1.0]
    assert one.units.tolist() == [0, 0, 1]
    assert one.decoy_roles == ("sales", "dating")


def test_persons_keep_their_times() -> None:
    """Each person of a funnel stands with its hub, and when each thing happened; persons of look-alikes do not."""
    club = two_funnels()
    club.person("shop", "a9", 4)
    one = evaluate(club, said({}))
    assert one.person_hubs.tolist() == [0, 0, 0, 0, 1, 1, 2, 2, 2]
    assert one.contact.tolist()[:2] == [microseconds(3), microseconds(6)]
    assert one.handed_off.tolist()[2:5] == [NEVER, NEVER, microseconds(9)]


def test_ids_may_be_numbers_in_the_result_and_texts_in_the_world() -> None:
    """A result keeps the ids that it was given; other types of the same ids meet."""
    club = Club(3)
    club.plant("17")
    hubs = pa.table({"hub": [17, 5], "score": [3.0, 1.0], "alert_at": pa.nulls(2, pa.timestamp("us", "UTC"))})
    assert evaluate(club, Said(hubs)).scores.tolist() == [3.0]


def test_the_later_side_of_a_split_leaves_out_what_began_before() -> None:
    """After day 8 only h3 is left to find; earlier hubs are not counted at all, nor are earlier alerts."""
    club = two_funnels()
    one = evaluate(club, said({"h1": (9.0, 3), "h3": (5.0, 14), "a0": (2.0, 4), "a1": (2.0, 9)}), after=day(8))
    assert one.scores.tolist() == [5.0]
    assert len(one.decoy_scores) == 0
    assert len(one.background) == 20
    assert np.sum(one.background_alerts < NEVER) == 1
    assert one.days == 22


def test_the_earlier_side_knows_nothing_later() -> None:
    """Before day 8 there are the hubs that had begun, their persons so far, and stages reached by then."""
    club = two_funnels()
    club.acts.append((5, "a3", "a4"))
    part = earlier(club, BEGIN.replace(day=9))
    assert part.hubs["account"].to_pylist() == ["h1", "h2", "shop", "dove"]
    assert len(part.interactions) == 2
    one = evaluate(part, said({}))
    assert one.person_hubs.tolist() == [0, 0, 0, 0, 1, 1]
    assert (one.handed_off == NEVER).all()
    assert one.contact.tolist() == [microseconds(3), microseconds(6), NEVER, NEVER, microseconds(7), NEVER]


def test_no_hub_is_on_both_sides_of_a_split() -> None:
    """The two sides of a split share no hub, and together they have all."""
    club = two_funnels()
    before = evaluate(earlier(club, BEGIN.replace(day=9)), said({}))
    later = evaluate(club, said({}), after=BEGIN.replace(day=9))
    assert len(before.scores) + len(later.scores) == 3


def test_a_world_without_funnels_cannot_be_judged() -> None:
    """It says so, and what to do."""
    club = Club()
    club.plant("shop", role="sales", decoy=True)
    with pytest.raises(MeasureError, match="no funnel to find"):
        evaluate(club, said({}))


def test_an_account_scored_twice_is_an_error() -> None:
    """Which score should count?"""
    twice = pa.concat_tables([said({"h1": (1.0, None)}).hubs] * 2)
    with pytest.raises(MeasureError, match="twice"):
        evaluate(two_funnels(), Said(twice))


def test_ids_that_cannot_be_the_worlds_are_an_error() -> None:
    """A result about other ids is refused rather than counted as silence."""
    club = Club(3)
    club.plant("h1")
    odd = pa.table({"hub": pa.array([[1]]), "score": [1.0], "alert_at": pa.nulls(1, pa.timestamp("us", "UTC"))})
    with pytest.raises(MeasureError, match="another type"):
        evaluate(club, Said(odd))
