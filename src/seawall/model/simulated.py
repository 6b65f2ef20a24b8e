"""How pages know what is made up: by how the sentences of its alerts begin."""

from __future__ import annotations

SIMULATED = "Simulated: "
"""The sentence of an alert about a simulated platform begins so."""


def made_up(sentence: str | None) -> bool:
    """Whether a sentence of an alert or a case is about a simulated platform.

    >>> made_up("Simulated: an account approached 9 others."), made_up("An account."), made_up(None)
    (True, False, False)
    """
    return sentence is not None and sentence.startswith(SIMULATED)


def unmarked(sentence: str) -> str:
    """The sentence without its beginning, for where a mark of its own stands before it.

    >>> unmarked("Simulated: an account approached 9 others.")
    'an account approached 9 others.'
    """
    return sentence.removeprefix(SIMULATED)
