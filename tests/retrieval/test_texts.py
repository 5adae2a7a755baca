"""Are texts that lie one after the other the same when they are taken out again?"""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.texts import Texts


@given(st.lists(st.text(st.characters(exclude_categories=()))))
def test_texts_are_taken_out_as_they_were_put_in(texts):
    found = Texts.of(texts)
    assert found.all() == texts
    assert [found[number] for number in range(len(found))] == texts
    assert found.filled() == [number for number, text in enumerate(texts) if text]
    assert Texts(found.values, found.edges).all() == texts
