from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.sources import HASHING, by_name, open_inputs, survey_paths
from seawall.workspace import Workspace
from tests.sources.pictures import black_png, picture

ROSES, TULIPS = picture("JPEG", seed=3), picture("PNG", seed=4)
ASKED = ReadOptions(visibility=Visibility.PUBLIC, hash_media=True, date_order="dmy", timezone="UTC")


def telegram(folder: Path, *media: dict[str, Any]) -> Path:
    """An export of a garden club with a message for each media."""
    messages = [
        {"id": k, "type": "message", "date_unixtime": str(1_712_900_000 + k), "from_id": "user7", "text": "", **told}
        for k, told in enumerate(media, 1)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "result.json"
    path.write_text(
        json.dumps({"name": "Club", "type": "public_channel", "id": 5, "messages": messages}), encoding="utf-8"
    )
    return path


def read(path: Path, source: str, options: ReadOptions = ASKED) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The media of all messages in their order, and what was said."""
    (file,) = open_inputs([path])
    found = list(by_name(source).read(file, options))
    media = [one for batch in found for row in batch.messages["media"].to_pylist() for one in row or ()]
    return media, tuple(sentence for batch in found for sentence in batch.assumptions)


def put(folder: Path, name: str, content: bytes) -> None:
    """A file below a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_media_beside_a_telegram_export_are_hashed(tmp_path: Path) -> None:
    """Photos and picture files have three hashes, other files SHA-256; without asking there are none."""
    path = telegram(
        tmp_path,
        {"photo": "photos/roses.jpg"},
        {"file": "files/tulips.png", "mime_type": "image/png"},
        {"file": "files/rota.pdf", "mime_type": "application/pdf"},
        {"photo": "(File not included. Change data exporting settings to download.)"},
    )
    put(tmp_path, "photos/roses.jpg", ROSES)
    put(tmp_path, "files/tulips.png", TULIPS)
    put(tmp_path, "files/rota.pdf", b"%PDF-1.7 beans")
    media, said = read(path, "telegram")
    assert [one["sha256"] for one in media] == [
        *(hashlib.sha256(content).hexdigest() for content in (ROSES, TULIPS, b"%PDF-1.7 beans")),
        None,
    ]
    assert [one["md5"] for one in media][2:] == [
        hashlib.md5(b"%PDF-1.7 beans", usedforsecurity=False).hexdigest(),
        None,
    ]
    assert [one["pdq"] is not None for one in media] == [True, True, False, False]
    assert [one["quality"] for one in media][2:] == [None, None]
    assert said == ()
    plain, _ = read(path, "telegram", ReadOptions(visibility=Visibility.PUBLIC))
    assert {(one["sha256"], one["pdq"], one["quality"]) for one in plain} == {(None, None, None)}


def test_media_that_discordchatexporter_downloaded_are_hashed(tmp_path: Path) -> None:
    """A path beside the export is read, with the separators of either system; an address on the net is not."""
    attachments = [
        {"id": "1", "url": "club.json_Files/roses.jpg", "fileName": "roses.jpg", "fileSizeBytes": len(ROSES)},
        {"id": "2", "url": "club.json_Files\\tulips.png", "fileName": "tulips.png", "fileSizeBytes": len(TULIPS)},
        {"id": "3", "url": "https://garden.example/roses.jpg", "fileName": "roses.jpg", "fileSizeBytes": 1},
    ]
    author = {"id": "9", "name": "ada", "isBot": False}
    message = {"id": "8", "type": "Default", "timestamp": "2026-05-03T10:00:00+00:00", "content": "", "author": author}
    export = {
        "guild": {"id": "1", "name": "Club"},
        "channel": {"id": "2", "type": "GuildTextChat", "name": "beds"},
        "messages": [message | {"attachments": attachments}],
    }
    put(tmp_path, "club.json", json.dumps(export).encode())
    put(tmp_path, "club.json_Files/roses.jpg", ROSES)
    put(tmp_path, "club.json_Files/tulips.png", TULIPS)
    media, said = read(tmp_path / "club.json", "discord")
    assert [one["pdq"] is not None for one in media] == [True, True, False]
    assert said == ()


def test_media_beside_a_whatsapp_chat_are_hashed(tmp_path: Path) -> None:
    """As Android and as iOS write the name of a file."""
    for before, after, named in (
        ("", " -", "roses.jpg (file attached)"),
        ("[", "]", "\u200e<attached: roses.jpg>"),
    ):
        lines = (("Ben", "Who has beans?"), ("Ada", named), ("Cleo", "Lovely"))
        chat = "".join(f"{before}03/05/2026, 14:05{after} {who}: {words}\n" for who, words in lines)
        put(tmp_path, "_chat.txt", chat.encode())
        put(tmp_path, "roses.jpg", ROSES)
        (one,), _ = read(tmp_path / "_chat.txt", "whatsapp")
        assert one["sha256"] == hashlib.sha256(ROSES).hexdigest()
        assert one["pdq"] is not None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../secret.jpg", "outside"),
        ("photos/../../secret.jpg", "outside"),
        ("/etc/hostname", "outside"),
        ("C:\\secret.jpg", "outside"),
        ("photos/\0.jpg", "outside"),
        ("linked.jpg", "link"),
        ("linked/secret.jpg", "link"),
        ("photos/none.jpg", "is not there"),
        ("photos", "a folder, a pipe or a device"),
        ("pipe.jpg", "a folder, a pipe or a device"),
        ("p" * 5_000 + ".jpg", "cannot read it"),
        ("photos/roses.jpg/roses.jpg", "as if it were a folder"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str, reason: str) -> None:
    """Neither dots nor absolute paths nor links nor pipes; the reason is told without the name."""
    folder = tmp_path / "export"
    put(tmp_path, "secret.jpg", TULIPS)
    put(folder, "photos/roses.jpg", ROSES)
    (folder / "linked.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.jpg")
    media, said = read(telegram(folder, {"photo": name}, {"photo": "photos/roses.jpg"}), "telegram")
    assert [one["sha256"] for one in media] == [None, hashlib.sha256(ROSES).hexdigest()]
    (sentence,) = said
    assert sentence.startswith("At least one file was not hashed: ")
    assert reason in sentence
    assert "secret" not in sentence


def test_what_is_refused_is_told_once_and_the_import_goes_on(tmp_path: Path) -> None:
    """Two bombs and a damaged picture among good ones: two reasons, and SHA-256 of each."""
    contents = [ROSES, black_png(20_000, 20_000), black_png(20_000, 20_001), TULIPS[:500], TULIPS]
    for number, content in enumerate(contents):
        put(tmp_path, f"photos/{number}.png", content)
    path = telegram(tmp_path, *({"photo": f"photos/{number}.png"} for number in range(len(contents))))
    media, said = read(path, "telegram")
    assert [one["sha256"] for one in media] == [hashlib.sha256(content).hexdigest() for content in contents]
    assert [one["pdq"] is not None for one in media] == [True, False, False, False, True]
    assert said == (
        "At least one picture cannot be matched: it has more than 50,000,000 pixels.",
        "At least one picture cannot be matched: it is damaged or cut off.",
    )


def test_a_picture_that_says_too_little_keeps_its_quality(tmp_path: Path) -> None:
    """The hash and its quality stay, so that whoever matches can leave it out, and the user is told."""
    put(tmp_path, "photos/fog.png", black_png(300, 200))
    ((one,), said) = read(telegram(tmp_path, {"photo": "photos/fog.png"}), "telegram")
    assert one["quality"] == 0
    assert len(one["pdq"]) == 64
    assert "below 50" in said[0]


def test_a_batch_ends_where_many_files_are_to_be_hashed(tmp_path: Path) -> None:
    """So that what was hashed is kept soon and the progress moves; without hashing, these are one batch."""
    put(tmp_path, "files/rota.pdf", b"beans")
    path = telegram(tmp_path, *({"file": "files/rota.pdf"} for _ in range(1_100)))
    (file,) = open_inputs([path])
    for options, sizes in ((ASKED, [500, 500, 100]), (ReadOptions(visibility=Visibility.PUBLIC), [1_100])):
        found = list(by_name("telegram").read(file, options))
        assert [batch.records for batch in found] == sizes
        assert sum(batch.messages.num_rows for batch in found) == 1_100


def test_an_import_with_hashes_counts_as_the_same_as_one_without(tmp_path: Path) -> None:
    """The hashes are in the lake. A later export that holds the same messages adds nothing, hashed or not."""
    folder = tmp_path / "export"
    put(folder, "photos/roses.jpg", ROSES)
    with Workspace.create(tmp_path / "club") as workspace:
        first = workspace.add(telegram(folder, {"photo": "photos/roses.jpg"}).parent, options=ASKED)
        assert (first.kept, first.left_out) == (1, ())
        (row,) = workspace.messages(["media"]).to_pylist()
        assert row["media"][0]["sha256"] == hashlib.sha256(ROSES).hexdigest()
        assert row["media"][0]["quality"] >= 50
        later = telegram(folder, {"photo": "photos/roses.jpg"}, {"text": "Who has beans?"})
        second = workspace.add(later, options=ReadOptions(visibility=Visibility.PUBLIC))
        assert (second.kept, second.duplicate, second.rejected) == (1, 1, 0)


def test_where_media_cannot_be_hashed_that_is_said(tmp_path: Path) -> None:
    """In an archive, and of a source whose exports hold no media; pictures in a folder are then told as left out."""
    folder = tmp_path / "export"
    put(folder, "photos/roses.jpg", ROSES)
    path = telegram(folder, {"photo": "photos/roses.jpg"})
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "result.json")
    _, said = read(packed, "telegram")
    assert said == ("Media in an archive were not hashed: unpack it and add the folder to have that done.",)
    assert len(survey_paths([folder]).left_out) == 1
    assert survey_paths([folder], hash_media=True).left_out == ()
    put(tmp_path, "table.csv", b"message_id,account,sent_at,text\n1,ada,2026-05-03T10:00:00Z,beans\n")
    assert "generic" not in HASHING
    with Workspace.create(tmp_path / "club") as workspace:
        result = workspace.add(tmp_path / "table.csv", options=ASKED)
        assert any("Media were not hashed" in sentence for sentence in result.files[0].assumptions)
