from __future__ import annotations

from typing import Any

import pytest

from seawall.casebook import Casebook
from seawall.errors import ConfigurationError, RuleError
from tests.casebook.peopled import with_people

book = pytest.fixture(with_people)


def test_distressing_material_is_veiled_until_a_person_chooses(book: Casebook) -> None:
    """Blurred, grey and mute are usual, for people who chose nothing and for names that nobody has."""
    for name in ("Rosa", "Nobody"):
        told = book.people.preferences(name)
        assert (told["blur"], told["grey"], told["mute"], told["language"]) == (True, True, True, None)


def test_choices_are_kept_beside_those_of_before(book: Casebook) -> None:
    """Each choice stays until it is changed, and is the person's own."""
    book.people.set_preferences("Rosa", {"theme": "dark", "break_after": 30}, by="Rosa")
    told = book.people.set_preferences("rosa", {"language": "ar"}, by="Rosa")
    assert told == book.people.preferences("Rosa")
    assert (told["theme"], told["break_after"], told["language"]) == ("dark", 30, "ar")
    assert book.people.preferences("Ben")["theme"] == "system"
    with pytest.raises(RuleError, match="person themself"):
        book.people.set_preferences("Ben", {"theme": "dark"}, by="Rosa")
    with pytest.raises(RuleError, match="not enrolled"):
        book.people.set_preferences("Vera", {"theme": "dark"}, by="Vera")


@pytest.mark.parametrize(
    "chosen",
    [{"theme": "pink"}, {"blur": 1}, {"break_after": 4}, {"break_after": True}, {"break_after": 241}, {"<b>": 1},
     {"theme": ["dark"]}],
    ids=range(7),
)  # fmt: skip
def test_there_are_no_other_choices(book: Casebook, chosen: dict[str, Any]) -> None:
    """What is no choice is refused, named where it is known, and changes nothing."""
    with pytest.raises(ConfigurationError, match="no such choice") as refused:
        book.people.set_preferences("Rosa", chosen, by="Rosa")
    assert "<b>" not in str(refused.value)
    assert book.people.preferences("Rosa") == book.people.preferences("Ben")
