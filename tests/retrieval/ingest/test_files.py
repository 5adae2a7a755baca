"""Which files are read, under which ids, and what is said about the others?"""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from retrieval import EmptyMemo, NoSuchPath, UnknownFormat, UnreadableMemo, build_index, read_memo, read_memos
from retrieval.errors import DuplicateId, LeadsOutside, NotAFile, NotPermitted, OddName, TooLarge
from retrieval.ingest.files import LARGEST

TEXT = "Some text stands here, and it is a whole sentence.\n"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def memos(*paths: Path):
    return {r.memo.source: r.memo for r in read_memos(paths) if r.memo}


def errors(*paths: Path):
    return {r.path.name: r.error for r in read_memos(paths) if r.error}


def test_a_folder_is_read_with_its_folders_in_order(tmp_path):
    write(tmp_path, b_dot_txt=TEXT, a_dot_md=TEXT, deep__er__c_dot_html=f"<p>{TEXT}</p>", A_dot_TXT=TEXT)
    read = memos(tmp_path)
    assert list(read) == ["A.TXT", "a.md", "b.txt", "deep/er/c.html"]
    assert read["deep/er/c.html"].id == "deep-er-c"
    assert read["b.txt"].sha256 == sha256(TEXT.encode()).hexdigest()


def test_hidden_files_readmes_and_the_word_list_are_passed_over(tmp_path):
    write(
        tmp_path,
        a_dot_txt=TEXT,
        _dot_hidden_dot_txt=TEXT,
        _dot_git__x_dot_txt=TEXT,
        ReadMe_dot_md=TEXT,
        synonyms_dot_txt="a = b",
        deep__synonyms_dot_txt=TEXT,
    )
    assert list(memos(tmp_path)) == ["a.txt", "deep/synonyms.txt"]
    assert errors(tmp_path) == {}


def test_a_bad_file_is_told_and_the_others_are_read(tmp_path):
    write(tmp_path, a_dot_txt=TEXT, b_dot_txt=" \n", c_dot_xyz="%PDF", d_dot_txt="---\n***\n")
    assert list(memos(tmp_path)) == ["a.txt"]
    told = errors(tmp_path)
    assert {name: type(error) for name, error in told.items()} == {
        "b.txt": EmptyMemo,
        "c.xyz": UnknownFormat,
        "d.txt": EmptyMemo,
    }
    for name, error in told.items():
        assert name in str(error)


def test_a_missing_path_is_a_result_or_raised(tmp_path):
    gone = tmp_path / "gone.txt"
    assert isinstance(errors(gone)["gone.txt"], NoSuchPath)
    with pytest.raises(NoSuchPath, match=r"gone\.txt"):
        read_memo(gone)
    with pytest.raises(NoSuchPath):
        read_memo(tmp_path / "a\0b.txt")


def test_a_folder_or_a_pipe_is_no_file(tmp_path):
    with pytest.raises(NotAFile):
        read_memo(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    assert isinstance(errors(tmp_path)["pipe.txt"], NotAFile)


def test_links_out_of_the_folder_are_refused(tmp_path):
    inside = tmp_path / "in"
    write(tmp_path, in__a_dot_txt=TEXT, out__secret_dot_txt=TEXT)
    (inside / "link.txt").symlink_to(tmp_path / "out" / "secret.txt")
    (inside / "folder").symlink_to(tmp_path / "out")
    (inside / "again.txt").symlink_to(inside / "a.txt")
    (inside / "loop").symlink_to(inside)
    assert list(memos(inside)) == ["a.txt"]
    assert {name: type(e) for name, e in errors(inside).items()} == {
        "link.txt": LeadsOutside,
        "folder": LeadsOutside,
    }


def test_a_link_to_nothing_or_to_itself_is_told(tmp_path):
    write(tmp_path, a_dot_txt=TEXT)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert list(memos(tmp_path)) == ["a.txt"]
    assert set(errors(tmp_path)) == {"gone.txt", "loop.txt"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path):
    write(tmp_path, a_dot_txt=TEXT, shut__b_dot_txt=TEXT)
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "shut").chmod(0)
    try:
        assert {name: type(e) for name, e in errors(tmp_path).items()} == {
            "a.txt": NotPermitted,
            "shut": NotPermitted,
        }
    finally:
        (tmp_path / "shut").chmod(0o700)


