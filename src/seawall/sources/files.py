"""A plain file as an input, and the words for what an operating system may refuse."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from seawall.errors import InputError

HEAD_BYTES = 65_536
READ_BUFFER = 1 << 20


def unreadable(error: OSError, label: str) -> InputError:
    """The InputError for an operating system's refusal, without its own text, which may hold other paths."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError("There is no such file.", where=label, mend="Check the path.")
    if isinstance(error, PermissionError):
        return InputError(
            "The file may not be read by this user.", where=label, mend="Ask its owner for permission to read it."
        )
    return InputError(
        f"The file cannot be read ({error.strerror or type(error).__name__}).",
        where=label,
        mend="Copy it to a local disk and try again.",
    )


def read_head(stream: BinaryIO, size: int) -> bytes:
    """Up to ``size`` bytes; fewer where the stream ends or is damaged after some bytes.

    Raises:
        InputError: not even one byte can be read.
    """
    pieces: list[bytes] = []
    missing = size
    while missing > 0:
        try:
            piece = stream.read1(missing)  # type: ignore[attr-defined]
        except InputError:
            if pieces:
                break
            raise
        if not piece:
            break
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class FileInput:
    """One plain file. ``label`` is what messages call it."""

    label: str
    path: Path

    @property
    def name(self) -> str:
        """The bare file name, for recognising a format."""
        return self.path.name

    @property
    def packed_bytes(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """A buffered binary stream of the file.

        Raises:
            InputError: the operating system refuses.
        """
        try:
            return self.path.open("rb", buffering=READ_BUFFER)
        except OSError as error:
            raise unreadable(error, self.label) from error

    def head(self, size: int = HEAD_BYTES) -> bytes:
        """The first bytes.

        Raises:
            InputError: the operating system refuses.
        """
        with self.open() as stream:
            try:
                return read_head(stream, size)
            except OSError as error:
                raise unreadable(error, self.label) from error


def plain_file(path: Path, label: str) -> FileInput:
    """The input for a path that must be a regular file.

    Raises:
        InputError: there is none, it is a pipe or a device, or it may not be read.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise unreadable(error, label) from error
    except ValueError as error:
        raise InputError("The path holds a NUL character.", where="a path", mend="Check the path.") from error
    if not stat.S_ISREG(mode):
        raise InputError(
            "This is a pipe, a socket or a device, not a file.",
            where=label,
            mend="Write its content to a file first: an import may have to read it twice.",
        )
    return FileInput(label, path)
