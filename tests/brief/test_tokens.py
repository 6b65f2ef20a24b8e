from __future__ import annotations

import pytest

from seawall.brief.tokens import TEXT, TOKENS, contrast


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("name", TEXT)
@pytest.mark.parametrize("ground", ["paper", "wash"])
def test_text_can_be_read_on_its_ground(scheme: int, name: str, ground: str) -> None:
    """Every colour of text has a contrast of at least 4.5 to 1, light and dark."""
    assert contrast(TOKENS[name][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("ground", ["surge", "collapse", "band"])
def test_the_observed_line_can_be_seen_on_every_ground(scheme: int, ground: str) -> None:
    """Ink keeps 4.5 to 1 on window and band."""
    assert contrast(TOKENS["ink"][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("name", [name for name in TOKENS if name.startswith("group-")])
def test_shapes_can_be_told_from_paper(scheme: int, name: str) -> None:
    """Every hue of a group has at least 3 to 1, as graphics must (WCAG 1.4.11)."""
    assert contrast(TOKENS[name][scheme], TOKENS["paper"][scheme]) >= 3.0
