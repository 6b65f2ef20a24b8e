"""The language of each text: as told, or as identified.

Identification is py3langid's model (Lui and Baldwin, "langid.py", ACL 2012; Barbaresi's fork, BSD-3-Clause):
naive Bayes over byte n-grams that an automaton counts. Its tables are walked here by a kernel, with the same labels
and confidences as the package gives with ``norm_probs=True``.
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.intake.language_names import UNDETERMINED, language_code
from seawall.measures.compiled import compiled
from seawall.measures.text.match_tables import OTHER, SPACE, UNSPACED, unicode_tables
from seawall.measures.text.text_buffers import code_point, one_array, text_buffers

LEAST_LETTERS = 12
"""Fewer letters are not enough to tell; a letter of a script without spaces between words counts three times."""

LEAST_CONFIDENCE = 0.3
"""Below this confidence the answer is ``und``: above it, 97 of 100 tweets agree with the language that X told."""

_NOT_LANGUAGE = r"(?i)[a-z]*://\S+|www\.\S+|@?\[(?:account|email|phone|profile|name)\]|[@＠][\pL\pM\pN_.]+|[#＃_\pN]+"

_CAPITAL = r"[\p{Lu}\x{2160}-\x{216F}\x{24B6}-\x{24CF}\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}]"
"""Whatever ``str.isupper`` counts as a capital: letters, Roman numerals, letters in circles and squares."""


class Model(NamedTuple):
    """py3langid's automaton and its weights as arrays."""

    moves: npt.NDArray[np.uint32]  # rows of 256 next states
    row: npt.NDArray[np.uint32]  # state -> its row
    feature: npt.NDArray[np.int32]  # state -> the feature that ends there, or -1
    weights: npt.NDArray[np.float32]  # feature x class
    prior: npt.NDArray[np.float32]  # class
    first: npt.NDArray[np.int64]  # class -> the first class of the same label
    labels: list[str]


