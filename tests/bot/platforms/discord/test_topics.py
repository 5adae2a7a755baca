"""Is all told that there is to tell to whoever pressed a button?"""

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord.topics import in_messages
from bot.rendering import limits
from tests.bot.rendering import reading

lines = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=900), min_size=1
)


@given(lines)
def test_every_line_is_told_in_messages_that_discord_takes(lines):
    told = in_messages("\n".join(lines))
    assert all(limits.utf16(message) <= 2000 for message in told)
    assert reading.discord_text("\n".join(told)) == "\n".join(lines)


def test_what_fits_is_one_message():
    assert in_messages("one\ntwo *three*") == ["one\ntwo \\*three\\*"]
