from __future__ import annotations

import pytest
from starlette.routing import NoMatchFound

from seawall.web.addresses import Addresses
from tests.web.conftest import Served


def test_a_route_has_the_path_that_the_application_gives_it(console: Served) -> None:
    """With parameters and without, for pages and for files."""
    addresses = Addresses(console.app)
    for name, path in (("queue", {}), ("case", {"case_id": "C-1"}), ("account", {"account_id": "a/b"})):
        assert addresses(name, **path) == console.app.url_path_for(name, **path)
    assert addresses("static", path="css/see.css") == "/static/css/see.css"


@pytest.mark.parametrize(("name", "path"), [("nowhere", {}), ("case", {}), ("queue", {"case_id": "C-1"})])
def test_what_has_no_path_is_refused(console: Served, name: str, path: dict[str, str]) -> None:
    """A route that is not there, and parameters that are missing or too many."""
    with pytest.raises(NoMatchFound):
        Addresses(console.app)(name, **path)
