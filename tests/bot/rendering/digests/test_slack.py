"""Does Slack take every digest, and show what it quotes as it stands?"""

import json

import pytest
from hypothesis import given, settings
from slack_sdk.models.blocks import Block, RichTextBlock

from bot.digest import Part
from bot.rendering import limits
from bot.rendering.digests import slack
from bot.rendering.digests.layout import ELSEWHERE
from retrieval import Memo
from tests.bot.rendering import reading
from tests.bot.rendering.answers import excerpt, link, no_link
from tests.bot.rendering.digests.samples import (
    BEANS,
    KETTLE,
    KETTLE_BEFORE,
    PAGE,
    SAMPLES,
    changed,
    digest,
    digests,
    long,
    new,
    of,
    short,
    topic,
)


@pytest.mark.parametrize("kind", SAMPLES)
def test_message(kind, snapshot):
    snapshot(slack.message(SAMPLES[kind](), link, PAGE), name=f"test_slack_digest[{kind}]")


@given(digests())
@settings(max_examples=50)
def test_a_message_is_within_slacks_limits_and_nothing_in_it_pings(made):
    for page in (PAGE, None):
        check(slack.message(made, link, page))


@given(digests())
@settings(max_examples=50)
def test_every_quote_that_is_shown_stands_there_word_for_word(made):
    quotes = {one.quote for section in made.sections for item in section.items for one in quoted(item)}
    assert set(reading.slack_quotes(slack.message(made, link, PAGE))) <= quotes


@given(digests())
@settings(max_examples=50)
def test_what_is_not_left_out_is_shown_with_every_quote(made):
    items = [item for section in made.sections for item in section.items]
    left = slack.left_out(made, link, PAGE)
    shown = reading.slack_quotes(slack.message(made, link, PAGE))
    assert len(shown) == sum(len(quoted(item)) for item in items) - sum(len(quoted(item)) for item in left)


def quoted(item):
    """The quotes of an item."""
    one = [getattr(item, name, None) for name in ("before", "after", "excerpt")]
    return [*getattr(item, "excerpts", ()), *filter(None, one)]


def check(message):
    """Slack's rules for a message."""
    blocks = message["blocks"]
    assert message["unfurl_links"] is message["unfurl_media"] is False
    assert 1 <= len(blocks) <= 50
    assert limits.utf16(json.dumps(blocks, ensure_ascii=False)) <= limits.SLACK_MESSAGE
    assert 1 <= limits.utf16(message["text"]) <= limits.SLACK_FALLBACK
    assert not set("<>") & set(message["text"]), "nothing in the fallback is a mention or a link"
    for block in blocks:
        CHECKS[block["type"]](block)


def check_rich_text(block):
    assert isinstance(Block.parse(block), RichTextBlock)
    for part in block["elements"]:
        assert part["type"] in {"rich_text_section", "rich_text_quote"}
        assert part["elements"], "Slack refuses an empty part"
        for element in part["elements"]:
            assert element["type"] in {"text", "link"}, "the only ones that neither ping nor draw"
            assert element["text"]
            assert element["type"] == "text" or element["url"].startswith("https://quoth.example.org/")


def check_plain(block, most):
    Block.parse(block).validate_json()
    for text in [block["text"]] if "text" in block else block["elements"]:
        assert (text["type"], text["emoji"]) == ("plain_text", False)
        assert 1 <= limits.utf16(text["text"]) <= most


def check_buttons(block):
    Block.parse(block).validate_json()
    assert [one["action_id"] for one in block["elements"]] in ([slack.LESS, slack.UNWATCH], [slack.WHY])
    for one in block["elements"]:
        assert one["text"]["type"] == "plain_text"
        assert 1 <= len(one["value"]) <= 2_000


CHECKS = {
    "rich_text": check_rich_text,
    "header": lambda block: check_plain(block, 150),
    "context": lambda block: check_plain(block, 3_000),
    "actions": check_buttons,
    "divider": lambda block: None,
}


def test_words_that_are_gone_are_struck_through_and_words_that_came_are_bold():
    message = slack.message(digest(of(Part.CHANGED, changed())), link)
    before, after = (
        part["elements"]
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
    )
    assert [one["text"] for one in before if one.get("style") == {"strike": True}] == ["Fridays"]
    assert [one["text"] for one in after if one.get("style") == {"bold": True}] == ["Mondays"]
    assert reading.slack_quotes(message) == [
        "The kettle is descaled on Fridays.",
        "The kettle is descaled on Mondays.",
    ]


