"""Several spans of time read at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from seawall.errors import MeasureError
from tests.workspace.looked_at import BEGIN, make_club


def test_spans_give_what_each_gives_by_itself(tmp_path: Path) -> None:
    """The rows of several spans are those of each of them, beginnings included and ends not."""
    hours = ((0, 5), (5, 9), (100, 101), (230, 500))
    spans = [(BEGIN + timedelta(hours=first), BEGIN + timedelta(hours=last)) for first, last in hours]
    with make_club(tmp_path).reading() as lake:
        found = [one for batch in lake.within("messages", ["message_id"], spans) for one in batch.to_pylist()]
        each = [
            one
            for start, end in spans
            for one in lake.reader("messages", ["message_id"], start=start, end=end).read_all().to_pylist()
        ]
        assert found == each
        assert len(found) == 20
        assert list(lake.within("messages", ["message_id"], [])) == []
        with pytest.raises(MeasureError, match="no column"):
            list(lake.within("messages", ["tulips"], spans))
