"""Is every word of a table or a mail kept, whatever it looks like?"""

import csv
import io
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.ingest.formats import BINARY

WORD = st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=1, max_size=6)
FIGURE = st.sampled_from(
    ["12", "3.5", "1,200", "45%", "2024", "2024-05-03", "n/a", "€ 7", "", "", "Q1 2024", "Total"]
)
CELL = st.one_of(FIGURE, WORD, st.lists(WORD, min_size=1, max_size=12).map(" ".join))
GRID = st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=9)
LINE = st.builds(
    lambda mark, words, end: f"{mark}{' '.join(words)}{end}",
    st.sampled_from(
        ["", "", "> ", ">> ", "> > ", "- ", "On Monday ", "From: ", "Sent: ", "To: ", "Subject: ", "  "]
    ),
    st.lists(WORD, max_size=8),
    st.sampled_from(["", ".", ":", " wrote:", " ", "?"]),
)


def words_of(texts) -> list[str]:
    return sorted(word for text in texts for word in text.split())


@settings(max_examples=150)
@given(grid=GRID, delimiter=st.sampled_from(",;\t|"))
def test_a_table_keeps_every_word_once(grid, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(grid)
    stated = f"sep={delimiter}\n"
    draft = BINARY[".csv"]((stated + out.getvalue()).encode(), Path("a.csv"))
    assert words_of(piece.text for piece in draft.pieces) == words_of(cell for row in grid for cell in row)


@settings(max_examples=40)
@given(grid=GRID)
def test_a_workbook_keeps_every_word_once(grid):
    book = openpyxl.Workbook()
    for row in grid:
        book.active.append([cell or None for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    draft = BINARY[".xlsx"](stream.getvalue(), Path("a.xlsx"))
    assert words_of(piece.text for piece in draft.pieces) == words_of(cell for row in grid for cell in row)


@settings(max_examples=200)
@given(lines=st.lists(LINE, max_size=14))
def test_a_mail_keeps_every_word_once(lines):
    body = "\n".join(lines)
    draft = BINARY[".eml"](f"From: a@example.org\nSubject: s\n\n{body}\n".encode(), Path("a.eml"))
    kept = words_of(piece.text for piece in draft.pieces[2:])
    marks = {">", ">>", "-", "--"}
    assert [word for word in kept if word not in marks] == [
        word for word in words_of(lines) if word not in marks
    ]
