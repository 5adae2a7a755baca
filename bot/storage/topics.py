"""Which standing questions are there, and what was told in each place already?"""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert, select, update

from bot.digest import Topic, place_of
from bot.storage.database import Database
from bot.storage.digest_tables import TOLD, TOPICS


class TopicStore:
    """Standing questions, by id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, topic: Topic) -> None:
        """Keep a new topic."""
        row = {
            "topic_id": topic.topic_id,
            "place": place_of(topic.conversation),
            "body": topic.model_dump_json(),
        }
        async with self._database.write() as connection:
            await connection.execute(insert(TOPICS), row)

    async def save(self, topic: Topic) -> bool:
        """Keep what was changed; False where the topic is gone."""
        saving = update(TOPICS).where(TOPICS.c.topic_id == topic.topic_id)
        async with self._database.write() as connection:
            return bool((await connection.execute(saving.values(body=topic.model_dump_json()))).rowcount)

    async def remove(self, topic_id: str) -> bool:
        """Forget a topic; False where there is none."""
        async with self._database.write() as connection:
            removing = delete(TOPICS).where(TOPICS.c.topic_id == topic_id)
            return bool((await connection.execute(removing)).rowcount)

    async def get(self, topic_id: str) -> Topic | None:
        """The topic of this id."""
        async with self._database.read() as connection:
            body = await connection.scalar(select(TOPICS.c.body).where(TOPICS.c.topic_id == topic_id))
        return Topic.model_validate_json(body) if body else None

    async def of(self, place: str) -> Sequence[Topic]:
        """The topics of a place, the oldest first."""
        async with self._database.read() as connection:
            bodies = (await connection.scalars(select(TOPICS.c.body).where(TOPICS.c.place == place))).all()
        topics = [Topic.model_validate_json(body) for body in bodies]
        return sorted(topics, key=lambda topic: (topic.made_at, topic.topic_id))

    async def told(self, place: str) -> Collection[str]:
        """The keys of everything that was told in a place."""
        async with self._database.read() as connection:
            return frozenset(
                (await connection.scalars(select(TOLD.c.key).where(TOLD.c.place == place))).all()
            )
