"""What do the tests of digests share? A clock, a library that changes, and a small platform that remembers."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.access import Access
from bot.access.rules import Rules
from bot.digest import Part, Quiet, Schedule, Topic
from bot.digests.grounds import Grounds
from bot.digests.runner import Digests
from bot.digests.timing import Timetable
from bot.digests.words import timetable
from bot.errors import PlatformRefused
from bot.library import Library
from bot.models import Conversation, PlatformName
from bot.platforms.base import Place
from bot.storage import open_store, upgrade
from retrieval import Memo

MONDAY = datetime(2024, 10, 7, 6, 0, tzinfo=UTC)  # 08:00 in Berlin
GENERAL = Conversation(platform=PlatformName.SLACK, workspace="T1", channel="C1")


class Clock:
    """The time, which passes when a test says so."""

    def __init__(self, start=MONDAY):
        self.time = start

    def __call__(self):
        return self.time

    def passes(self, **span):
        self.time += timedelta(**span)

    def moves_to(self, moment):
        assert moment >= self.time
        self.time = moment


class Wall:
    """A small platform: digests hang on it by their id. `trouble` is raised on posting, after it hangs if `hung`."""

    name = PlatformName.SLACK

    def __init__(self):
        self.posted = []
        self.told = []
        self.previewed = []
        self.trouble = None
        self.hung = False
        self.looked = 0
        self.room = 1_000
        self.seen_as = Place(direct=False)

    async def place(self, question):
        return self.seen_as

    async def shared_channels(self, question):
        return ()

    async def roles(self, question, among):
        return ()

    async def post_digest(self, digest, *, again=False):
        if again:
            self.looked += 1
            for number, there in enumerate(self.posted):
                if there.digest_id == digest.digest_id:
                    return f"m{number}"
        trouble, self.trouble = self.trouble, None
        if trouble is None or self.hung:
            self.posted.append(digest)
        if trouble:
            raise trouble
        await asyncio.sleep(0)
        return f"m{len(self.posted) - 1}"

    def left_out(self, digest):
        return [item for section in digest.sections for item in section.items[self.room :]]

    def take_presses(self, press):
        self.press = press

    async def preview(self, question, digest):
        self.previewed.append((question.asker, digest))

    async def tell(self, person, said):
        self.told.append((person, said))

    @property
    def dues(self):
        return [digest.due for digest in self.posted]


class Office:
    """A store, a library over it, a clock, a wall, and what sends digests."""

    def __init__(self, store, clock, rules=None, **timing):
        self.store, self.clock, self.wall = store, clock, Wall()
        self.library = Library(store, now=clock)
        self.access = Access(self.library, store, rules or Rules(), clock)
        self.grounds = Grounds(store, self.library, self.access)
        self.timing = {"catch_up": timedelta(hours=12), "max_chars": 300, **timing}
        self.digests = self.process()

    def process(self, clock=None):
        """Another process over the same database, posting to the same wall."""
        grounds = Grounds(self.store, self.library, self.access)
        return Digests(
            self.store, grounds, {PlatformName.SLACK: self.wall}, now=clock or self.clock, **self.timing
        )

    async def scheduled(self, words="weekdays at 9", zone="Europe/Berlin", *, schedule_id="s1", **said):
        table = timetable(words, zone)
        now = self.clock()
        schedule = Schedule(
            **{
                "schedule_id": schedule_id,
                "conversation": GENERAL,
                "words": words,
                "crons": table.crons,
                "zone": zone,
                "quiet": Quiet.EACH,
                "maker": "U1",
                "made_at": now,
                "since": now,
                "next_due": table.after(now),
            }
            | said
        )
        await self.store.schedules.add(schedule)
        return schedule

    async def add(self, *memos):
        await self.store.memos.add(memos, self.clock())
        await self.library.refresh()
        self.clock.passes(minutes=1)

    async def remove(self, memo_id):
        await self.library.remove(memo_id)

    async def asks(self, question, topic_id="t1", threshold=0.5):
        topic = Topic(
            topic_id=topic_id,
            conversation=GENERAL,
            asker="U1",
            question=question,
            made_at=self.clock(),
            threshold=threshold,
        )
        await self.store.topics.add(topic)
        return topic

    async def until(self, moment, step=timedelta(hours=1)):
        """Let time pass in steps, sending what is due at each."""
        while self.clock() < moment:
            self.clock.moves_to(min(self.clock() + step, moment))
            await self.digests.send_due()

    async def settled(self, schedule_id="s1"):
        return [
            (each.due, each.state.value)
            for each in reversed(await self.store.deliveries.of_schedule(schedule_id, 1000))
        ]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def office(tmp_path, clock):
    async with open_store(f"sqlite:///{tmp_path / 'quoth.db'}") as store:
        yield Office(store, clock)


@pytest.fixture(params=["sqlite", "postgres"])
async def either_office(request, tmp_path, clock):
    """An office over SQLite, and one over a real PostgreSQL."""
    url = f"sqlite:///{tmp_path / 'quoth.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("fresh_postgres")()
        await upgrade(url)
    async with open_store(url) as store:
        yield Office(store, clock)


def memo(memo_id, *paragraphs, **said):
    return Memo(
        **{
            "id": memo_id,
            "title": memo_id.title(),
            "text": "\n\n".join(paragraphs),
            "source": f"{memo_id}.txt",
            "sha256": str(abs(hash(paragraphs)))[:16],
        }
        | said
    )


TEA = memo(
    "tea", "The kettle is descaled on Fridays by the office team, and the kettle stays hot all Friday."
)
COFFEE = memo("coffee", "The roastery delivers fresh beans on Mondays. The roastery bills the beans monthly.")


def items(digest, part):
    return next((section.items for section in digest.sections if section.part is part), ())


__all__ = [
    "COFFEE",
    "GENERAL",
    "MONDAY",
    "TEA",
    "Clock",
    "Office",
    "Part",
    "PlatformRefused",
    "Timetable",
    "Wall",
    "items",
    "memo",
]
