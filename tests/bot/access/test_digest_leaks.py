"""Is a channel's digest exactly what it would be if the memos that it may not see did not exist?"""

import asyncio
from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.access import Allowed, Rules, collections_of
from bot.digest import Schedule, Topic
from bot.digests.grounds import Grounds
from bot.digests.runner import Digests
from tests.bot.access.team import DAY, asked, team
from tests.bot.access.test_leaks import MEMOS, NAMES, as_it_is, as_it_was, names

CHANNEL = "C1"
WATCHED = [
    "Who keeps the register?",
    "Zebra",
    "When is the regsiter deployd?",
    "flights author:solberg",
    "in:takeover machines",
    "What does TOR mean?",
]
ASKED = [
    "When is payday?",
    "Zebra",
    "How many days of leave do employees take?",
    "kimchi recipe",
    "flights in:takeover",
]

placed = st.fixed_dictionaries({
    "folder": st.sampled_from(["", *NAMES]),
    "stated": names,
    "given": names,
    "former": st.sampled_from(["", *NAMES]),
    "fate": st.sampled_from(["came", "changed", "stayed", "removed"]),
    "review": st.sampled_from([None, date(2026, 3, 3), date(2027, 1, 1)]),
})  # fmt: skip
library = st.lists(st.tuples(st.sampled_from(MEMOS), placed), max_size=6, unique_by=lambda pair: pair[0].id)


def versions(memo, where):
    """A memo before the period of the digest, and at its end; None where it was not there."""
    then, now = as_it_was(memo, where), as_it_is(memo, where).model_copy(update={"review": where["review"]})
    return {"came": (None, now), "changed": (then, now), "stayed": (now, now), "removed": (now, None)}[
        where["fate"]
    ]


def seen_alone(placed_memos, bound):
    """The same memos, as far as a channel that is bound so may see them."""
    for memo, where in placed_memos:
        given_to = {memo.id: frozenset(where["given"])}
        then, now = [
            each if each and not bound.isdisjoint(collections_of(each, given_to)) else None
            for each in versions(memo, where)
        ]
        moved_away = where["fate"] == "changed" and now is None
        yield memo.id, where["given"], None if moved_away else then, now


def everything(placed_memos):
    return [(memo.id, where["given"], *versions(memo, where)) for memo, where in placed_memos]


async def composed(held, bound, *, asked_elsewhere):
    """The digest of the channel, by way of what is kept of it, of memos as they were and as they are."""
    rules = Rules(
        channels={
            f"slack:T1/{CHANNEL}": Allowed(names=frozenset(bound)),
            "slack:T1/C2": Allowed(everything=True),
        }
    )
    async with team(rules) as here:
        await here.add(*(then for _, _, then, _ in held if then))
        for memo_id, collections, then, now in held:
            if then or now:
                await here.access.collect(memo_id, collections, "the test")
        here.time += DAY
        schedule = await watching(here)
        here.time += DAY
        await here.add(*(now for _, _, _, now in held if now))
        for memo_id, _, then, now in held:
            if then and not now:
                await here.library.remove(memo_id)
        for text in [*ASKED, ASKED[2]]:
            await here.reply(text, channel=CHANNEL)
            if asked_elsewhere:
                await here.reply(text, channel="C2")
                await here.reply(f"{text} payday", channel="D7", asker="U7")
        here.time += DAY
        digests = Digests(
            here.store,
            Grounds(here.store, here.library, here.access),
            {here.chat.name: here.chat},
            now=here.now,
            catch_up=timedelta(hours=12),
            max_chars=300,
        )
        made = await digests.compose(schedule, "d1", here.time, here.chat)
        return made.digest.model_dump_json(indent=1), made.told


async def watching(here):
    """A schedule in the channel, and what is watched there."""
    where = asked("", channel=CHANNEL).conversation
    for number, question in enumerate(WATCHED):
        await here.store.topics.add(
            Topic(
                topic_id=f"t{number}",
                conversation=where,
                asker="U1",
                question=question,
                made_at=here.time + timedelta(seconds=number),
                threshold=0.3,
            )
        )
    schedule = Schedule(
        schedule_id="s1",
        conversation=where,
        words="every day at 9",
        crons=("0 9 * * *",),
        zone="UTC",
        maker="U1",
        made_at=here.time,
        since=here.time,
        next_due=here.time + 2 * DAY,
    )
    await here.store.schedules.add(schedule)
    return schedule


# Without shrinking: a leak is found in a second, and making it small takes minutes.
@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(library, names)
def test_a_channels_digest_is_that_of_a_library_without_the_other_memos(placed_memos, bound):
    async def both():
        whole = await composed(everything(placed_memos), bound, asked_elsewhere=True)
        small = await composed(list(seen_alone(placed_memos, bound)), bound, asked_elsewhere=False)
        assert whole == small

    asyncio.run(both())
