"""Does every database keep what is known of files, together with the memos that they gave?"""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.storage import (
    READ_AGAIN,
    Batch,
    ChangedMeanwhile,
    Changes,
    Given,
    KnownFile,
    KnownFolder,
    open_store,
    upgrade,
)
from retrieval import Memo

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
A, B = "/srv/a", "/srv/b"
TEA = Memo(id="tea", title="Tea", text="The kettle is descaled on Fridays.", sha256="t1", source="tea.txt")
TEA_2 = TEA.model_copy(update={"text": "The kettle is descaled on Mondays.", "sha256": "t2"})
COFFEE = Memo(id="coffee", title="Coffee", text="Beans come on Mondays.", sha256="c1", source="coffee.txt")


@pytest.fixture(params=["sqlite file", "sqlite memory", "postgres"])
async def store(request, tmp_path):
    if request.param == "postgres":
        url = request.getfixturevalue("fresh_postgres")()
        await upgrade(url)
    else:
        url = f"sqlite:///{tmp_path / 'quoth.db'}" if request.param == "sqlite file" else "sqlite://"
    async with open_store(url) as store:
        yield store


def file(path, *memo_ids, failure=None, sha256="h1"):
    gave = tuple(Given(memo_id, path) for memo_id in memo_ids)
    return KnownFile(path, 2**40, 1_700_000_000_123_456_789, sha256, "r1", failure, NINE, gave)


async def put(store, root, files, memos, gone=(), held=0):
    known = await store.files.known(root)
    return await store.files.apply([Batch(known, tuple(files), tuple(gone), tuple(memos), held)], NINE)


async def current(store):
    return {memo.id: memo for memo in await store.memos.all()}


async def test_a_folder_that_was_never_read_is_known_as_empty(store):
    assert await store.files.known(A) == KnownFolder(A)


async def test_what_was_written_is_known_again(store):
    files = [file("tea.txt", "tea"), file("odd\\xff\n.txt", failure="no\0 words", sha256=None)]
    assert await put(store, A, files, [TEA]) == Changes(("tea",), (), ())
    known = await store.files.known(A)
    assert known.files["tea.txt"] == files[0]
    assert known.files["odd\\xff\n.txt"].failure == "no\ufffd words"
    assert known.absent == frozenset()
    assert await current(store) == {"tea": TEA}


async def test_a_file_that_is_gone_takes_its_memos_along(store):
    await put(store, A, [file("tea.txt", "tea"), file("coffee.txt", "coffee")], [TEA, COFFEE])
    assert (await put(store, A, [], [], gone=["tea.txt"])).removed == ("tea",)
    assert set(await current(store)) == {"coffee"}
    assert set((await store.files.known(A)).files) == {"coffee.txt"}


async def test_a_file_that_gives_other_memos_takes_back_those_from_before(store):
    await put(store, A, [file("mail.eml", "tea", "coffee")], [TEA, COFFEE])
    changes = await put(store, A, [file("mail.eml", "tea")], [TEA_2])
    assert changes == Changes((), ("tea",), (), ("coffee",))


async def test_a_memo_that_moves_to_another_file_stays(store):
    await put(store, A, [file("tea.txt", "tea")], [TEA])
    changes = await put(store, A, [file("new.txt", "tea")], [TEA_2], gone=["tea.txt"])
    assert (changes.changed, changes.removed) == (("tea",), ())
    assert set((await store.files.known(A)).files) == {"new.txt"}


async def test_of_two_files_with_one_id_the_later_has_the_memo_and_the_other_is_read_when_it_goes(store):
    await put(store, A, [file("tea.txt", "tea")], [TEA])
    await put(store, B, [file("tea.txt", "tea")], [TEA_2])
    assert [given.owns for given in (await store.files.known(A)).files["tea.txt"].gave] == [False]
    assert (await put(store, A, [file("tea.txt")], [])).removed == ()  # not its own
    await put(store, A, [file("tea.txt", "tea")], [TEA])
    assert (await put(store, A, [], [], gone=["tea.txt"])).removed == ("tea",)
    left = (await store.files.known(B)).files["tea.txt"]
    assert (left.size, left.sha256) == (READ_AGAIN, None)


