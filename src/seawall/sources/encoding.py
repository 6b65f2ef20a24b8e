"""Bytes of a text file -> UTF-8, whatever it was written in, with undecodable places kept recognisable."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from seawall.errors import ConfigurationError, InputError
from seawall.protocols import Input
from seawall.sources.files import unreadable

PIECE_BYTES = 1 << 20

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FEW_LINES = 3
_HIGH_RUN = re.compile(rb"[\xc0-\xff]+")  # a script of its own writes whole words with these, accents stand alone


def _mark(error: UnicodeError) -> tuple[str, int]:
    """A place that cannot be decoded becomes half a surrogate pair, which no later check lets pass."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error("seawall.mark", _mark)


def encoding_of(head: bytes, stated: str | None, label: str) -> str:
    """The encoding that a text is in: as stated, as its byte order mark says, else UTF-8.

    Raises:
        ConfigurationError: the stated one does not exist.
        InputError: the text as a whole is clearly not UTF-8; the message names a likely encoding.
    """
    if stated is not None:
        return known_encoding(stated)
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    likely = unlike_utf8(head)
    if _is_binary(head, likely):
        raise InputError("This is not a text file.", where=label, mend="Export the data as CSV, JSON or Parquet.")
    if likely is not None:
        raise InputError(
            "The text is not UTF-8.",
            where=label,
            mend=f"It looks like {likely}: state it with --encoding {likely}.",
        )
    return "utf-8"


_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1b\x1f"))


def _is_binary(head: bytes, likely: str | None) -> bool:
    """Whether it is unlike UTF-8 and holds more control characters than a text in another encoding could."""
    if likely is None or likely.startswith("utf-16"):
        return False
    return (len(head) - len(head.translate(None, _CONTROLS))) * 20 > len(head)


def known_encoding(stated: str) -> str:
    """The encoding of that name.

    Raises:
        ConfigurationError: there is none that is for text.
    """
    try:
        found = codecs.lookup(stated)
    except (LookupError, ValueError):
        found = None
    if found is None or not found._is_text_encoding:
        raise ConfigurationError(
            "There is no such text encoding.", where="--encoding", mend="Try utf-8, utf-16, cp1251 or latin-1."
        )
    return found.name


def unlike_utf8(head: bytes) -> str | None:
    """The likely encoding of a text most of whose lines with foreign letters are not UTF-8, else None.

    >>> unlike_utf8("один\\nдва\\nтри\\n".encode("cp1251"))
    'cp1251'
    >>> unlike_utf8("один\\nдва\\nтри\\n".encode()) is None
    True
    """
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) * 20 < max(even, odd) and max(even, odd) * 5 > len(head) // 2:
        return "utf-16-le" if odd > even else "utf-16-be"
    foreign = [line for line in head.split(b"\n")[:-1] or [head] if not line.isascii()]
    wrong = [line for line in foreign if not _is_utf8(line)]
    if len(wrong) < _FEW_LINES or len(wrong) * 2 <= len(foreign):
        return None
    runs = _HIGH_RUN.findall(b"".join(wrong))
    return "cp1251" if sum(len(run) for run in runs if len(run) > 1) * 2 > sum(map(len, runs)) else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def utf8_pieces(file: Input, encoding: str) -> Iterator[bytes]:
    """The file's bytes as UTF-8 without a byte order mark, a piece at a time.

    Raises:
        InputError: the file is damaged or cannot be read; after the pieces that could be.
    """
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("seawall.mark")
    first = True
    for piece in _exact_pieces(file):
        ended = not piece
        if decoder is not None:
            piece = decoder.decode(piece, ended).encode("utf-8", "surrogatepass")
        if first and piece:
            piece = piece.removeprefix(codecs.BOM_UTF8)
            first = False
        if piece:
            yield piece


def _exact_pieces(file: Input) -> Iterator[bytes]:
    """Pieces of ``PIECE_BYTES``, however the stream hands them out, so that batches depend on the content only."""
    with file.open() as stream:
        ended = False
        while not ended:
            gathered: list[bytes] = []
            missing = PIECE_BYTES
            while missing and not ended:
                try:
                    part = stream.read1(missing)  # type: ignore[attr-defined]
                except InputError:
                    yield b"".join(gathered)
                    raise
                except OSError as error:
                    yield b"".join(gathered)
                    raise unreadable(error, file.label) from error
                gathered.append(part)
                missing -= len(part)
                ended = not part
            yield b"".join(gathered)
    yield b""


def head_text(file: Input, encoding: str, size: int) -> str:
    """The beginning of the file as text, for finding out its layout; undecodable places stay as marks."""
    head = file.head(size)
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape" if encoding == "utf-8" else "seawall.mark")
    return decoder.decode(head).removeprefix("\ufeff")
