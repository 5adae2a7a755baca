"""Does each conversation see what it may, and nobody anything where that cannot be found out?"""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.access import Allowed, Rules, wording
from bot.errors import DatabaseTrouble, PlaceUnknown
from bot.models import Conversation, PlatformName
from bot.platforms.base import Place, SharedChannel
from bot.rendering import wording as said_by_the_bot
from retrieval import Memo
from tests.bot.access.team import DAY, MANAGED, NINE, OWNER, asked, team

LEAVE = Memo(
    id="leave", title="Leave", text="Employees take thirty days of leave a year.", source="policy/leave.txt"
)
ZEBRA = Memo(
    id="zebra", title="Zebra", text="Zebra is bought in September for leave.", source="board/zebra.txt"
)
QUESTION = "Who takes leave?"
POLICY = Allowed(names=frozenset({"policy"}))
BOUND = Rules(channels={"slack:T1/C1": POLICY, "slack:T1/C2": Allowed(names=frozenset({"board"}))})


def quoted(reply):
    """The ids of the memos that a reply quotes."""
    return {excerpt.citation.memo_id for excerpt in reply.answer.excerpts} if reply.answer else None


class Two:
    """A team with two memos in two collections."""

    def __init__(self, rules=MANAGED, url="sqlite://"):
        self._team = team(rules, url)

    async def __aenter__(self):
        here = await self._team.__aenter__()
        await here.add(LEAVE, ZEBRA)
        return here

    async def __aexit__(self, *error):
        await self._team.__aexit__(*error)


class TestChannels:
    async def test_until_collections_are_used_everybody_sees_everything(self):
        async with Two() as here:
            assert quoted(await here.reply(QUESTION)) == {"leave", "zebra"}
            assert quoted(await here.reply(QUESTION, channel="D1")) == {"leave", "zebra"}

    async def test_a_channel_sees_the_collections_that_it_is_bound_to_and_its_threads_do(self):
        async with Two() as here:
            await here.owner_says("collections use policy")
            assert quoted(await here.reply(QUESTION)) == {"leave"}
            assert quoted(await here.reply(QUESTION, thread="17.1")) == {"leave"}

    async def test_from_the_first_binding_on_other_channels_see_nothing_and_that_is_said(self):
        async with Two() as here:
            said = await here.owner_says("collections use policy")
            assert wording.divided() in said
            assert quoted(await here.reply(QUESTION, channel="C2")) == set()
            assert wording.divided() not in await here.owner_says("collections use board", channel="C2")

    async def test_unbinding_the_last_channel_opens_nothing_again(self):
        async with Two() as here:
            await here.owner_says("collections use policy")
            await here.owner_says("collections clear")
            assert quoted(await here.reply(QUESTION)) == set()

    async def test_a_memo_put_into_a_collection_stays_there_when_it_is_read_again(self):
        async with Two(BOUND) as here:
            await here.access.collect("zebra", ["policy"], "the test")
            here.time += DAY
            await here.add(ZEBRA.model_copy(update={"text": "Zebra is bought in October for leave."}))
            assert quoted(await here.reply(QUESTION)) == {"leave", "zebra"}
            await here.access.collect("zebra", ["policy"], "the test", belongs=False)
            assert quoted(await here.reply(QUESTION)) == {"leave"}

    async def test_a_binding_counts_in_every_process_from_the_next_question_on(self, tmp_path):
        url = f"sqlite:///{tmp_path / 'quoth.db'}"
        async with Two(url=url) as here, Two(url=url) as there:
            assert quoted(await there.reply(QUESTION, event_id="Ev-before")) == {"leave", "zebra"}
            await here.owner_says("collections use policy")
            assert quoted(await there.reply(QUESTION, event_id="Ev-after")) == {"leave"}

    async def test_what_was_moved_out_of_sight_is_not_found_in_the_past(self):
        async with Two(BOUND) as here:
            here.time += DAY
            await here.add(LEAVE.model_copy(update={"source": "board/leave.txt", "sha256": "moved"}))
            here.time += DAY
            assert quoted(await here.reply(f"{QUESTION} as-of:{NINE:%Y-%m-%d}")) == set()
            assert quoted(await here.reply(f"{QUESTION} as-of:{NINE:%Y-%m-%d}", channel="C2")) == {"zebra"}


class TestRecovery:
    async def test_a_question_left_over_is_answered_by_what_may_be_seen_when_it_is_answered(self):
        async with Two() as here:
            await here.store.questions.claim(asked(QUESTION, event_id="left"), here.time, here.time)
            await here.owner_says("collections use policy")
            assert await here.questions.recover(here.chat) == 1
            assert quoted(here.chat.replies[-1]) == {"leave"}

    async def test_an_answer_that_was_given_before_and_not_posted_is_posted_as_it_was_given(self):
        async with Two() as here:
            here.chat.down = True
            await here.questions.ask_for(here.chat)(asked(QUESTION, event_id="left"))
            assert not here.chat.replies
            here.chat.down = False
            await here.owner_says("collections use policy")
            here.time += DAY
            assert await here.questions.recover(here.chat) == 1
            assert quoted(here.chat.replies[-1]) == {"leave", "zebra"}


