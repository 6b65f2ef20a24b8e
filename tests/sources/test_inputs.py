from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError, SeawallError, UnknownFormatError, UnsafeArchiveError
from seawall.protocols import Input
from seawall.sources import archives
from seawall.sources.inputs import digest, survey
from seawall.sources.zstd_stream import ZstdStream

CONTENT = b"id,author,time,text\n1,rosa,2026-05-03T14:05:00Z,roses\n"


def is_csv(file: Input) -> bool:
    return file.name.endswith(".csv")


def one(path: Path) -> Input:
    (found,) = survey([path], is_csv).inputs
    return found


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def gzipped(content: bytes) -> bytes:
    """Packed without the time of day, so that each worker collects the same test names."""
    return gzip.compress(content, mtime=0)


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def content_of(file: Input) -> bytes:
    with file.open() as stream:
        return stream.read()


def pieces_of(file: Input) -> Iterator[bytes]:
    with file.open() as stream:
        while piece := stream.read1(4096):  # type: ignore[attr-defined]
            yield piece


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CONTENT),
        ("a.csv.gz", gzipped(CONTENT)),
        ("no_ending", gzipped(CONTENT)),
        ("two.gz", gzipped(CONTENT[:9]) + gzipped(CONTENT[9:])),
        ("a.csv.zst", zstd(CONTENT)),
        ("no_ending_either", zstd(CONTENT[:9]) + zstd(b"") + zstd(CONTENT[9:])),
        ("zst_in.zip", zipped(("a.csv.zst", zstd(CONTENT)))),
        ("a.zip", zipped(("a.csv", CONTENT))),
        ("nested.zip", zipped(("inner.zip", zipped(("a.csv", CONTENT))))),
        ("gz_in.zip", zipped(("a.csv.gz", gzipped(CONTENT)))),
    ],
)
def test_the_same_bytes_come_out_however_they_are_packed(tmp_path: Path, name: str, content: bytes) -> None:
    """Plain, gzip, zip and one inside the other give the same bytes, head and digest, as often as they are opened."""
    file = one(write(tmp_path, name, content))
    assert content_of(file) == content_of(file) == CONTENT
    assert file.head(5) == CONTENT[:5]
    assert digest(file) == hashlib.sha256(CONTENT).hexdigest()


@given(st.binary(min_size=1, max_size=3000), st.integers(1, 4000))
def test_head_is_the_beginning_of_the_unpacked_bytes(content: bytes, size: int) -> None:
    """For any bytes and any size, the head of a gzip file is the beginning of what it unpacks to."""
    content = b"id" + content
    with TemporaryDirectory() as folder:
        file = one(write(Path(folder), "any.csv.gz", gzipped(content)))
        assert file.head(size) == content[:size]


def test_members_are_numbered_not_named(tmp_path: Path) -> None:
    """A member's label is its number in the archive, because its name may name a person."""
    path = write(tmp_path, "export.zip", zipped(("rosa.csv", CONTENT), ("linden.csv", CONTENT)))
    labels = [file.label for file in survey([path], is_csv).inputs]
    assert labels == [f"{path}, member 2", f"{path}, member 1"]
    assert not any("rosa" in label or "linden" in label for label in labels)


def test_a_folder_gives_its_readable_files_by_name_and_tells_the_others(tmp_path: Path) -> None:
    """A folder is expanded in order of names; what nothing reads is told as left out, and links are not followed."""
    for name in ("b.csv", "a.csv", "picture.jpg"):
        write(tmp_path, name, CONTENT)
    (tmp_path / "link.csv").symlink_to("/etc/hostname")
    found = survey([tmp_path], is_csv)
    assert [file.name for file in found.inputs] == ["a.csv", "b.csv"]
    assert found.left_out == (f"{tmp_path}, file 3",)


@pytest.mark.parametrize("content", [b"", gzipped(b""), zipped(("a.csv", b""))])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: bytes) -> None:
    """A file without bytes, packed or not, is an InputError that says so."""
    with pytest.raises(InputError, match="empty"):
        survey([write(tmp_path, "a.csv", content)], is_csv)


