"""A process that commits batches to a lake in a bucket until it is killed: FOLDER BUCKET ENDPOINT."""

from __future__ import annotations

import sys
from pathlib import Path

from seawall.lake import Lake
from seawall.lake.bucket import Bucket, BucketPlace
from tests.lake.killed import commit_all


def place_of(bucket: str, endpoint: str) -> BucketPlace:
    """Where the lake lies."""
    return BucketPlace(Bucket(bucket, endpoint, "us-east-1", True), "beds", "w1")


if __name__ == "__main__":
    with Lake.open(Path(sys.argv[1]), place_of(*sys.argv[2:]), write=True) as opened:
        commit_all(opened)
