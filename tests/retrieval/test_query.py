"""Are other forms and spellings of a word found, and no others?"""

import math

import pytest
import wordfreq

from retrieval import Memo, answer, build_index
from retrieval.analysis.frequency import UNLISTED, rarity, zipf
from retrieval.lexicon import Lexicon
from retrieval.query import understand

TERMS = ["founder", "foundat", "found", "foundri", "colonist", "color", "ctenophor", "period", "prime", "cat"]
NUMBERS = {term: number for number, term in enumerate(TERMS)}
LEXICON = Lexicon(NUMBERS, NUMBERS)


def named(numbers):
    return [TERMS[number] for number in numbers]


def test_a_family_shares_a_long_beginning():
    assert named(LEXICON.family("founded")) == ["found", "foundat", "founder", "foundri"]
    assert named(LEXICON.family("colony")) == []
    assert named(LEXICON.family("cat")) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("peroid", ["period"]),
        ("beriod", ["period"]),
        ("ctenphor", ["ctenophor"]),
        ("ctenphr", []),
        ("cta", []),
        ("2019", []),
        ("", []),
    ],
)
def test_a_misspelling_is_near(written, meant):
    assert LEXICON.spellings(written) == meant


def test_a_misspelt_word_is_searched_and_still_named_as_missing():
    index = build_index(
        [
            Memo(id="a", title="t", text="The Squad met in Palawan in November."),
            Memo(id="b", title="t", text="Lunch."),
        ]
    )
    given_ = answer(index, "Who met in Palwan?", threshold=0)
    assert given_.excerpts[0].citation.memo_id == "a"
    assert given_.missing == ("palwan",)


def test_words_that_only_ask_tell_less(seed_index):
    told = {
        word.written: word.tells
        for word in understand(seed_index, "What does the memo mention about alliances?").words
    }
    assert told["memo"] < told["alliances"]
    assert told["mention"] < told["alliances"]


def test_a_word_is_asked_once_however_often_it_is_written(seed_index):
    assert len(understand(seed_index, "treaty treaties TREATY").words) == 1


def test_the_lists_say_what_wordfreq_says():
    listed = wordfreq.get_frequency_dict("en", "small")
    assert all(
        zipf(word, "en") == pytest.approx(math.log10(share * 1e9))
        for word, share in listed.items()
        if "'" not in word
    )
    assert zipf("../en", "../en") == UNLISTED


def test_common_words_are_common_and_names_are_rare():
    assert zipf("people", "en") > 6
    assert zipf("palawan", "en") == zipf("qqq", "en")
    assert rarity("the", "en") < rarity("treaty", "en") < rarity("palawan", "en")
    assert rarity("treaty’s", "en") == rarity("treaty", "en")
    assert rarity("word", "xx") == rarity("qqq", "en")


def test_common_words_of_the_asked_language_tell_nothing_in_a_library_of_two():
    memos = [
        Memo(id="a", title="t", text="The treaty was signed in the spring of the year.", language="en"),
        Memo(
            id="b", title="t", text="Der Vertrag wurde im Frühling des Jahres unterzeichnet.", language="de"
        ),
    ]
    index = build_index(memos)
    assert [
        word.written for word in understand(index, "When was the treaty signed in the spring?").words
    ] == [
        "treaty",
        "signed",
        "spring",
    ]
    assert "wurde" not in [
        word.written for word in understand(index, "Wann wurde der Vertrag unterzeichnet?").words
    ]
