"""Does every database keep the past of the memos, forget only what it may, and move it in and out unchanged?"""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite

from bot.errors import AlreadyThere
from bot.models import Conversation, IncomingQuestion, PlatformName, Reply
from bot.moving import export, take_in
from bot.past import Past
from bot.storage import Kept, open_store, upgrade
from bot.storage.corpus import LAST_ENDED
from bot.storage.tables import MEMO_VERSIONS
from retrieval import Block, BlockKind, Memo, Span, answer, build_index
from tests.servers.older_database import make_database

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TEA = Memo(id="tea", title="Tea", text="The kettle is descaled on Fridays.", sha256="t1", source="tea.txt")
TEA_2 = TEA.model_copy(update={"text": "The kettle is descaled on Mondays.", "sha256": "t2"})
COFFEE = Memo(id="Coffee", title="Coffee", text="Beans come on Mondays.", sha256="c1", tags=("kitchen",))


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request, tmp_path):
    """Addresses of empty databases, as many as are asked for."""
    if request.param == "postgres":
        return request.getfixturevalue("fresh_postgres")
    numbers = iter(range(100))
    return lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"


@pytest.fixture
async def store(new_url):
    url = new_url()
    await upgrade(url)
    async with open_store(url) as store:
        yield store


@pytest.fixture
async def empty_store(new_url):
    url = new_url()
    await upgrade(url)
    async with open_store(url) as store:
        yield store


async def quoted(store, memo, event_id="Ev1", when=NOON):
    """An answer that quotes `memo` is given and kept."""
    asked = IncomingQuestion(
        event_id=event_id,
        conversation=Conversation(platform=PlatformName.SLACK, channel="C1"),
        asker="U1",
        text="When is the kettle descaled?",
        asked_at=when,
    )
    found = answer(build_index([memo]), asked.text, threshold=0)
    assert found.excerpts
    assert await store.questions.claim(asked, when, when + DAY)
    await store.questions.answered(asked, Reply(answer_id=event_id, answer=found), when, when + DAY)


async def three_days(store):
    """The kettle's memo comes, changes a day later, and goes another day later; the beans come with its change."""
    await store.memos.add([TEA], NOON)
    await store.memos.add([TEA_2, COFFEE], NOON + DAY)
    await store.memos.remove("tea", NOON + 2 * DAY)


class TestPast:
    async def test_the_memos_at_a_moment_are_those_that_had_come_and_not_gone(self, store):
        await three_days(store)
        past = Past(store, lambda: NOON + 9 * DAY)
        days = {day: await past.memos_at(date(2026, 3, day)) for day in (1, 2, 3, 4, 9)}
        assert days == {1: [], 2: [TEA], 3: [COFFEE, TEA_2], 4: [COFFEE], 9: [COFFEE]}

    async def test_a_day_ends_at_midnight_utc(self, store):
        midnight = datetime(2026, 3, 3, tzinfo=UTC)
        past = Past(store, lambda: midnight)
        await store.memos.add([TEA], midnight - timedelta(microseconds=1))
        await store.memos.add([COFFEE], midnight)
        assert await past.memos_at(date(2026, 3, 2)) == [TEA]
        assert await past.memos_at(date.max) == [COFFEE, TEA]
        assert await past.memos_at(date.min) == []

    async def test_the_history_of_a_memo_is_told_newest_first(self, store):
        await three_days(store)
        await store.memos.add([TEA], NOON + 3 * DAY)
        lines = await store.versions.history("tea")
        assert [(line.sha256, line.came, line.went) for line in lines] == [
            ("t1", NOON + 3 * DAY, None),
            ("t2", NOON + DAY, NOON + 2 * DAY),
            ("t1", NOON, NOON + DAY),
        ]
        assert await store.versions.history("milk") == []

    async def test_a_version_is_found_by_its_file_once_however_often_it_came(self, store):
        await three_days(store)
        await store.memos.add([TEA], NOON + 3 * DAY)
        await store.memos.add([TEA.model_copy(update={"title": "Read anew"})], NOON + 4 * DAY)
        found = await store.versions.quoted("tea", "t1")
        assert [version.memo.title for version in found] == ["Read anew", "Tea"]
        assert found[1].came == NOON + 3 * DAY
        assert await store.versions.quoted("tea", "t9") == []

    async def test_when_a_memo_was_removed(self, store):
        await three_days(store)
        assert await store.versions.removed("tea") == NOON + 2 * DAY
        assert await store.versions.removed("Coffee") is None
        assert await store.versions.removed("milk") is None
        assert await store.versions.current("tea") is None
        assert (await store.versions.current("Coffee")).memo == COFFEE

    async def test_a_memo_is_found_by_its_file_under_another_name(self, store):
        await three_days(store)
        assert [version.memo.id for version in await store.versions.current_of_file("c1")] == ["Coffee"]
        assert await store.versions.current_of_file("t1") == []
        assert await store.versions.current_of_file("") == []


