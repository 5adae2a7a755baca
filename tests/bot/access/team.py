"""How is a library with channels made for one test?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.access import Access, Rules
from bot.library import Library
from bot.models import Conversation, IncomingQuestion, PlatformName, Reply
from bot.platforms.base import Place, SharedChannel
from bot.questions import Questions
from bot.storage import open_store

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OWNER = "U0OWNER"
MANAGED = Rules(managers=frozenset({f"slack:{OWNER}"}))


def asked(text, channel="C1", asker="U1", event_id="Ev1", thread=None, platform=PlatformName.SLACK):
    """A question as a platform hands it over."""
    return IncomingQuestion(
        event_id=event_id,
        conversation=Conversation(platform=platform, workspace="T1", channel=channel, thread=thread),
        asker=asker,
        text=text,
        asked_at=NINE,
    )


class Chat:
    """A chat service: channels whose id begins with D are direct; `trouble` is raised instead of any word about people,
    and nothing can be posted while it is `down`.

    `members` are the channels of each person, `groups` their groups, `places` what is known of some channels.
    """

    name = PlatformName.SLACK
    connected = True

    def __init__(self):
        self.replies: list[Reply] = []
        self.places: dict[str, Place] = {}
        self.members: dict[str, list[SharedChannel]] = {}
        self.groups: dict[str, set[str]] = {}
        self.trouble: Exception | None = None
        self.looked_up = 0
        self.down = False

    async def post(self, question, reply, *, again=False):
        if self.down:
            raise ConnectionError
        self.replies.append(reply)
        return str(len(self.replies))

    async def place(self, question):
        self._look_up()
        channel = question.conversation.channel
        return self.places.get(channel, Place(direct=channel.startswith("D")))

    async def shared_channels(self, question):
        self._look_up()
        return self.members.get(question.asker, [])

    async def roles(self, question, among):
        self._look_up()
        return self.groups.get(question.asker, set()) & set(among)

    def _look_up(self):
        self.looked_up += 1
        if self.trouble:
            raise self.trouble


class Team:
    """A store, a library over it, and people who ask in channels of one workspace."""

    def __init__(self, store, rules):
        self.time = NINE
        self.store = store
        self.library = Library(store, self.now)
        self.access = Access(self.library, store, rules, self.now)
        self.questions = self.process(self.access)
        self.chat = Chat()
        self._numbers = count(1)

    def now(self):
        return self.time

    def process(self, access):
        """Questions as one process takes them in."""
        return Questions(
            self.library,
            self.store,
            at_most=3,
            max_chars=300,
            threshold=0,
            per_minute=10_000,
            now=self.now,
            access=access,
        )

    async def add(self, *memos):
        await self.store.memos.add(memos, self.time)
        await self.library.refresh()

    async def reply(self, text, **where):
        """What the bot says to somebody who asks."""
        event_id = where.pop("event_id", f"Ev{next(self._numbers)}")
        await self.questions.ask_for(self.chat)(asked(text, event_id=event_id, **where))
        return self.chat.replies[-1]

    async def owner_says(self, text, channel="C1", **where):
        """What the bot says to somebody who may manage."""
        return (await self.reply(text, channel=channel, asker=OWNER, **where)).notice


@asynccontextmanager
async def team(rules: Rules = MANAGED, url: str = "sqlite://") -> AsyncIterator[Team]:
    async with open_store(url) as store:
        yield Team(store, rules)
