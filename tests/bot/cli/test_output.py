"""Is what programs read exact: one document, rounded in one place, every character as it is?"""

import contextlib
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from bot.cli.output import print_json, rounded

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def printed(capsysbinary, value):
    print_json(value)
    return capsysbinary.readouterr().out.decode("utf-8")


def test_scores_and_times_are_rounded_and_the_rest_is_not():
    value = {
        "score": 1.23456789,
        "confidence": 0.99999,
        "took_ms": 1.00049,
        "other": 0.123456789,
        "span": [1, 2],
    }
    assert rounded({"a": [value]}) == {
        "a": [{"score": 1.2346, "confidence": 1.0, "took_ms": 1.0, "other": 0.123456789, "span": [1, 2]}]
    }


def test_short_lists_of_numbers_stand_on_one_line(capsysbinary):
    text = printed(capsysbinary, {"span": [9120, 9201], "cut": [False, True], "highlights": [[1, 2], [3, 4]]})
    assert '"span": [9120, 9201]' in text
    assert '"cut": [false, true]' in text
    assert "    [3, 4]" in text


def test_characters_are_not_escaped(capsysbinary):
    assert "“économic” 面" in printed(capsysbinary, {"quote": "“économic” 面"})


class TestEveryDocument:
    @given(value=JSON)
    def test_is_read_back_as_it_was(self, value):
        held = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
        with contextlib.redirect_stdout(held):
            print_json(value)
        assert json.loads(held.buffer.getvalue().decode("utf-8")) == value
