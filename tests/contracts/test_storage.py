"""Does every database keep what it is given, in the same way?"""

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from bot.errors import DatabaseTrouble
from bot.models import Conversation, IncomingQuestion, PlatformName, Reply
from bot.storage import Changes, SchemaStatus, open_store, schema_status, upgrade
from bot.storage.schema import MIGRATIONS, REVISIONS
from bot.storage.tables import METADATA
from retrieval import Memo, answer, build_index

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TEA = Memo(id="tea", title="Tea", text="The kettle is descaled on Fridays.", sha256="t1", source="tea.txt")
TEA_2 = TEA.model_copy(update={"text": "The kettle is descaled on Mondays.", "sha256": "t2"})
COFFEE = Memo(id="Coffee", title="Coffee", text="Beans come on Mondays.", sha256="c1", tags=("kitchen",))
FOUND = answer(build_index([TEA]), "When is the kettle descaled?", threshold=0)


@pytest.fixture(params=["sqlite file", "sqlite memory", "postgres"])
def url(request, tmp_path):
    if request.param == "sqlite memory":
        return "sqlite://"
    if request.param == "sqlite file":
        return f"sqlite:///{tmp_path / 'quoth.db'}"
    return request.getfixturevalue("fresh_postgres")()


@pytest.fixture(params=["sqlite file", "postgres"])
def lasting_url(request, tmp_path):
    """A database that several processes can open."""
    if request.param == "sqlite file":
        return f"sqlite:///{tmp_path / 'quoth.db'}"
    return request.getfixturevalue("fresh_postgres")()


@pytest.fixture
async def store(url):
    if url.startswith("postgres"):
        await upgrade(url)
    async with open_store(url) as store:
        yield store


def question(event_id="Ev1", *, token=None, platform=PlatformName.SLACK, text="When is the kettle descaled?"):
    return IncomingQuestion(
        event_id=event_id,
        conversation=Conversation(platform=platform, workspace="T1", channel="C1", thread="1.2"),
        asker="U1",
        text=text,
        asked_at=NINE,
        reply_token=token,
    )


async def claimed(store, event_id="Ev1", **more):
    asked = question(event_id, **more)
    assert await store.questions.claim(asked, NINE, NINE + MINUTE)
    return asked


class TestMemos:
    async def test_added_memos_come_back_as_they_were_in_the_order_of_their_ids(self, store, seed_memos):
        await store.memos.add([*seed_memos, TEA, COFFEE], NINE)
        expected = sorted([*seed_memos, TEA, COFFEE], key=lambda memo: memo.id)
        assert await store.memos.all() == expected
        assert await store.memos.count() == len(expected)
        assert await store.memos.get("tea") == TEA

    async def test_an_addition_says_what_it_did(self, store):
        assert await store.memos.add([TEA, COFFEE], NINE) == Changes(("tea", "Coffee"), (), ())
        assert await store.memos.add([TEA_2, COFFEE], NINE + MINUTE) == Changes((), ("tea",), ("Coffee",))

    async def test_a_title_read_anew_is_a_change_though_the_file_is_the_same(self, store):
        await store.memos.add([TEA], NINE)
        renamed = TEA.model_copy(update={"title": "Kettles"})
        assert (await store.memos.add([renamed], NINE + MINUTE)).changed == ("tea",)
        assert (await store.memos.get("tea", "t1")).title == "Kettles"

    async def test_of_two_with_one_id_the_later_counts(self, store):
        await store.memos.add([TEA, TEA_2], NINE)
        assert await store.memos.all() == [TEA_2]

    async def test_every_version_can_be_had_by_its_hash_even_when_it_is_gone(self, store):
        await store.memos.add([TEA], NINE)
        await store.memos.add([TEA_2], NINE + MINUTE)
        await store.memos.remove("tea", NINE + 2 * MINUTE)
        assert await store.memos.get("tea", "t1") == TEA
        assert await store.memos.get("tea", "t2") == TEA_2
        assert await store.memos.get("tea") is None
        assert await store.memos.get("tea", "t3") is None

    async def test_a_memo_can_leave_come_back_and_return_to_an_old_text(self, store):
        await store.memos.add([TEA], NINE)
        await store.memos.add([TEA_2], NINE + MINUTE)
        await store.memos.add([TEA], NINE + 2 * MINUTE)
        assert await store.memos.remove("tea", NINE + 3 * MINUTE)
        assert not await store.memos.remove("tea", NINE + 3 * MINUTE)
        assert (await store.memos.add([TEA], NINE + 4 * MINUTE)).added == ("tea",)
        assert await store.memos.all() == [TEA]

    async def test_the_list_shows_each_memo_without_reading_its_text(self, store):
        await store.memos.add([TEA, COFFEE], NINE)
        first, second = await store.memos.listing()
        assert (first.memo_id, second.memo_id) == ("Coffee", "tea")
        assert (second.title, second.sha256, second.characters, second.came) == ("Tea", "t1", 34, NINE)

    async def test_an_addition_that_fails_half_way_adds_nothing(self, store):
        before = await store.memos.version()
        with pytest.raises(
            StatementError, match="zone"
        ):  # the time is refused after the first statements ran
            await store.memos.add([TEA, COFFEE], NINE.replace(tzinfo=None))
        assert await store.memos.all() == []
        assert await store.memos.version() == before

    async def test_memos_hold_what_hostile_files_hold(self, store):
        words = "\0 '; DROP TABLE memo_versions; -- \u202e😀 <!channel>"
        hostile = TEA.model_copy(update={"text": words, "title": words, "author": words, "source": words})
        await store.memos.add([hostile], NINE)
        assert await store.memos.get("tea") == hostile

    async def test_additions_from_many_sides_at_once_all_count(self, store):
        memos = [TEA.model_copy(update={"id": f"m{n}"}) for n in range(30)]
        await asyncio.gather(*(store.memos.add([memo, TEA], NINE) for memo in memos))
        assert await store.memos.count() == 31
        version = await store.memos.version()
        await store.memos.remove("m7", NINE)
        await store.memos.add([memos[7]], NINE)
        assert await store.memos.version() == version


