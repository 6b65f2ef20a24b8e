"""What an effect is called, and what speaks against each: sentences, never of causes."""

from __future__ import annotations

from collections.abc import Iterator

FELL, ROSE, STEADY, UNTOLD = "fell", "rose", "no change seen", "cannot tell"
VERDICTS = (FELL, ROSE, STEADY, UNTOLD)
STEADY_WITHIN = 1.5
"""No change is seen where the interval holds 1 and lies within this factor of it on both sides."""
FEW_CONTROLS = 5
STRAINED = 1.25
SMALL = 10

NOT_DRAWN = (
    "Nobody drew lots who was acted on: whatever else changed for these channels alone at that time cannot be told "
    "apart from the action."
)
HERE_ONLY = "It tells what was counted here; what people did elsewhere at the same time is not in it."


def verdict(low: float, high: float) -> str:
    """What an interval of a ratio lets say.

    >>> verdict(0.02, 0.1), verdict(0.8, 1.2), verdict(0.3, 1.4)
    ('fell', 'no change seen', 'cannot tell')
    """
    if high < 1:
        return FELL
    if low > 1:
        return ROSE
    return STEADY if low >= 1 / STEADY_WITHIN and high <= STEADY_WITHIN else UNTOLD


def doubts(
    *,
    controls: int,
    moved: tuple[float, float, float] | None,
    strain: float,
    days: tuple[int, int],
    window: int,
    count: float,
) -> Iterator[str]:
    """What speaks against a ratio.

    Args:
        controls: channels that it was compared with.
        moved: by how much they themselves left what their own days before let expect; None without controls.
        strain: by how much placebos widened the interval.
        days: known days before and after.
        window: days that there could be.
        count: what was counted after.
    """
    yield NOT_DRAWN
    yield HERE_ONLY
    if not controls:
        yield (
            "There was nothing to compare with but the time before: whatever changed for everybody at that time looks "
            "like the action."
        )
    elif controls < FEW_CONTROLS:
        yield f"Only {_channels(controls)} could be compared with."
    if moved is not None and (moved[1] > 1 or moved[2] < 1):
        yield (
            f"What it was compared with {'rose' if moved[1] > 1 else 'fell'} itself at that time, to {moved[0]:.2f} "
            f"({moved[1]:.2f} to {moved[2]:.2f}) of what its own days before let expect: if the action touched it too, "
            f"the ratio is too {'low' if moved[1] > 1 else 'high'}."
        )
    if strain > STRAINED:
        yield f"Placebos missed their own expectation by more than usual: the interval is {strain:.1f} times as wide."
    if min(days) < window:
        yield f"Of {window} days on each side, {days[0]} before and {days[1]} after are known."
    if count < SMALL:
        yield f"It rests on a count of {count:.0f} after the action."


def _channels(number: int) -> str:
    return "one channel" if number == 1 else f"{number} channels"