class TestPruning:
    async def test_only_versions_that_went_before_then_are_dropped(self, store):
        await three_days(store)
        pruned = await store.versions.prune(NOON + DAY + timedelta(hours=1))
        assert [line.sha256 for line in pruned.dropped] == ["t1"]
        assert [line.sha256 for line in await store.versions.history("tea")] == ["t2"]
        assert await store.memos.all() == [COFFEE]

    async def test_what_is_current_stays_whatever_the_moment(self, store):
        await three_days(store)
        await store.versions.prune(NOON + 1000 * DAY, force=True)
        assert await store.memos.all() == [COFFEE]
        assert await store.versions.history("tea") == []

    async def test_a_version_that_a_kept_answer_cites_stays_unless_forced(self, store):
        await quoted(store, TEA)
        await three_days(store)
        pruned = await store.versions.prune(NOON + 9 * DAY)
        assert [[line.sha256 for line in lines] for lines in pruned] == [["t2"], ["t1"]]
        forced = await store.versions.prune(NOON + 9 * DAY, force=True)
        assert [[line.sha256 for line in lines] for lines in forced] == [["t1"], []]

    async def test_an_answer_that_is_forgotten_holds_nothing(self, store):
        await quoted(store, TEA)
        await three_days(store)
        await store.questions.prune(NOON + DAY)
        assert [line.sha256 for line in (await store.versions.prune(NOON + 9 * DAY)).dropped] == ["t1", "t2"]

    async def test_an_answer_that_is_given_again_cites_what_it_then_quotes(self, store):
        await quoted(store, TEA)
        asked = IncomingQuestion(
            event_id="Ev1",
            conversation=Conversation(platform=PlatformName.SLACK, channel="C1"),
            asker="U1",
            text="?",
            asked_at=NOON,
        )
        again = answer(build_index([TEA_2]), "When is the kettle descaled?", threshold=0)
        await store.questions.answered(asked, Reply(answer_id="Ev1", answer=again), NOON, NOON + DAY)
        await three_days(store)
        assert [(line.sha256, line.cited) for line in await store.versions.history("tea")] == [
            ("t2", True),
            ("t1", False),
        ]

    async def test_a_dry_run_says_the_same_and_drops_nothing(self, store):
        await three_days(store)
        would = await store.versions.prune(NOON + 9 * DAY, dry_run=True)
        assert await store.versions.forgotten_before() is None
        assert await store.versions.prune(NOON + 9 * DAY) == would
        assert await store.versions.prune(NOON + 9 * DAY) == ((), ())

    async def test_until_when_the_past_has_gaps_is_remembered(self, store):
        await three_days(store)
        await store.versions.prune(NOON)
        assert await store.versions.forgotten_before() is None
        await store.versions.prune(NOON + 9 * DAY)
        assert await store.versions.forgotten_before() == NOON + 2 * DAY
        past = Past(store, lambda: NOON + 9 * DAY)
        for day, whole in ((date(2026, 3, 2), False), (date(2026, 3, 3), False), (date(2026, 3, 4), True)):
            asked = answer(build_index([TEA]), f"When is the kettle descaled? as-of:{day}", threshold=0)
            remarked = await past.remarked(asked)
            assert (remarked == asked) is whole
            assert any("dropped" in note for note in remarked.notes) is not whole

    async def test_the_version_of_the_corpus_stays(self, store):
        await three_days(store)
        version = await store.memos.version()
        await store.versions.prune(NOON + 9 * DAY, force=True)
        assert await store.memos.version() == version


