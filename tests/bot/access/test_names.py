"""Are collections, channels and people called the same however they are typed, and told apart where they differ?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access import collection_name, collection_names, collections_of, folder_collections, is_key
from retrieval import Memo


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Policy", "policy"),
        ("  HR  Letters ", "hr-letters"),
        ("Policy/ HR /2024", "policy/hr/2024"),
        ("/policy//hr/", "policy/hr"),
        ("Größe", "grösse"),
        ("e\u0301te", "\u00e9te"),
        ("R&D (old)", "r&d-(old)"),
    ],
)
def test_a_collection_has_one_name(typed, name):
    assert collection_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    ["", " ", "/", "*", "Everything", "nothing", "auto", "a\x1bb", "a\u202eb", "x" * 201, "a/../b", "."],
)
def test_what_is_no_name_names_nothing(typed):
    assert collection_name(typed) is None
    assert not collection_names([typed])


@given(st.text())
def test_a_name_is_its_own_name(typed):
    name = collection_name(typed)
    assert name is None or collection_name(name) == name


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("notes.md", set()),
        ("policy/leave.md", {"policy"}),
        ("Policy/HR/leave.md", {"policy", "policy/hr"}),
        ("mail.eml/annex.pdf", set()),
        ("ops/mail.eml/annex.pdf", {"ops"}),
        ("../board/takeover.md", set()),
        ("everything/leave.md", set()),
    ],
)
def test_a_folder_is_a_collection_and_so_are_those_that_it_lies_in(source, names):
    assert folder_collections(source) == names


def test_a_memo_is_in_the_collections_of_its_folder_of_its_front_matter_and_of_commands():
    memo = Memo(id="m", title="t", text="x", source="Policy/m.md", collections=("Ops/On Call", "*"))
    found = collections_of(memo, {"m": frozenset({"board/2024"}), "other": frozenset({"secret"})})
    assert found == {"policy", "ops", "ops/on-call", "board", "board/2024"}


@pytest.mark.parametrize("key", ["slack:T1/C1", "discord:123/456"])
def test_a_channel_is_known_by_its_key(key):
    assert is_key(key)


@pytest.mark.parametrize(
    "key", ["C1", "slack:C1", "slack:T1/C1/9", "irc:a/b", "slack:T1/ C1", "slack:/C1", ""]
)
def test_what_is_no_key_is_none(key):
    assert not is_key(key)