class TestCorpusVersion:
    async def test_it_stays_while_the_memos_do(self, store):
        empty = await store.memos.version()
        await store.memos.add([], NINE)
        assert await store.memos.version() == empty
        await store.memos.add([TEA], NINE)
        filled = await store.memos.version()
        assert filled != empty
        await store.memos.add([TEA], NINE + MINUTE)
        await store.memos.remove("nothing", NINE)
        assert await store.memos.version() == filled

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(st.sampled_from("ab"), st.sampled_from(["", "one", "two"]), st.booleans()), max_size=8
        )
    )
    async def test_it_is_the_same_exactly_when_the_set_of_memos_is(self, steps):
        seen = {}
        async with open_store("sqlite://") as store:
            for memo_id, text, removes in steps:
                if removes:
                    await store.memos.remove(memo_id, NINE)
                else:
                    await store.memos.add([Memo(id=memo_id, title="t", text=text)], NINE)
                current = tuple(memo.model_dump_json() for memo in await store.memos.all())
                version = await store.memos.version()
                assert seen.setdefault(current, version) == version
            assert len(set(seen.values())) == len(seen)


class TestQuestions:
    async def test_a_question_is_claimed_once(self, store):
        await claimed(store)
        assert not await store.questions.claim(question(), NINE + MINUTE, NINE + 2 * MINUTE)

    async def test_the_same_event_id_on_another_platform_is_another_question(self, store):
        await claimed(store)
        await claimed(store, platform=PlatformName.DISCORD)

    async def test_of_many_claims_at_once_one_succeeds(self, store):
        claims = [store.questions.claim(question(), NINE, NINE + MINUTE) for _ in range(50)]
        assert sum(await asyncio.gather(*claims)) == 1

    async def test_a_claimed_question_is_taken_over_when_its_lease_has_run_out(self, store):
        asked = await claimed(store, token="xoxt-1")
        platform, later = PlatformName.SLACK, NINE + 2 * MINUTE
        assert await store.questions.unfinished(platform, NINE, later) == []
        assert await store.questions.unfinished(PlatformName.DISCORD, later, later + MINUTE) == []
        [taken] = await store.questions.unfinished(platform, later, later + MINUTE)
        assert taken == (asked, None, 2)
        assert await store.questions.unfinished(platform, later, later + MINUTE) == []

    async def test_an_answered_question_is_taken_over_with_its_reply(self, store):
        asked = await claimed(store)
        reply = Reply(answer_id="a1", answer=FOUND)
        await store.questions.answered(asked, reply, NINE, NINE + MINUTE)
        [taken] = await store.questions.unfinished(PlatformName.SLACK, NINE + MINUTE, NINE + 2 * MINUTE)
        assert (taken.question, taken.reply) == (asked, reply)

    async def test_a_notice_is_kept_as_a_reply(self, store):
        asked = await claimed(store)
        notice = Reply(answer_id="a1", notice="Ask me a question.")
        await store.questions.answered(asked, notice, NINE, NINE + MINUTE)
        [taken] = await store.questions.unfinished(PlatformName.SLACK, NINE + MINUTE, NINE + 2 * MINUTE)
        assert taken.reply == notice
        assert await store.answers.get("a1") is None

    async def test_saving_a_reply_renews_the_lease(self, store):
        asked = await claimed(store)
        await store.questions.answered(asked, Reply(answer_id="a1", notice="x"), NINE, NINE + 5 * MINUTE)
        assert not await store.questions.unfinished(PlatformName.SLACK, NINE + MINUTE, NINE + 9 * MINUTE)

    async def test_two_who_take_over_at_once_share_the_questions_out(self, store):
        for n in range(20):
            await claimed(store, f"Ev{n}")
        later = NINE + 2 * MINUTE
        takers = [store.questions.unfinished(PlatformName.SLACK, later, later + MINUTE) for _ in range(4)]
        taken = [one.question.event_id for share in await asyncio.gather(*takers) for one in share]
        assert sorted(taken) == sorted(f"Ev{n}" for n in range(20))

    @pytest.mark.parametrize("fate", ["posted", "lost"])
    async def test_a_finished_question_is_nobodys_business_and_its_token_is_gone(self, store, url, fate):
        asked = await claimed(store, token="xoxt-very-secret")
        await getattr(store.questions, fate)(asked, "1700.1", NINE)
        assert not await store.questions.unfinished(PlatformName.SLACK, NINE + MINUTE, NINE + 2 * MINUTE)
        async with store.database.read() as connection:
            [row] = (await connection.exec_driver_sql("SELECT * FROM questions")).all()
        assert "xoxt-very-secret" not in str(row)

    async def test_a_given_answer_is_found_by_its_id(self, store):
        asked = await claimed(store)
        for _ in range(2):  # a retry saves it again
            await store.questions.answered(asked, Reply(answer_id="a1", answer=FOUND), NINE, NINE + MINUTE)
        assert await store.answers.get("a1") == FOUND
        assert await store.answers.get("a2") is None

    async def test_old_questions_are_forgotten_with_their_answers(self, store):
        asked = await claimed(store)
        await store.questions.answered(asked, Reply(answer_id="a1", answer=FOUND), NINE, NINE + MINUTE)
        await store.questions.claim(question("Ev2"), NINE + MINUTE, NINE + MINUTE)
        assert await store.questions.prune(NINE + MINUTE) == 1
        assert await store.answers.get("a1") is None
        assert not await store.questions.claim(question("Ev2"), NINE + MINUTE, NINE + MINUTE)
        assert await store.questions.claim(question(), NINE + MINUTE, NINE + MINUTE)

    async def test_times_are_the_same_moment_wherever_they_were_written(self, store):
        asked = question()
        there = NINE.astimezone(timezone(timedelta(hours=11)))
        await store.questions.claim(asked.model_copy(update={"asked_at": there}), there, there + MINUTE)
        assert not await store.questions.unfinished(PlatformName.SLACK, NINE, NINE + MINUTE)
        [taken] = await store.questions.unfinished(PlatformName.SLACK, NINE + MINUTE, NINE + 2 * MINUTE)
        assert taken.question.asked_at == NINE


