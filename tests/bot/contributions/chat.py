"""Which chat do the tests of contributions use? A small one: files in a dictionary, receipts on a board."""

from datetime import UTC, datetime, timedelta

from bot.access import Access, read_rules
from bot.contributions import Contributions
from bot.errors import FileRefused
from bot.library import Library
from bot.models import Conversation, Offer, PlatformName, SharedFile
from bot.platforms.base import Place
from retrieval import ReadingLimits

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
ALICE, BOB, MALLORY = "U01ALICE", "U02BOB", "U03MALLORY"
PLAN = b"# The plan\n\nBy Ada Lovelace\n\n3 October 2024\n\nThe kettle is descaled on Fridays.\n\nThe office pays."
SECOND_PLAN = PLAN.replace(b"Fridays", b"Mondays")


class Clock:
    """The time, which passes when a test says so."""

    def __init__(self):
        self.time = NINE

    def __call__(self):
        return self.time

    def passes(self, span):
        self.time += span


class Killed(BaseException):
    """A process dies: nothing that catches errors sees it."""


class Board:
    """A chat. `files` are the bytes by file id; `fetching` and `posting` are raised where they are set."""

    name = PlatformName.SLACK

    def __init__(self):
        self.files = {}
        self.fetched = []
        self.written = []
        self.fetching = self.posting = None
        self.after_writing = False
        self.direct = False
        self.outside = False

    def shares(self, name, data, size=None):
        """A file of these bytes in the chat."""
        file_id = f"F{len(self.files)}"
        self.files[file_id] = data
        return SharedFile(file_id=file_id, name=name, size=len(data) if size is None else size)

    async def place(self, question):
        return Place(direct=self.direct, outside=self.outside)

    async def shared_channels(self, question):
        return ()

    async def roles(self, question, among):
        return ()

    async def fetch(self, file, into, at_most):
        self.fetched.append(file.file_id)
        if self.fetching:
            raise self.fetching
        if file.file_id not in self.files:
            raise FileRefused("it was deleted.")
        into.write_bytes(self.files[file.file_id])

    async def acknowledge(self, offer, receipt, *, again=False):
        if again:
            for number, (event_id, _) in enumerate(self.written):
                if event_id == offer.event_id:
                    return str(number)
        if not self.posting or self.after_writing:
            self.written.append((offer.event_id, receipt))
        if self.posting:
            raise self.posting
        return str(len(self.written) - 1)

    @property
    def receipts(self):
        return [receipt for _, receipt in self.written]

    @property
    def entries(self):
        return [entry for receipt in self.receipts for entry in receipt.entries]


def offer(*files, event_id="Ev1", asker=ALICE, text="add", channel="C1"):
    return Offer(
        event_id=event_id,
        conversation=Conversation(
            platform=PlatformName.SLACK, workspace="T1", channel=channel, thread="1700.1"
        ),
        asker=asker,
        text=text,
        asked_at=NINE,
        files=files,
    )


def a_process(store, clock, **more):
    """The contributions as one process has them: with a library of its own."""
    rules = {"managers": (f"slack:{ALICE}", f"slack:{BOB}")} | more.pop("rules", {})
    library = Library(store, now=clock, limits=more.pop("limits", ReadingLimits()))
    access = Access(library, store, read_rules(**rules), clock)
    return Contributions(library, store, access, now=clock, lease=LEASE, **more)
