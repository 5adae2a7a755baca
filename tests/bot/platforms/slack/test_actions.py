"""What do Slack's shortcuts, buttons and forms ask for?"""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Offer, SharedFile
from bot.platforms.slack import actions
from bot.platforms.slack.events import Dropped, Identity, shared_files, understand
from bot.rendering.receipts import slack as receipts

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ME = Identity(user_id="U0BOT", bot_id="B0BOT", team_id="T1")
FILE = {"id": "F1", "name": "plan.md", "size": 5, "url_private": "https://files.slack.com/a"}
SHARED = SharedFile(file_id="F1", name="plan.md", size=5, address="https://files.slack.com/a")


def event(text="<@U0BOT> add", **more):
    kind = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "1700.1", "text": text}
    return {"event_id": "Ev1", "team_id": "T1", "event": {**kind, "files": [FILE], **more}}


def shortcut(**more):
    return {
        "type": "message_action",
        "callback_id": actions.SHORTCUT,
        "trigger_id": "1.2.3",
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "user": {"id": "U1"},
        "message": {"ts": "1700.1", "text": "Look", "files": [FILE]},
        **more,
    }


def press(**more):
    return {
        "type": "block_actions",
        "trigger_id": "1.2.3",
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "container": {"message_ts": "1700.2"},
        "actions": [{"action_id": receipts.UNDO, "value": "c1"}],
        **more,
    }


def filled(title="New", day="2025-01-02", reference="c1 C1 1700.2", **more):
    values = {
        receipts.TITLE: {receipts.TITLE: {"value": title}},
        receipts.DATE: {receipts.DATE: {"selected_date": day}},
    }
    view = {"callback_id": receipts.CORRECT, "private_metadata": reference, "state": {"values": values}}
    return {"type": "view_submission", "user": {"id": "U1"}, "view": {**view, **more}}


def test_a_mention_that_says_add_offers_its_files_in_a_thread():
    offer = understand(event(), ME)
    assert isinstance(offer, Offer)
    assert offer.files == (SHARED,)
    assert (offer.event_id, offer.asker, offer.conversation.thread) == ("Ev1", "U1", "1700.1")


def test_a_direct_message_that_says_add_is_answered_in_a_thread_too():
    direct = event("add", type="message", channel="D1", channel_type="im", subtype="file_share")
    assert understand(direct, ME).conversation.thread == "1700.1"


def test_other_words_are_a_question_whatever_comes_with_them():
    assert not isinstance(understand(event("<@U0BOT> What is this?"), ME), Offer)


@pytest.mark.parametrize(
    ("file", "read"),
    [
        ({**FILE, "url_private_download": "https://files.slack.com/d"}, "https://files.slack.com/d"),
        (FILE, "https://files.slack.com/a"),
        ({"id": "F1", "file_access": "check_file_info"}, None),
    ],
)
def test_where_a_file_is_kept_is_what_slack_says(file, read):
    assert shared_files({"files": [file]})[0].address == read


def test_a_deleted_file_is_none():
    assert shared_files({"files": [{"id": "F1", "mode": "tombstone"}]}) == ()


def test_a_shortcut_offers_the_files_of_its_message():
    offer = actions.to_offer(shortcut(), NOW)
    assert offer.files == (SHARED,)
    assert (offer.event_id, offer.asker, offer.text) == ("1.2.3", "U1", "")
    assert (offer.conversation.workspace, offer.conversation.thread) == ("T1", "1700.1")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (shortcut(callback_id="other"), "unknown_shortcut"),
        (shortcut(type="shortcut"), "unknown_shortcut"),
        (shortcut(user=None), "incomplete"),
        (shortcut(message=None), "incomplete"),
        (shortcut(trigger_id=""), "incomplete"),
    ],
)
def test_a_shortcut_that_is_not_ours_or_not_whole_is_dropped(payload, reason):
    assert actions.to_offer(payload, NOW) == Dropped(reason=reason, kind=payload["type"])


def test_a_press_says_what_was_pressed_where_and_by_whom():
    pressed = actions.to_press(press())
    assert (pressed.corrects, pressed.presser, pressed.trigger_id) == (False, "U1", "1.2.3")
    assert pressed.at.reference == "c1 C1 1700.2"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (press(actions=[]), "unknown_button"),
        (press(actions=[{"action_id": "other", "value": "c1"}]), "unknown_button"),
        (press(actions=[{"action_id": receipts.UNDO}]), "incomplete"),
        (press(user=None), "incomplete"),
        (press(container=None), "incomplete"),
    ],
)
def test_a_press_that_is_not_ours_or_not_whole_is_dropped(payload, reason):
    assert actions.to_press(payload) == Dropped(reason=reason, kind="block_actions")


@pytest.mark.parametrize(("day", "read"), [("2025-01-02", date(2025, 1, 2)), (None, None), ("", None)])
def test_a_form_says_title_and_date(day, read):
    sent = actions.to_filled(filled(day=day))
    assert (sent.title, sent.published, sent.presser, sent.at.contribution_id) == ("New", read, "U1", "c1")
    assert actions.complaints(filled(day=day)) == {}


@pytest.mark.parametrize(
    ("payload", "fields", "reason"),
    [
        (filled(title=""), {receipts.TITLE}, "not_filled_in"),
        (filled(title=None, day="2025-13-45"), {receipts.TITLE, receipts.DATE}, "not_filled_in"),
        (filled(reference="c1"), set(), "not_filled_in"),
        (filled(callback_id="other"), set(), "unknown_form"),
        ({"type": "view_submission"}, set(), "unknown_form"),
    ],
)
def test_a_form_that_is_wrong_says_where(payload, fields, reason):
    assert set(actions.complaints(payload)) == fields
    assert actions.to_filled(payload) == Dropped(reason=reason, kind="view_submission")


@given(st.dictionaries(st.sampled_from(["type", "trigger_id", "callback_id"]), st.text(max_size=8)))
def test_no_payload_without_its_parts_breaks_the_reading(payload):
    assert isinstance(actions.to_offer(payload, NOW), Dropped)
    assert isinstance(actions.to_press(payload), Dropped)
    assert isinstance(actions.to_filled(payload), Dropped)
