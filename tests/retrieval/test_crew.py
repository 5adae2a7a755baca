"""Is an index the same however many processes build it, and whatever becomes of them?"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Memo, build_index, crew
from retrieval.columns import NOTHING, Columns
from retrieval.gathering import cuts_of, put_together
from tests.retrieval.comparing import in_words
from tests.retrieval.test_building import SENTENCES, SYNONYMS, libraries

LIBRARY = [
    Memo(id=f"{number:03}", title=f"Memo {number}", text="\n\n".join(SENTENCES[number % 7 :]))
    for number in range(60)
]


@pytest.fixture
def small_batches(monkeypatch):
    """Every few memos are a batch, and worth a process."""
    monkeypatch.setattr(crew, "FEW", 0)
    monkeypatch.setattr(crew, "FEWEST", 1)


@pytest.fixture
def workers(monkeypatch):
    """The processes that were started, in order."""
    started = []

    class Noted(crew._Worker):
        def __init__(self):
            super().__init__()
            started.append(self)

    monkeypatch.setattr(crew, "_Worker", Noted)
    return started


@pytest.mark.usefixtures("small_batches")
def test_several_processes_build_the_same_index(workers, analysed):
    told = []
    index = build_index(LIBRARY, SYNONYMS, workers=3, on_memo=lambda: told.append(1))
    assert len(workers) == 3
    assert analysed == []
    assert len(told) == len(LIBRARY)
    assert in_words(index) == in_words(build_index(LIBRARY, SYNONYMS))
    assert all(worker._process.poll() is not None for worker in workers)


@pytest.mark.usefixtures("small_batches")
def test_what_a_killed_process_leaves_is_done_here(monkeypatch, analysed):
    """Each process answers for three batches of sixty, and is killed then."""

    class Killed(crew._Worker):
        answered = 0

        def ask(self, request):
            if request[0] == "terms":
                self.answered += 1
            if self.answered > 3:
                self._process.kill()
                self._process.wait()
            return super().ask(request)

    monkeypatch.setattr(crew, "_Worker", Killed)
    index = build_index(LIBRARY, SYNONYMS, workers=2)
    assert analysed
    assert len(analysed) < len(LIBRARY)
    assert in_words(index) == in_words(build_index(LIBRARY, SYNONYMS))


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("command", [(sys.executable, "-c", "raise SystemExit(3)"), ("/no/such/python",)])
def test_where_no_process_can_be_started_all_is_done_here(monkeypatch, analysed, command):
    monkeypatch.setattr(crew, "_CHILD", command)
    index = build_index(LIBRARY, SYNONYMS, workers=2)
    assert len(analysed) == len(LIBRARY)
    assert in_words(index) == in_words(build_index(LIBRARY, SYNONYMS))


def test_a_few_memos_are_not_worth_a_process(workers):
    build_index(LIBRARY, workers=2)
    assert workers == []


def test_a_mistake_in_a_memo_ends_the_processes_too(workers, small_batches, monkeypatch):
    def broken(*_):
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        build_index(LIBRARY, workers=2, on_memo=broken)
    assert workers
    assert all(worker._process.poll() is not None for worker in workers)


@pytest.mark.usefixtures("small_batches")
def test_after_a_mistake_nothing_goes_on_here(workers, analysed):
    """The error is kept, and with it all that waited."""

    def broken():
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake") as kept:
        build_index(LIBRARY, workers=2, on_memo=broken)
    assert kept.value
    assert len(analysed) == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("crew")]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.usefixtures("small_batches")
def test_ctrl_c_does_not_wait_for_a_process_that_does_not_answer(monkeypatch):
    class Stopped(crew._Worker):
        def __init__(self):
            super().__init__()
            os.kill(self._process.pid, signal.SIGSTOP)

    monkeypatch.setattr(crew, "_Worker", Stopped)
    threading.Timer(0.5, signal.pthread_kill, [threading.get_ident(), signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        build_index(LIBRARY, workers=2)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize(
    "printed",
    [b"Loading ...\n", b"cos", b"\x80\x05K\x01.", b"\0quoth: '/another/crew.py'\n"],
    ids=["words", "a pickle's beginning", "a pickle", "other code"],
)
def test_what_a_library_prints_before_a_process_is_there_is_no_answer(monkeypatch, tmp_path, printed):
    (tmp_path / "sitecustomize.py").write_text(f"import os; os.write(1, {printed!r})\n")
    monkeypatch.syspath_prepend(tmp_path)
    index = build_index(LIBRARY, SYNONYMS, workers=2)
    assert in_words(index) == in_words(build_index(LIBRARY, SYNONYMS))


def test_a_process_runs_the_code_that_its_parent_runs(tmp_path, monkeypatch):
    """Also where that lies in the current folder, which is not looked through, and another copy elsewhere."""
    here = Path(crew.__file__).parent.parent
    (tmp_path / "retrieval").mkdir()
    (tmp_path / "retrieval" / "__init__.py").write_text("raise ImportError('the other copy')\n")
    monkeypatch.setattr(
        sys, "path", ["", str(tmp_path), *(folder for folder in sys.path if folder != str(here))]
    )
    worker = crew._Worker()
    assert worker.ask(("look", [])) == []
    worker.kill()
    worker.close()


def test_no_process_at_all_is_one(workers):
    assert in_words(build_index(LIBRARY, workers=0)) == in_words(build_index(LIBRARY))


PARENT = """
import sys, time
from retrieval import crew
worker = crew._Worker()
print(worker._process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_process_does_not_outlive_a_parent_that_was_killed():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + 20
    while _runs(child) and time.monotonic() < until:
        time.sleep(0.05)
    parent.stdout.close()
    assert not _runs(child)


def _runs(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@settings(max_examples=60)
@given(libraries, st.randoms(use_true_random=False), st.integers(1, 4))
def test_memos_put_together_again_in_any_order_are_the_same(library, random, most):
    """Cut apart into columns of their own and put together: every memo holds what it held."""
    columns = build_index(library, SYNONYMS).columns
    places = [(columns, number) for number in range(len(columns.ids))]
    random.shuffle(places)
    apart = [put_together(cuts_of(places[at : at + most])) for at in range(0, len(places), most)]
    again = put_together([part.whole for part in apart])
    assert again.ids.all() == [columns.ids[number] for _, number in places]
    assert sorted(again.vocabulary.all()) == sorted(columns.vocabulary.all())
    assert sorted(again.written.all()) == sorted(columns.written.all())
    for at, (_, number) in enumerate(places):
        assert rows_of(again, at) == rows_of(columns, number)


def rows_of(columns: Columns, number: int):
    """All that stands in columns of one memo, in words."""
    cut = next(cuts_of([(columns, number)]))
    terms, starts = columns.vocabulary, columns.starts

    def named(ragged, some):
        return [[terms[each] for each in ragged.row(row).tolist()] for row in range(some.start, some.stop)]

    return {
        "texts": [
            getattr(columns, name)[number]
            for name in ("ids", "memos", "detected", "settled", "labels", "abbreviations")
        ],
        "digest": columns.digests[number].tobytes(),
        "own": sorted(terms[each] for each in columns.own.row(number).tolist()),
        "forms": sorted((form, terms[term]) for form, term in columns.forms_of(number)),
        "headings": named(columns.headings, cut.passages),
        "terms": named(columns.terms, cut.sentences),
        "spans": columns.spans[cut.sentences].tolist(),
        "long": columns.long.row(number).tolist(),
        "starts": [starts.row(row).tolist() for row in range(cut.long.start, cut.long.stop)],
    }


def test_no_memos_put_together_are_no_memos():
    assert put_together([]) is NOTHING
    assert len(build_index([]).columns.ids) == 0
    assert np.array_equal(build_index([]).columns.passages, [0])