class TestDirectMessages:
    async def test_the_asker_sees_what_the_channels_see_that_both_are_in(self):
        async with Two(BOUND) as here:
            here.chat.members["U1"] = [SharedChannel("slack:T1/C1"), SharedChannel("slack:T1/C9")]
            here.chat.members["U2"] = [SharedChannel("slack:T1/C1"), SharedChannel("slack:T1/C2")]
            assert quoted(await here.reply(QUESTION, channel="D1")) == {"leave"}
            assert quoted(await here.reply(QUESTION, channel="D2", asker="U2")) == {"leave", "zebra"}
            assert quoted(await here.reply(QUESTION, channel="D3", asker="U3")) == set()

    async def test_a_channel_shared_with_others_brings_nothing(self):
        async with Two(BOUND) as here:
            here.chat.members["U1"] = [SharedChannel("slack:T1/C1", outside=True)]
            assert quoted(await here.reply(QUESTION, channel="D1")) == set()

    async def test_where_nobody_asks_nothing_is_seen(self):
        """A digest may have no maker, and a platform that is asked about nobody tells of the bot itself."""
        async with Two(BOUND) as here:
            here.chat.members[""] = [SharedChannel("slack:T1/C1"), SharedChannel("slack:T1/C2")]
            assert quoted(await here.reply(QUESTION, channel="D1", asker="")) == set()

    async def test_by_setting_groups_say_what_is_seen(self):
        rules = Rules(direct="roles", roles={"slack:T1/S1": POLICY})
        async with Two(rules) as here:
            here.chat.groups["U1"] = {"slack:T1/S1", "slack:T1/S2"}
            here.chat.members["U2"] = [SharedChannel("slack:T1/C1")]
            assert quoted(await here.reply(QUESTION, channel="D1")) == {"leave"}
            assert quoted(await here.reply(QUESTION, channel="D2", asker="U2")) == set()

    async def test_by_setting_nothing_is_seen_and_nothing_looked_up(self):
        async with Two(Rules(direct="nothing", guests=True, shared_channels=True)) as here:
            assert quoted(await here.reply(QUESTION, channel="D1")) == set()

    async def test_while_everybody_sees_everything_nobodys_channels_are_looked_up(self):
        async with Two(Rules(guests=True, shared_channels=True)) as here:
            here.chat.trouble = PlaceUnknown("Slack is down.")
            assert quoted(await here.reply(QUESTION, channel="D1")) == {"leave", "zebra"}
            assert here.chat.looked_up == 0


class TestRefusals:
    @pytest.mark.parametrize(
        ("place", "line", "reason"),
        [
            (Place(direct=False, outside=True), wording.SHARED, "shared_with_others"),
            (Place(direct=False, guest=True), wording.GUEST, "guest"),
            (Place(direct=True, guest=True), wording.GUEST, "guest"),
        ],
    )
    @pytest.mark.parametrize(
        "text", [QUESTION, "help", "collections", "collections use policy", "author:zebr x"]
    )
    async def test_outsiders_and_guests_get_one_line_whatever_they_say(self, place, line, reason, text):
        async with Two() as here:
            here.chat.places["C7"] = place
            with capture_logs() as logs:
                reply = await here.reply(text, channel="C7", asker=OWNER)
            assert (reply.notice, reply.answer) == (line, None)
            assert {"event": "question_refused", "reason": reason}.items() <= _one(
                logs, "question_refused"
            ).items()
            assert not (await here.store.collections.said()).bindings

    async def test_by_setting_they_are_answered(self):
        async with Two(Rules(guests=True, shared_channels=True)) as here:
            here.chat.places["C7"] = Place(direct=False, outside=True, guest=True)
            assert quoted(await here.reply(QUESTION, channel="C7")) == {"leave", "zebra"}

    @pytest.mark.parametrize("trouble", [PlaceUnknown("Slack is down."), TimeoutError()])
    async def test_where_it_cannot_be_found_out_who_reads_along_nothing_is_answered(self, trouble):
        async with Two(BOUND) as here:
            here.chat.trouble = trouble
            reply = await here.reply(QUESTION)
            assert (reply.notice, reply.answer) == (wording.CANNOT_TELL, None)
            here.chat.trouble = None
            assert quoted(await here.reply(QUESTION)) == {"leave"}

    async def test_where_the_bot_is_no_member_it_says_how_it_becomes_one(self):
        async with Two() as here:
            here.chat.trouble = PlaceUnknown("channel_not_found", not_a_member=True)
            assert (await here.reply(QUESTION)).notice == wording.NOT_A_MEMBER

    async def test_a_platform_that_never_says_is_not_waited_for(self, monkeypatch):
        async def place(_):
            await asyncio.Event().wait()

        monkeypatch.setattr("bot.access.deciding.PATIENCE", 0.01)
        async with Two() as here:
            here.chat.place = place
            assert (await here.reply(QUESTION)).notice == wording.CANNOT_TELL

    async def test_a_database_that_cannot_say_who_sees_what_lets_nobody_see_anything(self, monkeypatch):
        async def version():
            raise DatabaseTrouble("The database is away.")

        async with Two() as here:
            monkeypatch.setattr(here.store.collections, "version", version)
            assert "something went wrong" in (await here.reply(QUESTION)).notice


