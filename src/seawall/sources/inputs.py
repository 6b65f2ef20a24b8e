"""Paths that a user typed -> the inputs to read: files, folders, and what is packed in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from os import fspath
from pathlib import Path

from seawall.errors import InputError, UnknownFormatError, UnsafeArchiveError
from seawall.protocols import Input
from seawall.sources.archives import AnyInput, unpacked
from seawall.sources.bundles import slack_exports
from seawall.sources.files import plain_file, unreadable

MAX_FILES = 100_000
"""The most files that a folder may hold."""

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Survey:
    """What paths hold: the inputs to read, and the labels of those that are left out because nothing reads them."""

    inputs: tuple[Input, ...]
    left_out: tuple[str, ...] = ()


def survey(
    paths: Sequence[str | Path], wanted: Callable[[Input], bool], beside: Callable[[Input], bool] = lambda file: False
) -> Survey:
    """The inputs in files, folders and archives, in the order given, those in a folder or archive by name.

    A file that was named itself is always taken. Of a folder or an archive with several members, the files
    that ``wanted`` accepts are taken and the others are told as left out (pictures, lists of users). The files of
    an export of Slack are one input, where ``wanted`` accepts that. What belongs to another input and is read with it,
    as ``beside`` says, is not told.

    Raises:
        InputError: a path cannot be read, is empty, or is no file.
        UnknownFormatError: a folder or archive holds nothing that ``wanted`` accepts.
        UnsafeArchiveError: an archive breaks a limit.
    """
    taken: list[Input] = []
    left_out: list[str] = []
    for path in paths:
        found = list(_inside(Path(path), fspath(path)))
        sole = len(found) == 1 and not Path(path).is_dir()
        if sole and not _has_bytes(found[0]):
            raise InputError("The file is empty.", where=found[0].label, mend="Export it again.")
        whole = [(export, parts) for export, parts in slack_exports(found, fspath(path)) if wanted(export)]
        joined = {id(part) for _, parts in whole for part in parts}
        alone = [file for file in found if id(file) not in joined]
        kept: list[Input] = [export for export, _ in whole]
        kept += [file for file in alone if sole or (_has_bytes(file) and wanted(file))]
        if not kept:
            raise UnknownFormatError(
                f"None of the {len(found)} files in it is of a known format." if found else "It holds no files.",
                where=fspath(path),
                mend="Name the file itself, with --source to say what it is.",
            )
        taken += kept
        chosen = {id(file) for file in kept}
        left_out += [file.label for file in alone if id(file) not in chosen and not beside(file)]
    return Survey(tuple(taken), tuple(left_out))


def _has_bytes(file: AnyInput) -> bool:
    return bool(file.head(1))


def _inside(path: Path, label: str) -> Iterator[AnyInput]:
    if not _is_folder(path):
        yield from unpacked(plain_file(path, label))
        return
    for number, file in enumerate(_files_below(path, label), 1):
        yield from unpacked(plain_file(file, f"{label}, file {number}"))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False  # plain_file says what is wrong


def _files_below(folder: Path, label: str) -> list[Path]:
    """Regular files below a folder, sorted; links are not followed, so that nothing outside is read."""
    files: list[Path] = []
    waiting = [folder]
    while waiting:
        try:
            entries = list(waiting.pop().iterdir())
        except OSError as error:
            raise unreadable(error, label) from error
        for entry in entries:
            if entry.is_symlink():
                continue
            if entry.is_dir():
                waiting.append(entry)
            elif entry.is_file():
                files.append(entry)
        if len(files) > MAX_FILES:
            raise UnsafeArchiveError(
                f"The folder holds more than {MAX_FILES:,} files.", where=label, mend="Import it in parts."
            )
    return sorted(files)


def digest(file: Input) -> str:
    """SHA-256 of the unpacked bytes, as 64 hex digits. Of a damaged file: of what can be unpacked, and a mark.

    >>> from tempfile import NamedTemporaryFile
    >>> from seawall.sources.files import FileInput
    >>> with NamedTemporaryFile() as handle:
    ...     digest(FileInput("empty", Path(handle.name)))[:8]
    'e3b0c442'

    Raises:
        UnsafeArchiveError: it unpacks to too much.
    """
    state = hashlib.sha256()
    with file.open() as stream:
        try:
            while piece := stream.read1(_PIECE):  # type: ignore[attr-defined]
                state.update(piece)
        except UnsafeArchiveError:
            raise
        except InputError:
            state.update(b"\x00damaged")
        except OSError as error:
            raise unreadable(error, file.label) from error
    return state.hexdigest()
