"""Is a channel answered exactly as if the memos that it may not see did not exist?"""

import asyncio
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.access import Allowed, Rules, collections_of
from retrieval import Memo
from tests.bot.access.team import DAY, MANAGED, team

NAMES = ["policy", "policy/hr", "ops", "board"]

MEMOS = [
    Memo(
        id="leave",
        title="Leave and Absence",
        author="Maria Lindqvist",
        published=date(2024, 5, 1),
        tags=("people", "leave"),
        status="final",
        text="The Time Off Register (TOR) lists every absence. Employees take thirty days of leave a year.\n\n"
        "The register is kept by the people team, and audited in March.",
    ),
    Memo(
        id="travel",
        title="Travel and Expenses",
        author="Mario Lindholm",
        published=date(2024, 6, 1),
        tags=("money", "travel"),
        status="draft",
        text="Trains are preferred over flights. The Travel Expense Sheet (TES) is handed in every month.\n\n"
        "Employees book travel through the people team.",
    ),
    Memo(
        id="deploys",
        title="Deploying the Register",
        author="Ingrid Solberg",
        published=date(2023, 11, 20),
        tags=("software",),
        text="The register is deployed on Tuesdays, never on Fridays. TOR runs on two machines in Oslo.",
    ),
    Memo(
        id="takeover",
        title="Project Zebra: the Takeover",
        author="Ingrid Sollberg",
        published=date(2024, 9, 9),
        tags=("secret", "board"),
        status="final",
        supersedes=("deploys",),
        text="Zebra buys the Oslo machines in September. Employees are told afterwards. Flights are paid by Zebra.",
    ),
    Memo(
        id="urlaub",
        title="Urlaubsregelung",
        author="Jörg Becker",
        published=date(2024, 5, 2),
        tags=("people",),
        text="Die Beschäftigten nehmen dreißig Tage Urlaub im Jahr. Das Verzeichnis der Abwesenheiten wird im März "
        "geprüft, und die Reisekosten werden monatlich abgerechnet.",
    ),
    Memo(
        id="lunch",
        title="Lunch",
        text="Lunch is served at noon. Zebra stripes are forbidden in the canteen. The TOR is not for lunch.",
    ),
]

QUESTIONS = [
    "How many days of leave do employees take?",
    "What does TOR mean, and who keeps the register?",
    "When is the regsiter deployd?",
    "Zebra",
    "who wrote about travel?",
    "What memos are there?",
    "How many memos are there?",
    "What is the newest memo?",
    "memos by Ingrid",
    "flights author:solberg",
    "flights author:Lindqvst",
    "register tag:sofware",
    "employees status:final",
    "employees in:zebra",
    "employees after:2024-06",
    '"Time Off Register"',
    "Wie viele Tage Urlaub?",
    "kimchi recipe",
    "title:takeover machines",
    "register as-of:2026-03-02",
    "What memos are there? as-of:2026-03-02",
    "collections",
]

names = st.sets(st.sampled_from(NAMES), max_size=2)
placed = st.fixed_dictionaries(
    {
        "folder": st.sampled_from(["", *NAMES]),
        "stated": names,
        "given": names,
        "former": st.sampled_from(["", *NAMES]),
    }
)
library = st.lists(st.tuples(st.sampled_from(MEMOS), placed), max_size=6, unique_by=lambda pair: pair[0].id)


def lying_in(memo, folder, **more):
    return memo.model_copy(
        update={"source": f"{folder}/{memo.id}.txt".lstrip("/"), "sha256": memo.id, **more}
    )


def as_it_was(memo, where):
    """An earlier version of `memo`, which lay elsewhere."""
    text = f"{memo.text}\n\nAn earlier sentence about the {memo.id} register of 1999."
    return lying_in(memo, where["former"], text=text, sha256=f"{memo.id}-before")


def as_it_is(memo, where):
    return lying_in(memo, where["folder"], collections=tuple(sorted(where["stated"])))


async def everything_said(answering, questions, channel):
    return [(await answering.reply(text, channel=channel)).model_dump_json() for text in questions]


async def in_the_whole_library(placed_memos, bound, questions):
    rules = Rules(channels={"slack:T1/C1": Allowed(names=frozenset(bound))})
    async with team(rules) as whole:
        await whole.add(*(as_it_was(memo, where) for memo, where in placed_memos))
        whole.time += DAY
        await whole.add(*(as_it_is(memo, where) for memo, where in placed_memos))
        for memo, where in placed_memos:
            await whole.access.collect(memo.id, where["given"], "the test")
        return await everything_said(whole, questions, "C1")


async def where_there_are_no_others(placed_memos, bound, questions):
    given = {memo.id: frozenset(where["given"]) for memo, where in placed_memos}

    def seen(memo):
        return not bound.isdisjoint(collections_of(memo, given))

    then = [(as_it_was(memo, where), as_it_is(memo, where)) for memo, where in placed_memos]
    # Bound as well: what is said about the binding itself is the same.
    rules = Rules(channels={"slack:T1/C1": Allowed(names=frozenset(bound))})
    async with team(rules) as small:
        await small.add(*(before for before, after in then if seen(before) and seen(after)))
        small.time += DAY
        await small.add(*(after for _, after in then if seen(after)))
        for memo, where in placed_memos:
            if seen(as_it_is(memo, where)):
                await small.access.collect(memo.id, where["given"], "the test")
        return await everything_said(small, questions, "C1")


# Without shrinking: a leak is found in a second, and making it small takes minutes.
@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(library, names)
def test_what_a_channel_is_told_is_what_a_library_without_the_other_memos_says(placed_memos, bound):
    async def both():
        whole = await in_the_whole_library(placed_memos, bound, QUESTIONS)
        small = await where_there_are_no_others(placed_memos, bound, QUESTIONS)
        for text, said, expected in zip(QUESTIONS, whole, small, strict=True):
            assert said == expected, text

    asyncio.run(both())


@pytest.mark.parametrize("text", QUESTIONS)
async def test_a_word_about_a_memo_that_is_not_seen_is_never_said(text):
    async with team(MANAGED) as here:
        await here.add(*(lying_in(memo, "board" if memo.id == "takeover" else "policy") for memo in MEMOS))
        await here.owner_says("collections use policy")
        said = (await here.reply(text)).model_dump_json(exclude={"answer": {"question"}})
        for word in ("Takeover", "takeover", "Sollberg", "September", "buys"):
            assert word not in said or word in text


async def test_what_is_counted_of_a_view_is_the_view_alone():
    async with team(MANAGED) as here:
        await here.add(*(lying_in(memo, "board" if memo.id == "takeover" else "policy") for memo in MEMOS))
        await here.owner_says("collections use board")
        reply = await here.reply("Zebra")
        assert reply.answer.index.memos == 1
        assert reply.answer.index.version != here.library.index.info.version
