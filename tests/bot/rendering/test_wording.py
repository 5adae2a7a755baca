"""Does the bot say what it means?"""

from datetime import date

import pytest

from bot.rendering import citations, remarks, wording
from retrieval import IndexInfo, Memo
from tests.bot.rendering.answers import excerpt, nothing


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            wording.too_fast(20),
            "That was quick! I take 20 questions a minute from each person. Please ask again in a minute.",
        ),
        (
            wording.too_fast(1),
            "That was quick! I take one question a minute from each person. Please ask again in a minute.",
        ),
        (
            wording.question_too_long(2000),
            "That question is too long for me: I read up to 2,000 characters. Please use fewer words.",
        ),
        (wording.stand_nowhere(["kimchi"]), "This word stands nowhere in the memos: “kimchi”."),
        (wording.stand_nowhere(["a", "b", "c"]), "These words stand nowhere in the memos: “a”, “b” and “c”."),
        (
            wording.stand_nowhere(["a", "b"], more=3),
            "These words stand nowhere in the memos: “a”, “b” and 3 more.",
        ),
        (wording.closest(["A"]), "The closest memo is “A”."),
        (wording.closest(["A", "B"]), "The closest memos are “A” and “B”."),
        (wording.did_not_fit(1), "And 1 more, too long for this message. A narrower question brings it up."),
        (
            wording.did_not_fit(3),
            "And 3 more, too long for this message. A narrower question brings them up.",
        ),
        (
            wording.too_long_to_quote(1),
            "I found one quote, but it is too long for one message. Open the memo to read on:",
        ),
        (wording.more_notes(2), "And 2 remarks more."),
        (wording.cell("Motivations", "Biden-Harris"), 'row "Motivations", column "Biden-Harris"'),
        (wording.cell(None, "Trump"), 'column "Trump"'),
        (wording.cell(None, None), ""),
        (wording.day(date(2024, 10, 3)), "3 October 2024"),
        (wording.searched(1, 41), "searched one memo, 41 passages"),
        (wording.quoted_aloud("x", before=True, after=False), "… “x”"),
    ],
)
def test_sentence(said, sentence):
    assert said == sentence


def test_what_went_wrong_can_be_found_again():
    assert "01JQUOTH" in wording.went_wrong("01JQUOTH")
    assert "not_in_channel" in wording.could_not_post("not_in_channel")


def test_an_empty_library_is_said_to_be_empty():
    answer = nothing("What?", index=IndexInfo(memos=0, passages=0, version="0"), missing=("what",))
    assert remarks.nothing(answer) == [wording.NO_MEMOS]


def test_known_words_that_never_meet_are_not_called_missing():
    said = remarks.nothing(nothing("Squad pears?", closest=("A",)))
    assert said == [wording.NOTHING_FOUND, wording.NOT_TOGETHER, "The closest memo is “A”."]


def test_many_missing_words_are_counted():
    said = remarks.missing(nothing("?", missing=tuple("abcdefghijk")))
    assert said == [wording.stand_nowhere(list("abcdefgh"), more=3)]


def test_many_notes_are_counted():
    said = remarks.notes(nothing("?", notes=tuple("abcdef")))
    assert said == ["a", "b", "c", "d", wording.more_notes(2)]


MEMO = Memo(
    id="m", title="Alliances", text="The Squad.", author="A'ndre Gonawela", published=date(2024, 10, 3)
)


def test_a_citation_says_who_when_and_where():
    cited = excerpt(
        MEMO, "The Squad.", section=("Key Takeaways", "Trump"), row="R", column="C", page=4
    ).citation
    assert citations.line(cited) == (
        'Alliances · A\'ndre Gonawela · 3 October 2024 · Key Takeaways › Trump · row "R", column "C" · page 4'
    )


def test_what_is_unknown_is_left_out_of_a_citation():
    assert citations.line(excerpt(Memo(id="m", title=" ", text="x"), "x").citation) == wording.UNTITLED


def test_a_section_that_repeats_the_title_is_left_out():
    assert citations.place(excerpt(MEMO, "The Squad.", section=("Alliances", "Trump")).citation) == ["Trump"]
    assert citations.place(excerpt(MEMO, "The Squad.", section=("Alliances",)).citation) == []
