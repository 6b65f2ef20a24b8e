"""The lexicon, against the plain form and by example in many scripts."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures import Lexicon
from seawall.measures.lexicon.reading import MOST_CHARACTERS, MOST_WORDS
from tests.measures.lexicon.reference import hits

WORDS = [
    "tulip", "tulips", "all", "ali", "ass", "class", "don't", "don", "t", "can", "l'herbe", "herbe", "3.14",
    "14", "1st", "garden_bed", "bed", "Straße", "STRASSE", "ano", "año", "сад", "садовник", "мята", "м'ята",
    "сaд", "σπόρος", "زهر", "زهرة", "حَدِيقَة", "حديقة", "والحديقة", "कल", "कुल", "कमल", "कमला", "फ़ूल", "फूल",
    "꽃", "꽃밭", "정원", "花", "花园", "庭いじり", "ガーデン", "カーテン", "ｶﾞｰﾃﾞﾝ", "が",
    "か", "ม้า", "มา", "สวน", "ສວນ", "ឆ្ក",
    "ပန်း", "iPhoneケース", "tu1ip", "b4d", "US$", "stolen bicycle", "bed of tulips", "花 园", "قطيع من النحل",
    "फूल का बगीचा", "well-known",
]  # fmt: skip
DISGUISED = [
    "tu1ip", "TULIP", "tuIip", "TULlP", "tullp", "ｔｕｌｉｐ", "t\u200bulip", "túlíp", "тulip", "tulíp", "@tulip",
    "#tulip", "$tulip", "tulip$", "tu|ip", "𝓽𝓾𝓵𝓲𝓹", "ⓣulip", "А11", "AIl", "AII", "a11", "@ss", "a$$", "as$",
    "cl@ss", "сaд", "cад", "с@д", "ано", "b@d", "st0len b1cycle", "stolen\nbicycle", "stolen… bicycle",
    "stolen 🚲 bicycle", "stolen @anna bicycle", "don’t", "dont", "[email]", "@[account]", "www.tulip.example",
    "https://tulip.example/bed of tulips", "tulip.example", "tulip's", "www", "fern@garden.example", "10km",
    "10st", "mp3", "zum Garten", "حـديقة", "نَحْل", "क़", "ก ข", "e\u0301", "\u0301", "ー", "々", "&amp;", "&amp",
    "http", "ﬁ", "ﷺ", "①", "½", "㎧", "㍿", "İ", "ı", "ͅ", "\u00ad", "\x00",
]  # fmt: skip
BETWEEN = [
    "", " ", "  ", "\n", ".", ", ", "'", "’", "_", "-", ":", "://", "@", "$", "&", "[", "。", "、", "\u200b",
    "\u200c", "\u0301", "٬",
]  # fmt: skip

pieces = st.one_of(st.sampled_from(WORDS), st.sampled_from(DISGUISED), st.sampled_from(BETWEEN), st.text(max_size=2))
texts = st.lists(st.one_of(pieces, st.just(" ")), max_size=9).map("".join)
terms = st.lists(st.one_of(st.sampled_from(WORDS), texts), min_size=1, max_size=12)


def found(lexicon: Lexicon, *texts: str | None) -> list[tuple[int, int, int, int, bool]]:
    table = lexicon.match(pa.array(texts, pa.string()))
    return sorted(zip(*(table[name].to_pylist() for name in ("row", "term", "start", "end", "disguised")), strict=True))


def words(term: str, text: str, **options: bool) -> list[str]:
    """What is hit in a text, in its own letters; a disguised hit with a tilde before it."""
    rows = found(Lexicon([term], **options), text)
    return [("~" if row[4] else "") + text.encode()[row[2] : row[3]].decode() for row in rows]


@given(terms, st.lists(st.one_of(texts, st.none()), max_size=6))
def test_finds_what_the_plain_form_finds(listed: list[str], column: list[str | None]) -> None:
    """In every script and disguise the kernels give exactly the hits of plain Python, to the byte."""
    assert found(Lexicon(listed), *column) == hits(listed, column)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), st.lists(pieces, max_size=40))
def test_finds_what_the_plain_form_finds_in_long_lists(listed: list[str], column: list[str]) -> None:
    """So it is where terms share words, keys and beginnings."""
    text = " ".join(column)
    assert found(Lexicon(listed), text) == hits(listed, [text])


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("ass", "class assassin ass_1 Assам"),
        ("can", "can't canal scan can’t"),
        ("сад", "садовник посад САДЫ детсад"),
        ("زهر", "زهرة الزهر وزهر زهور"),
        ("حديقة", "والحديقة بالحديقة حديقتنا"),
        ("कमल", "कमला कमली"),
        ("कल", "कुल काल कला कल्ला"),
        ("꽃", "꽃밭 풀꽃 꽃이"),
        ("정원", "정원에서 정원사"),
        ("ม้า", "มา"),
        ("カーテン", "ガーデン"),
        ("学生", "大学。生活"),
        ("か", "が"),
        ("ano", "anos mano"),
        ("14", "3.14 1,14 140"),
        ("bed", "garden_bed"),
        ("tulip", "tulip.example @tulip https://tulip.example/tulip www.tulip.example"),
        ("email", "[email] @[account]"),
        ("account", "@[account]"),
        ("amp", "salt &amp; pepper"),
    ],
)
def test_no_hit_inside_a_word(term: str, text: str) -> None:
    """A term never hits a part of a word, a name, a link or a typed token, in any script."""
    assert words(term, text) == []


@pytest.mark.parametrize(
    ("term", "text", "hit"),
    [
        ("tulip", "TULIP", "TULIP"),
        ("tulip", "(#Tulip)", "Tulip"),
        ("straße", "STRASSE", "STRASSE"),
        ("herbe", "l'herbe, l’Herbe", "herbe"),
        ("gardener", "the gardener's hat", "gardener"),
        ("don't", "I don’t", "don’t"),
        ("well-known", "well known", "well known"),
        ("stolen bicycle", "a stolen,\n\tbicycle!", "stolen,\n\tbicycle"),
        ("iphone", "我的iPhone手机", "iPhone"),
        ("花园", "我的花园里", "花园"),
        ("ガーデン", "ガーデニングとガーデン", "ガーデン"),
        ("สวน", "ในสวนของเรา", "สวน"),
        ("ສວນ", "ໃນສວນ", "ສວນ"),
        ("សួន", "ក្នុងសួន", "សួន"),
        ("ပန်း", "ပန်းခြံ", "ပန်း"),
        ("حديقة", "في حَدِيقَة جميلة", "حَدِيقَة"),
        ("می‌خواهم", "میخواهم", "میخواهم"),
    ],
)
def test_whole_words_are_found_as_they_are(term: str, text: str, hit: str) -> None:
    """Case, white space, punctuation, vowel points and joiners are no disguise; some scripts have no edges."""
    assert words(term, text)[0] == hit


@pytest.mark.parametrize(
    "text",
    ["tu1ip", "tuIip", "TULlP", "ｔｕｌｉｐ", "t\u200bul\u200bip", "túlïp", "тulip", "𝓽𝓾𝓵𝓲𝓹", "Ｔul1р", "t̶u̶l̶i̶p̶"],
)
def test_disguises_are_seen_through(text: str) -> None:
    """Look-alikes, digits, accents, width and invisible characters hide nothing, and the hit says so."""
    assert words("tulip", f"a {text}, here") == ["~" + text]
    assert words("tulip", f"a {text}, here", exact=True) == []


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("ali", "all"), ("ali", "ALL"), ("all", "Ali ALI ali"), ("lan", "Ian IAN ian"), ("ist", "1st"),
        ("lost", "10st"), ("il", "1l"), ("ai", "A1"), ("mpe", "mp3"), ("tu1ip", "tulip"), ("sos", "50s"),
        ("as", "A$"), ("сор", "cop"),
    ],
)  # fmt: skip
def test_a_disguise_must_look_like_one(term: str, text: str) -> None:
    """Plain letters, ordinals, units and amounts stand for themselves, although their match keys are the term's."""
    assert words(term, text) == []