class TestCommands:
    async def test_who_is_not_named_in_the_settings_changes_nothing(self):
        async with Two() as here:
            for text in ("collections use policy", "collections clear", "Collections USE *"):
                assert (await here.reply(text)).notice == wording.NOT_ALLOWED
            assert not (await here.store.collections.said()).bindings

    async def test_what_a_channel_sees_is_told_to_whoever_asks_and_no_more(self):
        async with Two() as here:
            assert (await here.reply("collections")).notice == wording.sees_unbound(2)
            await here.owner_says("collections use policy")
            assert (await here.reply("collections")).notice == wording.sees(["policy"], 1)
            assert (await here.reply("collections", channel="C2")).notice == wording.sees_unbound(0)
            assert (await here.reply("collections", channel="D1")).notice == wording.sees_direct(0)

    async def test_names_are_taken_however_they_are_typed_and_empty_ones_are_pointed_out(self):
        async with Two() as here:
            said = await here.owner_says("collections use Policy, polciy")
            assert said.startswith(wording.bound(["polciy", "policy"], 1))
            assert wording.holding_nothing(["polciy"]) in said

    @pytest.mark.parametrize(("word", "found"), [("*", {"leave", "zebra"}), ("nothing", set())])
    async def test_everything_and_nothing_can_be_bound_too(self, word, found):
        async with Two() as here:
            await here.owner_says(f"collections use {word}")
            assert quoted(await here.reply(QUESTION)) == found

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("collections use", wording.RIGHT_FORM),
            ("collections use policy *", wording.no_name("*")),
            ("collections use policy nothing", wording.no_name("nothing")),
        ],
    )
    async def test_what_makes_no_sense_is_answered_with_the_right_form(self, text, said):
        async with Two() as here:
            assert await here.owner_says(text) == said
            assert not (await here.store.collections.said()).bindings

    async def test_direct_messages_and_channels_of_the_settings_are_not_bound(self):
        rules = MANAGED.model_copy(update={"channels": {"slack:T1/C1": POLICY}})
        async with Two(rules) as here:
            assert await here.owner_says("collections use board", channel="D1") == wording.NOT_DIRECT
            assert await here.owner_says("collections use board") == wording.BY_SETTINGS

    async def test_who_bound_what_and_when_is_logged_and_kept(self):
        async with Two() as here:
            with capture_logs() as logs:
                await here.owner_says("collections use policy")
            logged = _one(logs, "channel_bound")
            assert logged["channel"] == "slack:T1/C1"
            assert (logged["collections"], logged["by"]) == (["policy"], f"slack:{OWNER}")
            [binding] = (await here.store.collections.said()).bindings
            assert (binding.names, binding.said_by, binding.said_at) == (("policy",), f"slack:{OWNER}", NINE)

    @pytest.mark.parametrize(
        "text", ["collections of art", "What collections are there?", "our collections use policy"]
    )
    async def test_a_question_with_the_word_in_it_is_a_question(self, text):
        async with Two() as here:
            assert (await here.reply(text)).answer is not None


class TestConsole:
    async def test_whoever_sits_at_the_machine_sees_everything(self):
        async with Two(BOUND) as here:
            here.chat.trouble = PlaceUnknown("nobody asks")
            here.chat.name = PlatformName.CONSOLE
            console = Conversation(platform=PlatformName.CONSOLE, channel="here")
            question = asked(QUESTION).model_copy(update={"conversation": console})
            await here.questions.ask_for(here.chat)(question)
            assert quoted(here.chat.replies[-1]) == {"leave", "zebra"}


class TestReadingOn:
    """Whoever may see one memo: may they all see another?"""

    async def test_everybody_may_while_nothing_is_divided(self):
        async with Two() as here:
            assert await here.access.may_read_on(LEAVE, ZEBRA)

    async def test_only_where_the_other_is_in_all_collections_of_the_one(self):
        async with Two(BOUND) as here:
            assert not await here.access.may_read_on(LEAVE, ZEBRA)
            await here.access.collect("zebra", ["policy"], "the test")
            assert await here.access.may_read_on(LEAVE, ZEBRA)
            assert not await here.access.may_read_on(ZEBRA, LEAVE)


def test_help_says_nothing_about_what_is_in_the_library():
    assert "policy" not in said_by_the_bot.HELP.lower()


def _one(logs, event):
    [found] = [entry for entry in logs if entry["event"] == event]
    return found
