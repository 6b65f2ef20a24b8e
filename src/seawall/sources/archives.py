"""Gzip, zstd and zip read in place, with limits, so that no archive fills memory or disk or points outside itself.

The limits: an input may unpack to ``FREE_BYTES`` whatever its size, beyond that to ``MAX_RATIO`` times its
bytes on disk (chat logs compress 5 to 40 times; a bomb a thousand times), and never to more than
``MAX_BYTES``. An archive holds at most ``MAX_MEMBERS`` files, and archives nest ``MAX_DEPTH`` deep. An archive
inside another is held in memory, so it may have ``MAX_NESTED_BYTES``. Nothing is ever written to disk.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple, cast

import zstandard

from seawall.errors import InputError, UnsafeArchiveError
from seawall.sources.files import HEAD_BYTES, READ_BUFFER, FileInput, read_head, unreadable
from seawall.sources.zstd_stream import ZstdStream

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FREE_BYTES = 16 << 20
MAX_RATIO = 200
MAX_BYTES = 1 << 40
MAX_MEMBERS = 100_000
MAX_DEPTH = 2
MAX_NESTED_BYTES = 64 << 20

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OTHER_PACKERS = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"\x04\x22\x4d\x18": "LZ4",
}
_DRIVE = re.compile(r"^[A-Za-z]:")


def most_bytes(packed: int) -> int:
    """How many bytes an input of ``packed`` bytes on disk may unpack to.

    >>> most_bytes(1000) == FREE_BYTES, most_bytes(1 << 30) == MAX_RATIO << 30
    (True, True)
    """
    return min(MAX_BYTES, max(FREE_BYTES, MAX_RATIO * packed))


def _too_much(label: str) -> UnsafeArchiveError:
    return UnsafeArchiveError(
        f"It unpacks to more than {MAX_RATIO} times its size.",
        where=label,
        mend="If you trust it, unpack it yourself and import the unpacked file.",
    )


def _damaged(label: str, kind: str, *, cut: bool) -> InputError:
    what = f"The {kind} data end in mid-file: the file was cut off." if cut else f"The {kind} data are damaged."
    return InputError(what, where=label, mend="Fetch or copy the file again; what could be read before stays valid.")


class _Guarded(io.RawIOBase):
    """Unpacked bytes, counted; every failure of the unpacker becomes an InputError."""

    def __init__(self, unpacked: IO[bytes], *, label: str, kind: str, limit: int) -> None:
        self._unpacked = unpacked
        self._label = label
        self._kind = kind
        self._left = limit
        self._failure: InputError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if self._failure is not None:
            raise self._failure
        view = memoryview(buffer).cast("B")
        try:
            data = self._unpacked.read1(len(view))  # type: ignore[attr-defined]
        except InputError as error:
            self._failure = error
        except EOFError:
            self._failure = _damaged(self._label, self._kind, cut=True)
        except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, zstandard.ZstdError, ValueError, NotImplementedError):
            self._failure = _damaged(self._label, self._kind, cut=False)
        except OSError as error:
            self._failure = unreadable(error, self._label)
        else:
            self._left -= len(data)
            if self._left < 0:
                self._failure = _too_much(self._label)
        if self._failure is not None:
            raise self._failure
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._unpacked.close()
        super().close()


def _guarded(unpacked: IO[bytes], *, label: str, kind: str, limit: int) -> BinaryIO:
    raw = _Guarded(unpacked, label=label, kind=kind, limit=limit)
    return cast(BinaryIO, io.BufferedReader(raw, READ_BUFFER))


class _OwnedGzip(gzip.GzipFile):
    """Closes the packed stream with itself."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        super().__init__(fileobj=packed, mode="rb")

    def close(self) -> None:
        super().close()
        self._packed.close()


class Packer(NamedTuple):
    """How one stream of bytes is packed as a whole."""

    kind: str
    magic: bytes
    endings: tuple[str, ...]
    unpacking: Callable[[BinaryIO], object]  # the stream of unpacked bytes, with read1 and close


PACKERS = (
    Packer("gzip", b"\x1f\x8b", (".gz",), _OwnedGzip),
    Packer("zstd", b"\x28\xb5\x2f\xfd", (".zst", ".zstd"), ZstdStream),
)


@dataclass(frozen=True, slots=True)
class PackedInput:
    """What is inside a packed file; several members in a row read as one."""

    inner: FileInput | ZipMember | PackedInput
    packer: Packer
    path: Path | None = None

    @property
    def label(self) -> str:
        """What messages call it: as the packed file."""
        return self.inner.label

    @property
    def name(self) -> str:
        """The bare name without .gz or .zst."""
        name = self.inner.name
        ending = next((one for one in self.packer.endings if name.lower().endswith(one)), "")
        return name[: len(name) - len(ending)]

    @property
    def packed_bytes(self) -> int:
        """Bytes on disk."""
        return self.inner.packed_bytes

    def open(self) -> BinaryIO:
        """A buffered binary stream of the unpacked bytes; reading may raise InputError where it is damaged."""
        unpacking = cast(IO[bytes], self.packer.unpacking(self.inner.open()))
        return _guarded(unpacking, label=self.label, kind=self.packer.kind, limit=most_bytes(self.packed_bytes))

    def head(self, size: int = HEAD_BYTES) -> bytes:
        """The first unpacked bytes."""
        with self.open() as stream:
            return read_head(stream, size)


