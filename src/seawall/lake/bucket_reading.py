"""Data files in a bucket as Arrow reads them: a few ranges of each, asked for outside Python's lock.

The file system of ``deltalake`` keeps that lock while it waits for the network, and the one of Arrow finds credentials
and tells errors in ways of its own.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import pyarrow as pa
import pyarrow.fs as pf

if TYPE_CHECKING:
    from obstore.store import S3Store

    from seawall.lake.bucket import Bucket

_END = 1 << 16
"""Bytes of a file's end that come with its size: its Parquet footer, or all of a small file."""


class ObjectFile(io.RawIOBase):
    """An object as a file that can be read anywhere.

    Raises:
        FileNotFoundError: there is none.
    """

    def __init__(self, store: S3Store, key: str) -> None:
        import obstore

        super().__init__()
        self._store, self._key, self._at = store, key, 0
        found = obstore.get(store, key, options={"range": {"suffix": _END}})
        self._size = int(found.meta["size"])
        self._end_at = found.range[0]
        self._end = bytes(found.bytes())

    def size(self) -> int:
        """Bytes of the whole."""
        return self._size

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """Anywhere."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes, fewer at the end only."""
        start = self._at
        self._at = self._size if size < 0 else min(self._size, start + size)
        if start >= self._at:
            return b""
        if start >= self._end_at:
            return self._end[start - self._end_at : self._at - self._end_at]
        import obstore

        return bytes(obstore.get_range(self._store, self._key, start=start, end=self._at))


@dataclass(frozen=True)
class BucketFiles(pf.FileSystemHandler):  # type: ignore[misc]
    """The objects under a prefix, to be read. It can be pickled and holds no secret."""

    bucket: Bucket
    prefix: str

    def get_type_name(self) -> str:
        """What Arrow calls it."""
        return "seawall-bucket"

    def normalize_path(self, path: str) -> str:
        """As it is."""
        return path

    def get_file_info(self, paths: list[str]) -> list[pf.FileInfo]:
        """Each is a file: whether it is there is found out when it is read."""
        return [pf.FileInfo(path, pf.FileType.File) for path in paths]

    def open_input_file(self, path: str) -> pa.PythonFile:
        """A file to be read anywhere."""
        return pa.PythonFile(ObjectFile(self.bucket.reading, f"{self.prefix}/{path}"), mode="r")

    open_input_stream = open_input_file

    def _refused(self, *given: Any) -> NoReturn:
        raise NotImplementedError("Arrow only reads here.")

    get_file_info_selector = create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = _refused
    delete_file = move = copy_file = open_output_stream = open_append_stream = _refused
