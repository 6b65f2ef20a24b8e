"""What alerts carry becomes what a brief draws."""

from __future__ import annotations

import pytest

from seawall.brief import Multiples
from seawall.model import Alert
from seawall.workspace.pictures import multiples_of, shared_of, timeline_of
from tests.detectors import golden_files
from tests.detectors.campaign_world import FOLDER, alerts
from tests.detectors.surge_world import alerts as surges
from tests.detectors.surge_world import surge_tables


@pytest.fixture(scope="module")
def candidate() -> Alert:
    (alert,) = alerts(golden_files.read(FOLDER))
    return alert


def test_each_channel_of_a_candidate_has_a_panel_over_the_same_time(candidate: Alert) -> None:
    """Panels in the order of the lead, with the channel's own window, counts, band and lag."""
    many = multiples_of(candidate)
    assert isinstance(many, Multiples)
    assert [panel.name for panel in many.panels] == [one["channel"] for one in candidate.details["channels"]]
    assert many.panels[0].role == "led"
    assert many.hidden == 0
    for panel in many.panels:
        assert panel.line.at == many.panels[0].line.at
        (window,) = panel.line.windows
        inside = [
            count
            for at, count in zip(panel.line.at, panel.line.observed, strict=True)
            if window.start <= at < window.end
        ]
        assert sum(count or 0 for count in inside) == window.observed
        assert len(panel.line.at) == len(panel.line.expected) == len(panel.line.low) == len(panel.line.high)
    assert sum(panel.line.windows[0].observed for panel in many.panels) == candidate.observed


def test_what_marks_a_candidate_is_shown_few_of_each_kind(candidate: Alert) -> None:
    """At most five of each kind, only what is clear."""
    shown = list(shared_of(candidate))
    kinds = [thing.kind for thing in shown]
    assert {"text", "link", "domain", "hashtag", "phrase"} <= set(kinds)
    assert max(kinds.count(kind) for kind in kinds) <= 5
    assert all(thing.z >= 2 for thing in shown)


def test_each_kind_of_alert_has_its_own_picture(candidate: Alert) -> None:
    """A surge has a timeline and no panels; a candidate has panels and no timeline."""
    assert timeline_of(candidate) is None
    surge = surges(surge_tables())[0]
    assert multiples_of(surge) is None
    assert list(shared_of(surge)) == []
    line = timeline_of(surge)
    assert line is not None
    assert line.windows[0].start == surge.start
