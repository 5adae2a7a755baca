"""Does each part of keeping folders decide as it says?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.folders import noticing
from bot.folders.comparing import Comparison, Wishes, compare, unsettled
from bot.folders.looking import Look, Sight
from bot.folders.removals import AT_ONCE, Removals
from bot.storage import Given, KnownFile, KnownFolder
from retrieval import Candidate

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def sight(path, size=10, mtime_ns=1):
    return Sight(Candidate(Path("/r") / path, path), size, mtime_ns)


def look(*sights, hidden=()):
    return Look("/r", {each.candidate.source: each for each in sights}, hidden=tuple(hidden))


def known(**memos):
    files = {
        path: KnownFile(
            path, 10, 1, f"hash of {path}", "r", None, NOON, tuple(Given(one, path) for one in ids)
        )
        for path, ids in memos.items()
    }
    return KnownFolder("/r", 1, 0, files)


def compared(folder, seen, hashes=lambda one: f"new {one.candidate.source}"):
    return compare(folder, seen, Wishes("r"), NOON, hash_of=hashes)


# What stands still


def test_a_file_is_settled_when_two_looks_see_the_same():
    first, growing = look(sight("a", 5), sight("b", 7)), look(sight("a", 6), sight("b", 7))
    comparison = compared(known(), growing)
    assert unsettled(comparison, first) == {"a"}
    assert unsettled(comparison, None) == {"a", "b"}
    assert [each.path for each in comparison.without({"a"}).work] == ["b"]


def test_a_file_is_gone_when_two_looks_miss_it():
    comparison = compared(known(a=["a"], b=["b"]), look(sight("b")))
    assert comparison.gone == ("a",)
    assert unsettled(comparison, look(sight("a"), sight("b"))) == {"a"}
    assert unsettled(comparison, look(sight("b"))) == set()


def test_a_move_that_is_not_settled_leaves_the_file_where_it_was():
    comparison = compared(known(a=["a"]), look(sight("b", 11)), lambda _: "hash of a")
    assert (comparison.gone, comparison.moved_from) == ((), {"a"})
    assert comparison.without({"b"}).moved_from == frozenset()


def test_what_lies_in_a_folder_that_could_not_be_looked_into_is_not_gone():
    folder = known(**{"sub/a": ["a"], "subway/b": ["b"]})
    assert compared(folder, look(hidden=["sub"])).gone == ("subway/b",)
    assert compared(folder, look(hidden=["."])).gone == ()


def test_the_newest_are_read_first_so_many_at_a_time_and_one_at_least():
    comparison = compared(known(), look(*(sight(name, 100, n) for n, name in enumerate("abcd"))))
    paths = [each.path for each in comparison.newest(3, 250).work]
    assert paths == ["d", "c"]
    assert [each.path for each in comparison.newest(3, 1).work] == ["d"]
    assert comparison.newest(3, 250).is_partial
    assert not comparison.newest(9, 999).is_partial


# Removals


def losing(gone, of=10, held=0):
    files = {
        f"f{n}": KnownFile(f"f{n}", 1, 1, "h", "r", None, NOON, (Given(f"m{n}", f"f{n}"),)) for n in range(of)
    }
    folder = KnownFolder("/r", 1, held, files)
    return Comparison(folder, look(), gone=tuple(list(files)[:gone]))


@pytest.mark.parametrize(("gone", "held"), [(0, 0), (5, 0), (6, 6), (10, 10)])
def test_more_than_the_share_is_held(gone, held):
    assert Removals(0.5).held(losing(gone), NOON) == held


def test_a_share_of_one_holds_nothing():
    assert Removals(1.0).held(losing(10), NOON) == 0


def test_removals_one_after_the_other_count_together_for_a_while():
    removals = Removals(0.5)
    removals.made(4, NOON)
    assert removals.held(losing(3, of=6), NOON + AT_ONCE / 2) == 3
    assert removals.held(losing(3, of=6), NOON + AT_ONCE) == 0


def test_what_is_held_stays_so_until_all_is_back_or_somebody_says_yes():
    assert Removals(0.5).held(losing(1, held=6), NOON) == 1
    assert Removals(0.5, confirmed=6).held(losing(6, held=6), NOON) == 0
    assert Removals(0.5, confirmed=6).held(losing(7, held=6), NOON) == 7
    assert Removals(0.5).held(losing(0, held=6), NOON) == 0


def test_files_without_memos_may_always_go():
    bad = KnownFile("bad", 1, 1, "h", "r", "binary", NOON)
    assert (
        Removals(0.5).held(Comparison(KnownFolder("/r", 1, 0, {"bad": bad}), look(), gone=("bad",)), NOON)
        == 0
    )


# Network shares


@pytest.mark.parametrize(
    ("path", "network"),
    [("/srv/memos/a", False), ("/mnt/team share/x", True), ("/mnt/team", False), ("/mnt/team share", True)],
)
def test_a_network_share_is_told_by_its_mount(tmp_path, monkeypatch, path, network):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/team\\040share nfs4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n"
    )
    monkeypatch.setattr(noticing, "_MOUNTS", mounts)
    assert noticing.is_network(Path(path)) is network


def test_where_the_system_does_not_tell_no_share_is_assumed(tmp_path, monkeypatch):
    monkeypatch.setattr(noticing, "_MOUNTS", tmp_path / "nothing")
    assert not noticing.is_network(Path("/srv"))
