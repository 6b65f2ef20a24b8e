"""Ranges: what models are fitted on lies within what they are judged on."""

from __future__ import annotations

import numpy as np
import pytest

from seawall.simulate import LAWS, RANGES, ROLES, WORLD_RANGES, FunnelSettings, widened
from seawall.simulate.manners import draw


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_a_range_for_each_habit(role: str) -> None:
    """Every habit has a fitting range that can be, and a wide one that holds it."""
    assert set(RANGES[role]) == set(LAWS)
    for name, law in LAWS.items():
        low, high = RANGES[role][name]
        least, most = widened(law, (low, high))
        assert least <= low <= high <= most, name
        if law == "probability":
            assert least >= 0
            assert most <= 1
        if low < high:
            assert least < low or low == 0 or (law == "count" and low == 1)
            assert most > high or high == 1


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("role", ROLES)
def test_what_is_drawn_lies_in_its_range(role: str, wide: bool) -> None:
    """A hundred draws of each habit stay within the range and reach both of its halves."""
    rng = np.random.default_rng(1)
    drawn = [draw(RANGES[role], rng, wide=wide, pinned={}) for _ in range(100)]
    for name, law in LAWS.items():
        low, high = widened(law, RANGES[role][name]) if wide else RANGES[role][name]
        values = np.array([getattr(one, name) for one in drawn])
        slack = 0.5 if law == "count" else 1e-9
        assert values.min() >= low - slack, name
        assert values.max() <= high + slack, name
        if high > low and law == "probability":
            assert values.min() < (low + high) / 2 < values.max(), name


def test_pinning_one_habit_leaves_the_others() -> None:
    """What is pinned has its value, and the rest is drawn as without it."""
    free = draw(RANGES["funnel"], np.random.default_rng(1), wide=False, pinned={})
    held = draw(RANGES["funnel"], np.random.default_rng(1), wide=False, pinned={"contact": 0.5})
    assert held.contact == 0.5
    assert all(getattr(free, name) == getattr(held, name) for name in LAWS if name != "contact")


def test_settings_of_a_world_are_drawn_from_their_ranges() -> None:
    """What FunnelSettings.drawn draws lies in the fitting range, or the wide one; what is told stays."""
    rng = np.random.default_rng(2)
    for _ in range(50):
        made = FunnelSettings.drawn(rng, accounts=123)
        assert made.accounts == 123
        assert not made.wide
        assert all(low <= getattr(made, name) <= high for name, (low, high) in WORLD_RANGES.items())
    wide = [FunnelSettings.drawn(rng, wide=True) for _ in range(50)]
    assert all(one.wide for one in wide)
    for name, (low, high) in WORLD_RANGES.items():
        assert any(not low <= getattr(one, name) <= high for one in wide)
