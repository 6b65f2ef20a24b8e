"""The program of the child process in which pictures are decoded: ``images.ImageHasher`` starts it by its path.

Decoders are where a prepared picture does harm. So this process takes the bytes of one picture after the other from its
standard input and answers with a line each; it may open nothing: no file, no socket, no process. It knows nothing of
Seawall, so that it is small, and holds nothing that is worth stealing.

Arguments: the limits of ``images.Limits`` as JSON, then the folders in which Pillow, numpy and pdqhash lie.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
import time
import warnings
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
"""What Pillow may try; each further decoder is one more that could break. Pairs of JPEG (MPO) count as JPEG."""

ENOUGH_PIXELS = 4_000_000
"""Larger pictures are first made smaller by averaging; PDQ itself averages them down to 64 x 64."""

LEAST_SIDE = 5
"""PDQ gives no hash for a picture that is smaller."""

_PROGRAMS = (b"%!PS", b"\xc5\xd0\xd3\xc6", b"%PDF", b"<svg", b"<?xml", b"<!DOC")
"""How drawings and documents begin, which are run rather than decoded: EPS, PDF, SVG."""


def confine(limits: dict[str, Any]) -> None:
    """From here on: no file, socket or process can be opened, no file grows, and memory ends."""
    never = ("RLIMIT_NOFILE", 3), ("RLIMIT_NPROC", 0), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)
    for name, value in (*never, ("RLIMIT_AS", limits["memory_bytes"])):
        with suppress(ValueError, OSError):  # a system without this limit; the parent's clock stands above all
            resource.setrlimit(getattr(resource, name), (value, value))


def hashed(picture: bytes, limits: dict[str, Any]) -> dict[str, Any]:
    """``pdq`` and ``quality`` of the first frame of a picture, or ``refused`` with the word for the reason."""
    from PIL import Image, UnidentifiedImageError

    if picture[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PROGRAMS):
        return {"refused": "drawing"}
    try:
        with Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
            return _hash_of(opened, limits)
    except UnidentifiedImageError:
        return {"refused": "kind"}
    except MemoryError:
        return {"refused": "memory"}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"refused": "pixels"}
    except Exception:  # noqa: BLE001 - a decoder may raise anything on a damaged picture
        return {"refused": "damaged"}


def _hash_of(opened: Any, limits: dict[str, Any]) -> dict[str, Any]:
    import numpy as np
    import pdqhash

    width, height = opened.size
    if width * height > limits["pixels"]:
        return {"refused": "pixels"}
    if min(width, height) < LEAST_SIDE:
        return {"refused": "small"}
    plain = opened.convert("RGB")
    factor = 1
    while width * height > ENOUGH_PIXELS * factor * factor:
        factor += 1
    if factor > 1:
        plain = plain.reduce(factor)
    if min(plain.size) < LEAST_SIDE:
        return {"refused": "small"}
    bits, quality = pdqhash.compute(np.asarray(plain))
    return {"pdq": np.packbits(bits.astype(np.uint8)).tobytes().hex(), "quality": int(quality)}


def _prepare(limits: dict[str, Any]) -> None:
    """Import all that decoding needs, while files can still be opened; what is imported late is found by using it."""
    import numpy as np
    from PIL import Image

    for name in ("Bmp", "Gif", "Jpeg", "Mpo", "Png", "Tiff", "WebP"):
        import_module(f"PIL.{name}ImagePlugin")
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    sample = Image.fromarray(np.arange(64 * 64 * 3, dtype=np.uint8).reshape(64, 64, 3))
    for name in (*FORMATS, "MPO"):
        written = io.BytesIO()
        sample.save(written, name)
        if "pdq" not in hashed(written.getvalue(), limits):
            raise RuntimeError(name)


def _answer(stream: BinaryIO, limits: dict[str, Any]) -> bool:
    """Answer one request: 8 bytes of length, then the picture. False where there is no further one."""
    head = stream.read(8)
    if len(head) < 8:
        return False
    picture = stream.read(struct.unpack(">Q", head)[0])
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + limits["cpu_seconds"], most))
    _say(hashed(picture, limits))
    return True


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Prepare, say so, and answer until the parent closes the pipe."""
    limits = json.loads(sys.argv[1])
    sys.path.extend(sys.argv[2:])
    _prepare(limits)
    confine(limits)
    _say({"ready": True})
    while _answer(sys.stdin.buffer, limits):
        pass


if __name__ == "__main__":
    main()
