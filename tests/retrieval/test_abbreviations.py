"""Are abbreviations found where a memo explains them, and nowhere else?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Memo, answer, build_index
from retrieval.abbreviations import abbreviations


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("via the Special Measures Agreement (SMA) – to help", [("SMA", "Special Measures Agreement")]),
        ("via the SMA (Special Measures Agreement) – to help", [("SMA", "Special Measures Agreement")]),
        ("the Special Measures Agreement (the “SMA”)", [("SMA", "Special Measures Agreement")]),
        ("the Special Measures Agreement (SMA, 2019)", [("SMA", "Special Measures Agreement")]),
        (
            "renegotiate the Korea-U.S. Free Trade Agreement (KORUS)",
            [("KORUS", "Korea-U.S. Free Trade Agreement")],
        ),
        ("Free Trade Agreements (FTAs)", [("FTAs", "Free Trade Agreements")]),
        ("the Group of 7 (G7)", [("G7", "Group of 7")]),
        ("Special offers ended. Measures Agreement (SMA)", []),
        ("a long list (see the annex)", []),
        ("in the year (2019)", []),
        ("the president (Yoon)", []),
        ("SMA (SMA)", []),
        ("()( )", []),
        ("(SMA)", []),
        ("alpha beta (XYZ)", []),
    ],
)
def test_definitions(text, found):
    assert list(abbreviations(text)) == found


@given(st.text('ab AB().,;"“ \n', max_size=80))
def test_any_text_is_read_and_what_is_found_stands_in_it(text):
    for short, long in abbreviations(text):
        assert short in text
        assert " ".join(long.split()) in " ".join(text.split())
        assert len(short) < len(long)


def test_an_abbreviation_and_its_meaning_find_each_other():
    index = build_index(
        [
            Memo(id="a", title="", text="They signed the Special Measures Agreement (SMA) at dawn."),
            Memo(id="b", title="", text="Costs under the SMA rise by nine percent."),
            Memo(id="c", title="", text="The Special Measures Agreement lapses in winter."),
        ]
    )
    long = answer(index, "What costs rise under the Special Measures Agreement?")
    assert long.excerpts[0].citation.memo_id == "b"
    assert "Also searched: Special Measures Agreement = SMA." in long.notes
    short = answer(index, "When does the SMA lapse?")
    assert short.excerpts[0].citation.memo_id == "c"
    assert short.notes == ("Also searched: SMA = Special Measures Agreement.",)


def test_an_abbreviation_with_two_meanings_has_each_in_its_own_memo():
    index = build_index(
        [
            Memo(
                id="a", title="", text="A Special Measures Agreement (SMA) binds us.\n\nThe SMA costs much."
            ),
            Memo(
                id="b", title="", text="Spinal Muscular Atrophy (SMA) is rare.\n\nThe SMA ward costs little."
            ),
            Memo(id="c", title="", text="Nobody knows what an SMA costs."),
        ]
    )
    found = answer(index, "What costs does the Special Measures Agreement have?", threshold=0, at_most=9)
    met = {each.quote for each in found.excerpts if any(b - a == 3 for a, b in each.highlights)}
    assert met == {"The SMA costs much."}
