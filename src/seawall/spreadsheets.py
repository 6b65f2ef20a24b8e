"""Tables that a spreadsheet may open: no text in them can be taken for a formula.

Whoever writes a CSV file passes its table through ``harmless`` first. What a stranger chose as a name may begin with
``=``; a spreadsheet would compute it, and could be made to send what stands beside it elsewhere (CWE-1236).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_BEGINS_LIKE_A_FORMULA = r"^[=+\-@\t\r\n\x00'＝＋－＠]"


def harmless(table: pa.Table) -> pa.Table:
    """The table with an apostrophe before each text that begins with = + - @ (full-width ones too), white space or NUL.

    Texts that begin with an apostrophe get one more, so that taking one from the beginning of each text that has one
    gives back what was there. Numbers and times stay what they are; dictionaries are written out.

    Args:
        table: any columns.

    >>> harmless(pa.table({"series": ["=1+1", "tulips", "'twas"], "count": [-1, 2, 3]})).to_pydict()
    {'series': ["'=1+1", 'tulips', "''twas"], 'count': [-1, 2, 3]}
    """
    return pa.table({name: _harmless(table[name]) for name in table.column_names})


def _harmless(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    return pc.replace_substring_regex(column, _BEGINS_LIKE_A_FORMULA, r"'\0")