class TestSecrets:
    async def test_a_secret_is_made_once(self, store):
        first, *others = await asyncio.gather(*(store.secrets.get_or_make("links") for _ in range(20)))
        assert len(first) >= 43
        assert set(others) == {first}
        assert await store.secrets.get_or_make("other") != first


async def test_the_database_answers_a_ping(store):
    await store.ping()


async def test_reads_and_writes_go_on_after_one_was_cancelled(store):
    await store.memos.add([TEA], NINE)
    for act in [store.memos.all, lambda: store.memos.add([COFFEE], NINE), store.ping] * 5:
        task = asyncio.create_task(act())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await store.memos.add([COFFEE], NINE)
    assert await store.memos.all() == [COFFEE, TEA]


async def test_two_hundred_questions_at_once_are_all_kept(store):
    async def one(n):
        asked = question(f"Ev{n}")
        assert await store.questions.claim(asked, NINE, NINE + MINUTE)
        reply = Reply(answer_id=f"a{n}", answer=FOUND)
        await store.questions.answered(asked, reply, NINE, NINE + MINUTE)
        await store.questions.posted(asked, f"m{n}", NINE)
        return await store.answers.get(f"a{n}")

    assert await asyncio.gather(*map(one, range(200))) == [FOUND] * 200


def _claims(url, count):
    """In another process: how many of `count` questions could be claimed."""

    async def claim_all():
        async with open_store(url) as store:
            return [
                await store.questions.claim(question(f"Ev{n}"), NINE, NINE + MINUTE) for n in range(count)
            ]

    return asyncio.run(claim_all())


