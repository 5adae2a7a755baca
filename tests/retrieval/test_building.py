"""Is an index that was built from another one the same as one built at once?"""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Memo, Synonyms, UnreadableMemo, answer, build_index
from tests.retrieval.comparing import in_words

SENTENCES = [
    "The Special Measures Agreement (SMA) pays for the alliance.",
    "SMA talks went on for a year.",
    "The Standard Marine Assessment (SMA) counts ships.",
    "South Korea and the ROK are one.",
    "Ships of the ROK met on Palawan in 2023.",
    "Das Bündnis zahlt für die Schiffe der Republik, und die Schiffe sind nicht neu.",
    "Wir haben den Vertrag mit der Marine gekündigt, weil er zu teuer war.",
    "The marine treaty was ended because it cost too much. " + "Ships, ships and ships again, " * 15,
    "L'accord de la marine est fini parce que les navires sont trop chers pour nous.",
]
SYNONYMS = [Synonyms(asked=("South Korea", "ROK"), found=("South Korea", "ROK"))]
memos = st.builds(
    Memo,
    id=st.sampled_from("abcdef"),
    title=st.sampled_from(["", "The SMA", "Ships of South Korea"]),
    text=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map("\n\n".join),
    published=st.none() | st.sampled_from([date(2024, 1, 1), date(2025, 1, 1)]),
    language=st.sampled_from([None, None, None, None, None, "", "en", "de"]),
    supersedes=st.sampled_from([(), (), (), (), ("a",), ("The SMA",)]),
)
libraries = st.lists(memos, max_size=6, unique_by=lambda memo: memo.id)


@given(st.lists(libraries, min_size=2, max_size=4))
def test_whatever_was_known_before_an_index_comes_out_the_same(history):
    known = None
    for library in history:
        known = build_index(library, SYNONYMS, known)
        assert in_words(known) == in_words(build_index(library, SYNONYMS))


@given(libraries, st.sets(st.sampled_from("abcdef")))
def test_an_index_over_some_memos_knows_nothing_of_the_others(library, chosen):
    some = [memo for memo in library if memo.id in chosen]
    assert in_words(build_index(some, SYNONYMS, build_index(library, SYNONYMS))) == in_words(
        build_index(some, SYNONYMS)
    )


@pytest.mark.parametrize("field", ["title", "text"])
def test_a_memo_with_half_a_character_is_named_and_what_to_do(field):
    memo = Memo(**{"id": "lease", "title": "", "text": "", field: "It \ud83d is."})
    with pytest.raises(UnreadableMemo, match=r"^lease: it holds half a character.*U\+FFFD"):
        build_index([memo])


def test_only_memos_that_changed_are_analysed_again(analysed):
    library = [Memo(id=str(number), title="", text=SENTENCES[number % 4]) for number in range(20)]
    first = build_index(library)
    analysed.clear()
    build_index([*library[1:], Memo(id="new", title="", text="Nothing of the kind.")], known=first)
    assert analysed == ["new"]


def test_an_empty_library_and_memos_without_a_word_are_indexed():
    assert build_index([]).bodies.count == 0
    index = build_index([Memo(id="a", title="", text="...")])
    assert index.columns.terms.values.dtype == np.int32
    assert answer(index, "What?").excerpts == ()


@pytest.mark.parametrize("text", ["\u2014", "\ufffc", "\U000e0001", "\x00"])
def test_a_passage_without_a_word_is_found_by_its_title_and_quoted_or_not(text):
    given = answer(build_index([Memo(id="a", title="Ships", text=text)]), "ships", threshold=0)
    assert all(excerpt.quote == excerpt.span.of(text) for excerpt in given.excerpts)