async def test_memos_taken_out_by_hand_are_known_to_be_absent(store):
    await put(store, A, [file("tea.txt", "tea"), file("coffee.txt", "coffee")], [TEA, COFFEE])
    await store.memos.remove("tea", NINE)
    assert (await store.files.known(A)).absent == {"tea"}


async def test_who_looked_before_somebody_else_wrote_is_refused_and_writes_nothing(store):
    early = await store.files.known(A)
    await put(store, A, [file("tea.txt", "tea")], [TEA])
    late = Batch(early, (file("coffee.txt", "coffee"),), (), (COFFEE,))
    with pytest.raises(ChangedMeanwhile):
        await store.files.apply([late], NINE)
    assert set(await current(store)) == {"tea"}


async def test_of_many_who_write_at_once_those_who_looked_too_early_are_refused(store):
    known = await store.files.known(A)
    batches = [Batch(known, (file(f"{n}.txt", "tea"),), (), (TEA,)) for n in range(8)]
    outcomes = await asyncio.gather(
        *(store.files.apply([batch], NINE) for batch in batches), return_exceptions=True
    )
    assert sum(isinstance(outcome, Changes) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, ChangedMeanwhile) for outcome in outcomes) == 7


async def test_all_folders_of_one_writing_are_written_or_none(store):
    stale = await store.files.known(B)
    await put(store, B, [file("coffee.txt", "coffee")], [COFFEE])
    good = Batch(await store.files.known(A), (file("tea.txt", "tea"),), (), (TEA,))
    with pytest.raises(ChangedMeanwhile):
        await store.files.apply([good, Batch(stale, (file("x.txt"),))], NINE)
    assert set(await current(store)) == {"coffee"}
    assert await store.files.known(A) == KnownFolder(A)


async def test_nothing_to_write_writes_nothing(store):
    await put(store, A, [file("tea.txt", "tea")], [TEA])
    known = await store.files.known(A)
    assert await store.files.apply([Batch(known)], NINE) == Changes((), (), ())
    assert await store.files.known(A) == known


async def test_removals_that_wait_are_listed_until_they_do_not(store):
    await put(store, A, [file("tea.txt", "tea")], [TEA])
    await put(store, A, [], [], held=1)
    assert await store.files.held() == [(A, 1, NINE)]
    await put(store, A, [], [], held=0)
    assert await store.files.held() == []


async def test_a_folder_is_watched_by_one_until_the_claim_runs_out(store):
    claim = store.folders.claim
    assert await claim(A, "one", NINE, NINE + MINUTE)
    assert not await claim(A, "other", NINE, NINE + MINUTE)
    assert await claim(A, "one", NINE, NINE + 2 * MINUTE)
    assert not await claim(A, "other", NINE + MINUTE, NINE + 9 * MINUTE)
    assert await claim(A, "other", NINE + 2 * MINUTE, NINE + 9 * MINUTE)
    assert not await claim(A, "one", NINE + 3 * MINUTE, NINE + 9 * MINUTE)


async def test_a_claim_can_be_given_up_by_who_has_it(store):
    await store.folders.claim(A, "one", NINE, NINE + MINUTE)
    await store.folders.release(A, "other")
    assert not await store.folders.claim(A, "other", NINE, NINE + MINUTE)
    await store.folders.release(A, "one")
    assert await store.folders.claim(A, "other", NINE, NINE + MINUTE)


async def test_of_many_claims_at_once_one_succeeds(store):
    claims = (store.folders.claim(A, f"w{n}", NINE, NINE + MINUTE) for n in range(20))
    assert sum(await asyncio.gather(*claims)) == 1
