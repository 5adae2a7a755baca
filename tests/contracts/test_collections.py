"""Does every database keep what was said about collections, in the order in which it was said?"""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.storage import open_store, upgrade

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
CHANNEL = "slack:T1/C1"


@pytest.fixture(params=["sqlite file", "sqlite memory", "postgres"])
def url(request, tmp_path):
    if request.param == "sqlite memory":
        return "sqlite://"
    if request.param == "sqlite file":
        return f"sqlite:///{tmp_path / 'quoth.db'}"
    return request.getfixturevalue("fresh_postgres")()


@pytest.fixture
async def store(url):
    if url.startswith("postgres"):
        await upgrade(url)
    async with open_store(url) as store:
        yield store


async def test_at_first_nothing_was_said(store):
    said = await store.collections.said()
    assert (said.assignments, said.bindings) == ((), ())


async def test_everything_that_was_said_is_kept_with_who_and_when(store):
    await store.collections.assign("leave", ["policy", "hr"], "slack:U1", NINE)
    await store.collections.assign("leave", ["hr"], "slack:U2", TEN, belongs=False)
    await store.collections.bind(CHANNEL, ["policy", "*"], "slack:U1", NINE)
    await store.collections.bind(CHANNEL, None, "command line", TEN)
    await store.collections.bind(CHANNEL, [], "command line", TEN)
    said = await store.collections.said()
    assert [(one.name, one.belongs, one.said_by, one.said_at) for one in said.assignments] == [
        ("policy", True, "slack:U1", NINE),
        ("hr", True, "slack:U1", NINE),
        ("hr", False, "slack:U2", TEN),
    ]
    assert [(one.channel, one.names, one.said_by, one.said_at) for one in said.bindings] == [
        (CHANNEL, ("*", "policy"), "slack:U1", NINE),
        (CHANNEL, None, "command line", TEN),
        (CHANNEL, (), "command line", TEN),
    ]


async def test_the_version_changes_with_everything_that_is_said_and_not_without(store):
    seen = [await store.collections.version()]
    await store.collections.bind(CHANNEL, ["policy"], "slack:U1", NINE)
    seen.append(await store.collections.version())
    await store.collections.bind(CHANNEL, ["policy"], "slack:U1", NINE)
    seen.append(await store.collections.version())
    await store.collections.assign("leave", ["policy"], "slack:U1", NINE)
    seen.append(await store.collections.version())
    await store.collections.assign("leave", [], "slack:U1", NINE)
    assert len(set(seen)) == len(seen)
    assert await store.collections.version() == seen[-1]


async def test_what_many_say_at_once_is_all_kept(store):
    await asyncio.gather(
        *(store.collections.bind(f"slack:T1/C{n}", [f"c{n}"], "slack:U1", NINE) for n in range(20))
    )
    bindings = (await store.collections.said()).bindings
    assert {binding.channel: binding.names for binding in bindings} == {
        f"slack:T1/C{n}": (f"c{n}",) for n in range(20)
    }
