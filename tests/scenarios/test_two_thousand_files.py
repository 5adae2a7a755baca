"""Is a folder of 2,000 real files read with its failures listed, and a second time in no time?"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from tests.conftest import ROOT
from tests.servers.mixed_folder import FILES, make_mixed_folder

TWO_SECONDS = 2.0
MOST_RUNS = 5
"""Times that it may take longer on a machine that is busy with other things."""

PATIENCE = 300


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where it happens, with a copy of the program: somebody who edits the readers meanwhile has all read again."""
    place = tmp_path_factory.mktemp("two-thousand")
    for part in ("bot", "retrieval"):
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))
    return place


@pytest.fixture(scope="module")
def folder(place):
    return make_mixed_folder(place / "memos")


def quoth(place: Path, *arguments):
    """The program's output, and the seconds that it took, start-up included."""
    began = monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=place,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{place / 'quoth.db'}"},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return done, monotonic() - began


@pytest.fixture(scope="module")
def first(place, folder):
    """What the first addition says."""
    return quoth(place, "memos", "add", folder)


def failures(done):
    return {line for line in done.stderr.splitlines() if line.startswith("failed: ")}


def test_every_file_is_read_or_named_with_a_reason(first, folder):
    done, took = first
    sys.stdout.write(f"{FILES} files in {took:.0f} s: {done.stdout}")
    assert done.returncode == 3, done.stderr[-2000:]
    lines = done.stderr.splitlines()
    read = [line for line in lines if line.startswith("read: ")]
    assert len(read) + len(failures(done)) >= FILES
    assert len(read) > 0.95 * FILES
    assert all(len(line.split(": ", 2)) == 3 for line in failures(done)), "each says which file, and why"
    assert "Traceback" not in done.stderr
    tried = {line.split(": ")[1] for line in lines if line.startswith(("read: ", "failed: "))}
    assert {str(path) for path in folder.rglob("*") if path.is_file()} <= tried


def test_a_second_run_reads_nothing_ends_in_two_seconds_and_names_the_same_failures(first, place, folder):
    seconds = []
    while min(seconds, default=TWO_SECONDS) >= TWO_SECONDS and len(seconds) < MOST_RUNS:
        done, took = quoth(place, "memos", "add", folder)
        seconds.append(took)
        assert "read: " not in done.stderr
        assert failures(done) == failures(first[0])
        assert done.stdout.startswith(first[0].stdout.split(" added")[0] + " unchanged")
    assert min(seconds) < TWO_SECONDS, seconds


def test_of_all_of_them_only_the_one_that_changed_is_read(first, place, folder):
    changed = folder / "texts07" / "0007.md"
    changed.write_text("# Ferries\n\nThe ferry to the island leaves at nine.", encoding="utf-8")
    done, _ = quoth(place, "memos", "add", folder)
    assert [line for line in done.stderr.splitlines() if line.startswith("read: ")] == [f"read: {changed}"]
    assert "changed: texts07-0007" in done.stderr
