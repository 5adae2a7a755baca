"""Is what was found out about memos kept as it was, and never taken from a file that holds something else?"""

import gc
import os
import sys
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Memo, Superseded, Synonyms, answer, build_index, keep, kept_index, open_index
from retrieval import keeping as keeping_module
from tests.retrieval.comparing import in_words
from tests.retrieval.test_building import SENTENCES, SYNONYMS, libraries


def keyed(memos):
    return {
        memo.id: (memo.text + memo.title + str(memo.published) + str(memo.language), memo) for memo in memos
    }


def kept_of(index, memos, file):
    keep(index, {memo_id: key for memo_id, (key, _) in keyed(memos).items()}, "these", file)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


@given(libraries, libraries)
def test_an_index_built_from_what_was_kept_is_the_same(shelf, before, now):
    file = shelf / "index"
    kept_of(build_index(before, SYNONYMS), before, file)
    known = kept_index(file)
    assert known is not None
    assert in_words(build_index(now, SYNONYMS, known)) == in_words(build_index(now, SYNONYMS))


@given(libraries)
def test_an_index_that_was_kept_opens_as_the_same(shelf, library):
    index = build_index(library, SYNONYMS)
    kept_of(index, library, shelf / "opened")
    opened = open_index(shelf / "opened", "these", SYNONYMS)
    assert in_words(opened) == in_words(index)
    assert in_words(build_index(library[1:], SYNONYMS, opened)) == in_words(
        build_index(library[1:], SYNONYMS)
    )
    again = shelf / "again"
    keep(opened, opened.keys, "these", again)
    assert again.read_bytes() == (shelf / "opened").read_bytes()


def test_only_the_index_that_was_asked_for_is_opened(tmp_path):
    file = tmp_path / "index"
    kept_of(build_index(LIBRARY, SYNONYMS), LIBRARY, file)
    assert open_index(file, "these", SYNONYMS)
    assert open_index(file, "others", SYNONYMS) is None
    assert open_index(file, "these") is None
    assert open_index(file, "these", SYNONYMS, Superseded.HIDE) is None
    assert open_index(tmp_path / "missing", "these") is None


@pytest.mark.parametrize("superseded", Superseded)
def test_who_supersedes_whom_is_kept(tmp_path, superseded):
    older = Memo(id="older", title="Ships", text="Ships meet in March at the harbour.")
    newer = Memo(id="newer", title="Ships", text="Ships meet in May at the harbour.", supersedes=("older",))
    index = build_index([older, newer], superseded=superseded)
    kept_of(index, [older, newer], tmp_path / "index")
    opened = open_index(tmp_path / "index", "these", superseded=superseded)
    assert answer(opened, "When do ships meet?") == answer(index, "When do ships meet?")
    assert opened.succession.latest("older") == ["newer"]


LIBRARY = [Memo(id=str(n), title=f"Memo {n}", text="\n\n".join(SENTENCES[n:])) for n in range(4)]


def test_memos_that_did_not_change_are_not_analysed_again(tmp_path, analysed):
    kept_of(build_index(LIBRARY), LIBRARY, tmp_path / "index")
    known = kept_index(tmp_path / "index")
    analysed.clear()
    library = [*LIBRARY, Memo(id="new", title="", text="It is new.")]
    again = build_index(library, known=known)
    assert analysed == ["new"]
    assert in_words(again) == in_words(build_index(library))


@given(st.data())
def test_a_torn_or_altered_file_is_as_good_as_none(shelf, data):
    file = shelf / "torn"
    kept_of(build_index(LIBRARY, SYNONYMS), LIBRARY, file)
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    altered = bytes([whole[at] ^ data.draw(st.integers(1, 255))])
    file.write_bytes(
        data.draw(st.sampled_from([whole[:at], whole[:at] + altered + whole[at + 1 :], whole + b"x", b""]))
    )
    assert kept_index(file) is None


def test_a_file_of_other_code_and_a_missing_one_are_as_good_as_none(tmp_path, monkeypatch):
    file = tmp_path / "index"
    assert kept_index(file) is None
    kept_of(build_index(LIBRARY), LIBRARY, file)
    monkeypatch.setattr(keeping_module, "code_version", lambda: "another")
    assert kept_index(file) is None


def test_an_opened_index_is_let_go_of_as_soon_as_nobody_uses_it(tmp_path):
    """Without waiting for a collection of circles: it holds a file, or all of its bytes."""
    kept_of(build_index(LIBRARY), LIBRARY, tmp_path / "index")
    index = kept_index(tmp_path / "index")
    index.warm()
    assert answer(index, "Who meets?", threshold=0).index == index.info
    there = weakref.ref(index)
    gc.disable()
    try:
        del index
        assert there() is None
    finally:
        gc.enable()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_pipe_where_the_file_should_be_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "index")
    assert kept_index(tmp_path / "index") is None


def test_other_synonyms_make_all_anew(tmp_path):
    kept_of(build_index(LIBRARY, SYNONYMS), LIBRARY, tmp_path / "index")
    known = kept_index(tmp_path / "index")
    others = [Synonyms(asked=("ships",), found=("vessels",))]
    assert in_words(build_index(LIBRARY, others, known)) == in_words(build_index(LIBRARY, others))
