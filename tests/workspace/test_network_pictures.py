"""What alerts of coordination carry becomes a network whose lines lead to messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from seawall.checks import MemoryWindow
from seawall.detectors import CoordinationDetector
from seawall.model import Alert
from seawall.workspace.behind import MOST_LETTERS, MOST_PIECES, Held, beginning, together_of, wanted
from seawall.workspace.pictures import edges_of, network_of, overall_network
from tests.detectors.coordination_world import ALONE, PLANTED, garden_world, name

AT = datetime(2026, 5, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def alerts() -> list[Alert]:
    detector = CoordinationDetector()
    return list(detector.detect(MemoryWindow({"messages": garden_world()}, detector)))


@pytest.fixture(scope="module")
def messages() -> Held:
    return {row["message_id"]: (row["sent_at"], None) for row in garden_world().to_pylist()}


def kept(alerts: list[Alert]) -> Any:
    return [SimpleNamespace(alert=alert) for alert in alerts]


def test_every_account_has_its_alert_s_group_and_every_line_its_messages(alerts: list[Alert], messages: Held) -> None:
    """Two alerts are two groups; each pair carries messages of both, at most three, and says how many there are."""
    net = overall_network(kept(alerts), messages, "gardens")
    assert net is not None
    groups = {node.group for node in net.nodes if node.id in {name(member) for member in PLANTED}}
    others = {node.group for node in net.nodes if node.id in {name(member) for member in ALONE}}
    assert len(groups) == len(others) == 1
    assert groups != others
    assert any(node.core for node in net.nodes)
    for edge in net.edges:
        assert 1 <= len(edge.behind) <= 3
        assert edge.behind_total == edge.weight
        assert [piece.source_at for piece in edge.behind] == sorted(piece.source_at for piece in edge.behind)


def test_a_pair_of_several_alerts_is_one_line(alerts: list[Alert], messages: Held) -> None:
    """Where two alerts tell of one pair its weights add up, and its messages stand once."""
    one = network_of(alerts[0], messages, None)
    both = overall_network(kept([alerts[0], replace(alerts[0], anchor="later")]), messages, None)
    assert one is not None
    assert both is not None
    assert [2 * edge.weight for edge in one.edges] == [edge.weight for edge in both.edges]
    assert [edge.behind for edge in one.edges] == [edge.behind for edge in both.edges]
    assert {node.group for node in both.nodes} == {0}


def test_an_erased_message_leaves_the_line_and_takes_its_piece(alerts: list[Alert]) -> None:
    """A pair whose messages are gone is still a pair; nothing is shown of what is not there."""
    net = network_of(alerts[0], {}, None)
    assert net is not None
    assert net.edges
    assert all(edge.behind == () for edge in net.edges)


def test_what_a_page_shows_is_bounded_and_shared_out(alerts: list[Alert]) -> None:
    """With too many pieces each pair keeps its first before any has its second, the heaviest pairs first."""
    few = wanted(edges_of(alerts))
    assert set(few) == {id_ for edge in edges_of(alerts) for _, *ids in edge["behind"] for id_ in ids}
    many = [
        {"weight": 5, "behind": [["text", f"a{pair}-{turn}", f"b{pair}-{turn}"] for turn in range(3)]}
        for pair in range(MOST_PIECES)
    ]
    assert set(wanted(many)) == {f"{end}{pair}-0" for end in "ab" for pair in range(MOST_PIECES)}
    heavy = [*many, {"weight": 9, "behind": [["text", "heavy", "weight"]]}]
    assert {"heavy", "weight"} <= set(wanted(heavy))
    assert len(wanted(heavy)) == 2 * MOST_PIECES


def test_a_long_text_is_cut_and_the_earlier_one_shown() -> None:
    """Of two copies the words of the first are shown, and of long words the beginning."""
    held = {"m1": (AT + timedelta(seconds=4), "later"), "m2": (AT, "earlier")}
    (piece,) = together_of([["hashtag_sequence", "m1", "m2"]], held)
    assert (piece.text, piece.kind) == ("earlier", "hashtag sequence")
    assert beginning("x" * MOST_LETTERS) == "x" * MOST_LETTERS
    assert beginning("x" * (MOST_LETTERS + 1)) == "x" * MOST_LETTERS + "…"
