"""Is what was looked up looked up once, for as long as it holds, and again where it failed?"""

import asyncio

import pytest

from bot.platforms.remembering import MOST, Remembered


class Source:
    """Something to look up: `answers` one after the other; `opens` holds them back."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0
        self.opens = asyncio.Event()
        self.opens.set()

    async def __call__(self):
        self.asked += 1
        answer = self.answers.pop(0)
        await self.opens.wait()
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_it_is_looked_up_once():
    remembered, source = Remembered(60.0), Source("one", "two")
    assert [await remembered.get("key", source) for _ in range(3)] == ["one"] * 3
    assert await remembered.get("another", source) == "two"


async def test_who_asks_meanwhile_waits_for_the_same_look_up():
    remembered, source = Remembered(60.0), Source("one")
    source.opens.clear()
    asking = [asyncio.create_task(remembered.get("key", source)) for _ in range(5)]
    await asyncio.sleep(0)
    source.opens.set()
    assert await asyncio.gather(*asking) == ["one"] * 5
    assert source.asked == 1


async def test_who_gives_up_does_not_take_it_from_the_others():
    remembered, source = Remembered(60.0), Source("one")
    source.opens.clear()
    first, second = (asyncio.create_task(remembered.get("key", source)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    source.opens.set()
    assert await second == "one"


async def test_when_its_time_is_over_it_is_looked_up_again():
    remembered, source = Remembered(0.0), Source("one", "two")
    assert [await remembered.get("key", source) for _ in range(2)] == ["one", "two"]


async def test_a_failure_is_told_and_not_remembered():
    remembered, source = Remembered(60.0), Source(OSError("away"), "one")
    with pytest.raises(OSError, match="away"):
        await remembered.get("key", source)
    assert await remembered.get("key", source) == "one"


async def test_what_was_said_unasked_is_known():
    remembered = Remembered(60.0)
    assert remembered.known("key") is None
    remembered.put("key", "one")
    assert remembered.known("key") == "one"
    assert Remembered(0.0).known("key") is None


async def test_no_more_than_so_much_is_remembered():
    remembered = Remembered(60.0)
    for key in range(MOST + 1):
        await remembered.get(key, Source(key))
    assert remembered.known(MOST) == MOST
    again = Source("anew")
    assert await remembered.get(0, again) == "anew"


async def test_at_the_end_nothing_is_left_running():
    remembered, source = Remembered(60.0), Source("one")
    source.opens.clear()
    asking = asyncio.create_task(remembered.get("key", source))
    await asyncio.sleep(0)
    await remembered.forget()
    with pytest.raises(asyncio.CancelledError):
        await asking