def test_a_file_beyond_the_limit_is_refused_with_the_limit(tmp_path):
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(TooLarge, match="20,971,520"):
        read_memo(tmp_path / "big.txt")


def test_files_of_one_name_get_ids_of_their_own_that_stay(tmp_path):
    write(tmp_path, plan_dot_md=TEXT, plan_dot_txt=TEXT)
    ids = [memo.id for memo in memos(tmp_path).values()]
    assert ids[0] == "plan"
    assert ids[1].startswith("plan-")
    assert ids == [memo.id for memo in memos(tmp_path).values()]


def test_an_id_that_two_files_state_is_an_error_that_names_both(tmp_path):
    write(tmp_path, a_dot_md=f"---\nid: one\n---\n{TEXT}", b_dot_md=f"---\nid: one\n---\n{TEXT}")
    error = errors(tmp_path)["b.md"]
    assert isinstance(error, DuplicateId)
    assert "a.md" in str(error)
    assert "b.md" in str(error)
    assert memos(tmp_path)["a.md"].id == "one"


def test_a_file_given_twice_is_read_once(tmp_path):
    write(tmp_path, a_dot_txt=TEXT)
    assert len(list(read_memos([tmp_path, tmp_path / "a.txt", str(tmp_path)]))) == 1


@pytest.mark.parametrize(
    ("name", "memo_id"),
    [
        ("000_fda723d3293bac72.txt", "000_fda723d3293bac72"),
        ("Q3 plan (final).txt", "Q3-plan-final"),
        ("v1.2.txt", "v1.2"),
        ("Übersicht.txt", "Übersicht"),
    ],
)
def test_an_id_is_the_files_name_made_plain(tmp_path, name, memo_id):
    (tmp_path / name).write_text(TEXT)
    assert read_memo(tmp_path / name).id == memo_id


def test_names_of_any_bytes_are_read_or_told_and_never_drive_a_terminal(tmp_path):
    for name in (b"\xff\xfe.txt", b"???.txt", b"\x1b[31m.txt", b"a\nb.txt", b"x" * 250 + b".txt"):
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_text(TEXT)
    results = list(read_memos([tmp_path]))
    assert len({r.memo.id for r in results if r.memo}) == 3
    assert [type(r.error) for r in results if r.error] == [OddName, OddName]
    assert all(len(r.memo.id) <= 120 for r in results if r.memo)
    for result in results:
        if result.error:
            assert str(result.error).isprintable()


def test_a_result_holds_a_memo_or_an_error(tmp_path):
    write(tmp_path, a_dot_txt=TEXT, b_dot_txt="")
    for result in read_memos([tmp_path]):
        assert (result.memo is None) != (result.error is None)
        assert result.error is None or isinstance(result.error, UnreadableMemo)


def test_a_file_whose_name_is_no_text_can_be_indexed_and_its_title_written_down(tmp_path):
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff\xfe.txt"))).write_text(
        "The Squad is here, as we all know by now."
    )
    memos = [result.memo for result in read_memos([tmp_path])]
    title = memos[0].title
    assert title.encode() is not None
    assert title.isprintable()
    assert build_index(memos).info.version


@pytest.mark.parametrize(
    "name", ["a\x1b[31mred.txt", "a\nb.txt", "a\u202etxt.txt", "\x9b.txt", "odd\x07/memo.txt", "a\u2028b.txt"]
)
def test_control_characters_in_a_name_are_refused_and_shown_as_escapes(tmp_path, name):
    path = tmp_path / "given" / name
    path.parent.mkdir(parents=True)
    path.write_text(TEXT)
    (tmp_path / "given" / "good.txt").write_text(TEXT)
    assert list(memos(tmp_path / "given")) == ["good.txt"]
    (error,) = errors(tmp_path / "given").values()
    assert isinstance(error, OddName)
    assert str(error).isprintable()
    assert "Rename it" in str(error)
    if "/" not in name:
        with pytest.raises(OddName):
            read_memo(path)
