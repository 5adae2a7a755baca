"""What holds of reading, whatever the file?"""

import re
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval import Memo, UnreadableMemo, read_memo
from tests.conftest import SEEDS
from tests.retrieval.ingest.conftest import assert_sound

SUFFIXES = st.sampled_from([".txt", ".md", ".html"])
# Whatever takes part in markup is left out, so that a file's words are known without reading it.
WORDS = st.text(
    st.characters(categories=("Lu", "Ll", "Lo", "Nd"), include_characters="'’,.?!:“”$%"),
    min_size=1,
    max_size=12,
).filter(lambda word: word.strip() and not word.endswith("-"))
GAPS = st.sampled_from(
    [" ", " ", " ", " ", "\n", "\n", "  ", "\t", "\u00a0", "\r\n", "\n\n", "\n\n\n\n", "\f", "\u2028"]
)
PARTS = st.lists(st.tuples(WORDS, GAPS), min_size=1, max_size=80)
MARKUP = st.text(st.sampled_from("ab Z.\n\n\t-*_#|[]()<>&;:=\"'`~!\\/0123\u00a0\u200d\f>—é中"), max_size=300)
OPEN_AND_CLOSED = """
<p> </p> <li> <ul> </ul> <table> <tr> <td> <th> </table> <td_colspan=3> <td_rowspan=2> <h1> <h2> </h2> <br> <pre> </pre>
<main> <header> <form> <svg> <b> </b> <script> </script> <caption> <img_alt=x> word another &nbsp; <!-- --> <template>
<div_hidden> </div> <article> </article> <aside> <nav> <figure> <figcaption>
"""
TAGS = st.lists(st.sampled_from(re.split(r"\s+", OPEN_AND_CLOSED.strip())), max_size=60).map(
    lambda parts: " ".join(parts).replace("_", " ")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("memos")


def read(folder: Path, data: bytes, suffix: str) -> Memo | None:
    path = folder / f"memo{suffix}"
    path.write_bytes(data)
    try:
        return read_memo(path)
    except UnreadableMemo as error:
        if str(path) not in str(error):
            pytest.fail(f"the error does not name the file: {error}")
        return None


def letters(text: str) -> list[str]:
    """Every sign of a text but white space (which reading may tidy), in order."""
    return re.findall(r"\S", text)


@settings(deadline=None, max_examples=300)
@given(parts=PARTS)
def test_no_word_of_plain_text_is_lost_added_or_moved(folder, parts):
    text = "".join(word + gap for word, gap in parts)
    memo = read(folder, text.encode(), ".txt")
    if memo is not None:
        assert letters(memo.text) == letters(text)
        assert_sound(memo)
    else:
        assert not any(c.isalnum() for c in text)


@settings(deadline=None, max_examples=200)
@given(
    parts=st.lists(
        st.text(st.characters(codec="ascii", categories=("Lu", "Ll")), min_size=1, max_size=9),
        min_size=1,
        max_size=60,
    ),
    gaps=st.lists(GAPS, min_size=60, max_size=60),
)
def test_words_of_letters_stay_words(folder, parts, gaps):
    text = "".join(word + gap for word, gap in zip(parts, gaps, strict=False))
    memo = read(folder, text.encode(), ".txt")
    assert memo is not None
    assert memo.text.split() == text.split()


@settings(deadline=None, max_examples=300)
@given(text=MARKUP, suffix=SUFFIXES)
def test_any_markup_makes_a_sound_memo_or_none(folder, text, suffix):
    memo = read(folder, text.encode(), suffix)
    if memo is not None:
        assert_sound(memo)


@settings(deadline=None, max_examples=200)
@given(text=TAGS)
def test_any_page_makes_a_sound_memo_or_none(folder, text):
    memo = read(folder, text.encode(), ".html")
    if memo is not None:
        assert_sound(memo)


@settings(deadline=None, max_examples=300)
@given(
    data=st.binary(max_size=400) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")),
    suffix=SUFFIXES,
)
def test_any_bytes_are_read_or_refused(folder, data, suffix):
    memo = read(folder, data, suffix)
    if memo is not None:
        assert_sound(memo)


@settings(deadline=None, max_examples=100)
@given(front=st.text(st.sampled_from("iddatetitletags: \n-[]{}&*!'\"#|>x1"), max_size=200))
def test_any_front_matter_is_read_or_refused(folder, front):
    read(folder, f"---\ntitle: x\n{front}\n---\nBody text here.\n".encode(), ".md")


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=MARKUP, suffix=SUFFIXES)
def test_the_same_file_gives_the_same_memo(folder, text, suffix):
    assert read(folder, text.encode(), suffix) == read(folder, text.encode(), suffix)


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_reading_canonical_text_again_changes_no_word(folder, path):
    memo = read_memo(path)
    again = read(folder, memo.text.encode(), ".txt")
    assert again is not None
    assert again.text.split() == memo.text.split()


HOSTILE = {
    "brackets": "[",
    "pictures": "![",
    "links": "[a](",
    "stars": "*a ",
    "bold": "**a",
    "underlines": "_a ",
    "tags": "<b ",
    "attributes": '<b a="',
    "comments": "<!--",
    "entities": "&a",
    "quotes": "> ",
    "backticks": "`a",
    "pipes": "a|b\n",
    "tabs": "a\tb\n",
    "fields": "x:\ty\n",
    "spaces": " ",
    "lines": "A\n",
    "pages": "a\f",
    "headings": "# a\n",
    "underlined": "a\n===\n",
    "items": "1. x\n",
    "one word": "a",
    "bylines": "By ",
    "dates": "3 October 2024 ",
    "joiners": "\u200da",
    "divisions": "<div>",
    "bold paragraphs": "<p><b>",
    "nested tables": "<table><tr><td>a",
}


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@pytest.mark.parametrize("stuff", HOSTILE.values(), ids=HOSTILE)
def test_hostile_repetition_takes_no_more_than_its_length(folder, stuff, suffix):
    """A quadratic step takes six seconds and more here, a linear one less than one and a half."""
    started = process_time()
    read(folder, (stuff * (100_000 // len(stuff))).encode(), suffix)
    assert process_time() - started < 4


def test_a_megabyte_is_read_in_moments(folder):
    text = (SEEDS / "000_fda723d3293bac72.txt").read_text(encoding="utf-8") + "\n\n"
    started = process_time()
    assert read(folder, (text * (1_000_000 // len(text))).encode(), ".txt")
    assert process_time() - started < 5
