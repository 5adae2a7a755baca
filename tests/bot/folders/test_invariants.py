"""Whatever happens in a folder, does the library hold what a fresh reading of it would?"""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.folders import Removals, add
from bot.folders.looking import path_of, written
from bot.storage import open_store
from retrieval import DuplicateId, read_memos
from tests.bot.folders.conftest import LONG_AGO, put

NAMES = ("a.txt", "a.md", "b.txt", "sub/a.txt", "sub/c.txt", "bad.txt")
TEXTS = ("One kettle.", "Two kettles.", "---\nid: plan\n---\nThree kettles.", b"\x00\x01")
STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("forget"), st.integers(0, 5)),
)


async def make(step, folder, store, moment):
    what, *how = step
    paths = [folder / name for name in how if isinstance(name, str) and name in NAMES]
    if what == "write":
        put(paths[0], how[1], age=moment)
    elif what == "delete":
        paths[0].unlink(missing_ok=True)
    elif what == "rename" and paths[0].exists():
        paths[1].parent.mkdir(exist_ok=True)
        paths[0].replace(paths[1])
    elif what == "forget":
        memos = await store.memos.all()
        if memos:
            await store.memos.remove(memos[how[0] % len(memos)].id, datetime.now(UTC))


def ignoring_ids(memos):
    return {memo.source: (memo.text, memo.title, memo.sha256) for memo in memos}


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=1, max_size=5))
async def test_the_library_holds_what_a_fresh_reading_holds(rounds):
    with tempfile.TemporaryDirectory() as nowhere:
        folder = Path(nowhere) / "memos"
        folder.mkdir()
        moment = LONG_AGO
        async with open_store("sqlite://") as store:
            for steps in rounds:
                for step in steps:
                    moment += 1
                    await make(step, folder, store, moment)
                outcome = await add(store, [folder], removals=Removals(1.0))
                kept = ignoring_ids(await store.memos.all())
                fresh = list(read_memos([folder]))
                whole = ignoring_ids(result.memo for result in fresh if result.memo)
                bad = {
                    result.path.relative_to(folder).as_posix(): result.error
                    for result in fresh
                    if result.error
                }
                assert (
                    kept.keys() - whole.keys() <= bad.keys()
                )  # a file that broke keeps its memo from before
                if not any(isinstance(error, DuplicateId) for error in bad.values()):
                    assert {source: kept[source] for source in whole} == whole
                    assert {failure.why for failure in outcome.failed} == {
                        str(error) for error in bad.values()
                    }
                assert (await add(store, [folder], removals=Removals(1.0))).changes.removed == ()


@given(
    st.lists(
        st.binary(min_size=1, max_size=6).filter(lambda name: not {0, 47} & set(name)), min_size=2, max_size=2
    )
)
def test_two_names_are_never_written_alike_and_each_is_read_back(names):
    first, second = map(os.fsdecode, names)
    assert path_of(written(first)) == Path(first)
    assert (written(first) == written(second)) == (first == second)
    written(first).encode("utf-8")
