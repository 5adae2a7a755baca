"""What does the program say to somebody who typed a wrong path or name, or stopped it halfway?"""

import os
import signal
import subprocess
import sys

import pytest

from tests.conftest import ROOT, SEEDS
from tests.scenarios.test_cli import Quoth

CHANNEL = "slack:T1/C01"
PATIENCE = 60


@pytest.fixture
def quoth(tmp_path):
    return Quoth(tmp_path)


def test_a_folder_without_files_is_named(quoth, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/README.md").write_text("About this folder.\n")
    added = quoth("memos", "add", tmp_path / "empty")
    assert (added.returncode, added.stdout) == (
        0,
        f"No file to read in {tmp_path}/empty (hidden files and READMEs are passed over).\n",
    )


def test_a_digest_of_a_folder_that_is_not_there_is_refused(quoth, tmp_path):
    shown = quoth("digest", "demo", tmp_path / "memo")
    assert (shown.returncode, shown.stdout) == (3, "")
    assert "there is no such file or folder" in shown.stderr


def test_a_digest_names_the_files_that_it_leaves_out(quoth, tmp_path):
    (tmp_path / "bad.md").write_text("---\ndate: someday\n---\nText.\n")
    shown = quoth("digest", "demo", tmp_path)
    assert shown.returncode == 0
    assert "bad.md: front matter key 'date' is malformed" in shown.stderr
    assert f"{tmp_path} holds no memos." in shown.stderr


@pytest.mark.parametrize("names", [["*", "hr"], ["a/../b"], [""], [","]])
def test_a_name_that_is_none_binds_nothing(quoth, names):
    used = quoth("collections", "use", CHANNEL, *names)
    assert (used.returncode, used.stdout) == (2, "")
    assert quoth.json("collections", "log")["bindings"] == []


def test_a_channel_that_nobody_bound_need_not_be_unbound(quoth):
    quoth("memos", "add", SEEDS)
    cleared = quoth("collections", "clear", CHANNEL)
    assert cleared.stdout == f"Nobody bound {CHANNEL}, so nothing changed: it sees everything.\n"
    assert quoth.json("collections", "log")["bindings"] == []


def test_whoever_stops_an_adding_is_told_what_became_of_it(quoth, tmp_path):
    folder = tmp_path / "memos"
    folder.mkdir()
    for number in range(2000):
        (folder / f"{number}.txt").write_text(f"Note {number}\n\nThe code of room {number} is known.\n")
    adding = subprocess.Popen(
        [sys.executable, "-m", "bot", "memos", "add", folder],
        cwd=ROOT,
        env=quoth.settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert adding.stderr.readline().startswith("read:")
    adding.send_signal(signal.SIGINT)
    out, err = adding.communicate(timeout=PATIENCE)
    assert (adding.returncode, out) == (130, "")
    assert err.splitlines()[-1].startswith("Stopped. The library changes all at once")
    assert quoth("memos", "list").stdout == ""


def test_stopping_it_while_its_modules_load_is_silent(tmp_path):
    """A module that is loaded early stops the process as Ctrl-C would."""
    (tmp_path / "typer.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    stopped = subprocess.run(
        [sys.executable, "-m", "bot", "memos", "list"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (130, "", "")


def test_a_question_that_begins_with_a_minus_goes_after_two(quoth):
    answered = quoth("ask", "--memos", SEEDS, "--", "-japan alliance")
    assert answered.returncode == 0
    assert "Left out: passages with “japan”." in answered.stdout


def test_a_database_that_is_a_folder_is_no_empty_library(quoth, tmp_path):
    (tmp_path / "library.db").mkdir()
    listed = quoth("memos", "list")
    assert (listed.returncode, listed.stdout) == (69, "")
    assert "library.db is a folder, not a file. Name a file in it." in listed.stderr
