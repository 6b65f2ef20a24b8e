from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import ConfigurationError
from seawall.sources.images import Hashed, ImageHasher, Limits, reasons
from tests.sources.pictures import black_png, endless_jpeg, gif, picture, tiff

REASONS = reasons(Limits())
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


@pytest.fixture(scope="module")
def hasher() -> Iterator[ImageHasher]:
    with ImageHasher() as made:
        yield made


def hashed(hasher: ImageHasher, content: bytes) -> Hashed:
    """The hashes of some bytes."""
    return hasher.hash(io.BytesIO(content))


def apart(one: str, other: str) -> int:
    """In how many bits two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_hashes_conform_to_the_published_ones(hasher: ImageHasher, shared_data: Path) -> None:
    """Within 10 bits of the hashes that PDQ's makers publish, and as those of pdqhash; small.jpg is not matched."""
    folder = shared_data / "content"
    with (folder / "expected_hashes.csv").open(encoding="utf-8", newline="") as lines:
        expected = list(csv.DictReader(lines))
    for row in expected:
        content = (folder / "images" / row["file"]).read_bytes()
        found = hashed(hasher, content)
        assert found.pdq is not None
        assert apart(found.pdq, row["pdqhash_py_0_2_8"]) <= 2, row["file"]
        assert found.quality == int(row["pdqhash_py_quality"]), row["file"]
        if row["published_pdq"]:
            assert apart(found.pdq, row["published_pdq"]) <= 10, row["file"]
        assert (found.refused == REASONS["quality"]) == (found.quality < 50), row["file"]
        assert found.sha256 == hashlib.sha256(content).hexdigest()
        assert found.md5 == hashlib.md5(content, usedforsecurity=False).hexdigest()
        assert found.size == len(content)
    small = next(row for row in expected if row["file"] == "small.jpg")
    assert hashed(hasher, (folder / "images" / small["file"]).read_bytes()).refused == REASONS["quality"]


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *[("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")],
        *[("JPEG", mode) for mode in ("L", "RGB", "CMYK")],
        *[(form, "RGB") for form in ("WEBP", "GIF", "BMP", "TIFF", "MPO")],
        *[("TIFF", mode) for mode in ("L", "CMYK", "RGBA")],
    ],
)
def test_formats_and_modes_are_read(hasher: ImageHasher, form: str, mode: str) -> None:
    """Each format and each kind of pixels gives a hash."""
    content = picture(form, mode="L") if mode == "I;16" else picture(form, mode=mode)
    found = hashed(hasher, content)
    assert found.pdq is not None
    assert found.refused is None or found.refused == REASONS["quality"]


