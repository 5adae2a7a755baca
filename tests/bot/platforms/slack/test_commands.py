"""Who sees a slash command, and what comes of it?"""

import pytest

from bot.platforms.slack import commands


@pytest.mark.parametrize("text", ["What is the Squad?", "help with the budget", "x" * 5000])
def test_a_question_is_shown_in_the_channel(text):
    assert commands.shown_to_all(text)
    assert commands.acknowledgement({"text": text}) == {"response_type": "in_channel"}


@pytest.mark.parametrize(
    "body", [{}, {"text": None}, {"text": " "}, {"text": "Help!"}, {"text": "thank you"}]
)
def test_a_command_that_asks_nothing_of_the_memos_is_shown_to_nobody_else(body):
    assert not commands.shown_to_all(body.get("text") or "")
    assert commands.acknowledgement(body) is None
