"""Hashes of pictures, decoded in child processes that can open nothing and do not outlive their limits."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import re
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

from seawall.errors import ConfigurationError

LEAST_QUALITY = 50
"""A PDQ hash of a lower quality (0 to 100) tells too little of its picture to be matched."""

PICTURES_A_CHILD = 1_000
"""After so many pictures a child is replaced, so that nothing adds up in it."""

_PROGRAM = Path(__file__).with_name("images_child.py")
_NEEDED = ("PIL", "numpy", "pdqhash")
_PIECE = 1 << 20
_LONGEST_ANSWER = 4_096
_START_SECONDS = 60.0
_PDQ = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may take."""

    file_bytes: int = 64 << 20
    pixels: int = 50_000_000
    memory_bytes: int = 1 << 30  # of the whole child
    cpu_seconds: int = 20
    seconds: float = 30.0  # by the clock, after which the child is killed


@dataclass(frozen=True, slots=True)
class Hashed:
    """What is told of a file: its hashes, and why it has no PDQ hash, or one that must not be matched."""

    size: int  # bytes
    sha256: str  # 64 hexadecimal digits
    md5: str  # 32
    pdq: str | None = None  # 64
    quality: int | None = None  # 0 to 100
    refused: str | None = None  # a sentence's end: "it is damaged or cut off"


def reasons(limits: Limits) -> dict[str, str]:
    """Why a picture is refused, by the child's word for it or the parent's own."""
    return {
        "kind": "it is no picture of a kind that is read (JPEG, PNG, GIF, WebP, BMP, TIFF)",
        "drawing": "it is a drawing or a document (SVG, EPS, PDF), which would have to be run to be seen",
        "pixels": f"it has more than {limits.pixels:,} pixels",
        "small": "it is less than 5 pixels wide or high",
        "memory": "decoding it takes too much memory",
        "damaged": "it is damaged or cut off",
        "large": f"its file has more than {limits.file_bytes >> 20} MB",
        "late": f"decoding it took longer than {limits.seconds:g} seconds",
        "died": "the decoder broke off on it",
        "quality": f"the quality of its hash is below {LEAST_QUALITY}: there is too little to see in it",
    }


