"""What do the tests of contributions share?"""

import pytest

from bot.storage import open_store
from tests.bot.contributions.chat import Board, Clock, a_process


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'quoth.db'}"


@pytest.fixture
async def store(url):
    async with open_store(url) as store:
        yield store


@pytest.fixture
def contributions(store, clock):
    return a_process(store, clock)
