"""Does everybody see what was understood of a file, as it stands, within each surface's limits?"""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.models import Entry, Fate, PlatformName, Receipt
from bot.rendering import limits
from bot.rendering.receipts import discord, slack, wording
from bot.rendering.receipts.lines import said_of
from tests.servers.fake_discord.rules import check_message, pings

PLAN = Entry(
    contribution_id="0123456789abcdef",
    file="plan.pdf",
    fate=Fate.ADDED,
    title="The plan",
    author="Ada Lovelace",
    published=date(2024, 10, 3),
    pages=12,
    passages=41,
    notes=("No text on pages 3-7.",),
    collections=("hr",),
)


def changed(**news):
    return PLAN.model_copy(update=news)


KINDS = {
    "added": (PLAN,),
    "new_version": (changed(fate=Fate.NEW_VERSION, former="The old plan", notes=()),),
    "corrected": (changed(corrected=True, published=None, author=None, pages=None, collections=()),),
    "undivided": (changed(collections=None),),
    "already_there": (changed(fate=Fate.ALREADY_THERE),),
    "not_added": (changed(fate=Fate.NOT_ADDED, said=wording.not_read([".pdf", ".md"]), title=""),),
    "undone": (changed(fate=Fate.UNDONE),),
    "undone_new_version": (changed(fate=Fate.UNDONE, former="The old plan"),),
    "letter": (changed(file="letter.eml", title="Re: kettle", enclosed=("The plan", "Minutes")),),
    "several": (PLAN, changed(fate=Fate.NOT_ADDED, file="b.exe", said="why"), changed(title="C", passages=1)),
}
NOTICES = {
    "not_allowed": wording.not_allowed("slack:U0123"),
    "no_file": wording.no_file(PlatformName.SLACK),
}
RECEIPTS = {
    **{kind: Receipt(receipt_id="r1", entries=entries) for kind, entries in KINDS.items()},
    **{kind: Receipt(receipt_id="r1", notice=notice) for kind, notice in NOTICES.items()},
}


@pytest.mark.parametrize("kind", RECEIPTS)
def test_slack(kind, snapshot):
    snapshot(slack.message(RECEIPTS[kind]))


@pytest.mark.parametrize("kind", RECEIPTS)
def test_discord(kind, snapshot):
    snapshot(discord.message(RECEIPTS[kind]))


def test_forms(snapshot):
    snapshot(
        {
            "slack": slack.form("0123456789abcdef C1 1700.1", "The plan", PLAN.published),
            "slack, no date": slack.form("0123456789abcdef C1 1700.1", "The plan", None),
            "discord": discord.form("0123456789abcdef", "The plan", PLAN.published),
        }
    )


TEXTS = st.text(max_size=400) | st.sampled_from(
    [
        "<!channel>",
        "<@U1>",
        "@everyone",
        "**x**",
        "`" * 300,
        '"' * 400,
        "\\" * 400,
        "👩‍👩‍👧‍👦" * 60,
        "\u202eevil",
        "a\nb",
        "é" * 300,
    ]
)
ENTRIES = st.builds(
    Entry,
    contribution_id=st.just("0123456789abcdef"),
    file=TEXTS,
    fate=st.sampled_from(Fate),
    said=TEXTS,
    title=TEXTS,
    author=st.none() | TEXTS,
    published=st.none() | st.dates(),
    pages=st.none() | st.integers(1, 10**6),
    passages=st.integers(0, 10**6),
    enclosed=st.lists(TEXTS, max_size=12).map(tuple),
    notes=st.lists(TEXTS, max_size=12).map(tuple),
    collections=st.none() | st.lists(TEXTS, max_size=8).map(tuple),
    former=st.none() | TEXTS,
    corrected=st.booleans(),
)
ANY = st.builds(
    Receipt,
    receipt_id=st.just("r1"),
    entries=st.lists(ENTRIES, max_size=10).map(
        lambda found: tuple(
            each.model_copy(update={"contribution_id": f"{number:016x}"}) for number, each in enumerate(found)
        )
    ),
    notice=st.none() | TEXTS,
)


@settings(max_examples=150)
@given(ANY)
def test_a_message_is_within_slacks_limits_and_nothing_in_it_is_markup(receipt):
    message = slack.message(receipt)
    blocks = message["blocks"]
    assert 1 <= len(blocks) <= limits.SLACK_BLOCKS
    assert limits.json_size(blocks) <= limits.SLACK_MESSAGE
    assert 1 <= limits.utf16(message["text"]) <= limits.SLACK_FALLBACK
    assert not set("<>") & set(message["text"])
    for block in blocks:
        Block.parse(block).validate_json()
        if block["type"] == "context":
            assert 1 <= len(block["elements"]) <= limits.SLACK_CONTEXT
        for text in [block["text"]] if block["type"] == "section" else block.get("elements", []):
            shown = text["text"] if text["type"] == "button" else text
            assert shown["type"] == "plain_text"
            assert shown["text"]


@settings(max_examples=150)
@given(ANY)
def test_a_message_is_within_discords_limits_and_pings_nobody(receipt):
    message = discord.message(receipt)
    check_message(message)
    total = sum(
        limits.utf16(one["title"]) + limits.utf16(one.get("description", "")) for one in message["embeds"]
    )
    assert total <= limits.DISCORD_TOTAL
    assert len(message["components"]) <= discord.ROWS
    assert all(1 <= len(row["components"]) <= discord.BUTTONS_IN_ROW for row in message["components"])
    assert pings(message["content"], None) == ([], [], False) or "@" in message["content"]
    for text in [message["content"], *(one["title"] for one in message["embeds"])]:
        assert "<@" not in text.replace("\\<", "")


@given(ANY)
def test_every_file_is_told_of_and_every_memo_that_came_has_its_two_buttons(receipt):
    came = [one for one in receipt.entries if one.fate in (Fate.ADDED, Fate.NEW_VERSION)]
    rows = [block for block in slack.message(receipt)["blocks"] if block["type"] == "actions"]
    assert len(rows) == len(came)
    shown = discord.message(receipt)
    assert len(shown["embeds"]) == len(receipt.entries)
    buttons = [one for row in shown["components"] for one in row["components"]]
    assert len(buttons) == 2 * len(came)
    assert len({(one["custom_id"], one["label"]) for one in buttons}) == len(buttons)


@given(TEXTS)
def test_what_is_said_of_a_file_stands_on_one_line(text):
    entry = changed(title=text, file=text, author=text, former=text, notes=(text,), enclosed=(text,))
    for said in said_of([entry]):
        for line in (said.headline, said.details, *said.remarks):
            assert line == " ".join(line.split())
            assert not {"\u202e", "\u200b", "\0", "\x1b"} & set(line)


@pytest.mark.parametrize("title", ["The plan", "x" * 300, "👩‍👩‍👧‍👦" * 40, "<!channel> & *bold*"])
@pytest.mark.parametrize("published", [None, date(1, 1, 1), date(9999, 12, 31)])
def test_a_form_is_one_that_slack_and_discord_take(title, published):
    form = slack.form("0123456789abcdef C1 1700.1", title, published)
    View(**form).validate_json()
    assert len(form["title"]["text"]) <= 24
    shown = discord.form("0123456789abcdef", title, published)
    assert len(shown["title"]) <= 45
    assert len(shown["custom_id"]) <= 100
    json.dumps(shown)
