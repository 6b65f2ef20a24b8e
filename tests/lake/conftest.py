"""A fresh lake for each test, in a folder or in a bucket of a real server that speaks S3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from seawall.lake import Lake
from seawall.lake.bucket import Bucket, BucketPlace
from tests.servers.moto import CREDENTIALS, MotoServer, running_moto
from tests.servers.storage_proxy import StorageProxy, running_proxy


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with Lake.create(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def moto() -> Iterator[MotoServer]:
    with running_moto() as server:
        yield server


@pytest.fixture
def proxy(moto: MotoServer) -> Iterator[StorageProxy]:
    """A way to the server on which it can be made to misbehave."""
    with running_proxy(moto.port) as before:
        yield before


@pytest.fixture
def place(moto: MotoServer, monkeypatch: pytest.MonkeyPatch) -> BucketPlace:
    """An empty prefix in a bucket, not claimed yet."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return BucketPlace(Bucket(moto.new_bucket(), moto.endpoint, "us-east-1", True), "clubs/beds", "w1")


@pytest.fixture
def before(place: BucketPlace, proxy: StorageProxy) -> BucketPlace:
    """The same prefix by the way on which things go wrong."""
    return replace(place, bucket=replace(place.bucket, endpoint=proxy.endpoint))


@pytest.fixture
def in_bucket(place: BucketPlace, tmp_path: Path) -> Iterator[Lake]:
    place.claim()
    with Lake.create(tmp_path, place) as opened:
        yield opened
