"""Languages as told, and as identified: against py3langid itself and on real sentences."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from seawall.intake.language import identify, model, scored, told
from seawall.intake.language_names import language_code
from tests.intake.strings import texts

SENTENCES = (
    "The cycling club meets in the garden on Sunday.",
    "Der Radverein trifft sich am Sonntag im Garten.",
    "Велосипедный клуб встречается в саду.",
    "يجتمع نادي الدراجات في الحديقة",
    "自行车俱乐部星期天在花园里见面",
    "साइकिल क्लब रविवार को बगीचे में मिलता है",
    "CLUB DE CICLISMO EN EL JARDÍN",
)


@pytest.fixture(scope="module")
def package() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _agrees(package: LanguageIdentifier, array: pa.Array) -> None:
    labels, confidence = scored(array)
    for text, label, sure in zip(array.to_pylist(), labels, confidence, strict=True):
        ranked = package.rank(text)
        assert sure == pytest.approx(ranked[0][1], abs=1e-4)
        if ranked[0][1] - ranked[1][1] > 1e-4:
            assert model().labels[label] == ranked[0][0]


@given(st.lists(st.one_of(texts, st.sampled_from(SENTENCES)), max_size=5))
def test_kernel_is_the_package(package: LanguageIdentifier, values: list[str]) -> None:
    """The kernel gives the label and the confidence of py3langid, for any text."""
    _agrees(package, pa.array(values, pa.large_string()))


def test_kernel_is_the_package_on_tweets(package: LanguageIdentifier, shared_data: Path) -> None:
    """The kernel gives the label and the confidence of py3langid on real tweets."""
    column = pq.read_table(shared_data / "ira" / "ira_dev.parquet", columns=["content"])["content"]
    _agrees(package, column.slice(900_000, 400).combine_chunks().cast(pa.large_string()))


def test_sentences_are_identified(shared_data: Path) -> None:
    """At least 95 of 100 paragraphs in 24 languages get their language, and few get another one."""
    table = pq.read_table(shared_data / "languages" / "udhr.parquet")
    codes, _ = identify(table["text"])
    right = np.array(codes.to_pylist()) == np.array(table["lang"].to_pylist())
    undetermined = np.array(codes.to_pylist()) == "und"
    assert right.mean() >= 0.95
    assert (~right & ~undetermined).mean() <= 0.03


@pytest.mark.parametrize(
    "text", ["", "ok", "Garden!", "https://t.co/Ab12 @anna_the_gardener", "🌷🌷🌷 12345678901234", "花园"]
)
def test_too_little_to_tell(text: str) -> None:
    """A text with fewer than twelve letters of its own gets no language."""
    assert identify(pa.array([text]))[0].to_pylist() == ["und"]


def test_links_and_names_do_not_count() -> None:
    """Addresses, @names and typed tokens do not change what a text is identified as."""
    bare, dressed = (
        SENTENCES[2],
        f"@[account] @fern_the_gardener {SENTENCES[2]} https://garden.example/all-the-tulips [email]",
    )
    codes, confidence = identify(pa.array([bare, dressed, None]))
    assert codes.to_pylist() == ["ru", "ru", None]
    assert confidence[2].as_py() is None
    assert confidence[0].as_py() == pytest.approx(confidence[1].as_py(), abs=0.05)


def test_threads_share_one_model() -> None:
    """Many threads at once give the answers of one."""
    column = pa.array(SENTENCES * 20)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: identify(column)[0].to_pylist(), range(8)))
    assert answers == [identify(column)[0].to_pylist()] * 8


def test_every_label_of_the_model_has_a_code() -> None:
    """No language that the model can answer is unknown to the list of names, but for "no language"."""
    assert {label for label in model().labels if language_code(label) == "und"} == {"zxx"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English", "en"),
        ("  simplified   CHINESE ", "zh"),
        ("Farsi (Persian)", "fa"),
        ("Serbian", "sr"),
        ("LANGUAGE UNDEFINED", "und"),
        ("en-US", "en"),
        ("zh_Hant_TW", "zh"),
        ("deu", "de"),
        ("ger", "de"),
        ("iw", "he"),
        ("in", "id"),
        ("ckb", "ku"),
        ("ceb", "ceb"),
        ("gardening", "und"),
        ("", "und"),
    ],
)
def test_told(name: str, code: str) -> None:
    """Names and tags in any case become one code; what is not known becomes und."""
    assert told(pa.array([name, None])).to_pylist() == [code, None]


def test_all_names_in_the_released_tweets_are_known(shared_data: Path) -> None:
    """Every language that the released tweets name has a code of its own."""
    column = pq.read_table(shared_data / "ira" / "ira_dev.parquet", columns=["language"])["language"].unique()
    names = [name for name in column.to_pylist() if name not in (None, "LANGUAGE UNDEFINED")]
    assert [name for name in names if language_code(name) == "und"] == []