def test_what_is_no_file_is_refused_by_name(tmp_path: Path) -> None:
    """A missing path, a pipe and a device are refused with the path and what to do."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, words in ((tmp_path / "missing", "no such file"), (pipe, "pipe"), (Path("/dev/null"), "device")):
        with pytest.raises(InputError, match=words) as raised:
            survey([path], is_csv)
        assert str(path) in str(raised.value)


def test_a_folder_without_readable_files_is_refused(tmp_path: Path) -> None:
    """An empty folder, and one whose files nothing reads, are told apart."""
    with pytest.raises(UnknownFormatError, match="holds no files"):
        survey([tmp_path], is_csv)
    write(tmp_path, "picture.jpg", CONTENT)
    with pytest.raises(UnknownFormatError, match="None of the 1 files"):
        survey([tmp_path], is_csv)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up its own rights")
def test_no_permission_is_said_even_if_the_test_is_root(tmp_path: Path) -> None:
    """A file that this user may not read is an InputError that says whom to ask."""
    path = write(tmp_path, "a.csv", CONTENT)
    path.chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(InputError, match="permission"):
            survey([path], is_csv)
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("name", ["../a.csv", "a/../../b.csv", "/etc/a.csv", "C:\\a.csv", "..\\a.csv", "\\a.csv"])
def test_a_member_that_points_outside_is_unsafe(tmp_path: Path, name: str) -> None:
    """Names with .., absolute names and drive letters are refused, and the name is not repeated."""
    with pytest.raises(UnsafeArchiveError, match="member 1") as raised:
        survey([write(tmp_path, "trick.zip", zipped((name, CONTENT)))], is_csv)
    assert name not in str(raised.value)


def test_a_name_with_nul_is_unsafe(tmp_path: Path) -> None:
    """A NUL in a member's name, which hides its ending from some unpackers, is refused."""
    content = zipped(("a.csv?b.csv", CONTENT)).replace(b"a.csv?b", b"a.csv\0b")
    with pytest.raises(UnsafeArchiveError, match="outside"):
        survey([write(tmp_path, "nul.zip", content)], is_csv)


def test_a_symbolic_link_in_an_archive_is_unsafe(tmp_path: Path) -> None:
    """A member that is a link is refused."""
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnsafeArchiveError, match="link"):
        survey([write(tmp_path, "link.zip", packed.getvalue())], is_csv)


def test_an_encrypted_member_is_said_to_be_encrypted(tmp_path: Path) -> None:
    """An encrypted archive is an InputError that asks to unpack it first."""
    packed = bytearray(zipped(("a.csv", CONTENT)))
    directory = packed.find(b"PK\x01\x02")
    packed[6] |= 1
    packed[directory + 8] |= 1
    with pytest.raises(InputError, match="encrypted"):
        survey([write(tmp_path, "secret.zip", bytes(packed))], is_csv)


def test_other_packers_are_named(tmp_path: Path) -> None:
    """A file packed with something else is refused by the packer's name."""
    with pytest.raises(InputError, match="bzip2"):
        survey([write(tmp_path, "a.csv.bz2", b"BZh91AY rest")], is_csv)


@pytest.mark.parametrize(
    "packed",
    [gzipped(bytes(60_000_000)), zstd(bytes(60_000_000)), zipped(("a.csv", bytes(60_000_000)))],
    ids=["gzip", "zstd", "zip"],
)
def test_a_bomb_is_stopped(tmp_path: Path, packed: bytes) -> None:
    """What unpacks to more than the ratio allows is refused before it is all unpacked."""
    with pytest.raises(UnsafeArchiveError, match="200 times"):
        digest(one(write(tmp_path, "bomb", packed)))