def _upgrades(url):
    return asyncio.run(upgrade(url))


def in_processes(work, *arguments, at_once):
    """Call `work` in several new processes at the same time; what each returned."""
    with ProcessPoolExecutor(at_once, multiprocessing.get_context("spawn")) as pool:
        calls = [pool.submit(work, *arguments) for _ in range(at_once)]
        return [call.result(timeout=120) for call in calls]


class TestProcesses:
    def test_of_several_each_question_is_claimed_by_one(self, lasting_url):
        asyncio.run(upgrade(lasting_url))
        results = in_processes(_claims, lasting_url, 40, at_once=3)
        assert [sum(claims) for claims in zip(*results, strict=True)] == [1] * 40

    def test_of_several_that_upgrade_at_once_all_find_the_schema_they_need(self, lasting_url):
        wanted = SchemaStatus(REVISIONS[-1], REVISIONS[-1])
        assert in_processes(_upgrades, lasting_url, at_once=4) == [wanted] * 4

    async def test_what_one_store_adds_another_sees(self, lasting_url):
        await upgrade(lasting_url)
        async with open_store(lasting_url) as one, open_store(lasting_url) as other:
            before = await other.memos.version()
            await one.memos.add([TEA], NINE)
            assert await other.memos.version() != before
            assert await other.memos.all() == [TEA]
            adds = [store.memos.add([TEA_2, COFFEE], NINE) for store in [one, other] * 5]
            changes = await asyncio.gather(*adds)
            assert sum(len(change.added) for change in changes) == 1


class TestSchema:
    async def test_the_status_before_and_after_an_upgrade(self, lasting_url):
        assert await schema_status(lasting_url) == SchemaStatus(None, REVISIONS[-1])
        assert (await upgrade(lasting_url)).up_to_date
        assert (await upgrade(lasting_url)).up_to_date
        assert await schema_status(lasting_url) == SchemaStatus(REVISIONS[-1], REVISIONS[-1])

    async def test_a_schema_of_a_newer_version_is_refused(self, lasting_url):
        await upgrade(lasting_url)
        async with open_store(lasting_url) as store, store.database.write() as connection:
            await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        for opening in (
            open_store(lasting_url).__aenter__(),
            upgrade(lasting_url),
            schema_status(lasting_url),
        ):
            with pytest.raises(DatabaseTrouble, match=r"9999.*Install the newest"):
                await opening

    async def test_postgres_is_not_upgraded_by_opening_it(self, fresh_postgres):
        url = fresh_postgres()
        with pytest.raises(DatabaseTrouble, match="Run: quoth database upgrade"):
            async with open_store(url):
                pass
        assert (await schema_status(url)).current is None

    async def test_the_tables_are_those_that_the_migrations_make(self, lasting_url):
        def differences(connection):
            return compare_metadata(MigrationContext.configure(connection), METADATA)

        await upgrade(lasting_url)
        async with open_store(lasting_url) as store, store.database.read() as connection:
            assert await connection.run_sync(differences) == []

    def test_the_revisions_are_those_of_the_migrations(self):
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
        assert tuple(reversed(found)) == REVISIONS