async def test_a_day_that_is_not_over_is_answered_as_the_present(store):
    asked = answer(build_index([TEA]), "When is the kettle descaled? as-of:2026-03", threshold=0)
    remarked = await Past(store, lambda: NOON).remarked(asked)
    assert remarked.as_of is None
    assert remarked.notes == (
        "31 March 2026 is not over yet (UTC), so this is from the library as it stands now.",
    )
    assert remarked.excerpts == asked.excerpts


async def test_an_older_database_learns_which_versions_its_answers_cite(new_url):
    url = new_url()
    found = answer(build_index([TEA]), "When is the kettle descaled?", threshold=0)
    asked = {"id": 1, "platform": "slack", "event_id": "Ev1", "workspace": "", "channel": "C1", "asker": "U1"}
    # As the driver of each database takes it, without the columns' types.
    when = NOON if url.startswith("postgres") else "2026-03-02 12:00:00.000000"
    times = {"asked_at": when, "claimed_at": when, "claimed_until": when}
    await make_database(
        url,
        "0002",
        {
            "questions": asked | times | {"text": "?", "tries": 1},
            "answers": {"answer_id": "a1", "question_id": 1, "body": found.model_dump_json()},
        },
    )
    assert (await upgrade(url)).up_to_date
    async with open_store(url) as store:
        assert await store.answers.get("a1") == found
        async with store.database.read() as connection:
            rows = (await connection.execute(text("SELECT answer_id, memo_id, sha256 FROM citations"))).all()
    assert [tuple(row) for row in rows] == [("a1", "tea", "t1")]


async def everything(store):
    archive = await store.archive.read()
    return archive._replace(
        versions=tuple(sorted(archive.versions, key=lambda kept: (kept.memo_id, kept.came)))
    )


class TestMoving:
    async def test_an_export_taken_in_elsewhere_is_the_same_library(
        self, store, empty_store, tmp_path, seed_memos
    ):
        await store.memos.add(seed_memos, NOON - DAY)
        await three_days(store)
        await store.memos.add([TEA], NOON + 3 * DAY)
        await store.collections.assign("tea", ["kitchen"], "slack:U1", NOON)
        exported = await export(store, tmp_path / "out")
        assert exported == (len(seed_memos) + 2, len(seed_memos) + 4)
        taken = await take_in(empty_store, tmp_path / "out")
        assert set(taken.added) == {"tea", "Coffee", *(memo.id for memo in seed_memos)}
        assert await everything(empty_store) == await everything(store)
        assert await empty_store.memos.version() == await store.memos.version()
        question = "What is the Squad?"
        one, other = [answer(build_index(await each.memos.all()), question) for each in (store, empty_store)]
        assert one.model_dump_json() == other.model_dump_json()

    async def test_a_second_time_changes_nothing(self, store, empty_store, tmp_path):
        await three_days(store)
        await export(store, tmp_path / "out")
        await take_in(empty_store, tmp_path / "out")
        before = await everything(empty_store)
        assert await take_in(empty_store, tmp_path / "out") == ((), ("Coffee", "tea"))
        assert await everything(empty_store) == before

    async def test_a_memo_that_is_here_in_other_versions_refuses_all(self, store, empty_store, tmp_path):
        await three_days(store)
        await export(store, tmp_path / "out")
        await empty_store.memos.add([TEA_2], NOON)
        before = await everything(empty_store)
        with pytest.raises(AlreadyThere, match="other versions of 'tea', so nothing was imported"):
            await take_in(empty_store, tmp_path / "out")
        assert await everything(empty_store) == before

    async def test_other_memos_here_stay(self, store, empty_store, tmp_path):
        await store.memos.add([TEA], NOON)
        await export(store, tmp_path / "out")
        await empty_store.memos.add([COFFEE], NOON)
        await take_in(empty_store, tmp_path / "out")
        assert await empty_store.memos.all() == [COFFEE, TEA]
        await store.memos.add([COFFEE], NOON)
        assert await empty_store.memos.version() == await store.memos.version()

    async def test_the_gaps_of_the_past_go_along(self, store, empty_store, tmp_path):
        await three_days(store)
        await store.versions.prune(NOON + 9 * DAY)
        await export(store, tmp_path / "out")
        await take_in(empty_store, tmp_path / "out")
        assert await empty_store.versions.forgotten_before() == NOON + 2 * DAY


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
BLOCKS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(BlockKind), st.none() | WORDS), max_size=3)


