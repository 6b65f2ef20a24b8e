from __future__ import annotations

from pathlib import Path

import pytest

import seawall
from seawall.casebook import QueueFilter
from seawall.errors import RuleError
from seawall.workspace import Workspace
from tests.casebook.builders import accounts, alert


@pytest.fixture
def rosa(tmp_path: Path) -> Workspace:
    workspace = seawall.create(tmp_path / "club", reviewer="Rosa")
    workspace.casebook.propose([alert(accounts([10 * number])) for number in range(4)], lake_version="v1")
    return workspace


def test_a_reviewer_works_through_the_queue_and_each_step_is_in_the_audit(rosa: Workspace) -> None:
    """Look, take, write, decide, take back, decide alike, name: one entry for each read and each act, in order."""
    begun = len(rosa.audit_entries())
    page = rosa.queue(QueueFilter(), limit=3)
    assert (page.total, len(page.rows)) == (4, 3)
    case_id = rosa.take_next()
    assert case_id == page.rows[0].case_id
    rosa.keep_draft(case_id, reason="A news")
    draft = rosa.draft(case_id)
    assert draft is not None
    assert draft.reason == "A news"
    rosa.decide(case_id, "no_action", "A newsletter.", note="Ask the club.")
    assert rosa.undo(case_id).note == "Ask the club."
    rosa.give_back(case_id)
    assert rosa.alike(case_id) == ()
    others = [row.case_id for row in page.rows[1:]]
    assert all(one.done for one in rosa.decide_many([case_id, *others], "watch", "Too early.", but=[case_id]))
    campaign = rosa.name_campaign("Spring sale", [case_id], "One calendar.")
    rosa.join_campaign(campaign.campaign_id, others, "The same.")
    assert rosa.split_campaign(campaign.campaign_id, [case_id], "Another club.") == rosa.campaign(campaign.campaign_id)
    assert len(rosa.campaigns()) == 1
    acts = [entry["act"] for entry in rosa.audit_entries()][begun:]
    one_case = ["read", "take", "decide", "undo", "give back", "read"]
    assert acts == [*one_case, "decide", "decide", "decide many", *["campaign"] * 3, "read", "read"]
    assert {entry["actor"] for entry in rosa.audit_entries()[begun:]} == {"Rosa"}
    assert rosa.verify_audit()[0] == []


def test_two_people_see_of_a_waiting_case_what_each_may(rosa: Workspace) -> None:
    """The first one's reason is theirs alone until the second has given their own."""
    nils = seawall.open(rosa.path, reviewer="Nils")
    case_id = rosa.queue().rows[0].case_id
    rosa.decide(case_id, "refer", "Many copies.")
    assert rosa.case(case_id).case.decisions[0].reason == "Many copies."
    assert nils.case(case_id).case.decisions[0].hidden
    with pytest.raises(RuleError, match="second person"):
        rosa.decide(case_id, "refer", "Many copies.")
    assert rosa.take_next() != case_id
    assert nils.decide(case_id, "refer", "I agree.").stage == "confirmed"


def test_appeals_and_second_looks_begin_when_a_decision_can_no_longer_be_taken_back(rosa: Workspace) -> None:
    """Within the ten seconds nothing can be appealed against, judged blind or called golden; reading is audited."""
    case_id = rosa.queue().rows[0].case_id
    rosa.decide(case_id, "watch", "Too early.")
    nils = seawall.open(rosa.path, reviewer="Nils")
    with pytest.raises(RuleError):
        nils.appeal(case_id, "It was a seed swap.")
    with pytest.raises(RuleError):
        nils.set_golden(case_id, "watch", "Known.")
    with pytest.raises(RuleError):
        nils.review_blind(case_id, "watch", "Too early.")
    with pytest.raises(RuleError):
        nils.decide_appeal("A-0000", "stands", "Seen.")
    with pytest.raises(RuleError):
        nils.appeal_file("A-0000")
    assert nils.blind_next() is None
    assert nils.appeals() == ()
    assert nils.quality().pairs == ()
    assert [entry["act"] for entry in rosa.audit_entries()][-3:] == ["read", "read", "read"]


def test_a_brief_leaves_out_what_can_still_be_taken_back(rosa: Workspace, tmp_path: Path) -> None:
    """Ten seconds after a decision, not before, it stands in a document that others may be given."""
    case_id = rosa.queue().rows[0].case_id
    rosa.decide(case_id, "watch", "The beds are still empty.")
    page = rosa.brief(tmp_path / "brief.html").read_text(encoding="utf-8")
    assert case_id in page
    assert "The beds are still empty." not in page
