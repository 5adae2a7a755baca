"""Does Discord take every digest, and show what it quotes as it stands?"""

import re

import pytest
from hypothesis import given

from bot.digest import Part
from bot.rendering import limits, wording
from bot.rendering.digests import discord
from bot.rendering.digests.layout import ELSEWHERE, TITLES
from retrieval import Memo
from tests.bot.rendering import reading
from tests.bot.rendering.answers import excerpt, link, no_link
from tests.bot.rendering.digests.samples import (
    BEANS,
    KETTLE,
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
from tests.bot.rendering.test_discord import assert_dead

OUR_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\\\]])*)\]\((<?)https://quoth\.example\.org/[^\s()<>]*(>?)\)")
SMALL = re.compile(r"^-# ", re.MULTILINE)
OUR_ITALICS = re.compile(r"^\*((?:\\.|[^\\*])+)\*$", re.MULTILINE)


@pytest.mark.parametrize("kind", SAMPLES)
def test_message(kind, snapshot):
    snapshot(discord.message(SAMPLES[kind](), link, PAGE), name=f"test_discord_digest[{kind}]")


@given(digests())
def test_a_message_is_within_discords_limits_and_nothing_of_a_memo_has_a_meaning(made):
    for page in (PAGE, None):
        check(discord.message(made, link, page))
    check(discord.preview(made, link))


@given(digests())
def test_every_quote_that_is_shown_stands_there_word_for_word(made):
    quotes = [shown(one.quote) for one in quotes_of(made, discord.shown_counts(made, link, PAGE))]
    assert read_quotes(discord.message(made, link, PAGE)) == quotes


@given(digests())
def test_what_is_not_shown_is_counted(made):
    counts = discord.shown_counts(made, link, PAGE)
    message = discord.message(made, link, PAGE)
    words = "\n".join([message["content"], *(embed["description"] for embed in message["embeds"])])
    for section in made.sections:
        left = len(section.items) - counts.get(section.part, 0)
        assert not left or f"and {left} more" in words or f"{TITLES[section.part]} ({left})" in words


@given(digests())
def test_discords_own_library_reads_the_embeds(made):
    library = pytest.importorskip("discord")
    for embed in discord.message(made, link, PAGE)["embeds"]:
        read = library.Embed.from_dict(embed).to_dict()
        assert {name: read[name] for name in embed} == embed


def quotes_of(made, counts):
    """The quotes of the items that are shown, in their order."""
    for section in made.sections:
        for item in section.items[: counts.get(section.part, 0)]:
            yield from getattr(item, "excerpts", ())
            yield from filter(None, (getattr(item, name, None) for name in ("before", "after", "excerpt")))


def shown(quote):
    """A quote, line by line as a block quote holds it."""
    return quote.split("\n")


def read_quotes(message):
    """The block quotes of a message, each as its lines."""
    quotes, was_quote = [], False
    for line in "\n".join(embed["description"] for embed in message["embeds"]).split("\n"):
        if line.startswith("> "):
            if not was_quote:
                quotes.append([])
            quotes[-1].append(line[2:])
        was_quote = line.startswith("> ")
    return [[reading.discord_text(line) for line in quote] for quote in quotes]


def check(message):
    """Discord's rules for a message, counted in UTF-16 units."""
    assert set(message) == {"content", "embeds", "components"}
    assert 1 <= limits.utf16(message["content"]) <= 2000
    assert_dead(without_ours(message["content"]))
    assert len(message["embeds"]) <= 10
    total = 0
    for embed in message["embeds"]:
        title, footer = embed.get("title", ""), embed.get("footer", {}).get("text", "")
        assert limits.utf16(title) <= 256
        assert 1 <= limits.utf16(embed["description"]) <= 4096
        assert limits.utf16(footer) <= 2048
        total += sum(map(limits.utf16, (title, embed["description"], footer)))
        assert_dead(without_ours(embed["description"]))
    assert total <= 6000
    check_buttons(message["components"])


def without_ours(markdown):
    """What is left of `markdown` without what is ours alone: links, block quotes, small print, lines in italics."""
    plain = OUR_LINK.sub(r"\1", markdown)
    plain = "\n".join(line.removeprefix("> ") for line in plain.split("\n"))
    return OUR_ITALICS.sub(r"\1", SMALL.sub("", plain)).replace("**", "").replace("~~", "")


def check_buttons(rows):
    assert len(rows) <= 5
    buttons = [button for row in rows for button in row["components"]]
    assert all(1 <= len(row["components"]) <= 5 for row in rows)
    ids = [button["custom_id"] for button in buttons]
    assert len(set(ids)) == len(ids), "Discord refuses an id that comes twice"
    assert all(len(button["custom_id"]) <= 100 and len(button["label"]) <= 80 for button in buttons)


def test_words_that_are_gone_are_struck_through_and_words_that_came_are_bold():
    [embed] = discord.message(digest(of(Part.CHANGED, changed())), link)["embeds"]
    lines = embed["description"].split("\n")
    assert "> The kettle is descaled on ~~Fridays~~." in lines
    assert "> The kettle is descaled on **Mondays**." in lines


def test_what_discord_could_not_strike_through_rightly_is_left_as_it_is():
    was = Memo(id="m", title="t", text="about ~5 cups")
    gone = changed().model_copy(update={"before": excerpt(was, was.text), "gone": ((6, 8),)})
    [embed] = discord.message(digest(of(Part.CHANGED, gone)), link)["embeds"]
    assert "> about \\~5 cups" in embed["description"]


def buttons(message):
    return [(one["label"], one["custom_id"]) for row in message["components"] for one in row["components"]]


def test_a_topic_has_its_buttons_and_nothing_else_has():
    message = discord.message(digest(of(Part.NEW, new(BEANS)), of(Part.TOPICS, topic(7))), link)
    assert buttons(message) == [
        ("Less like this", "quoth:less:t00007"),
        ("Unsubscribe", "quoth:unwatch:t00007"),
        ("Why these?", "quoth:why:0123456789abcdef"),
    ]


def test_topics_have_numbers_where_there_are_several_and_a_row_each_while_there_is_room():
    message = discord.message(digest(of(Part.TOPICS, topic(1), topic(2))), link)
    assert [label for label, _ in buttons(message)] == [
        "1: Less like this",
        "1: Unsubscribe",
        "2: Less like this",
        "2: Unsubscribe",
        "Why these?",
    ]
    assert [len(row["components"]) for row in message["components"]] == [2, 2, 1]
    for number in (1, 2):
        assert f"**{number}\\. “What is new on tariffs?”**" in message["embeds"][0]["description"]


def test_topics_beyond_the_buttons_are_named_with_how_to_end_them():
    message = discord.message(digest(of(Part.TOPICS, *map(topic, range(1, 13)))), no_link)
    check(message)
    assert [len(row["components"]) for row in message["components"]] == [4, 4, 4, 4, 5]
    assert "unwatch t00010" not in message["embeds"][0]["description"]
    assert "Stop with: unwatch t00011" in message["embeds"][0]["description"]
    assert "Stop with: unwatch t00012" in message["embeds"][0]["description"]


def test_why_is_asked_of_what_was_posted_with_news_alone():
    assert buttons(discord.message(short(), link)) == [("Why these?", "quoth:why:0123456789abcdef")]
    assert buttons(discord.message(digest(), link)) == []
    assert buttons(discord.preview(short(), link)) == []


def test_what_does_not_fit_is_left_out_whole_counted_and_linked_to():
    message, counts = discord.message(long(), link, PAGE), discord.shown_counts(long(), link, PAGE)
    check(message)
    assert 0 < counts[Part.NEW] < 40
    for embed, section in zip(message["embeds"], long().sections, strict=True):
        left = len(section.items) - counts[section.part]
        assert embed["description"].endswith(f"\n*[and {left} more]({PAGE})*")


def test_what_fits_is_all_shown():
    full = SAMPLES["full"]()
    counts = discord.shown_counts(full, link, PAGE)
    assert counts == {section.part: len(section.items) for section in full.sections}


def test_a_part_of_which_nothing_fits_is_named_above():
    memo = Memo(id="m", title="Everything", text="word " * 4000)
    made = digest(of(Part.NEW, new(memo, excerpt(memo, memo.text))), of(Part.TOPICS, topic()))
    message = discord.message(made, link, PAGE)
    check(message)
    assert f"*{ELSEWHERE}[New memos (1)](<{PAGE}>)*" in message["content"]
    assert [embed["title"] for embed in message["embeds"]] == ["Standing questions"]


def test_without_a_reading_room_there_are_no_links():
    message = discord.message(long(), no_link)
    assert "](" not in str(message)


def test_a_page_link_that_is_too_long_is_left_away():
    assert discord.message(long(), no_link, PAGE + "x" * 600) == discord.message(long(), no_link)


def test_a_link_that_would_end_too_early_is_left_away():
    message = discord.message(short(), lambda *_: "https://quoth.example.org/a)b")
    assert "](" not in str(message)


def test_two_quotes_of_a_new_memo_are_told_apart():
    two = [excerpt(KETTLE, "The kettle is descaled on Mondays."), excerpt(KETTLE, "Only tap water goes in.")]
    message = discord.message(digest(of(Part.NEW, new(KETTLE, *two))), link)
    assert read_quotes(message) == [["The kettle is descaled on Mondays."], ["Only tap water goes in."]]


def test_a_part_that_is_longer_than_an_embed_goes_on_in_another():
    memo = Memo(id="m", title="Long", text="word " * 400)
    made = digest(of(Part.NEW, *[new(memo, excerpt(memo, memo.text))] * 2, *[new(BEANS)] * 30))
    message = discord.message(made, no_link)
    check(message)
    assert [embed.get("title") for embed in message["embeds"]] == ["New memos", None]


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_message_can_be_found_again_in_the_channel(kind):
    made = SAMPLES[kind]()
    message = discord.message(made, link, PAGE)
    footers = [embed["footer"]["text"] for embed in message["embeds"] if "footer" in embed]
    assert discord.is_marked(made.digest_id, message["content"], footers)
    assert not discord.is_marked("fedcba9876543210", message["content"], footers)


def test_a_preview_cannot_be_found_again_and_has_nothing_to_press():
    message = discord.preview(digest(of(Part.TOPICS, topic())), link)
    assert message["components"] == []
    assert discord.mark("0123456789abcdef") not in str(message)


def test_a_day_without_news_is_a_line_and_no_embed():
    message = discord.message(digest(), no_link)
    assert message["embeds"] == []
    assert message["content"].split("\n")[:2] == [
        "**Mon 7 Oct, 09\\:00 Europe/Berlin: since Friday**",
        "Nothing new since Friday.",
    ]


def test_what_a_superseded_memo_is_superseded_by_stands_there():
    words = str(discord.message(SAMPLES["full"](), link, PAGE)["embeds"])
    assert f"{wording.SUPERSEDED_BY} [Tariffs after the election](" in words
