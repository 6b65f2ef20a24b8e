"""Tables in a bucket of an object storage: whole objects, and log entries that nobody overwrites.

A put is acknowledged when the storage keeps it, so nothing is left to sync; a log entry is put only where none of its
name is there (``If-None-Match: *``). Credentials come from the environment, as ``AWS_ACCESS_KEY_ID``; nothing here
keeps them. Beside the tables lies the claim of the workspace that the prefix belongs to.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.fs as pf
from deltalake import DeltaTable

from seawall.errors import ConfigurationError, StorageError, WorkspaceError
from seawall.lake import log_sums
from seawall.lake.bucket_errors import bucket_errors
from seawall.lake.bucket_reading import BucketFiles
from seawall.lake.place import LOG, Found, TakenError, crc

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config, S3Store

CLAIM = "seawall-lake.json"
"""The object that tells which workspace the prefix belongs to."""

_PROBE = "seawall-probe-"
"""Prefix of objects by which a bucket is tried; one stays only where nothing may be removed."""

_RETIRED = "retired-"
"""Prefix of the objects that name retired data files: an object's own time cannot be changed."""

CONNECT_SECONDS = 4
SMALL_SECONDS = 15
"""How long a list, a log entry or a look at the claim may take."""

DATA_SECONDS = 300
"""How long a whole data file may take."""

RETRIES = 2
"""How often a request is repeated that the storage did not answer, or answered with its own failure."""


@dataclass(frozen=True)
class Bucket:
    """A bucket and how it is reached; credentials are those of the process that asks.

    Args:
        name: of the bucket.
        endpoint: where the storage answers; None: Amazon's own.
        region: of the bucket.
        allow_http: whether the endpoint may be without encryption.
    """

    name: str
    endpoint: str | None
    region: str
    allow_http: bool

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("name", "endpoint", "region", "allow_http")}

    @cached_property
    def small(self) -> S3Store:
        """For what is short, and must answer soon."""
        return self._store(SMALL_SECONDS)

    @cached_property
    def reading(self) -> S3Store:
        """For data files, which may take long, but not stand still."""
        return self._store(DATA_SECONDS, {"read_timeout": timedelta(seconds=SMALL_SECONDS)})

    @cached_property
    def writing(self) -> S3Store:
        """For data files that are put: the storage answers when it has all of them."""
        return self._store(DATA_SECONDS)

    def _store(self, seconds: int, more: ClientConfig | None = None) -> S3Store:
        from obstore.store import S3Store

        told: S3Config = {} if self.endpoint is None else {"endpoint": self.endpoint}
        return S3Store(
            self.name,
            region=self.region,
            conditional_put="etag",
            client_options={
                "allow_http": self.allow_http,
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                "timeout": timedelta(seconds=seconds),
                **(more or {}),
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=SMALL_SECONDS)},
            config=told,
        )

    def options(self) -> dict[str, str]:
        """The same for ``deltalake``."""
        told = {} if self.endpoint is None else {"aws_endpoint": self.endpoint}
        return told | {
            "aws_region": self.region,
            "aws_allow_http": str(self.allow_http).lower(),
            "aws_conditional_put": "etag",
            "connect_timeout": f"{CONNECT_SECONDS}s",
            "timeout": f"{SMALL_SECONDS}s",
            "max_retries": str(RETRIES),
            "retry_timeout": f"{SMALL_SECONDS}s",
        }