def test_a_window_of_two_gigabytes_is_read(tmp_path: Path) -> None:
    """A frame that asks for the longest window, as dumps of Reddit do, is unpacked; its name loses .zst."""
    long = zstandard.ZstdCompressionParameters.from_level(1, window_log=31)
    packer = zstandard.ZstdCompressor(compression_params=long).compressobj()
    packed = packer.compress(CONTENT * 1000) + packer.flush()
    file = one(write(tmp_path, "RC_2026-05.csv.zst", packed))
    assert (content_of(file), file.name) == (CONTENT * 1000, "RC_2026-05.csv")


def test_a_step_of_zstd_unpacks_a_bounded_piece() -> None:
    """The densest data there are: what is fed at a time gives at most 32 MB, and a read no more than asked."""
    stream = ZstdStream(io.BytesIO(zstd(bytes(200_000_000))))
    assert len(stream.read1(1000)) == 1000
    assert len(stream.read1(1 << 40)) <= 32 << 20


def test_a_lying_size_does_not_pass_the_limit(tmp_path: Path) -> None:
    """A zip whose directory understates a member's size ends in an error, not in more bytes than it declares."""
    packed = bytearray(zipped(("a.csv", bytes(60_000_000))))
    for start, offset in ((packed.find(b"PK\x03\x04"), 22), (packed.find(b"PK\x01\x02"), 24)):
        packed[start + offset : start + offset + 4] = (1000).to_bytes(4, "little")
    path = write(tmp_path, "liar.zip", bytes(packed))
    with pytest.raises(InputError):
        content_of(one(path))


def test_overlapping_members_are_unsafe(tmp_path: Path) -> None:
    """Members that together take more than the archive has overlap, as in the densest bombs."""
    packed = bytearray(zipped(("a.csv", os.urandom(3000)), ("b.csv", os.urandom(3000))))
    second = packed.rfind(b"PK\x01\x02")
    packed[second + 20 : second + 24] = (9000).to_bytes(4, "little")
    with pytest.raises(UnsafeArchiveError):
        survey([write(tmp_path, "overlap.zip", bytes(packed))], is_csv)


def test_too_deep_and_too_many_are_refused(tmp_path: Path) -> None:
    """Three levels of packing, and more entries than the limit, are refused."""
    deep = gzipped(gzipped(gzipped(CONTENT)))
    with pytest.raises(UnsafeArchiveError, match="2 deep"):
        survey([write(tmp_path, "deep.gz", deep)], is_csv)
    many = zipped(*((f"{number}.csv", b"") for number in range(archives.MAX_MEMBERS + 1)))
    with pytest.raises(UnsafeArchiveError, match="100,000"):
        survey([write(tmp_path, "many.zip", many)], is_csv)


@pytest.mark.parametrize("pack", [gzipped, zstd])
def test_a_cut_file_gives_what_it_has_and_then_the_error(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Bytes before the cut come out; then comes an InputError; the digest differs from that of the whole."""
    body = os.urandom(300_000)
    packed = pack(body)
    file = one(write(tmp_path, "cut", packed[: len(packed) // 2]))
    came = bytearray()

    def read() -> None:
        for piece in pieces_of(file):
            came.extend(piece)

    with pytest.raises(InputError, match="cut off"):
        read()
    assert len(came) > 50_000
    assert body.startswith(bytes(came))
    assert digest(file) not in {hashlib.sha256(body).hexdigest(), hashlib.sha256(came).hexdigest()}


@given(st.data())
def test_no_mutation_of_an_archive_gives_another_error(data: st.DataObject) -> None:
    """Whatever bytes of a gzip, zstd or zip file are changed or cut, reading ends well or with a SeawallError."""
    whole = data.draw(
        st.sampled_from([gzipped(CONTENT * 50), zstd(CONTENT * 50), zipped(("a.csv", CONTENT * 50), ("b.csv", b"x"))])
    )
    damaged = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with TemporaryDirectory() as folder, suppress(SeawallError):
        for file in survey([write(Path(folder), "damaged", bytes(damaged))], lambda _: True).inputs:
            assert len(content_of(file)) < 10_000_000
