"""What is asked for beside an import is done, or the answer says why not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import seawall
from tests.cli.running import run, table
from tests.sources.pictures import picture

ROSES = picture("JPEG", seed=3)


def telegram(folder: Path) -> Path:
    """An export of a garden club: one photo that lies beside it, and one that was not saved."""
    photos = [{"photo": "photos/roses.jpg"}, {"photo": "photos/tulips.jpg"}]
    plain = {"type": "message", "from_id": "user7", "text": "Look."}
    messages = [
        {"id": number, "date_unixtime": str(1_712_900_000 + number), **plain, **photo}
        for number, photo in enumerate(photos, 1)
    ]
    (folder / "photos").mkdir()
    (folder / "photos" / "roses.jpg").write_bytes(ROSES)
    path = folder / "result.json"
    path.write_text(json.dumps({"name": "Club", "type": "public_channel", "id": 5, "messages": messages}))
    return path


def test_media_beside_an_export_are_hashed_where_that_is_asked_for(empty: Path, tmp_path: Path) -> None:
    """``add --hash-media`` keeps the hashes of a photo that is there, and says of one that is missing that it is."""
    told = run("add", empty, telegram(tmp_path), "--hash-media", "--json").json
    assert (told["in"], told["kept"]) == (2, 2)
    assert [sentence for sentence in told["assumptions"] if "not hashed" in sentence]
    with seawall.open(empty) as workspace:
        media = [row[0] for row in workspace.messages(["media"])["media"].to_pylist()]
    assert {one["sha256"] for one in media} == {hashlib.sha256(ROSES).hexdigest(), None}
    assert sum(one["pdq"] is not None for one in media) == 1


def test_media_are_not_hashed_unasked(empty: Path, tmp_path: Path) -> None:
    """Without the option no file beside the export is looked at, and nothing is said of it."""
    told = run("add", empty, telegram(tmp_path), "--json").json
    assert not [sentence for sentence in told["assumptions"] if "hashed" in sentence]
    with seawall.open(empty) as workspace:
        media = [row[0] for row in workspace.messages(["media"])["media"].to_pylist()]
    assert {(one["sha256"], one["pdq"]) for one in media} == {(None, None)}


def test_a_format_without_media_says_that_none_were_hashed(empty: Path, tmp_path: Path) -> None:
    """Where the exports of a source hold no media, ``--hash-media`` is answered with a sentence, not with silence."""
    said = run("add", empty, table(tmp_path), "--visibility", "public", "--hash-media")
    assert said.code == 0
    assert "Media were not hashed: exports that generic reads do not hold them." in said.out
