"""A text file as numbered lines, in memory that does not depend on the file or on its longest line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

RECORD_BYTES = 16 << 20
"""The longest record that is read; a longer one is rejected and skipped to its end."""

TOO_LONG = f"longer than {RECORD_BYTES >> 20} MB"
NOT_TEXT = "not UTF-8 throughout; if the file has another encoding state it with --encoding"
HAS_NUL = "holds a NUL character"


@dataclass(frozen=True, slots=True)
class TooLong:
    """Stands for a line of more than ``RECORD_BYTES``."""


def line_blocks(pieces: Iterable[bytes]) -> Iterator[bytes | TooLong]:
    r"""Whole lines, many at a time, each block with its last line end (the file's last line may lack it).

    A line that is too long comes as ``TooLong`` in its place. Where the pieces end with an InputError, so does
    this, and the unfinished line before it is not handed on.

    >>> list(line_blocks([b"a\nb", b"c\nd"]))
    [b'a\n', b'bc\n', b'd']
    """
    carried: list[bytes] = []
    size = 0
    skipping = False
    for piece in pieces:
        if skipping:
            _, found, fresh = piece.partition(b"\n")
            skipping = not found
        else:
            fresh = piece
        end = fresh.rfind(b"\n") + 1
        if end:
            yield b"".join([*carried, fresh[:end]])
            carried, size = [], 0
        carried.append(fresh[end:])
        size += len(fresh) - end
        if size > RECORD_BYTES:
            yield TooLong()
            carried, size, skipping = [], 0, True
    if size:
        yield b"".join(carried)