@dataclass(slots=True)
class _Archive:
    """A zip file that is opened once and shared by its members."""

    container: FileInput | ZipMember | PackedInput
    _handle: zipfile.ZipFile | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def handle(self) -> zipfile.ZipFile:
        """The opened zip file.

        Raises:
            InputError: it is damaged.
            UnsafeArchiveError: it lies in another archive and is too large to be held in memory.
        """
        with self._lock:
            if self._handle is None:
                label = self.container.label
                try:
                    self._handle = zipfile.ZipFile(self._seekable())
                except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
                    raise _damaged(label, "zip", cut=False) from error
                except OSError as error:
                    raise unreadable(error, label) from error
            return self._handle

    def _seekable(self) -> BinaryIO:
        if self.container.path is not None:
            return self.container.open()
        with self.container.open() as stream:
            content = stream.read(MAX_NESTED_BYTES + 1)
        if len(content) > MAX_NESTED_BYTES:
            raise UnsafeArchiveError(
                f"An archive inside another has more than {MAX_NESTED_BYTES >> 20} MB.",
                where=self.container.label,
                mend="Unpack the outer archive first and import what is in it.",
            )
        return io.BytesIO(content)


@dataclass(frozen=True, slots=True)
class ZipMember:
    """One file in a zip archive, called "member 3" in messages because its name may name a person."""

    archive: _Archive = field(repr=False)
    info: zipfile.ZipInfo = field(repr=False)
    number: int
    path: Path | None = None

    @property
    def label(self) -> str:
        """The archive's label and the member's number in it, counted from 1 in the order of the archive."""
        return f"{self.archive.container.label}, member {self.number}"

    @property
    def name(self) -> str:
        """The bare name, for recognising a format."""
        return self.info.filename.rsplit("/", 1)[-1]

    @property
    def packed_bytes(self) -> int:
        """Bytes that the member takes in the archive on disk."""
        return min(self.info.compress_size, self.archive.container.packed_bytes)

    def open(self) -> BinaryIO:
        """A buffered binary stream of the unpacked bytes; reading may raise InputError where it is damaged."""
        handle = self.archive.handle()
        try:
            unpacked = handle.open(self.info)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
            raise _damaged(self.label, "zip", cut=False) from error
        except OSError as error:
            raise unreadable(error, self.label) from error
        return _guarded(unpacked, label=self.label, kind="zip", limit=most_bytes(self.packed_bytes))

    def head(self, size: int = HEAD_BYTES) -> bytes:
        """The first unpacked bytes."""
        with self.open() as stream:
            return read_head(stream, size)


AnyInput = FileInput | PackedInput | ZipMember


def _check_member(info: zipfile.ZipInfo, label: str) -> None:
    name = info.orig_filename.replace("\\", "/")
    if "\x00" in name or name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        raise UnsafeArchiveError(
            "The name of a member points outside the archive.",
            where=label,
            mend="Whoever made this archive made it to trick an unpacker; ask for another copy.",
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnsafeArchiveError(
            "A member is a symbolic link.", where=label, mend="Pack the files themselves, not links to them."
        )
    if info.flag_bits & 0x1:
        raise InputError(
            "A member is encrypted.", where=label, mend="Unpack the archive with its password and import the files."
        )


def _members(container: AnyInput) -> list[ZipMember]:
    archive = _Archive(container)
    infos = archive.handle().infolist()
    if len(infos) > MAX_MEMBERS:
        raise UnsafeArchiveError(
            f"The archive holds more than {MAX_MEMBERS:,} entries.",
            where=container.label,
            mend="Unpack it and import the folder in parts.",
        )
    for number, info in enumerate(infos, 1):
        _check_member(info, f"{container.label}, member {number}")
    overlap = sum(info.compress_size for info in infos) > most_packed(container)
    if overlap or sum(info.file_size for info in infos) > most_bytes(container.packed_bytes):
        raise _too_much(container.label)
    files = [ZipMember(archive, info, number) for number, info in enumerate(infos, 1) if not info.is_dir()]
    return sorted(files, key=lambda member: member.info.filename)


def most_packed(container: AnyInput) -> int:
    """The most that the members of an archive can take in it; more means that they overlap."""
    return container.packed_bytes if container.path is not None else MAX_NESTED_BYTES


def unpacked(file: AnyInput, depth: int = 0) -> Iterator[AnyInput]:
    """The inputs that a file holds: itself if it is plain, else what is packed in it, in order of name.

    Raises:
        InputError: it is damaged, encrypted, or packed in a way that is not read here.
        UnsafeArchiveError: it breaks a limit or names paths outside itself.
    """
    head = file.head(8)
    packer = next((name for magic, name in OTHER_PACKERS.items() if head.startswith(magic)), None)
    if packer is not None:
        raise InputError(
            f"The file is packed with {packer}.",
            where=file.label,
            mend="Unpack it first; gzip, zstd and zip are read as is.",
        )
    is_zip = head.startswith(ZIP_MAGICS)
    packed = next((one for one in PACKERS if head.startswith(one.magic)), None)
    if not is_zip and packed is None:
        yield file
        return
    if depth >= MAX_DEPTH:
        raise UnsafeArchiveError(
            f"Archives are nested more than {MAX_DEPTH} deep.", where=file.label, mend="Unpack the outer one first."
        )
    for inner in _members(file) if packed is None else (PackedInput(file, packed),):
        yield from unpacked(inner, depth + 1)
