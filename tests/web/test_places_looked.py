from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.place.kinds import ROLES as ALL_ROLES
from seawall.web.places_looked import FIELDS, PlacesLooked, page_of
from seawall.web.places_words import CHANNEL_UNITS, ROLES
from seawall.workspace.looking_timeline import STEPS, unit_of

ANYTHING = st.dictionaries(st.sampled_from((*FIELDS, "strange")), st.text(max_size=40), max_size=6)


@given(ANYTHING)
def test_no_address_breaks_a_page(query: dict[str, str]) -> None:
    """Whatever an address says, there is a filter; what cannot be one is told, and a span is never turned round."""
    looked = PlacesLooked.of(query)
    assert looked.page >= 1
    assert set(looked.errors) <= {"start", "end"}
    assert looked.start is None or looked.end is None or looked.start < looked.end


@given(ANYTHING)
def test_a_query_keeps_what_was_asked(query: dict[str, str]) -> None:
    """The address of a page asks the same again, but for the page."""
    looked = PlacesLooked.of(query)
    again = PlacesLooked.of(looked.query())
    assert dict(again.given) == {name: value for name, value in looked.given.items() if name != "page"}


@given(st.text(max_size=9))
def test_pages_begin_at_one(told: str) -> None:
    """Whatever stands for the number of a page, there is one."""
    assert 1 <= page_of(told) < 1_000_000


def test_every_role_and_unit_has_words() -> None:
    """Each role of a place, and each step of its timeline, has its words."""
    assert set(ROLES) == set(ALL_ROLES)
    assert set(CHANNEL_UNITS) == {unit_of(step).replace("messages", "channels", 1) for step in STEPS}