def told(languages: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Languages as a source tells them -> codes.

    Args:
        languages: strings: English names, or tags of BCP 47 or ISO 639.

    Returns:
        strings: ISO 639-1 where there is one, ``und`` for what is not known; null where null.

    >>> import pyarrow as pa
    >>> told(pa.array(["Russian", "en-GB", "deu", "club", None])).to_pylist()
    ['ru', 'en', 'de', 'und', None]
    """
    distinct = one_array(languages).dictionary_encode()
    codes = [language_code(name) for name in distinct.dictionary.to_pylist()]
    return pa.array(codes, pa.string()).take(distinct.indices)


def identify(texts: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """The language of each text and the model's confidence in it.

    Addresses of links, @names, typed tokens, hashtag signs and digits are not looked at.

    Args:
        texts: strings.

    Returns:
        (codes, confidence): strings, ISO 639-1 where there is one, ``und`` where the text is shorter than
        LEAST_LETTERS or the confidence below LEAST_CONFIDENCE; float32 from 0 to 1. Both null where the text is null.

    >>> import pyarrow as pa
    >>> identify(pa.array(["The cycling club meets in the garden on Sunday.", "ok", None]))[0].to_pylist()
    ['en', 'und', None]
    """
    array = one_array(texts)
    words = pc.replace_substring_regex(array, pattern=_NOT_LANGUAGE, replacement=" ")
    labels, confidence = scored(words)
    enough = _has_letters(words)
    codes = np.array([language_code(label) for label in model().labels] + [UNDETERMINED])
    sure = enough & (confidence >= LEAST_CONFIDENCE)
    chosen = pa.array(np.where(sure, labels, len(codes) - 1), mask=_missing(array))
    return pa.array(codes, pa.string()).take(chosen), pa.array(confidence, mask=_missing(array))


def _missing(array: pa.Array) -> npt.NDArray[np.bool_] | None:
    return np.asarray(array.is_null()) if array.null_count else None


def scored(texts: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """py3langid's answer for each text as it stands: the index of the label in the model, and the confidence."""
    data, offsets, valid = text_buffers(_as_model_reads(texts))
    labels = np.zeros(len(valid), np.int64)
    confidence = np.zeros(len(valid), np.float32)
    moves, row, feature, weights, prior, first, _ = model()
    _score_rows(data, offsets, valid, moves, row, feature, weights, prior, first, labels, confidence)
    return labels, confidence


def _as_model_reads(texts: pa.Array) -> pa.Array:
    """Texts in capitals in small letters, and all in NFC."""
    perhaps = pc.and_(pc.invert(pc.match_substring_regex(texts, r"\p{Ll}")), pc.match_substring_regex(texts, _CAPITAL))
    perhaps = pc.fill_null(perhaps, fill_value=False)
    if pc.any(perhaps).as_py():
        lowered = [text.lower() if text.isupper() else text for text in texts.filter(perhaps).to_pylist()]
        texts = pc.replace_with_mask(texts, perhaps, pa.array(lowered, texts.type))
    beyond = pc.fill_null(pc.invert(pc.string_is_ascii(texts)), False)
    return pc.replace_with_mask(texts, beyond, pc.utf8_normalize(texts.filter(beyond), "NFC"))


_model: Model | None = None
_loading = threading.Lock()


def model() -> Model:
    """The model, read once, by whichever thread comes first (about two seconds, 100 MB)."""
    global _model
    with _loading:
        if _model is None:
            _model = _load()
    return _model


def _load() -> Model:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    package = LanguageIdentifier.from_model_file(MODEL_FILE)
    labels = list(package.nb_classes)
    return Model(
        moves=np.array(package.tk_nextmove, np.uint32),
        row=np.array(package.tk_row, np.uint32),
        feature=np.array(package.tk_output, np.int32),
        weights=np.ascontiguousarray(package.nb_ptc, np.float32),
        prior=np.ascontiguousarray(package.nb_pc, np.float32),
        first=np.array([labels.index(label) for label in labels], np.int64),
        labels=labels,
    )


def _has_letters(texts: pa.Array) -> npt.NDArray[np.bool_]:
    """Which texts have LEAST_LETTERS."""
    data, offsets, valid = text_buffers(texts)
    enough = np.zeros(len(valid), np.bool_)
    _count_letters(data, offsets, valid, unicode_tables().kind, enough)
    return enough


@compiled
def _count_letters(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    valid: npt.NDArray[np.bool_],
    kind: npt.NDArray[np.uint8],
    enough: npt.NDArray[np.bool_],
) -> None:
    for row in range(len(valid)):
        at, end, letters = offsets[row], offsets[row + 1], 0
        while valid[row] and at < end and letters < LEAST_LETTERS:
            point, at = code_point(data, at, end)
            if kind[point] == UNSPACED:
                letters += 3
            elif kind[point] != OTHER and kind[point] != SPACE:
                letters += 1
        enough[row] = letters >= LEAST_LETTERS


@compiled
def _score_rows(
    data: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    valid: npt.NDArray[np.bool_],
    moves: npt.NDArray[np.uint32],
    row_of: npt.NDArray[np.uint32],
    feature_of: npt.NDArray[np.int32],
    weights: npt.NDArray[np.float32],
    prior: npt.NDArray[np.float32],
    first: npt.NDArray[np.int64],
    labels: npt.NDArray[np.int64],
    confidence: npt.NDArray[np.float32],
) -> None:
    counts = np.zeros(len(weights), np.int32)
    seen = np.empty(1 << 12, np.int32)
    scores = np.empty(len(prior), np.float32)
    for row in range(len(valid)):
        start, end = offsets[row], offsets[row + 1]
        if not valid[row]:
            continue
        if end - start > len(seen):
            seen = np.empty(end - start, np.int32)
        distinct = _count_features(data, start, end, moves, row_of, feature_of, counts, seen)
        _add_weights(seen, distinct, counts, weights, prior, scores)
        labels[row], confidence[row] = _decide(scores, first, end - start)


@compiled
def _count_features(
    data: npt.NDArray[np.uint8],
    start: int,
    end: int,
    moves: npt.NDArray[np.uint32],
    row_of: npt.NDArray[np.uint32],
    feature_of: npt.NDArray[np.int32],
    counts: npt.NDArray[np.int32],
    seen: npt.NDArray[np.int32],
) -> int:
    """Count the features that the automaton meets; ``seen`` lists each once. Returns how many."""
    state = np.int64(0)
    distinct = 0
    for at in range(start, end):
        state = np.int64(moves[(np.int64(row_of[state]) << 8) + data[at]])
        feature = feature_of[state]
        if feature >= 0:
            if counts[feature] == 0:
                seen[distinct] = feature
                distinct += 1
            counts[feature] += 1
    return distinct


@compiled
def _add_weights(
    seen: npt.NDArray[np.int32],
    distinct: int,
    counts: npt.NDArray[np.int32],
    weights: npt.NDArray[np.float32],
    prior: npt.NDArray[np.float32],
    scores: npt.NDArray[np.float32],
) -> None:
    """The score of each class: its prior and log(1 + count) of each feature; empties ``counts`` again."""
    scores[:] = 0
    for place in range(distinct):
        feature = seen[place]
        factor = np.float32(np.log1p(np.float32(counts[feature])))
        counts[feature] = 0
        for label in range(len(scores)):
            scores[label] += factor * weights[feature, label]
    if distinct:
        for label in range(len(scores)):
            scores[label] += prior[label]


@compiled
def _decide(scores: npt.NDArray[np.float32], first: npt.NDArray[np.int64], size: int) -> tuple[Any, Any]:
    """The most probable label and its probability; the temperature is the square root of the text's bytes."""
    cooled = np.float32(1.0 / np.sqrt(max(size, 1)))
    highest = scores.max()
    total = np.float32(0)
    for label in range(len(scores)):
        scores[label] = np.exp((scores[label] - highest) * cooled)
        total += scores[label]
    for label in range(len(scores)):
        if first[label] != label:
            scores[first[label]] += scores[label]
            scores[label] = 0
    best = scores.argmax()
    return best, scores[best] / total
