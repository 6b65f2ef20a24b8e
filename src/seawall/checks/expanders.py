"""Does an expander of short links keep to its contract?"""

from __future__ import annotations

from collections.abc import Sequence

from seawall.checks.failure import CheckFailed
from seawall.intake.addresses import parse
from seawall.protocols import Expander

_STRANGE = ("https://bit.ly/", "https://bit.ly/" + "a" * 2000, "https://xn--80ai1b.example/b", "")


def check_expander(expander: Expander, urls: Sequence[str]) -> None:
    """Check an expander against the contract of ``protocols.Expander``.

    Args:
        expander: the expander.
        urls: short links, of which it knows at least one.

    Raises:
        CheckFailed: it breaks the contract; the message says how.
    """
    if not isinstance(expander, Expander) or not expander.name:
        raise CheckFailed("An expander has a name and expand(urls).")
    asked = [*urls, *_STRANGE]
    targets = list(expander.expand(asked))
    if len(targets) != len(asked):
        raise CheckFailed("expand gives one answer for each link.")
    if any(target is not None and parse(target) is None for target in targets):
        raise CheckFailed("A target is null or an address that a browser opens.")
    if not any(target is not None for target in targets[: len(urls)]):
        raise CheckFailed("It knows none of the links.")
    if list(expander.expand(asked[::-1]))[::-1] != targets or list(expander.expand(asked)) != targets:
        raise CheckFailed("The same link has the same target, whatever is asked before it.")
    if list(expander.expand([])) != []:
        raise CheckFailed("No links, no answers.")
