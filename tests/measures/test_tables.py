from __future__ import annotations

import pyarrow as pa
import pytest

from seawall.errors import MeasureError
from seawall.measures.tables import require_columns


def test_all_missing_columns_are_named_at_once() -> None:
    """The error lists each missing column, with the nearest where one is near."""
    with pytest.raises(MeasureError) as caught:
        require_columns(pa.table({"acount": [1], "zzz": [2]}), ["account", "message"])
    assert "account (the nearest is acount), message" in str(caught.value)