def test_accents_that_are_another_word_are_told() -> None:
    """Spanish "año" and "ano" are hits of each other, but disguised ones; who lists an exact term is spared them."""
    assert words("ano", "ano año") == ["ano", "~año"]
    assert words("ano", "ano año", exact=True) == ["ano"]


def test_arabic_particles_when_asked() -> None:
    """With ``particles`` an Arabic word is found with the article and what stands before it, not with one letter."""
    assert words("حديقة", "والحديقة وحديقة للحديقة", particles=True) == ["والحديقة", "للحديقة"]
    assert words("garden", "garden", particles=True) == ["garden"]


def test_overlapping_hits_are_all_told() -> None:
    """Terms inside terms, and terms that share words, are hits side by side."""
    lexicon = Lexicon(["bed", "bed of tulips", "tulips", "tulips here"])
    assert [row[1:4] for row in found(lexicon, "bed of tulips here")] == [(0, 0, 3), (1, 0, 13), (2, 7, 13), (3, 7, 18)]


def test_phrases_do_not_reach_over_links_and_names() -> None:
    """Between the words of a phrase may stand anything but a word, a link or a name."""
    assert (
        words("stolen bicycle", "stolen @anna bicycle; stolen https://a.example bicycle; stolen [email] bicycle") == []
    )
    assert len(words("stolen bicycle", "stolen... 🚲 «bicycle»")) == 1


