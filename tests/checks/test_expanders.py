"""Conformance of expanders: the shipped one keeps to it, and each way to break it is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from seawall.checks import CheckFailed, check_expander
from seawall.workspace import TableExpander

URLS = ["https://bit.ly/3", "https://t.co/x"]


def test_the_table_keeps_to_the_contract() -> None:
    """What ships passes its own check."""
    check_expander(TableExpander({"bit.ly/3": "https://garden.example/"}), URLS)


class Broken:
    name = "broken"

    def __init__(self, answer: Callable[[Sequence[str]], list[str | None]]) -> None:
        self.expand = answer


@pytest.mark.parametrize(
    ("answer", "match"),
    [
        (lambda urls: ["https://garden.example/"], "one answer"),
        (lambda urls: ["mailto:club@garden.example"] * len(urls), "address"),
        (lambda urls: [None] * len(urls), "none of the links"),
        (lambda urls: [f"https://garden.example/{n}" for n in range(len(urls))], "same link"),
    ],
)
def test_each_way_to_break_it_is_seen(answer: Callable[[Sequence[str]], list[str | None]], match: str) -> None:
    """Missing answers, targets that are no addresses, an empty table, answers that hang on the order."""
    with pytest.raises(CheckFailed, match=match):
        check_expander(Broken(answer), URLS)
