"""The match key: what two copies of a text have in common after the usual disguises.

A text becomes its key in four steps (methods.md, *Near-duplicates*):

1. Each code point is folded by itself: compatibility form and full case folding (NFKC_Casefold, here in
   decomposed form), without diacritics, format characters and tatweel; all decimal digits become 0-9.
2. Addresses of links, typed tokens (``@[account]``, ``[email]`` ...), @names and HTML entities are removed, so that
   copies that mention other people or carry another short link share a key.
3. What is left is cut into tokens of letters, numbers and the signs ``$`` and, inside a token, ``@``.
   In a token that mixes Latin, Cyrillic and Greek letters, look-alikes move to the script that most of its
   letters have (a tie goes to Latin, then to Cyrillic). In a token that holds such letters, 0 1 3 4 5 7 @ $ become
   the letters that they stand for. In a Latin token ``l`` becomes ``i``, because ``I``, ``l`` and ``1`` look alike.
4. The tokens are joined by single spaces.

The key is for comparing, never for showing: without its marks an Indic word is another word. It is to be taken
from stored text, whose identities are typed tokens already, so that no name or number is in what is hashed.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.text.match_key_kernel import REPLACED_BELOW, write_keys
from seawall.measures.text.match_tables import CYRILLIC, GREEK, LATIN, unicode_tables
from seawall.measures.text.text_buffers import text_buffers

_CYRILLIC_LATIN = "аa вb гr еe һh нh иu јj кk ԁd ӏl мm пn оo ԛq рp ѕs тt хx уy ԝw ѵv ьb сc іi"
_GREEK_LATIN = "αa βb γy εe ζz ηn ιi κk μu νv οo ρp τt υu χx ωw"
_LATIN_CYRILLIC = "aа bв cс dԁ eе hн iі jј kк lӏ mм nп oо pр qԛ rг sѕ tт uи vѵ wԝ xх yу"
_LATIN_GREEK = "aα bβ eε hη iι kκ mμ nν oο pρ tτ uυ vν wω xχ yυ zζ"
_SIGNS = {LATIN: "0o 1i 3e 4a 5s 7t @a $s", CYRILLIC: "0о 1і 3е 4а 5с 7т @а $с", GREEK: "0ο 1ι 3ε 4α 5σ 7τ @α $σ"}


def _pairs(listed: str) -> dict[str, str]:
    return {pair[0]: pair[1] for pair in listed.split()}


def _through_latin(first: dict[str, str], then: dict[str, str]) -> dict[str, str]:
    return {character: then.get(latin, character) for character, latin in first.items()}


def _look_alikes() -> dict[int, dict[str, str]]:
    """For each script: the letter of it that a letter of another script is mistaken for."""
    cyrillic, greek = _pairs(_CYRILLIC_LATIN), _pairs(_GREEK_LATIN)
    latin_cyrillic, latin_greek = _pairs(_LATIN_CYRILLIC), _pairs(_LATIN_GREEK)
    return {
        LATIN: cyrillic | greek,
        CYRILLIC: latin_cyrillic | _through_latin(greek, latin_cyrillic),
        GREEK: latin_greek | _through_latin(cyrillic, latin_greek),
    }


LOOK_ALIKES = _look_alikes()
STAND_INS = {script: _pairs(listed) for script, listed in _SIGNS.items()}
SCRIPTS = (LATIN, CYRILLIC, GREEK)

_WORD = r"0-9a-z\x80-\U0010ffff"  # of folded text, where everything beyond ASCII is a letter or number
_ADDRESS = r'[^ <>"\u2e80-\U0010ffff]*'  # a link ends at a space, a quote, or in Chinese, Japanese ... text
_REMOVED = re.compile(
    rf"(?:(?<![0-9a-z])[0-9a-z]+)?://{_ADDRESS}"
    rf"|(?<![{_WORD}$@])www\.{_ADDRESS}"
    r"|@?\[(?:account|email|phone|profile|name)\]"
    rf"|(?<![{_WORD}$])@+[{_WORD}_]+(?:[.:@-][{_WORD}_]+)*"
    r"|&(?:amp|lt|gt|quot|nbsp|apos|#0?39);"
)
_TOKEN = re.compile(rf"[{_WORD}$]+(?:@[{_WORD}$]+)*")


def match_key_text(text: str) -> str:
    """The match key of a text; empty if the text has no letters or numbers of its own.

    >>> match_key_text("@anna Plant  TÜLIPS now! https://t.co/Ab1")
    'piant tuiips now'
    >>> match_key_text("Р1\u200bаnt tu1ip$ now")  # a Cyrillic letter or two, and a space of no width
    'piant tuiips now'
    """
    folded = "".join(_fold(character) for character in text)
    tokens = (_settle(token) for token in _TOKEN.findall(_REMOVED.sub(" ", folded)))
    return " ".join(filter(None, tokens))


def _fold(character: str) -> str:
    tables = unicode_tables()
    entry = int(tables.fold[ord(character)])
    if entry >= 0:
        return chr(entry) if entry else ""
    size = tables.expansions[-entry]
    return "".join(chr(point) for point in tables.expansions[1 - entry : 1 - entry + size])


def _settle(token: str) -> str:
    """A token with look-alikes and stand-ins resolved."""
    kind = unicode_tables().kind
    scripts = [kind[ord(character)] for character in token]
    letters = {script: scripts.count(script) for script in SCRIPTS}
    if not any(letters.values()):
        return token.replace("$", "").replace("@", "")
    script = max(SCRIPTS, key=letters.__getitem__)
    if letters[script] < sum(letters.values()):
        token = token.translate(_by_point(LOOK_ALIKES[script]))
    token = token.translate(_by_point(STAND_INS[script]))
    return token.replace("l", "i") if script == LATIN else token


def _by_point(swapped: dict[str, str]) -> dict[int, str]:
    return {ord(character): instead for character, instead in swapped.items()}


def match_keys(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The 64-bit hash of each text's match key: XXH64, seed 0, of the key in UTF-8.

    It has no key of its own and is the same in every workspace, version and machine.

    Args:
        texts: strings.

    Returns:
        uint64; null where the text is null or its match key is empty.

    >>> import pyarrow as pa
    >>> keys = match_keys(pa.array(["Plant tulips!", "plant TULIPS @anna", "🌷", None]))
    >>> keys[0] == keys[1], keys[2:].to_pylist()
    (True, [None, None])
    """
    _, hashes, sizes = _written(texts, keep=False)
    return pa.array(hashes, mask=sizes == 0)