@dataclass(frozen=True)
class BucketPlace:
    """A prefix in a bucket; see ``Place``.

    Args:
        bucket: where.
        prefix: without a slash at its ends.
        owner: the word in the claim of the workspace that the prefix belongs to.
    """

    bucket: Bucket
    prefix: str
    owner: str

    @property
    def where(self) -> str:
        """Its address."""
        return f"s3://{self.bucket.name}/{self.prefix}"

    def inside(self, name: str) -> BucketPlace:
        """A prefix below it."""
        return replace(self, prefix=self._key(name))

    def refusals(self) -> AbstractContextManager[None]:
        """See ``bucket_errors``."""
        return bucket_errors(self.where)

    def _key(self, path: str) -> str:
        return f"{self.prefix}/{path}" if path else self.prefix

    # --- whose it is ------------------------------------------------------------------------------------

    def require(self) -> None:
        """See ``Place.require``."""
        with self.refusals():
            try:
                held = self.read(CLAIM)
            except FileNotFoundError:
                held = b""
        if held != self._claim():
            raise WorkspaceError(
                "This workspace's lake is not here." if not held else "Another workspace's lake is here.",
                where=self.where,
                mend="Restore the prefix, or name the bucket that holds it in seawall.json.",
            )

    def _claim(self) -> bytes:
        return json.dumps({"seawall": 1, "workspace": self.owner}).encode()

    def claim(self) -> None:
        """Take an empty prefix for this workspace, having tried whether the bucket keeps a lake's promises.

        Raises:
            WorkspaceError: something lies there.
            ConfigurationError: the bucket keeps what was removed, or lets two writers overwrite each other.
            StorageError: the storage refused; nothing is left there.
        """
        import obstore

        with self.refusals():
            found = obstore.list_with_delimiter(self.bucket.small, self.prefix)
            left = [one for one in found["objects"] if not one["path"].startswith(self._key(_PROBE))]
            if left or found["common_prefixes"]:
                raise self._taken()
            probe = f"{_PROBE}{self.owner}"
            try:
                self._try_promises(probe)
            finally:
                self.remove([probe])
            try:
                self.write_new(CLAIM, self._claim())
            except TakenError:
                raise self._taken() from None
            except StorageError:
                self._withdraw()
                raise

    def _withdraw(self) -> None:
        """Take back a claim of which nobody knows whether it arrived."""
        with suppress(StorageError), self.refusals():
            if self._holds(CLAIM, self._claim()):
                self.remove([CLAIM])

    def _taken(self) -> WorkspaceError:
        return WorkspaceError(
            "Something lies under this prefix already.",
            where=self.where,
            mend="Name another prefix; a lake belongs to one workspace.",
        )

    def _try_promises(self, probe: str) -> None:
        self.write_new(probe, b"1")
        if self._versioned(probe):
            raise ConfigurationError(
                "This bucket keeps earlier versions of objects, so what is erased would stay.",
                where=self.where,
                mend="Use a bucket without versioning, object lock and replication.",
            )
        try:
            self.write_new(probe, b"2")
        except TakenError:
            return
        raise ConfigurationError(
            "This storage lets a second writer overwrite the first (it ignores If-None-Match).",
            where=self.where,
            mend="Use a storage that refuses a conditional put, as Amazon's S3 does.",
        )

    def keeps_removed(self) -> bool:
        """Whether the bucket has kept versions when the newest entry of a log was written."""
        log = self.inside("batches")
        names = [file.name for file in log.files(LOG) if file.name[:1].isdigit()]
        return bool(names) and log._versioned(f"{LOG}/{max(names)}")

    def _versioned(self, path: str) -> bool:
        import obstore

        with self.refusals():
            return obstore.head(self.bucket.small, self._key(path)).get("version") not in (None, "null")

    def abandon(self, tables: Sequence[str]) -> None:
        """Remove the claim and what was made of these tables."""
        import obstore

        with self.refusals():
            for table in tables:
                keys = [one["path"] for one in obstore.list(self.bucket.small, self._key(table)).collect()]
                obstore.delete(self.bucket.small, keys)
            obstore.delete(self.bucket.small, [self._key(CLAIM)])

    # --- files ------------------------------------------------------------------------------------------

    def files(self, folder: str = "") -> list[Found]:
        """See ``Place.files``."""
        import obstore

        with self.refusals():
            listed = obstore.list_with_delimiter(self.bucket.small, self._key(folder))["objects"]
        return [Found(one["path"].rpartition("/")[2], one["size"], one["last_modified"].timestamp()) for one in listed]

    def read(self, path: str) -> bytes:
        """See ``Place.read``."""
        import obstore

        return bytes(obstore.get(self.bucket.small, self._key(path)).bytes())

    def whole(self, path: str) -> pa.NativeFile:
        """See ``Place.whole``."""
        import obstore

        with self.refusals():
            return pa.BufferReader(obstore.get(self.bucket.reading, self._key(path)).bytes())

    def write_new(self, path: str, content: bytes) -> None:
        """See ``Place.write_new``. A put whose answer was lost is repeated, and then refused because of itself."""
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        with self.refusals():
            try:
                obstore.put(self.bucket.small, self._key(path), content, mode="create", use_multipart=False)
            except (AlreadyExistsError, PreconditionError):
                if not self._holds(path, content):
                    raise TakenError from None

    def _holds(self, path: str, content: bytes) -> bool:
        try:
            return self.read(path) == content
        except FileNotFoundError:
            return False

    def write_rows(self, name: str, write: Callable[[Any], bool]) -> Found | None:
        """See ``Place.write_rows``. The file is made in memory: private words do not touch this machine's disk."""
        import obstore

        sink = pa.BufferOutputStream()
        with self.refusals():
            if not write(sink):
                return None
            content = sink.getvalue()
            path = f"{name}-{crc(pa.BufferReader(content))}.parquet"
            whole = np.frombuffer(content, np.uint8)
            obstore.put(self.bucket.writing, self._key(path), whole, use_multipart=False)  # no parts to be left behind
        return Found(path, content.size, time.time())

    def retire(self, paths: Sequence[str]) -> None:
        """An object beside them tells since when no new reader wants them."""
        import obstore

        if paths:
            key = self._key(f"{_RETIRED}{uuid.uuid4().hex}.json")
            with self.refusals():
                obstore.put(self.bucket.small, key, json.dumps(list(paths)).encode(), use_multipart=False)

    def retired_since(self, moment: float) -> set[str]:
        """See ``Place.retired_since``."""
        notes = [file.name for file in self.files() if file.name.startswith(_RETIRED) and file.modified > moment]
        with self.refusals():
            return {path for note in notes for path in json.loads(self.read(note))}

    def remove(self, names: Sequence[str], folder: str = "") -> None:
        """See ``Place.remove``."""
        import obstore

        if names:
            with self.refusals():
                obstore.delete(self.bucket.small, [self._key(f"{folder}/{name}".strip("/")) for name in names])

    # --- the table --------------------------------------------------------------------------------------

    def create(self, schema: pa.Schema, configuration: Mapping[str, str | None]) -> None:
        """See ``Place.create``."""
        with self.refusals():
            DeltaTable.create(
                self.where,
                schema=schema,
                mode="ignore",
                configuration=configuration,
                storage_options=self.bucket.options(),
            )

    def delta(self) -> DeltaTable:
        """See ``Place.delta``."""
        return DeltaTable(self.where, storage_options=self.bucket.options())

    def checkpoint(self, version: int) -> None:
        """See ``Place.checkpoint``: ``deltalake`` puts it there, and what is put is kept."""
        with self.refusals():
            self.delta().create_checkpoint()

    def damaged(self) -> Iterator[str]:
        """See ``Place.damaged``; a storage keeps sums of what it holds, so checkpoints have none of ours."""
        for file in sorted(self.files(LOG), key=lambda file: file.name):
            with self.refusals():
                if file.name.endswith(".json") and not log_sums.whole_entry(self.read(f"{LOG}/{file.name}")):
                    yield f"{self.where}/{LOG}/{file.name}"

    def dataset(self, paths: Sequence[str], schema: pa.Schema) -> ds.Dataset:
        """See ``Place.dataset``."""
        return ds.dataset(list(paths), schema=schema, format="parquet", filesystem=self.filesystem())

    def filesystem(self) -> pf.FileSystem:
        """The place as a file system of Arrow. It can be pickled, and finds its credentials where it is used."""
        return pf.PyFileSystem(BucketFiles(self.bucket, self.prefix))
