"""Nobody's score rests on who they are: the same acts by other people give the same bits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import seawall
from seawall import ReadOptions
from tests.fairness.swapped_chats import VARIANTS, Club

TOLD = ("detector", "severity", "score", "p", "q", "observed", "expected", "start", "end")

Scores = list[tuple[Any, ...]]


def scores(folder: Path, club: Club) -> Scores:
    """What every detector says about accounts of this club, imported into a workspace with a key of its own."""
    with seawall.create(folder / "club") as workspace:
        workspace.add(club.write(folder / "export"), options=ReadOptions(visibility="public"))
        workspace.detect()
        found = []
        for case in workspace.cases()["case_id"].to_pylist():
            for kept in workspace.case(case).alerts:
                alert = kept.alert
                if any(subject.kind == "account" for subject in alert.subjects):
                    terms = [(term["name"], term["value"]) for term in alert.details.get("terms", ())]
                    ladder = alert.details.get("ladder")
                    numbers = [getattr(alert, name) for name in TOLD]
                    found.append(
                        (*numbers, len(alert.subjects), len(alert.evidence), terms, ladder, alert.details.get("nats"))
                    )
    return sorted(found, key=repr)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """The scores of the first variant."""
    return scores(tmp_path_factory.mktemp("first"), Club(VARIANTS[0]))


def test_detectors_of_accounts_speak_about_the_club(first: Scores) -> None:
    """There is something to compare: a funnel and a group in company are found."""
    assert {"funnel", "coordination"} <= {one[0] for one in first}


@pytest.mark.parametrize("people", VARIANTS[1:], ids=lambda people: people.locale)
def test_other_people_with_the_same_acts_have_the_same_scores(tmp_path: Path, first: Scores, people: Any) -> None:
    """Religion, ethnicity, nationality, language, dialect, gender, names: wherever they stand they change no bit."""
    assert scores(tmp_path, Club(people)) == first


def test_other_ids_of_all_accounts_change_no_bit(tmp_path: Path, first: Scores) -> None:
    """Every account under another id on its platform, and so under another pseudonym: the same scores."""
    assert scores(tmp_path, Club(VARIANTS[0], keys=7)) == first