class KeyTexts(NamedTuple):
    """The match keys of texts: row ``i`` is ``data[offsets[i] : offsets[i + 1]]``; without a key it is empty."""

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint64]  # as match_keys gives them; 0 where there is no key


def key_texts(texts: pa.Array | pa.ChunkedArray) -> KeyTexts:
    """The match keys as text, for measures that look into them; never to be stored.

    >>> keys = key_texts(pa.array(["Plant tulips!", "🌷"]))
    >>> keys.data.tobytes().decode(), keys.offsets.tolist()
    ('piant tuiips', [0, 12, 12])
    """
    data, hashes, sizes = _written(texts, keep=True)
    return KeyTexts(data, np.append(0, np.cumsum(sizes)), hashes)


def _written(
    texts: pa.Array | pa.ChunkedArray, *, keep: bool
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """The keys one after the other (nothing unless kept), the hash of each, and its size: 0 where there is none."""
    buffers = text_buffers(texts)
    hashes, sizes = np.zeros(len(buffers.valid), np.uint64), np.zeros(len(buffers.valid), np.int64)
    data = write_keys(*buffers, unicode_tables(), replacements(), keep, hashes, sizes)
    return data, hashes, sizes


@functools.cache
def replacements() -> npt.NDArray[np.int32]:
    """Step 3 as arrays: row 0 for tokens without letters, then for each script one of pure, one of mixed tokens."""
    characters = [chr(point) for point in range(REPLACED_BELOW)]
    rows = [[0 if character in "$@" else ord(character) for character in characters]]
    for script in SCRIPTS:
        for look_alikes in ({}, LOOK_ALIKES[script]):
            swapped = (look_alikes.get(character, character) for character in characters)
            settled = (STAND_INS[script].get(character, character) for character in swapped)
            rows.append([ord("i" if script == LATIN and character == "l" else character) for character in settled])
    return np.array(rows, np.int32)
