"""Files that mean something only together: an export of Slack as one input.

An export of Slack has a file a channel and day, in a folder by the name of the channel; what the channel is, and
who its people are, stand in files beside those folders. Together they are read as one stream of JSON lines, a line
a file: first the lists, then the days in order of channel and day. Line ends inside a file become blanks, so
that a damaged file spoils its own line only.
"""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from seawall.errors import InputError, UnsafeArchiveError
from seawall.sources.archives import AnyInput, PackedInput, ZipMember
from seawall.sources.files import HEAD_BYTES, READ_BUFFER, read_head

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SLACK_MARK = b'{"slack export": 1}\n'
"""The first line of an export of Slack as one input."""

SLACK_LISTS = ("users", "channels", "groups", "dms", "mpims")
"""The files that tell people and channels, without .json; in the order in which they are read."""

_DAY = re.compile(r"^\d{4}-\d\d-\d\d\.json$")
_BLANKS = bytes.maketrans(b"\r\n", b"  ")
_BOM = b"\xef\xbb\xbf"

_Folder = tuple[int, str]
"""Which archive holds a folder, if any, and the folder's path there."""


@dataclass(frozen=True, slots=True)
class _Member:
    before: bytes  # of its line
    file: AnyInput = field(repr=False)


@dataclass(frozen=True, slots=True)
class SlackExport:
    """The files of one export as one input; it satisfies ``protocols.Input``."""

    label: str
    members: tuple[_Member, ...] = field(repr=False)
    name: str = "slack export"
    path: Path | None = None

    def open(self) -> BinaryIO:
        """The lines. A file that cannot be read to its end ends its line; the InputError comes after all lines."""
        return cast(BinaryIO, io.BufferedReader(_Joined(self._pieces()), READ_BUFFER))

    def head(self, size: int = HEAD_BYTES) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return read_head(stream, size)

    def _pieces(self) -> Iterator[bytes]:
        yield SLACK_MARK
        failure: InputError | None = None
        for member in self.members:
            yield member.before
            try:
                yield from _on_one_line(member.file)
                yield b"}\n"
            except UnsafeArchiveError:
                raise
            except InputError as error:
                failure = failure or error
                yield b"\n"
        if failure is not None:
            raise failure


def _on_one_line(file: AnyInput) -> Iterator[bytes]:
    with file.open() as stream:
        first = True
        while piece := stream.read1(READ_BUFFER):  # type: ignore[attr-defined]
            yield (piece.removeprefix(_BOM) if first else piece).translate(_BLANKS)
            first = False


class _Joined(io.RawIOBase):
    """Pieces of bytes as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._ready = b""
        self._failure: InputError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            while not self._ready and self._failure is None:
                self._ready = next(self._pieces)
        except StopIteration:
            return 0
        except InputError as error:
            self._failure = error
        if self._failure is not None:
            raise self._failure
        taken, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(taken)] = taken
        return len(taken)


def slack_exports(found: Iterable[AnyInput], label: str) -> list[tuple[SlackExport, tuple[AnyInput, ...]]]:
    """The exports of Slack among some files, each with the files that are in it."""
    folders: dict[_Folder, dict[str, AnyInput]] = defaultdict(dict)
    archives: dict[int, int] = {}
    for file in found:
        holder, place = _place(file)
        folder, _, name = place.rpartition("/")
        folders[archives.setdefault(holder, len(archives)), folder][name] = file
    roots = [root for root in folders if any(f"{name}.json" in folders[root] for name in SLACK_LISTS)]
    exports = []
    for archive, root in sorted(roots):
        lists = [name for name in SLACK_LISTS if f"{name}.json" in folders[archive, root]]
        days = list(_days(folders, archive, root))
        if days:
            told = [_Member(f'{{"{name}": '.encode(), folders[archive, root][f"{name}.json"]) for name in lists]
            members = (*told, *days)
            exports.append((SlackExport(label, members), tuple(member.file for member in members)))
    return exports


def _days(folders: dict[_Folder, dict[str, AnyInput]], archive: int, root: str) -> Iterator[_Member]:
    """The days of the channels whose folders lie in ``root``."""
    for holder, folder in sorted(folders):
        above, _, channel = folder.rpartition("/")
        if holder == archive and above == root and folder != root:
            before = f'{{"folder": {json.dumps(channel)}, "messages": '.encode()
            files = folders[holder, folder]
            yield from (_Member(before, files[name]) for name in sorted(files) if _DAY.match(name))


def _place(file: AnyInput) -> tuple[int, str]:
    """Where a file lies; one that is packed by itself lies where its packing does."""
    while isinstance(file, PackedInput):
        file = file.inner
    if isinstance(file, ZipMember):
        return id(file.archive), file.info.filename.replace("\\", "/")
    return 0, file.path.as_posix()