class ImageHasher:
    """Hashes files; for ``with``. Threads may share one: it has a child for each of ``children`` at a time.

    A picture that is a bomb, damaged or prepared costs at most its own hash: its child is killed, the next picture gets
    a new one. Of an animation the first frame is hashed. A rotation that a camera noted is not applied.

    Args:
        children: how many pictures are decoded at the same time.
        limits: what one picture may take.

    Raises:
        ConfigurationError: the extra ``images`` is not installed, or the system knows no limits for processes;
            in ``hash``: the child does not start.
    """

    def __init__(self, children: int = 1, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._reasons = reasons(self._limits)
        folders = _folders()
        self._free: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._children = [_Child(self._limits, folders) for _ in range(children)]
        for child in self._children:
            self._free.put(child)

    def hash(self, stream: BinaryIO, *, picture: bool = True) -> Hashed:
        """The hashes of what a stream holds from here to its end.

        Args:
            stream: of bytes.
            picture: whether to decode it; else it gets SHA-256 and MD5 only.

        Raises:
            OSError: the stream cannot be read.
        """
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        pieces: list[bytes] = []
        while piece := stream.read(_PIECE):
            sha256.update(piece)
            md5.update(piece)
            size += len(piece)
            if picture and size <= self._limits.file_bytes:
                pieces.append(piece)
        told: dict[str, Any] = {}
        if picture:
            told = self._decoded(b"".join(pieces)) if size <= self._limits.file_bytes else {"refused": "large"}
        refused = told.get("refused")
        if told.get("quality", LEAST_QUALITY) < LEAST_QUALITY:
            refused = "quality"
        return Hashed(
            size,
            sha256.hexdigest(),
            md5.hexdigest(),
            told.get("pdq"),
            told.get("quality"),
            None if refused is None else self._reasons[refused],
        )

    def close(self) -> None:
        """End the children."""
        for child in self._children:
            child.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _decoded(self, picture: bytes) -> dict[str, Any]:
        child = self._free.get()
        try:
            return child.ask(picture)
        finally:
            self._free.put(child)


class _Child:
    """One child process, started when it is first asked and again after it was ended."""

    def __init__(self, limits: Limits, folders: list[str]) -> None:
        self._limits = limits
        self._command = [sys.executable, "-I", str(_PROGRAM), json.dumps(asdict(limits)), *folders]
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = 0

    def ask(self, picture: bytes) -> dict[str, Any]:
        """``pdq`` and ``quality``, or ``refused``."""
        process = self._process or self._start()
        try:
            with self._ended_on_fault():
                told = _exchange(process, struct.pack(">Q", len(picture)) + picture, self._limits.seconds)
        except TimeoutError:
            return {"refused": "late"}
        except (OSError, ValueError):
            return {"refused": "died"}
        self._asked += 1
        if self._asked >= PICTURES_A_CHILD:
            self.end()
        return told or {"refused": "died"}

    def end(self) -> None:
        """Kill the process, if there is one, and wait for its end."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        # One thread each, because a library's own threads would take memory, and threads cannot be had in there.
        environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        environment |= {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
        self._asked = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own program, by its path
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            close_fds=True,
            cwd="/",
            env=environment,
            start_new_session=True,
        )
        try:
            with self._ended_on_fault():
                _exchange(self._process, b"", _START_SECONDS)
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                "The process that decodes pictures does not start.",
                where="--hash-media",
                mend="Install its libraries anew: pip install --force-reinstall pillow pdqhash",
            ) from error
        return self._process

    @contextmanager
    def _ended_on_fault(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.end()
            raise


def _exchange(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> dict[str, Any]:
    """Send a request and read the line that answers it, whatever the child does meanwhile.

    Raises:
        TimeoutError: the answer did not come in time.
        OSError: the child has ended.
        ValueError: it answered what it never should.
    """
    sending, receiving = _pipe(process.stdin), _pipe(process.stdout)
    deadline, left, answer = time.monotonic() + seconds, memoryview(request), b""
    with selectors.DefaultSelector() as waiting:
        waiting.register(receiving, selectors.EVENT_READ)
        if left:
            waiting.register(sending, selectors.EVENT_WRITE)
        while not answer.endswith(b"\n"):
            ready = waiting.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                if key.fd == sending:
                    left = left[os.write(sending, left[:_PIECE]) :]
                    if not left:
                        waiting.unregister(sending)
                    continue
                piece = os.read(receiving, _LONGEST_ANSWER)
                answer += piece
                if not piece or len(answer) > _LONGEST_ANSWER:
                    raise BrokenPipeError
    return _checked(json.loads(answer))


def _pipe(stream: IO[bytes] | None) -> int:
    if stream is None:
        raise BrokenPipeError
    os.set_blocking(stream.fileno(), False)
    return stream.fileno()


def _checked(told: Any) -> dict[str, Any]:
    """The child's answer, of which nothing is believed: a prepared picture may have taken it over.

    Raises:
        ValueError: it is none of the answers that the child has.
    """
    if told == {"ready": True}:
        return {}
    if isinstance(told, dict) and told.keys() == {"refused"} and told["refused"] in reasons(Limits()):
        return told
    if isinstance(told, dict) and told.keys() == {"pdq", "quality"}:
        pdq, quality = told["pdq"], told["quality"]
        if isinstance(pdq, str) and _PDQ.fullmatch(pdq) and type(quality) is int and 0 <= quality <= 100:
            return told
    raise ValueError


def _folders() -> list[str]:
    """Where the child finds its libraries."""
    if os.name != "posix":
        raise ConfigurationError(
            "Pictures are hashed only where a process can be confined: on Linux and macOS.",
            where="--hash-media",
            mend="Hash them on such a machine.",
        )
    found = [find_spec(name) for name in _NEEDED]
    missing = [name for name, spec in zip(_NEEDED, found, strict=True) if spec is None or spec.origin is None]
    if missing:
        raise ConfigurationError(
            f"Hashing pictures needs libraries that are not installed: {', '.join(missing)}.",
            where="--hash-media",
            mend="Install them with: pip install 'seawall[images]'",
        )
    places = [Path(spec.origin).parent.parent for spec in found if spec is not None and spec.origin is not None]
    return list(dict.fromkeys(map(str, places)))
