"""Does Discord take what it is given, and show it as it stands?"""

import re

import pytest
from hypothesis import given

from bot.models import Reply
from bot.rendering import discord, limits, wording
from retrieval import Memo
from tests.bot.rendering import reading
from tests.bot.rendering.answers import answers, excerpt, found, link, no_link, reply, seed_answers, texts

KINDS = ("found_one", "found_three", "cut_quote", "table_quote", "superseded", "nothing", "notice")
# What Discord's own Markdown reacts to, once escaped characters and our bold are taken out.
ALIVE = re.compile(
    r"""[*_~|`\[\]<@\\]            # styles, spoilers, code, links, mentions
    |https?://                     # bare links
    |:[^\s:]+:                     # emoji
    |^[^\S\n]*(?:\#|>|-|\+|\d+[.)])   # headings, quotes, small print, lists
    """,
    re.VERBOSE | re.MULTILINE,
)

OUR_URL = "https://quoth.example.org/memos/m?passage=1&key=abc#quote"
END = f"]({OUR_URL})"
OUR_LINK = re.compile(rf"{re.escape(END)}, \[")


@pytest.mark.parametrize("kind", KINDS)
def test_message(kind, seed_memos, snapshot):
    snapshot(discord.message(seed_answers(seed_memos)[kind], link))


def test_message_without_a_reading_room(seed_memos, snapshot):
    snapshot(discord.message(seed_answers(seed_memos)["found_one"], no_link))


@given(answers())
def test_a_message_is_within_discords_limits(answer):
    check(discord.message(reply(answer), link))


@given(texts())
def test_a_notice_is_within_discords_limits_and_shown_as_it_stands(notice):
    message = discord.message(Reply(answer_id="a1", notice=notice), link)
    check(message)
    if len(notice) < 500:
        assert reading.discord_text(message["content"]) == (notice or wording.went_wrong("a1"))


def check(message):
    """Discord's rules for a message, counted in UTF-16 units."""
    embeds = message["embeds"]
    assert set(message) == {"content", "embeds"}
    assert 1 <= limits.utf16(message["content"]) <= 2000
    assert_dead(message["content"])
    assert len(embeds) <= 10
    total = 0
    for embed in embeds:
        title, description, footer = (
            embed["title"],
            embed.get("description", ""),
            embed.get("footer", {"text": "-"}),
        )
        assert 1 <= limits.utf16(title) <= 256
        assert limits.utf16(description) <= 4096
        assert 1 <= limits.utf16(footer["text"]) <= 2048
        total += sum(map(limits.utf16, (title, description, footer["text"])))
        assert_dead(title)
        quoted = [line for line in description.split("\n") if line.startswith("> ")]
        assert_dead("\n".join(line[2:] for line in quoted))
        rest = {line for line in description.split("\n") if not line.startswith("> ")}
        banners = {line for line in rest if line.startswith(f"**{wording.SUPERSEDED_BY}** [")}
        for banner in banners:
            assert_dead(
                OUR_LINK.sub("", banner.removeprefix(f"**{wording.SUPERSEDED_BY}** [")).removesuffix(END)
            )
        rest -= banners
        assert rest <= {f"*{wording.CUT_BEFORE}*", f"*{wording.CUT_AFTER}*"} or not description
    assert total <= 6000


def assert_dead(markdown):
    """No character of a memo has a meaning."""
    plain = re.sub(r"\\[^0-9A-Za-z\s]", "·", markdown).replace("**", "")
    assert not ALIVE.search(plain), plain


@given(answers())
def test_discords_own_library_reads_the_embeds(answer):
    library = pytest.importorskip("discord")
    for embed in discord.message(reply(answer), link)["embeds"]:
        read = library.Embed.from_dict(embed).to_dict()
        assert {name: read[name] for name in embed} == embed


@given(texts())
def test_without_backslashes_the_text_is_back(text):
    assert re.sub(r"\\([^0-9A-Za-z\s])", r"\1", discord.escaped(text)) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone", "\\@everyone"),
        ("<@123> <#4> <t:1:R>", "\\<\\@123> \\<#4> \\<t\\:1\\:R>"),
        ("https://a.example/b_c", "https\\://a.example/b\\_c"),
        ("Note: plain, it's 12:43.", "Note: plain, it's 12\\:43."),
        ("# a\n  - b\n12. c # d", "\\# a\n  \\- b\n12\\. c # d"),
        ("Indo-Pacific (2024)", "Indo-Pacific (2024)"),
        ("> a", "\\> a"),
    ],
)
def test_only_what_has_a_meaning_is_escaped(text, shown):
    assert discord.escaped(text) == shown


def test_matched_words_are_bold_line_by_line():
    memo = Memo(id="m", title="t", text="one *two\nthree four")
    message = discord.message(reply(found("?", excerpt(memo, memo.text, "*two\nthree"))), link)
    assert message["embeds"][0]["description"] == "> one **\\*two**\n> **three** four"


def test_quotes_that_do_not_fit_are_left_out_whole_and_counted():
    memo = Memo(id="m", title="t", text="word " * 400)
    message = discord.message(reply(found("?", *[excerpt(memo, memo.text)] * 10)), link)
    assert reading.discord_quotes(message) == [memo.text.rstrip() + " "] * 2
    assert wording.did_not_fit(8) in message["content"]


def test_a_quote_too_long_once_escaped_is_shown_without_bold_first():
    memo = Memo(id="m", title="t", text="*a" * 1000 + "_" * 545)
    message = discord.message(reply(found("?", excerpt(memo, memo.text, "a"))), link)
    assert reading.discord_quotes(message) == [memo.text]
    assert "**" not in message["embeds"][0]["description"].replace("\\*", "")


def test_quotes_that_are_all_too_long_are_cited():
    memo = Memo(id="m", title="Alliances", text="word " * 4000)
    message = discord.message(reply(found("?", excerpt(memo, memo.text))), link)
    check(message)
    assert message["content"] == wording.too_long_to_quote(1)
    assert [embed["title"] for embed in message["embeds"]] == ["Alliances"]


def test_a_link_that_discord_would_refuse_is_left_out():
    memo = Memo(id="m", title="Alliances", text="word")
    message = discord.message(
        reply(found("?", excerpt(memo, "word"))), lambda *_: "https://a.example/" + "x" * 3000
    )
    assert "url" not in message["embeds"][0]
