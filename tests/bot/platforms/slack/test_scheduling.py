"""Does the form that schedules a digest say what a command would say, and what is wrong with it?"""

import json
from datetime import UTC, datetime

import pytest
from slack_sdk.models.views import View

from bot.digest import Part, Quiet
from bot.digests.reading import is_command
from bot.models import Conversation, IncomingQuestion, PlatformName
from bot.platforms.slack import scheduling
from bot.platforms.slack.commands import shown_to_all
from bot.platforms.slack.events import Dropped
from bot.rendering.digests import slack_form as form

NOW = datetime(2024, 10, 7, 7, 0, tzinfo=UTC)
ALL = tuple(part.value for part in Part)
COMMAND = IncomingQuestion(
    event_id="1.2.trigger",
    conversation=Conversation(platform=PlatformName.SLACK, workspace="T1", channel="C1"),
    asker="U1",
    text="digest",
    asked_at=NOW,
    reply_token="https://hooks.example/1",
)


def sent(when="weekdays at 9", zone="Europe/Berlin", parts=ALL, quiet="first", reference=None, **more):
    """What Slack sends when somebody sends the form."""
    values = {
        form.WHEN: {form.WHEN: {"value": when}},
        form.ZONE: {form.ZONE: {"value": zone}},
        form.PARTS: {form.PARTS: {"selected_options": [{"value": part} for part in parts]}},
        form.QUIET: {form.QUIET: {"selected_option": {"value": quiet}}},
        **more.pop("values", {}),
    }
    reference = scheduling.opening_of(COMMAND).reference if reference is None else reference
    view = {"id": "V1", "private_metadata": reference, "state": {"values": values}}
    return {"type": "view_submission", "team": {"id": "T2"}, "user": {"id": "U2"}, "view": view, **more}


def asked(**given):
    question = scheduling.to_question(sent(**given), NOW)
    assert isinstance(question, IncomingQuestion), question
    return question


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "digest weekdays at 9 in Europe/Berlin"),
        ({"when": " every  day at\nnoon "}, "digest every day at noon in Europe/Berlin"),
        ({"zone": ""}, "digest weekdays at 9"),
        ({"when": "weekdays at 9 in Asia/Tokyo"}, "digest weekdays at 9 in Asia/Tokyo"),
        ({"when": "weekdays at 9 in Europe/Berlin"}, "digest weekdays at 9 in Europe/Berlin"),
        ({"when": "0 9 * * 1-5"}, "digest 0 9 * * 1-5 in Europe/Berlin"),
        ({"parts": ("topics", "new")}, "digest weekdays at 9 in Europe/Berlin; show new, topics"),
        ({"quiet": "silent"}, "digest weekdays at 9 in Europe/Berlin; quiet silent"),
        ({"quiet": "each", "parts": ("new",)}, "digest weekdays at 9 in Europe/Berlin; show new; quiet each"),
    ],
)
def test_the_form_becomes_the_command_that_says_the_same(given, text):
    assert asked(**given).text == text
    assert is_command(text)


def test_it_is_asked_where_the_form_was_asked_for_and_replied_to_who_sent_it():
    question = asked()
    assert question.conversation == COMMAND.conversation
    assert (question.asker, question.reply_token) == ("U2", COMMAND.reply_token)


def test_sent_again_it_is_the_same_event():
    assert asked().event_id == asked().event_id


def test_after_the_shortcut_the_form_says_where():
    chosen = {form.WHERE: {form.WHERE: {"selected_conversation": "C9"}}}
    question = asked(reference="", values=chosen)
    assert (question.conversation.workspace, question.conversation.channel) == ("T2", "C9")
    assert question.reply_token is None
    urls = [{"channel_id": "C9", "response_url": "https://hooks.example/2"}]
    assert asked(reference="", values=chosen, response_urls=urls).reply_token == "https://hooks.example/2"


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"when": "now and then"}, form.WHEN, "names no time of day"),
        ({"when": ""}, form.WHEN, "names no time of day"),
        ({"when": "weekdays at 9; quiet silent"}, form.WHEN, "is no time of day"),
        ({"when": "weekdays at 25"}, form.WHEN, "is no time of day"),
        ({"zone": "Middle/Earth"}, form.ZONE, "There is no time zone 'Middle/Earth'."),
        ({"zone": "Berlin"}, form.ZONE, "There is no time zone 'Berlin'."),
        ({"zone": "Japan"}, form.ZONE, form.NO_ZONE),
        ({"parts": ()}, form.PARTS, form.NO_PART),
        ({"parts": ("gossip",)}, form.PARTS, form.NO_PART),
        ({"reference": ""}, form.WHERE, form.NO_CHANNEL),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_scheduled(given, field, said):
    wrong = scheduling.complaints(sent(**given))
    assert list(wrong) == [field]
    assert said in wrong[field]
    assert scheduling.to_question(sent(**given), NOW) == Dropped(
        reason="not_filled_in", kind="view_submission"
    )


@pytest.mark.parametrize("body", [{}, {"view": {}}, {"view": {"state": {"values": {"when": None}}}}])
def test_a_form_of_nothing_is_dropped(body):
    assert isinstance(scheduling.to_question(body, NOW), Dropped)


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("digest", True),
        (" Digests ", True),
        ("digest list", False),
        ("digest weekdays at 9", False),
        ("", False),
    ],
)
def test_the_command_alone_asks_for_the_form(text, opens):
    assert scheduling.asks_for_form(COMMAND.model_copy(update={"text": text})) is opens


def test_a_shortcut_without_a_trigger_is_dropped():
    assert scheduling.to_opening({"type": "shortcut", "user": {"id": "U1"}}) == Dropped(
        reason="incomplete", kind="shortcut"
    )


def test_where_the_form_was_asked_for_fits_into_it():
    longest = COMMAND.model_copy(update={"reply_token": "https://hooks.slack.com/" + "x" * 500})
    assert len(scheduling.opening_of(longest).reference) <= 3_000


@pytest.mark.parametrize("text", ["digest weekdays at 9", "digest list", "watch tariffs", "topics"])
def test_commands_about_digests_are_for_who_gives_them_alone(text):
    assert not shown_to_all(text)


@pytest.mark.parametrize("asks_where", [True, False])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "", "x" * 500])
def test_the_form_is_within_slacks_limits(asks_where, zone):
    made = form.form("r", zone, asks_where=asks_where)
    View(**made).validate_json()
    assert max(len(made[name]["text"]) for name in ("title", "submit", "close")) <= 24
    fields = [block for block in made["blocks"] if block["type"] == "input"]
    assert [one["block_id"] for one in fields][-4:] == [form.WHEN, form.ZONE, form.PARTS, form.QUIET]
    for one in fields:
        element = one["element"]
        assert all(len(option["text"]["text"]) <= 75 for option in element.get("options", ()))
        assert len(element.get("placeholder", {"text": ""})["text"]) <= 150
        assert len(element.get("initial_value", "")) <= element.get("max_length", 0)


def test_the_form_offers_every_part_and_every_way_to_spend_a_quiet_day(snapshot):
    made = form.form("r", "Europe/Berlin", asks_where=True)
    snapshot(made, name="form")
    options = json.dumps(made)
    assert all(f'"value": "{value}"' in options for value in (*Part, *Quiet))
