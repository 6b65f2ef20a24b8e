from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import seawall
from seawall.spreadsheets import harmless

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
TEXTS = st.lists(st.one_of(st.text(), st.tuples(st.sampled_from((*STARTS, "'")), st.text()).map("".join)), min_size=1)


@given(TEXTS)
@example(["=HYPERLINK(A1)", "'=1", "''", "", "-5", "\0=1"])
def test_no_text_begins_like_a_formula_and_all_come_back(texts: list[str]) -> None:
    """Written as CSV and read again no cell begins like a formula; without the apostrophe all are as before."""
    file = io.BytesIO()
    numbers = list(range(-1, len(texts) - 1))
    pa_csv.write_csv(harmless(pa.table({"name": texts, "count": numbers})), file)
    file.seek(0)
    read = pa_csv.read_csv(
        file,
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(column_types={"name": pa.string()}, strings_can_be_null=False),
    )
    cells = read["name"].to_pylist()
    assert not any(cell.startswith(STARTS) for cell in cells)
    assert [cell.removeprefix("'") for cell in cells] == texts
    assert read["count"].to_pylist() == numbers


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_every_kind_of_text_is_looked_at(kind: pa.DataType) -> None:
    """Texts of any width are guarded, and those of a dictionary; what is missing stays missing."""
    table = pa.table({"name": pa.chunked_array([pa.array(["=1", None], pa.string()).cast(kind)])})
    assert harmless(table).to_pydict() == {"name": ["'=1", None]}


def test_whoever_writes_csv_makes_it_harmless() -> None:
    """No file of the package writes CSV past that function."""
    for path in Path(seawall.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "csv.writer" not in text
        assert "DictWriter" not in text
        assert text.count("csv.write_csv(") == text.count("csv.write_csv(harmless("), path
