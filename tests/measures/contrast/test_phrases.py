from __future__ import annotations

from seawall.measures.contrast import phrases
from seawall.measures.contrast.phrases import fold

CHAT = [(f"a{n % 30}", f"the compost in bed {n} is warm today") for n in range(200)]


def show(accounts: int, text: str = "come to the tulip show on Sunday") -> list[tuple[str, str]]:
    return [(f"b{n}", text) for n in range(accounts)]


def test_what_many_accounts_say_only_here_is_told() -> None:
    """A phrase of many accounts stands out against the chat of before; words of both do not."""
    found = phrases(show(20) + CHAT[:40], CHAT)
    assert "tulip show" in " | ".join(one.words for one in found)
    assert not [one for one in found if "compost" in one.words]
    assert all(one.here == one.accounts == 20 for one in found)
    assert all(one.there == 0 for one in found)


def test_a_phrase_of_fewer_than_five_accounts_is_never_told() -> None:
    """However often four accounts repeat it."""
    repeated = [(account, f"{text}, row {n}") for n in range(30) for account, text in show(4)]
    assert not phrases(repeated + CHAT[:40], CHAT)
    assert phrases([(f"b{n % 5}", f"tulip show, row {n}") for n in range(30)] + CHAT[:40], CHAT)


def test_one_account_counts_once_for_each_text() -> None:
    """Copies of one text by one account are one."""
    found = phrases(show(6) * 50 + CHAT[:40], CHAT)
    assert {one.here for one in found} <= {6}


def test_the_longest_form_stands_for_its_parts() -> None:
    """No told phrase is part of another that is used as often."""
    words = [one.words for one in phrases(show(25) + CHAT[:40], CHAT, most=50)]
    assert not [(one, other) for one in words for other in words if one != other and f" {one} " in f" {other} "]


def test_disguises_and_places_do_not_matter() -> None:
    """Case, marks, invisible characters, addresses, @names and typed tokens are no difference."""
    assert fold("TÜLIP\u200b show") == fold("tu\u0308lip SHOW")
    texts = [
        "TULIP show",
        "tülip SHOW",
        "@[account] tulip show https://x.example/1",
        "tulip\u200b show @ada",
        "Tulip Show!",
    ]
    found = phrases([(f"a{n}", text) for n, text in enumerate(texts * 3)] + CHAT[:40], CHAT)
    assert [(one.words, one.accounts) for one in found] == [("tulip show", 15)]


def test_the_order_of_messages_does_not_matter() -> None:
    """Turned around, the same phrases with the same numbers."""
    here = show(9) + show(7, "the tulips are late this year") + CHAT[:40]
    assert phrases(here, CHAT) == phrases(here[::-1], CHAT[::-1])


def test_nothing_gives_no_phrases() -> None:
    """Without texts on either side there is nothing to tell."""
    assert phrases([], []) == []
    assert phrases([("a", "")], CHAT) == []