def test_a_large_picture_has_the_hash_of_the_same_picture_made_smaller(hasher: ImageHasher) -> None:
    """Averaging before hashing moves few bits."""
    large, small = (hashed(hasher, picture("JPEG", width, width * 3 // 4)) for width in (4_000, 800))
    assert large.pdq is not None
    assert small.pdq is not None
    assert apart(large.pdq, small.pdq) <= 10


BOMBS = {
    "a PNG that says 10,000 million pixels": (black_png(100_000, 100_000, rows=1), "pixels"),
    "a PNG of 400 million pixels in 50 kB": (black_png(20_000, 20_000), "pixels"),
    "a GIF on a screen of 65,535 x 65,535": (gif(65_535, 65_535, 1), "pixels"),
    "a TIFF that says 4,000 million pixels": (tiff(65_000, 65_000), "pixels"),
    "a TIFF whose pixels are missing": (tiff(3_000, 3_000), "damaged"),
    "a PNG whose rows are missing": (black_png(3_000, 3_000, rows=1), "damaged"),
    "a JPEG that was cut off": (picture("JPEG")[:900], "damaged"),
    "a WebP that was cut off": (picture("WEBP")[:300], "damaged"),
    "a PNG with a damaged byte": (picture("PNG")[:500] + b"\x00" + picture("PNG")[501:], "damaged"),
    "an SVG": (SVG, "drawing"),
    "an SVG with a byte order mark and a comment": (b"\xef\xbb\xbf \n<?xml version='1.0'?>" + SVG, "drawing"),
    "an EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "drawing"),
    "a binary EPS": (b"\xc5\xd0\xd3\xc6" + bytes(30) + b"%!PS", "drawing"),
    "a PDF": (b"%PDF-1.7\n", "drawing"),
    "an icon": (b"\x00\x00\x01\x00\x01\x00" + bytes(40), "kind"),
    "nothing": (b"", "kind"),
    "words": (b"Who has beans?" * 99, "kind"),
    "a picture of 4 x 4": (picture("PNG", 4, 4), "small"),
    "one long line": (picture("PNG", 60_000, 4), "small"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_and_damage_are_refused_with_the_reason(hasher: ImageHasher, name: str) -> None:
    """Each is refused in words, has SHA-256 and MD5 all the same, and the next picture is hashed."""
    content, reason = BOMBS[name]
    found = hashed(hasher, content)
    assert found.refused == REASONS[reason]
    assert (found.pdq, found.quality) == (None, None)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert hashed(hasher, picture()).refused is None


def test_an_animation_of_many_frames_costs_one_frame(hasher: ImageHasher) -> None:
    """A GIF with 50,000 frames is answered from its first one, within the usual limits."""
    found = hashed(hasher, gif(64, 64, 50_000))
    assert found.quality == 0
    assert found.refused == REASONS["quality"]


def test_a_picture_that_takes_too_long_ends_its_child_only() -> None:
    """The child is killed at the limit of the clock, no process is left, and the next picture gets a new child."""
    others = children()
    with ImageHasher(limits=Limits(seconds=1.5)) as hasher:
        assert hashed(hasher, picture()).refused is None
        first = children() - others
        assert len(first) == 1
        assert hashed(hasher, endless_jpeg()).refused == "decoding it took longer than 1.5 seconds"
        assert children() == others
        assert hashed(hasher, picture()).refused is None
        assert len(children() - others - first) == 1
    assert children() == others


def test_a_picture_that_takes_too_much_computing_ends_its_child_only() -> None:
    """The system itself ends the child at the limit of its computing time."""
    with ImageHasher(limits=Limits(cpu_seconds=1)) as hasher:
        assert hashed(hasher, endless_jpeg()).refused == REASONS["died"]
        assert hashed(hasher, picture()).refused is None


def test_a_picture_that_takes_too_much_memory_is_refused() -> None:
    """Within the limit of pixels, but beyond the limit of memory; the same child goes on."""
    with ImageHasher(limits=Limits(memory_bytes=256 << 20)) as hasher:
        assert hashed(hasher, picture()).refused is None
        before = children()
        assert hashed(hasher, black_png(7_000, 7_000)).refused == REASONS["memory"]
        assert hashed(hasher, picture()).refused is None
        assert children() == before


def test_a_file_that_is_too_large_is_not_decoded() -> None:
    """It has SHA-256 and MD5, and the reason."""
    content, others = picture("BMP", 1_000, 800), children()
    with ImageHasher(limits=Limits(file_bytes=1 << 20)) as hasher:
        found = hashed(hasher, content)
        assert found.refused == "its file has more than 1 MB"
        assert found.size == len(content)
        assert children() == others


def test_the_child_can_open_nothing(hasher: ImageHasher) -> None:
    """Its limits allow no further file or socket, no growing file and bounded memory; standard error leads nowhere."""
    hashed(hasher, picture())
    (child,) = children()
    limits = Path(f"/proc/{child}/limits").read_text(encoding="ascii")
    told = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()[1:]}
    assert told["Max open files"] == ["3", "3"]
    assert told["Max file size"] == ["0", "0"]
    assert told["Max processes"] == ["0", "0"]
    assert told["Max address space"] == [str(1 << 30)] * 2
    opened = Path(f"/proc/{child}/fd")
    assert sorted(path.name for path in opened.iterdir()) == ["0", "1", "2"]
    assert (opened / "2").readlink() == Path("/dev/null")
    assert b"HOME=" not in Path(f"/proc/{child}/environ").read_bytes()


def test_without_the_extra_the_mending_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a library is missing, nothing starts, and the message names the extra."""
    monkeypatch.setitem(sys.modules, "pdqhash", None)
    with pytest.raises(ConfigurationError, match=re.escape("pip install 'seawall[images]'")):
        ImageHasher()


@settings(max_examples=40)
@given(data=st.data())
def test_no_damage_takes_the_process_down(hasher: ImageHasher, data: st.DataObject) -> None:
    """Pictures with bytes changed and ends cut off have a hash or a reason."""
    content = bytearray(picture(data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"])), 40, 30))
    for _ in range(data.draw(st.integers(0, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = hashed(hasher, bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert (found.pdq is None) <= (found.refused is not None)
    assert found.refused is None or found.refused in REASONS.values()


def children() -> set[int]:
    """The processes that this one has started and that run."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z" and b"images_child" in command:
            found.add(int(stat.parent.name))
    return found