def test_broken_lines_are_told_line_by_line() -> None:
    """Each line that cannot be a term is told with its number and the reason, and the others work."""
    lines = ["tulip", "", None, " \n", "?!", "Tulip", "x" * (MOST_CHARACTERS + 1), "@anna", "see https://a.example"]
    lines += ["花" * (MOST_WORDS + 1), 7, "half \ud83d", "bed [email]", "rose"]
    lexicon = Lexicon(lines)  # type: ignore[arg-type]
    assert lexicon.rejected.to_pylist() == [
        {"line": 2, "reason": "It is empty."},
        {"line": 3, "reason": "It is empty."},
        {"line": 4, "reason": "It is empty."},
        {"line": 5, "reason": "It has no letter and no digit."},
        {"line": 6, "reason": "It is the same as line 1."},
        {"line": 7, "reason": f"It is longer than {MOST_CHARACTERS} characters."},
        {"line": 8, "reason": "It holds a link, an @name or a typed token, which no list of words matches."},
        {"line": 9, "reason": "It holds a link, an @name or a typed token, which no list of words matches."},
        {"line": 10, "reason": f"It has more than {MOST_WORDS} words."},
        {"line": 11, "reason": "It is not text."},
        {"line": 12, "reason": "It is not text."},
        {"line": 13, "reason": "It holds a link, an @name or a typed token, which no list of words matches."},
    ]
    assert [row[1] for row in found(lexicon, "rose tulip")] == [0, 13]
    assert len(lexicon) == 2


def test_a_hundred_thousand_broken_lines() -> None:
    """A list of nothing but broken lines is reported line by line and finds nothing."""
    lexicon = Lexicon(pa.array(["", "!!", None, "@anna"] * 25_000))
    assert lexicon.rejected["line"].to_pylist() == list(range(1, 100_001))
    assert found(lexicon, "tulip") == []


def test_unspaced_terms_are_named() -> None:
    """Terms with an edge in a script without spaces are listed, because they are found inside longer words."""
    assert Lexicon(["tulip", "花园", "iphone手机", "สวน", "정원", "花"]).unspaced.to_pylist() == [1, 2, 3, 5]


def test_ids_come_with_the_hits() -> None:
    """With ids each hit names its own; there must be one for each term."""
    table = Lexicon(["tulip", "bed"], ids=["i-1", "i-2"]).match(pa.array(["a bed"]))
    assert table["id"].to_pylist() == ["i-2"]
    with pytest.raises(MeasureError, match="2 terms and 1 ids"):
        Lexicon(["tulip", "bed"], ids=["i-1"])
    with pytest.raises(MeasureError, match="exact"):
        Lexicon(["tulip"], exact=[True, False])


@pytest.mark.parametrize("wrong", ["tulip", 7, {"tulip": 1}, pa.array([1, 2])])
def test_what_is_no_list_is_an_error(wrong: object) -> None:
    """A single string, a number or a column of numbers is refused with a sentence."""
    with pytest.raises(MeasureError):
        Lexicon(wrong)  # type: ignore[arg-type]
    with pytest.raises(MeasureError):
        Lexicon(["tulip"]).match(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary", "chunks", "slice"])
def test_all_layouts_of_a_column(kind: str) -> None:
    """Strings of every Arrow layout, with nulls, slices and chunks, give the same hits."""
    plain = pa.array(["x", "tulip", None, "", "a tulip"])
    columns = {
        "string": plain,
        "large_string": plain.cast(pa.large_string()),
        "string_view": plain.cast(pa.string_view()),
        "dictionary": plain.dictionary_encode(),
        "chunks": pa.chunked_array([plain[:2], plain[2:]]),
        "slice": pa.array(["tulip", *plain.to_pylist(), "tulip"])[1:-1],
    }
    table = Lexicon(["tulip"]).match(columns[kind])
    assert (table["row"].to_pylist(), table["start"].to_pylist()) == ([1, 4], [0, 2])


def test_nothing_in_nothing() -> None:
    """Empty lists and empty columns give an empty table with the columns of a full one."""
    table = Lexicon([]).match(pa.array([], pa.string()))
    assert table.schema == Lexicon(["tulip"]).match(pa.array(["tulip"])).schema
    assert table.num_rows == 0


def test_many_texts_are_shared_out() -> None:
    """Two cores give the hits of one, in the order of the rows."""
    column = pa.array([f"a tulip in bed {number} {'x ' * 30}" for number in range(30_000)])
    table = Lexicon(["tulip", "bed 77"]).match(column)
    assert table["row"].to_pylist() == sorted([*range(30_000), 77])


def test_very_long_words_are_passed_over() -> None:
    """A word longer than any term, with disguises throughout, is no hit and no trouble."""
    assert words("tulip", "tu1ip" * 5_000 + " tu1ip") == ["~tu1ip"]
    assert words("tulip", "t" + "\u0301" * 10_000 + "ulip")[0].startswith("~t")
