"""The page of the simulator tells what the code does."""

from __future__ import annotations

from dataclasses import fields

from seawall.simulate import DECOYS, FunnelSettings
from tests.simulate.tables import PAGE, written


def test_every_range_stands_on_the_page() -> None:
    """The tables of habits, roles and addresses are those of the code: python -m tests.simulate.tables writes them."""
    assert written() == PAGE.read_text(encoding="utf-8")


def test_every_setting_and_role_is_explained() -> None:
    """Each setting of a world and each honest role has a place on the page."""
    page = PAGE.read_text(encoding="utf-8")
    assert [one.name for one in fields(FunnelSettings) if f"`{one.name}`" not in page] == []
    assert [role for role in DECOYS if page.count(f"`{role}`") < 2] == []
