"""Do the small parts of the Discord platform keep their promises?"""

import itertools
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SetupError
from bot.platforms.discord import adapter
from bot.platforms.discord.connection import LONGEST_WAIT, _waits
from bot.platforms.discord.events import without_markup
from bot.platforms.discord.posting import nonce_of

URL = "http://127.0.0.1:1/api/v10"


def test_without_discord_py_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(adapter, "find_spec", lambda _: None)
    with pytest.raises(SetupError, match=r'pip install -e "\.\[discord\]"'):
        adapter.DiscordPlatform("token", URL, None, lambda *_: None)


def test_discord_py_is_imported_only_when_a_platform_is_made():
    code = "import sys, bot.platforms.discord.adapter; sys.exit('discord' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text(), st.text())
def test_a_nonce_is_short_the_same_for_the_same_answer_and_another_for_another(one: str, other: str):
    assert len(nonce_of(one)) <= 25
    assert (nonce_of(one) == nonce_of(other)) == (one == other)


@given(st.text(st.characters(exclude_characters="<")), st.integers(0, 2**64))
def test_no_word_of_a_question_is_lost_with_the_mention(words: str, bot: int):
    assert without_markup(f"<@{bot}>{words}<@!{bot}>") == words.strip()


def test_waits_between_tries_grow_to_a_minute_and_are_never_the_same_for_all():
    waits = list(itertools.islice(_waits(), 12))
    assert waits[0] <= 1
    assert max(waits) <= LONGEST_WAIT
    assert min(waits[7:]) >= LONGEST_WAIT / 2
    assert len(set(waits)) == 12
