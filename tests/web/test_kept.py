"""Forms are kept for a while, for who wrote them."""

from __future__ import annotations

from seawall.web.kept import KEPT_SECONDS, MOST_KEPT, KeptForms

FIELDS = (("note", "Six accounts share one text."),)


def test_only_the_writer_gets_it_and_only_for_a_while() -> None:
    """The key alone opens nothing; after its time the form is gone."""
    now = [0.0]
    kept = KeptForms(lambda: now[0])
    kept.note_writer("token", "Rosa")
    key = kept.keep("token", "/cases/1", "/queue", FIELDS)
    assert key is not None
    assert kept.of(key, "Lea") is None
    assert kept.of(key, "Rosa").fields == FIELDS  # type: ignore[union-attr]
    kept.forget(key, "Lea")
    assert kept.of(key, "Rosa") is not None
    now[0] = KEPT_SECONDS + 1
    assert kept.of(key, "Rosa") is None


def test_memory_is_bounded() -> None:
    """A flood of forms pushes out the oldest ones and no more."""
    kept = KeptForms(lambda: 0.0)
    kept.note_writer("token", "Rosa")
    keys = [kept.keep("token", "/", "/", FIELDS) for _ in range(MOST_KEPT + 1)]
    assert kept.of(keys[0] or "", "Rosa") is None
    assert kept.of(keys[1] or "", "Rosa") is not None


def test_the_form_is_not_in_its_representation() -> None:
    """What was written appears in no log by way of ``repr``."""
    kept = KeptForms(lambda: 0.0)
    kept.note_writer("token", "Rosa")
    key = kept.keep("token", "/", "/", FIELDS)
    assert "Six accounts" not in repr(kept.of(key or "", "Rosa"))
