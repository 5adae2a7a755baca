"""Is a large file that nobody touched taken for whole without a second look, and never one that somebody did?"""

import os
import time

import numpy as np
import pytest

from retrieval import arrays, marks

MANY = {"numbers": np.arange(50_000)}


@pytest.fixture
def looked_through(monkeypatch):
    """The lengths of the bodies that were looked through, with every file a large one."""
    seen = []

    def _is_whole(body, sums):
        seen.append(len(body))
        return whole(body, sums)

    whole = arrays._is_whole
    monkeypatch.setattr(arrays, "SMALL", 0)
    monkeypatch.setattr(arrays, "_is_whole", _is_whole)
    return seen


@pytest.fixture
def file(tmp_path, looked_through):
    """A file whose time of change tells something, which one in a hundred does not."""
    file = tmp_path / "some.index"
    while not file.exists() or file.stat().st_ctime_ns % marks._COARSE == 0:
        arrays.write_arrays(file, {}, MANY)
    return file


def is_whole(file):
    found = arrays.read_arrays(file)
    return found is not None and np.array_equal(found.arrays["numbers"], MANY["numbers"])


posix = pytest.mark.skipif(os.name == "nt", reason="the time of a file's last change is told on POSIX alone")


@posix
def test_what_was_written_whole_is_not_looked_through_again(file, looked_through):
    assert is_whole(file)
    assert is_whole(file)
    assert looked_through == []


@posix
def test_a_file_that_was_found_whole_is_not_looked_through_again(file, looked_through):
    marks.mark_of(file).unlink()
    time.sleep(marks._TICK / 1e9)
    assert is_whole(file)
    assert is_whole(file)
    assert len(looked_through) == 1


@posix
def test_a_file_that_has_just_changed_is_looked_through_the_next_time_too(file, looked_through):
    marks.mark_of(file).unlink()
    file.chmod(0o600)
    assert is_whole(file)
    assert is_whole(file)
    assert len(looked_through) == 2
    assert not marks.mark_of(file).exists()


@pytest.mark.parametrize("how", ["in its place", "in its place, its time set back", "by another file"])
def test_a_file_that_was_altered_is_found_out(file, how):
    about = file.stat()
    time.sleep(marks._TICK / 1e9)
    altered = bytearray(file.read_bytes())
    altered[len(altered) // 2] ^= 1
    into = file.with_name("another") if how == "by another file" else file
    into.write_bytes(altered)
    os.utime(into, ns=(about.st_atime_ns, about.st_mtime_ns))
    into.replace(file)
    assert arrays.read_arrays(file) is None


def test_a_file_that_was_cut_is_found_out(file):
    time.sleep(marks._TICK / 1e9)
    os.truncate(file, file.stat().st_size - 1)
    assert arrays.read_arrays(file) is None


@pytest.mark.parametrize("mark", [b"", b"1 2 3 4\n", b"\xff\xfe"])
def test_a_mark_that_says_something_else_says_nothing(file, looked_through, mark):
    marks.mark_of(file).write_bytes(mark)
    assert is_whole(file)
    assert len(looked_through) == 1


@posix
def test_where_no_mark_can_be_set_a_file_is_read_all_the_same(file, looked_through):
    marks.mark_of(file).unlink()
    marks.mark_of(file).mkdir()
    time.sleep(marks._TICK / 1e9)
    assert is_whole(file)
    assert is_whole(file)
    assert len(looked_through) == 2
    assert len(list(file.parent.iterdir())) == 2


def test_a_small_file_has_no_mark(tmp_path):
    arrays.write_arrays(tmp_path / "some.index", {}, MANY)
    assert is_whole(tmp_path / "some.index")
    assert [each.name for each in tmp_path.iterdir()] == ["some.index"]


def test_nothing_is_left_beside_a_file_and_its_mark(file):
    assert {each.name for each in file.parent.iterdir()} <= {file.name, marks.mark_of(file).name}
    arrays.remove_arrays(file)
    assert list(file.parent.iterdir()) == []