@st.composite
def memos(draw):
    """A memo that may hold anything."""
    text_ = draw(WORDS)
    blocks = tuple(
        Block(span=Span(0, min(end, len(text_))), kind=kind, section=(row or "",), row=row, page=end)
        for end, kind, row in draw(BLOCKS)
    )
    return Memo(
        id=draw(st.sampled_from(["a", "A", "..", "a/b", "a-b", "x" * 300, "README", "ü\n", "\0"])),
        title=draw(WORDS),
        text=text_,
        author=draw(st.none() | WORDS),
        published=draw(st.none() | st.dates()),
        source=draw(WORDS),
        sha256=draw(st.sampled_from(["", "s1", "s2"])),
        status=draw(st.none() | WORDS),
        tags=tuple(draw(st.lists(WORDS, max_size=2))),
        supersedes=tuple(draw(st.lists(WORDS, max_size=2))),
        blocks=blocks,
        read_from={"title": Span(0, 1)} if draw(st.booleans()) else {},
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(memos(), st.booleans(), st.integers(0, 10**12)), max_size=8))
async def test_whatever_happened_to_a_library_it_moves_unchanged(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("moved") / "out"
    async with open_store("sqlite://") as store, open_store("sqlite://") as other:
        now = NOON
        for memo, removes, later in steps:
            now += timedelta(microseconds=later)
            if removes:
                await store.memos.remove(memo.id, now)
            else:
                await store.memos.add([memo], now)
        await export(store, folder)
        await take_in(other, folder)
        assert await everything(other) == await everything(store)
        assert await other.memos.all() == await store.memos.all()
        assert await other.memos.version() == await store.memos.version()


async def test_a_kept_version_is_written_as_it_was(store):
    await store.memos.add([TEA], NOON)
    [kept] = (await store.archive.read()).versions
    assert isinstance(kept, Kept)
    assert json.loads(kept.body)["text"] == TEA.text


STEPS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from([None, "One.", "Two.", "Three."]),  # None: removed
        st.integers(-5, 5),  # minutes by which the clock is off
        st.booleans(),  # whether somebody looks
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_what_changed_since_a_mark_is_what_a_comparison_with_all_finds(empty_store, steps):
    """Whatever comes, goes, comes back, and whichever clock says when."""
    memos = empty_store.memos
    for line in await memos.listing():
        await memos.remove(line.memo_id, NOON)
    held, mark, when = {}, await memos.mark(), NOON
    for memo_id, content, minutes, looked in [*steps, ("a", None, 0, True)]:
        when += timedelta(seconds=30)
        at = when + timedelta(minutes=minutes)
        if content is None:
            await memos.remove(memo_id, at)
        else:
            await memos.add([Memo(id=memo_id, title="", text=content)], at)
        if looked:
            expected = await memos.difference(held)
            mark, found = await memos.since(mark, held.get)
            assert found == expected
            assert mark.version == await memos.version()
            held = {memo_id: digest for memo_id, digest in held.items() if memo_id not in found.gone}
            held |= {memo_id: digest for memo_id, (digest, _) in found.news.items()}


async def test_where_marks_do_not_tell_what_changed_it_is_not_guessed(store):
    """The clock of the process that removed a memo was a day behind."""
    await store.memos.add([TEA, COFFEE], NOON)
    await store.memos.remove("Coffee", NOON)
    mark = await store.memos.mark()
    news = (await store.memos.difference({})).news
    held = {memo_id: digest for memo_id, (digest, _) in news.items()}
    await store.memos.remove("tea", NOON - DAY)
    assert await store.memos.since(mark, held.get) is None
    assert (await store.memos.difference(held)).gone == ("tea",)


async def test_finding_what_changed_reads_no_row_that_did_not(tmp_path):
    """SQLite says how it would look: by an index, not through a table of memos."""
    url = f"sqlite:///{tmp_path / 'library.db'}"
    await upgrade(url)
    async with open_store(url) as store, store.database.read() as connection:
        lately = select(MEMO_VERSIONS.c.memo_id).where(MEMO_VERSIONS.c.went >= NOON)
        for query in (LAST_ENDED, lately):
            wanted = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            plan = (await connection.execute(text(f"EXPLAIN QUERY PLAN {wanted}"))).all()
            assert "ix_memo_versions_went" in str(plan)
