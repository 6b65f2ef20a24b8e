"""Pictures for tests, written byte by byte where they are to be bombs or damaged."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image


def picture(
    form: str = "PNG", width: int = 200, height: int = 150, seed: int = 1, mode: str = "RGB", **how: object
) -> bytes:
    """A smooth random picture, which has a PDQ hash of high quality."""
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC).convert(mode)
    written = io.BytesIO()
    image.save(written, form, **how)  # type: ignore[arg-type]
    return written.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def black_png(width: int, height: int, rows: int | None = None) -> bytes:
    """A black PNG of one bit a pixel; where ``rows`` is told, it breaks off after so many of its rows."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    line = bytes(1 + (width + 7) // 8)
    body = b"".join(packer.compress(line) for _ in range(height if rows is None else rows))
    body += packer.flush(zlib.Z_FINISH if rows is None else zlib.Z_SYNC_FLUSH)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def gif(width: int, height: int, frames: int) -> bytes:
    """A GIF with many frames of one pixel, on a screen of the size that it claims."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(3) + b"\xff" * 3 + frame * frames + b";"


def tiff(width: int, height: int) -> bytes:
    """A TIFF that claims a size and has one byte of pixels."""
    tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, 1)]
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 10) + b"\x80\0" + struct.pack("<H", len(tags)) + body + bytes(4)


def endless_jpeg(scans: int = 4_000) -> bytes:
    """A small JPEG of one colour that repeats its last scan, so that a decoder goes over all pixels each time."""
    written = io.BytesIO()
    Image.new("L", (4_000, 4_000), 128).save(written, "JPEG", progressive=True)
    content = written.getvalue()
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * scans + content[-2:]
