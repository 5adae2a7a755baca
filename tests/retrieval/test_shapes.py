"""Does a sentence hold what a question of its shape asks for?"""

import pytest

from retrieval.shapes import shape_of

HOLDS = [
    ("How many ships were built?", "Nine ships were built.", "Ships were built at the yard."),
    ("How many ships of 1999 were sold?", "In 1999 they sold 12 ships.", "In 1999 they sold many ships."),
    ("When did the war of 1812 end?", "It ended in 1815.", "The war of 1812 was long."),
    ("Who led the Moravian mission?", "The mission was led by Zinzendorf.", "The Moravian mission was long."),
    ("Where was the treaty signed?", "It was signed in Vienna.", "It was signed at night."),
    ("Why did it fail?", "It failed because of the rain.", "It failed in the rain."),
    ("What percentage of the land is farmed?", "Farms take 12% of it.", "Farms take most of it."),
    ("How long did the siege last?", "For nine weeks.", "For the whole of the war."),
    ("How did they cross?", "They crossed by a ford.", "They crossed at dawn."),
    ("What is the strait called?", "It is known as the Narrow.", "It is a strait."),
]


@pytest.mark.parametrize(("question", "holding", "other"), HOLDS, ids=[each[0] for each in HOLDS])
def test_a_sentence_that_holds_what_is_asked_for_counts_more(question, holding, other):
    shape = shape_of(question)
    assert shape
    assert shape.part(holding) > shape.part(other) == 0


@pytest.mark.parametrize("question", ["What are alliances?", "alliances", ""])
def test_a_question_of_no_shape_asks_for_nothing_special(question):
    assert shape_of(question) is None


@pytest.mark.parametrize(("question", "plain"), [("When was it?", True), ("What is it called?", False)])
def test_only_plain_shapes_are_after_a_fact_whatever_the_words(question, plain):
    shape = shape_of(question)
    assert shape
    assert shape.is_plain is plain
