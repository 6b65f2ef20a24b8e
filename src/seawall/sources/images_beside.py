"""The media that lie beside an export, in its own folder: hashed where the user asks for it.

Names come out of the export, so they are not trusted: each part of a path is opened by itself, below the folder of the
export, and no link is followed. What a name leads to outside is not read, and the reason is told without the name.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from seawall.measures.cores import available
from seawall.protocols import Input, ReadOptions
from seawall.sources.images import Hashed, ImageHasher
from seawall.sources.media_kinds import known_kind
from seawall.sources.raw_rows import FILE, Row

CHILDREN = 2
"""How many pictures are decoded at the same time, at most."""

_REMEMBERED = 100_000
"""Of so many different pictures the hash is remembered, so that one that is sent often is decoded once."""

_LINKED = (errno.ELOOP, errno.EMLINK, errno.ENOTDIR)
"""How a system refuses to follow a link where it was told not to."""

_IN_ARCHIVE = "Media in an archive were not hashed: unpack it and add the folder to have that done."


class _Refused(Exception):  # noqa: N818 - it is no error of Seawall, and leaves this file as a sentence
    """Why a file beside the export is not read."""


@contextmanager
def media_beside(file: Input, options: ReadOptions) -> Iterator[MediaBeside | None]:
    """What hashes the media beside an input, if the user asked for it.

    Raises:
        ConfigurationError: pictures cannot be hashed here.
    """
    if not options.hash_media:
        yield None
        return
    with ImageHasher(children=min(CHILDREN, available())) as hasher:
        yield MediaBeside(None if file.path is None else file.path.parent, hasher)


class MediaBeside:
    """Fills in the hashes of media.

    Args:
        folder: of the export; None where it lies in an archive, whose media are not read.
        hasher: for pictures.
    """

    def __init__(self, folder: Path | None, hasher: ImageHasher) -> None:
        self._folder = folder
        self._hasher = hasher
        self._known: dict[str, Hashed] = {}

    def fill(self, media: Sequence[Row]) -> list[str]:
        """Put hashes into rows of media that name a file; sentences about those without."""
        if not media:
            return []
        if self._folder is None:
            return [_IN_ARCHIVE]
        with ThreadPoolExecutor(CHILDREN) as pool:
            told = list(pool.map(self._fill_one, media))
        return list(dict.fromkeys(filter(None, told)))

    def _fill_one(self, one: Row) -> str | None:
        try:
            with _opened_within(self._folder or Path(), one[FILE]) as stream:
                found = self._hashed(stream, picture=known_kind(one[FILE]) == "image")
        except _Refused as refusal:
            return f"At least one file was not hashed: {refusal}."
        except (OSError, ValueError):
            return "At least one file was not hashed: the system cannot read it."
        one["sha256"], one["md5"], one["pdq"], one["quality"] = found.sha256, found.md5, found.pdq, found.quality
        return None if found.refused is None else f"At least one picture cannot be matched: {found.refused}."

    def _hashed(self, stream: BinaryIO, *, picture: bool) -> Hashed:
        """The hashes, from memory where the same bytes were hashed before."""
        plain = self._hasher.hash(stream, picture=False)
        if not picture:
            return plain
        known = self._known.get(plain.sha256)
        if known is None:
            stream.seek(0)
            known = self._hasher.hash(stream)
            if len(self._known) < _REMEMBERED:
                self._known[plain.sha256] = known
        return known


def _opened_within(folder: Path, name: str) -> BinaryIO:
    """The file of a relative name below a folder.

    Raises:
        _Refused: the name leads outside, through a link, to no file, or nowhere.
        OSError, ValueError: the system refuses.
    """
    parts = name.replace("\\", "/").split("/")
    if "\0" in name or any(part in ("", ".", "..") or ":" in part[1:2] for part in parts):
        raise _Refused("a name leads outside the folder of the export")
    handles = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY)]
    try:
        for part in parts[:-1]:
            handles.append(_open_at(part, os.O_DIRECTORY, handles[-1]))
        found = _open_at(parts[-1], os.O_NONBLOCK, handles[-1])
    finally:
        for handle in handles:
            os.close(handle)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise _Refused("a name leads to a folder, a pipe or a device")
    return os.fdopen(found, "rb")


def _open_at(part: str, how: int, folder: int) -> int:
    try:
        return os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | how, dir_fd=folder)
    except FileNotFoundError:
        raise _Refused("a file is not there") from None
    except OSError as error:
        if error.errno in _LINKED:
            raise _Refused("a name leads through a link, or through a file as if it were a folder") from None
        raise
