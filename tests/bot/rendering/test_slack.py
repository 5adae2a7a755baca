"""Does Slack take what it is given, and show it as it stands?"""

import json

import pytest
from hypothesis import given
from slack_sdk.models.blocks import Block, RichTextBlock

from bot.models import Reply
from bot.rendering import limits, slack, wording
from retrieval import Memo
from tests.bot.rendering import reading
from tests.bot.rendering.answers import answers, excerpt, found, link, no_link, reply, seed_answers, texts

KINDS = ("found_one", "found_three", "cut_quote", "table_quote", "superseded", "nothing", "notice")


@pytest.mark.parametrize("kind", KINDS)
def test_message(kind, seed_memos, snapshot):
    snapshot(slack.message(seed_answers(seed_memos)[kind], link))


def test_message_without_a_reading_room(seed_memos, snapshot):
    snapshot(slack.message(seed_answers(seed_memos)["found_one"], no_link))


@given(answers())
def test_a_message_is_within_slacks_limits(answer):
    message = slack.message(reply(answer), link)
    check(message)


@given(texts())
def test_a_notice_is_within_slacks_limits_and_shown_as_it_stands(notice):
    message = slack.message(Reply(answer_id="a1", notice=notice), link)
    check(message)
    assert message["blocks"][0]["text"]["text"] == limits.shortened(
        notice or wording.went_wrong("a1"), limits.SLACK_SECTION, limits.utf16
    )


def check(message):
    """Slack's rules for a message."""
    blocks = message["blocks"]
    assert set(message) == {"text", "blocks", "unfurl_links", "unfurl_media"}
    assert message["unfurl_links"] is message["unfurl_media"] is False
    assert 1 <= len(blocks) <= 50
    assert limits.utf16(json.dumps(blocks, ensure_ascii=False)) < 12_000
    assert 1 <= limits.utf16(message["text"]) <= limits.SLACK_FALLBACK
    assert not set("<>") & set(message["text"]), "nothing in the fallback is a mention or a link"
    for block in blocks:
        if block["type"] == "rich_text":
            check_rich_text(block)
            continue
        Block.parse(block).validate_json()
        for text in [block["text"]] if block["type"] == "section" else block["elements"]:
            assert text["type"] == "plain_text"
            assert text["emoji"] is False
            assert 1 <= limits.utf16(text["text"]) <= 3_000


def check_rich_text(block):
    assert isinstance(Block.parse(block), RichTextBlock)
    for part in block["elements"]:
        assert part["type"] in {"rich_text_section", "rich_text_quote"}
        assert part["elements"], "Slack refuses an empty part"
        for element in part["elements"]:
            assert element["type"] in {"text", "link"}, "the only ones that neither ping nor draw"
            assert element["text"]
            assert element["type"] == "text" or element["url"].startswith("https://quoth.example.org/")


def test_matched_words_are_bold():
    memo = Memo(id="m", title="t", text="The Squad and *the* Quad.")
    message = slack.message(reply(found("?", excerpt(memo, memo.text, "Squad", "Quad"))), link)
    quote = message["blocks"][0]["elements"][0]["elements"]
    assert [element["text"] for element in quote if element.get("style") == {"bold": True}] == [
        "Squad",
        "Quad",
    ]


def test_a_quote_with_very_many_matches_is_shown_plain_rather_than_not_at_all():
    memo = Memo(id="m", title="t", text="a b " * 500)
    message = slack.message(reply(found("?", excerpt(memo, memo.text, "a"))), link)
    assert reading.slack_quotes(message) == [memo.text]


def test_quotes_that_do_not_fit_are_left_out_whole_and_counted():
    memo = Memo(id="m", title="t", text="word " * 400)
    message = slack.message(reply(found("?", *[excerpt(memo, memo.text)] * 10)), link)
    shown = len(reading.slack_quotes(message))
    assert shown == 5
    assert wording.did_not_fit(10 - shown) in reading.slack_words(message)


def test_quotes_that_are_all_too_long_are_cited():
    memo = Memo(id="m", title="Alliances", text="word " * 4000)
    message = slack.message(reply(found("?", excerpt(memo, memo.text))), link)
    check(message)
    assert reading.slack_quotes(message) == []
    assert wording.too_long_to_quote(1) in reading.slack_words(message)
    assert "Alliances" in reading.slack_words(message)


def test_a_link_that_slack_would_refuse_is_left_out():
    memo = Memo(id="m", title="Alliances", text="word")
    message = slack.message(
        reply(found("?", excerpt(memo, "word"))), lambda *_: "https://a.example/" + "x" * 3000
    )
    assert '"link"' not in json.dumps(message)


def test_the_answer_can_be_found_again_in_the_channel():
    assert slack.metadata(Reply(answer_id="a1", notice="x")) == {
        "event_type": "quoth_answer",
        "event_payload": {"answer_id": "a1"},
    }