def test_a_topic_has_its_buttons_and_nothing_else_has():
    message = slack.message(digest(of(Part.NEW, new(BEANS)), of(Part.TOPICS, topic(7))), link)
    buttons, why = [block for block in message["blocks"] if block["type"] == "actions"]
    assert [(one["text"]["text"], one["value"]) for one in why["elements"]] == [
        ("Why these?", "0123456789abcdef")
    ]
    assert [(one["text"]["text"], one["value"]) for one in buttons["elements"]] == [
        ("Less like this", "t00007"),
        ("Unsubscribe", "t00007"),
    ]


def test_two_quotes_of_a_new_memo_are_told_apart():
    two = [excerpt(KETTLE, "The kettle is descaled on Mondays."), excerpt(KETTLE, "Only tap water goes in.")]
    message = slack.message(digest(of(Part.NEW, new(KETTLE, *two))), link)
    [block] = [one for one in message["blocks"] if one["type"] == "rich_text" and len(one["elements"]) > 1]
    assert [part["type"] for part in block["elements"]] == [
        "rich_text_section",
        "rich_text_quote",
        "rich_text_section",
        "rich_text_quote",
    ]


def test_what_does_not_fit_is_left_out_whole_counted_and_linked_to():
    message, left = slack.message(long(), link, PAGE), slack.left_out(long(), link, PAGE)
    elements = [
        part["elements"]
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
    ]
    more = [one[0] for one in elements if len(one) == 1 and one[0]["text"].startswith("and ")]
    assert [one["url"] for one in more] == [PAGE] * 3
    assert sum(int(one["text"].split()[1]) for one in more) == len(left)
    assert {type(item).__name__ for item in left} == {"NewMemo", "TopicNews", "OpenQuestion"}


def test_no_part_is_crowded_out_by_a_long_one():
    shown = reading.slack_words(slack.message(long(), link, PAGE))
    assert "Standing questions" in shown
    assert "Who owns 1?" in shown


def test_what_fits_is_all_shown():
    assert slack.left_out(SAMPLES["full"](), link, PAGE) == ()


def test_a_part_of_which_nothing_fits_is_named_at_the_end():
    memo = Memo(id="m", title="Everything", text="word " * 4000)
    made = digest(of(Part.NEW, new(memo, excerpt(memo, memo.text))), of(Part.TOPICS, topic()))
    message = slack.message(made, link, PAGE)
    check(message)
    last = message["blocks"][-2]["elements"][0]["elements"]
    assert [one["text"] for one in last] == [ELSEWHERE, "New memos (1)"]
    assert last[1]["url"] == PAGE
    assert slack.left_out(made, link, PAGE) == made.sections[0].items


def test_without_a_reading_room_there_are_no_links():
    assert '"link"' not in json.dumps(slack.message(long(), no_link))


def test_a_page_link_that_is_too_long_is_left_away():
    assert slack.message(long(), no_link, PAGE + "x" * 600) == slack.message(long(), no_link)


def test_a_memo_is_linked_to_what_is_quoted_of_it():
    asked = []
    slack.message(short(), lambda citation, span: asked.append(span))
    assert {(span.start, span.end) for span in asked} == {(0, len(BEANS.text))}


def test_a_day_without_news_is_one_block():
    [block] = slack.message(digest(), link, PAGE)["blocks"]
    assert reading.slack_words({"blocks": [block]}) == (
        "Mon 7 Oct, 09:00 Europe/Berlin: since Friday\n\nNothing new since Friday."
    )


def test_the_message_can_be_found_again_in_the_channel():
    made = short()
    assert slack.metadata(made) == {
        "event_type": "quoth_digest",
        "event_payload": {"digest_id": made.digest_id},
    }
    assert slack.message(made, link)["blocks"][0]["block_id"] == slack.block_id(made)
    assert made.digest_id in slack.block_id(made)
    assert len(slack.block_id(made)) <= 255


def test_before_and_after_are_quotes_of_their_own_versions():
    assert changed().before.quote in KETTLE_BEFORE.text
    assert changed().after.quote in KETTLE.text
