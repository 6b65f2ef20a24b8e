"""Whether a file holds an object a line, told by its first line alone: live sources ask this for every batch."""

from __future__ import annotations

from seawall.sources.json_values import Undecodable, decoded

_MARK = b"\xef\xbb\xbf"


def keys_of_first_line(head: bytes) -> frozenset[str]:
    """The keys of the object that is the first line of a file; none where that line is no whole object.

    >>> sorted(keys_of_first_line(b'{"a": 1, "b": {}}\\n{"a": 2}')), keys_of_first_line(b'{\\n"a": 1}')
    (['a', 'b'], frozenset())
    """
    line, _, _ = head.removeprefix(_MARK).partition(b"\n")
    if not line.lstrip().startswith(b"{"):
        return frozenset()
    try:
        value = decoded(line)
    except Undecodable:
        return frozenset()
    return frozenset(value) if isinstance(value, dict) else frozenset()
