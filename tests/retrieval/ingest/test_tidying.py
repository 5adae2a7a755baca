"""Is what a compiled reader gives tidied like text that was decoded, and what is tidy left alone?"""

from hypothesis import given
from hypothesis import strategies as st

from retrieval import BlockKind
from retrieval.ingest.pieces import Details, Draft, Piece
from retrieval.ingest.tidying import tidied
from retrieval.models import Turn

ODD = st.text(alphabet=st.sampled_from("ab \t\n\f\x00\x1b\u00ad\u200b\u202e\ud800\u00a0\u3042"), max_size=40)


def text_of(text: str) -> str:
    return "".join(piece.text for piece in tidied(Draft([Piece(text)])).pieces)


def test_what_cannot_be_seen_or_written_is_gone():
    assert text_of("\x1b[2JA \u202ememo\ud800  of\u00a0two \n\n lines\f") == "[2JA memo\ufffd of two\nlines"


@given(ODD)
def test_tidying_twice_is_tidying_once(text):
    once = tidied(
        Draft([Piece(text, row=text, section=(text,))], Details(title=text, tags=(text,)), notes=(text,))
    )
    assert tidied(once) == once
    for said in (text_of(text), once.details.title):
        assert said.encode().decode() == said
        assert said == said.strip()
        assert "  " not in said


def test_a_tidy_piece_is_the_same_piece():
    piece = Piece("A memo\nof two lines", BlockKind.CELL, row="a", section=("b",), turns=(Turn(7, 2),))
    assert tidied(Draft([piece])).pieces[0] is piece


def test_a_page_still_begins_at_its_word():
    (piece,) = tidied(Draft([Piece("one  two\x00   three four", turns=(Turn(12, 2), Turn(18, 3)))])).pieces
    assert piece.text == "one two three four"
    assert [(piece.text[turn.at :], turn.page) for turn in piece.turns] == [("three four", 2), ("four", 3)]


def test_nothing_is_left_of_a_piece_without_words():
    assert tidied(Draft([Piece(" \u200b\n"), Piece("")])).pieces == []
