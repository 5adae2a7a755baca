"""Which Slack payloads are questions, and what do they ask?"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Conversation, PlatformName
from bot.platforms.slack import commands
from bot.platforms.slack.events import Dropped, Identity, readable, understand

ME = Identity(user_id="U0BOT", bot_id="B0BOT", team_id="T1")


def body(**event):
    return {
        "event_id": "Ev1",
        "team_id": "T1",
        "event": {"type": "message", "channel": "C1", "user": "U1", "ts": "1700000000.000100", **event},
    }


def mention(text="<@U0BOT> What is the Squad?", **more):
    return body(type="app_mention", text=text, **more)


def direct(text="What is the Squad?", **more):
    return body(channel="D1", channel_type="im", text=text, **more)


def test_a_mention_is_a_question_and_its_thread_begins_there():
    question = understand(mention(), ME)
    assert question.event_id == "Ev1"
    assert question.text == "What is the Squad?"
    assert question.asker == "U1"
    assert question.asked_at == datetime.fromtimestamp(1700000000.0001, UTC)
    assert question.conversation == Conversation(
        platform=PlatformName.SLACK, workspace="T1", channel="C1", thread="1700000000.000100"
    )


def test_a_mention_in_a_thread_stays_in_that_thread():
    assert understand(mention(thread_ts="1.5"), ME).conversation.thread == "1.5"


def test_a_direct_message_is_answered_beside_it_and_in_a_thread_only_where_it_was_asked_in_one():
    assert understand(direct(), ME).conversation.thread is None
    assert understand(direct(thread_ts="1.5"), ME).conversation.thread == "1.5"


def test_a_mention_without_words_is_a_question_what_the_bot_can_do():
    assert understand(mention("<@U0BOT>"), ME).text == ""


def test_a_file_with_words_is_a_question():
    assert understand(direct(subtype="file_share"), ME).text == "What is the Squad?"


def test_a_reply_that_was_also_sent_to_the_channel_is_a_question():
    assert understand(direct(subtype="thread_broadcast", thread_ts="1.5"), ME).text == "What is the Squad?"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (direct(user="U0BOT"), "own_post"),
        (direct(bot_id="B0BOT"), "own_post"),
        (direct(bot_id="B9"), "other_bot"),
        (direct(bot_profile={"id": "B9"}), "other_bot"),
        (mention(bot_id="B9"), "other_bot"),
        (direct(subtype="bot_message"), "other_bot"),
        (direct(user="USLACKBOT"), "other_bot"),
        (body(subtype="message_changed", message={"user": "U1", "text": "<@U0BOT> x"}), "edit"),
        (body(subtype="message_changed", message={"user": "U0BOT"}, user=None), "own_post"),
        (mention(edited={"user": "U1", "ts": "1.6"}), "edit"),
        (body(subtype="message_deleted", previous_message={"user": "U1"}), "deletion"),
        (body(subtype="channel_join", text="<@U0BOT> has joined"), "not_said_by_a_person"),
        (direct(subtype="assistant_app_thread"), "not_said_by_a_person"),
        (direct(hidden=True), "hidden"),
        (direct(user=None), "not_said_by_a_person"),
        (direct(text="", subtype="file_share"), "no_text"),
        (direct(text=None), "no_text"),
        (mention(channel="D1"), "asked_twice"),
        (body(text="What is the Squad?", channel_type="channel"), "not_addressed"),
        (body(type="link_shared"), "not_a_message"),
        (body(type="app_home_opened", tab="messages"), "not_a_message"),
        ({"event_id": "Ev1"}, "not_a_message"),
    ],
)
def test_the_bot_stays_silent(payload, reason):
    assert understand(payload, ME) == Dropped(reason=reason, kind=payload.get("event", {}).get("type", ""))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<@U0BOT> What is the Squad?", "What is the Squad?"),
        ("<@U0BOT>: what is it", "what is it"),
        ("what, <@U0BOT|quoth>, is it", "what, , is it"),
        ("ask <@U2|alice> in <#C1|general>", "ask @alice in #general"),
        ("ask <@U2> in <#C1>", "ask in"),
        ("<!here> <!subteam^S1|@team> <!date^1700000000^{date}|14 Nov 2023>", "@here @team 14 Nov 2023"),
        ("see <http://x.org/a?b=1&amp;c=2|the page>", "see the page"),
        ("see <http://x.org/a?b=1&amp;c=2>", "see http://x.org/a?b=1&c=2"),
        ("write to <mailto:a@b.org|a@b.org>", "write to a@b.org"),
        ("Q&amp;A: 1 &lt; 2 &gt; 0, &amp;lt;", "Q&A: 1 < 2 > 0, &lt;"),
        ('"exact\nwords"  here', '"exact words" here'),
    ],
)
def test_markup_is_read_as_its_reader_sees_it(text, read):
    assert readable(text, "U0BOT") == read


@given(st.text(alphabet="<>@#!|&; aB\n", max_size=60))
def test_no_text_breaks_the_reading(text):
    assert "<@U0BOT>" not in readable(f"{text}<@U0BOT>{text}", "U0BOT")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_what_slack_escaped_comes_back_as_it_was_typed(typed):
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert readable(f"<@U0BOT> x{escaped}", "U0BOT") == " ".join(f"x{typed}".split())


def test_a_slash_command_is_a_question_with_the_way_to_reply_to_it():
    now = datetime(2026, 1, 2, tzinfo=UTC)
    payload = {
        "trigger_id": "1.2.3",
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "text": "Who is <@U2|bob>?",
        "response_url": "https://hooks.example/1",
    }
    question = commands.understand(payload, now)
    assert (question.event_id, question.asker, question.text) == ("1.2.3", "U1", "Who is @bob?")
    assert question.reply_token == "https://hooks.example/1"
    assert question.asked_at == now
    assert question.conversation.thread is None


def test_a_slash_command_without_words_asks_what_the_bot_can_do():
    payload = {"trigger_id": "1", "channel_id": "C1", "user_id": "U1", "text": "  "}
    assert commands.understand(payload, datetime.now(UTC)).text == ""
