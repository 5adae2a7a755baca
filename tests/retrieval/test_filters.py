"""Do only the passages answer that may, and is the asker told what was left out?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import MalformedFilter, Memo, Outcome, answer, build_index
from retrieval.plain import Phrase, forms, hold, is_named

MEMOS = [
    Memo(
        id="tea-2024",
        title="Trump's tea",
        author="A'ndre Gonawéla",
        published=date(2024, 10, 3),
        tags=("Kitchen", "south korea"),
        status="final",
        text="The kettle is descaled on Fridays.\n\nA “free-rider” never descales the kettle.",
    ),
    Memo(
        id="tea-2023",
        title="Tea before",
        author="Li Haidong",
        published=date(2023, 12, 31),
        tags=("kitchen",),
        status="draft",
        text="The kettle was descaled on Mondays, said the kettles' owner.",
    ),
    Memo(id="Undated", title="日本茶の話", text="A kettle of unknown age. To be or not to be descaled."),
]


@pytest.fixture(scope="module")
def index():
    return build_index(MEMOS)


def found_in(index, question, **how):
    return sorted({each.citation.memo_id for each in answer(index, question, threshold=0, **how).excerpts})


@pytest.mark.parametrize(
    ("filters", "memos"),
    [
        ("", ["Undated", "tea-2023", "tea-2024"]),
        ("author:gonawela", ["tea-2024"]),
        ("author:andre", ["tea-2024"]),
        ('author:"Gonawela A’ndre"', ["tea-2024"]),
        ("author:gona", []),
        ("author:gonawela author:li", ["tea-2023", "tea-2024"]),
        ("author:gonawela before:2024", []),
        ("title:trump", ["tea-2024"]),
        ("title:tea", ["tea-2023", "tea-2024"]),
        ("title:日本", ["Undated"]),
        ("tag:KITCHEN", ["tea-2023", "tea-2024"]),
        ('tag:"South Korea"', ["tea-2024"]),
        ("tag:south", []),
        ("-tag:kitchen", ["Undated"]),
        ("status:draft", ["tea-2023"]),
        ("before:2024", ["tea-2023"]),
        ("before:2024-10-03", ["tea-2023"]),
        ("before:2024-10-04", ["tea-2023", "tea-2024"]),
        ("after:2023", ["tea-2024"]),
        ("after:2024", []),
        ("after:2024-09", ["tea-2024"]),
        ("after:2024-10", []),
        ("after:2023-12-30 before:2024-1", ["tea-2023"]),
        ("in:tea-2024", ["tea-2024"]),
        ("in:TEA-2024 in:undated", ["Undated", "tea-2024"]),
    ],
)
def test_filters_let_memos_through(index, filters, memos):
    assert found_in(index, f"kettle {filters}") == memos


@pytest.mark.parametrize(
    "wrong", ["before:tomorrow", "after:2024-13", "before:2024-02-30", "after:10/03/2024", "before:0000"]
)
def test_a_date_that_is_none_is_told(index, wrong):
    with pytest.raises(MalformedFilter, match="2024-10-03"):
        answer(index, f"kettle {wrong}")


def test_an_unknown_id_is_told_with_the_nearest(index):
    with pytest.raises(MalformedFilter, match="in:tea-2023 or in:tea-2024 or in:Undated"):
        answer(index, "kettle in:tea-2042")
    with pytest.raises(MalformedFilter, match="in:ID"):
        answer(build_index([]), "kettle in:x")


@pytest.mark.parametrize("phrase", ['"free rider"', "“Free-Rider”", '"A FREE rider never"'])
def test_an_exact_phrase_is_blind_to_case_and_punctuation(index, phrase):
    given_ = answer(index, f"{phrase} kettle", threshold=0)
    assert [each.quote for each in given_.excerpts] == ["A “free-rider” never descales the kettle."]
    assert given_.notes == ()


def test_an_exact_phrase_is_not_stemmed_while_its_forms_stand_somewhere(index):
    assert found_in(index, '"was descaled"') == ["tea-2023"]


def test_a_phrase_that_stands_in_other_forms_only_is_met_by_them_and_told(index):
    given_ = answer(index, '"kettle owners"', threshold=0)
    assert [each.citation.memo_id for each in given_.excerpts] == ["tea-2023"]
    assert given_.notes == ("“kettle owners” stands in the memos in other forms only.",)


def test_a_phrase_that_stands_nowhere_is_named_and_not_answered(index):
    given_ = answer(index, 'Where is the "Green Kettle"?', threshold=0)
    assert given_.outcome is Outcome.NOTHING
    assert "green kettle" in given_.missing
    assert given_.notes[0].startswith("No passage holds “Green Kettle” just like that.")


def test_a_phrase_of_words_too_common_to_search_is_quoted_where_it_stands(index):
    [excerpt] = answer(index, '"to be or not to be"').excerpts
    assert excerpt.citation.memo_id == "Undated"


def test_the_quote_holds_the_phrase_where_the_passage_goes_on_at_length():
    text = "The kettle is red. " * 30 + "Nobody owns a blue kettle. " + "The kettle is red. " * 30
    [excerpt] = answer(build_index([Memo(id="a", title="", text=text.strip())]), '"blue kettle"').excerpts
    assert "blue kettle" in excerpt.quote


def test_marks_without_words_demand_nothing(index):
    assert found_in(index, 'kettle "..." -"!"') == ["Undated", "tea-2023", "tea-2024"]


@pytest.mark.parametrize(
    ("excluded", "memos"),
    [
        ("-fridays", ["Undated", "tea-2023", "tea-2024"]),
        ("-friday -rider", ["Undated", "tea-2023"]),
        ("-monday", ["Undated", "tea-2024"]),
        ('-"monday"', ["Undated", "tea-2023", "tea-2024"]),
        ('-"on mondays"', ["Undated", "tea-2024"]),
        ("-free-rider -Fridays", ["Undated", "tea-2023"]),
        ("-was", ["Undated", "tea-2024"]),
    ],
)
def test_excluded_words_leave_passages_out_and_are_told(index, excluded, memos):
    assert found_in(index, f"kettle {excluded}") == memos
    notes = answer(index, f"kettle {excluded}", threshold=0).notes
    assert len(notes) == len(excluded.split(" -"))
    assert all(note.startswith("Left out: passages with “") for note in notes)


def test_a_pasted_sentence_is_searched_whole():
    sentence = "The likelihood of a U.S. -China clash grows."
    given_ = answer(build_index([Memo(id="a", title="", text=sentence)]), sentence)
    assert given_.excerpts[0].quote == sentence
    assert given_.notes == ()


def test_filters_alone_show_how_the_newest_memos_begin(index):
    given_ = answer(index, "memos tag:kitchen")
    assert [each.quote for each in given_.excerpts] == ["The kettle is descaled on Fridays.", MEMOS[1].text]
    assert (given_.outcome, given_.confidence) == (Outcome.FOUND, 1.0)
    assert found_in(index, "tag:kitchen", at_most=1) == ["tea-2024"]


@pytest.mark.parametrize(
    ("question", "note"),
    [
        (
            "kettle tag:kitchn",
            "No memo fits tag:kitchn; the nearest there is: Kitchen, kitchen, south korea.",
        ),
        ("kettle before:2020", "No memo fits before:2020."),
        ("kettle tag:kitchen status:x", "No memo fits status:x; the nearest there is: draft, final."),
        (
            "kettle author:li status:final",
            "No memo fits all of these together: author:li status:final.",
        ),
        ("kettle after:2023", "Left out: 1 memo without a date."),
        ("kimchi in:tea-2024", "Searched only 1 of 3 memos, as the filters ask."),
        ("from:alice kettle", "“from:” is no filter of mine, so I read it as words."),
        (
            'kettle "x y" ' + "word " * 15,
            "The question is long, so I read its quotation marks and minus signs as plain text.",
        ),
    ],
)
def test_what_a_filter_did_is_told(index, question, note):
    assert note in answer(index, question).notes


def test_filters_leave_the_scores_as_they_are(index):
    def scores(question):
        return {each.quote: each.score for each in answer(index, question, threshold=0, at_most=9).excerpts}

    held = scores("kettle descaled in:tea-2024")
    assert held
    assert held.items() <= scores("kettle descaled").items()


@pytest.mark.parametrize(
    ("wanted", "name", "named"),
    [
        ("trump", "Trump’s Asia", True),
        ("Trump's", "Trump in Asia", True),
        ("obrien", "Robert O'Brien", True),
        ("brien", "Robert O'Brien", False),
        ("JOSÉ", "jose", True),
        ("a b", "a c", False),
    ],
)
def test_names_are_compared_as_readers_do(wanted, name, named):
    assert is_named(wanted, name) is named


def test_forms_are_each_word_once():
    assert forms("The U.S. mini-lateral's: FY2018, 30,000!") == (
        "the",
        "us",
        "mini",
        "lateral",
        "fy2018",
        "30000",
    )
    assert forms("日本語") == ("日", "本", "語")


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("us troops", "all U.S. troops", True),
        ("us troops", "all US-troops left", True),
        ("us troops", "virus troops", False),
        ("us troops", "US troopsx", False),
        ("30000 men", "30,000 men", True),
        ("don't go", "They DON’T go", True),
        ("t go", "They don't go", False),
        ("squad", "the Squad’s aim", True),
        ("squad aim", "the Squad’s aim", True),
        ("mini lateral", "a “mini-lateral”", True),
        ("8.2 percent", "by 8.2 percent", True),
        ("日本", "全日本の", True),
    ],
)
def test_a_phrase_stands_in_a_text_in_its_plain_forms(phrase, text, stands):
    assert Phrase(phrase).stands_in(text) is stands


pieces = st.lists(
    st.sampled_from(
        [
            "us",
            "U.S.",
            "to",
            "Be",
            "30,000",
            "x9",
            "-",
            " ",
            " ",
            " ",
            ", ",
            "’s",
            "’",
            "'",
            "“",
            "é",
            "9",
            "a",
        ]
    )
)


@given(
    pieces.map("".join),
    st.lists(st.sampled_from(["us", "to", "be", "30000", "x9", "a", "9"]), min_size=1, max_size=3),
)
def test_the_fast_way_to_find_a_phrase_overlooks_nothing(text, phrase):
    if hold(forms(text), tuple(phrase)):
        assert Phrase(" ".join(phrase)).stands_in(text)


@pytest.mark.parametrize(
    ("text", "phrase"), [("x9’sus", "x9"), ("a’9x", "9x"), ("x9’to", "to"), ("9’s", "9")]
)
def test_an_apostrophe_beside_a_digit_joins_nothing(text, phrase):
    assert Phrase(phrase).stands_in(text)
