"""Does a digest hold what is new, and nothing else?"""

from datetime import UTC, date, datetime, timedelta

from bot.access import read_allowed
from bot.digest import Part, Verdict
from bot.digests.asked import MOST_GROUPED, MOST_OPEN, open_questions
from bot.models import IncomingQuestion, Reply
from retrieval import answer, build_index
from tests.bot.digests.conftest import COFFEE, GENERAL, MONDAY, TEA, items, memo

NINE = datetime(2024, 10, 7, 7, 0, tzinfo=UTC)
TUESDAY = NINE + timedelta(days=1)


async def delivered(office, moment=NINE):
    await office.until(moment)
    return office.wall.posted[-1]


async def test_a_new_memo_is_told_with_the_sentence_that_carries_it(office):
    await office.add(TEA)
    await office.scheduled()
    office.clock.passes(minutes=10)
    await office.add(COFFEE)
    digest = await delivered(office)
    [new] = items(digest, Part.NEW)
    assert (new.title, new.memo_id) == ("Coffee", "coffee")
    [excerpt] = new.excerpts
    assert excerpt.quote == excerpt.span.of(COFFEE.text)
    assert [section.part for section in digest.sections] == [Part.NEW]


async def test_the_next_digest_does_not_tell_it_again(office):
    await office.scheduled()
    await office.add(COFFEE)
    await delivered(office)
    assert (await delivered(office, TUESDAY)).is_empty


async def test_the_first_run_sets_a_baseline(office):
    await office.add(TEA, COFFEE)
    await office.scheduled()
    assert (await delivered(office)).is_empty


async def test_a_changed_passage_is_told_before_and_after(office):
    await office.add(memo("fund", "The fund pays 30 million a year.", "It is managed in Bern."))
    await office.scheduled()
    await office.add(memo("fund", "The fund pays 40 million a year.", "It is managed in Bern."))
    [change] = items(await delivered(office), Part.CHANGED)
    assert [span.of(change.before.quote) for span in change.gone] == ["30"]
    assert [span.of(change.after.quote) for span in change.come] == ["40"]


async def test_what_was_removed_withdrawn_or_superseded_is_told(office):
    await office.add(TEA, COFFEE, memo("old", "The old rule holds for all of the ships."))
    await office.scheduled()
    await office.remove("tea")
    await office.add(
        memo("coffee", COFFEE.text, "A last word.", status="withdrawn"),
        memo("new", "The new rule holds for all of the ships.", supersedes=("old",)),
    )
    gone = items(await delivered(office), Part.DEPARTED)
    assert {(each.memo_id, each.how, each.successor and each.successor.memo_id) for each in gone} == {
        ("tea", "removed", None),
        ("coffee", "withdrawn", None),
        ("old", "superseded", "new"),
    }


async def test_a_topic_tells_only_new_passages_that_answer_it_and_each_once(office):
    await office.add(TEA)
    await office.scheduled()
    await office.asks("When are beans delivered?")
    await office.asks("When is the kettle descaled?", "t2")
    await office.add(COFFEE)
    [news] = items(await delivered(office), Part.TOPICS)
    assert (news.topic_id, news.excerpts[0].citation.memo_id) == ("t1", "coffee")
    await office.add(memo("again", COFFEE.text))
    assert items(await delivered(office, TUESDAY), Part.TOPICS) == ()


async def test_a_topic_below_its_threshold_stays_silent_and_why_says_so(office):
    await office.scheduled()
    await office.asks("When are beans delivered to the harbour of Genoa?", threshold=0.99)
    await office.add(COFFEE)
    await delivered(office)
    [delivery] = await office.store.deliveries.of_schedule("s1")
    [reason] = [each for each in delivery.reasons if each.part is Part.TOPICS]
    assert (reason.memo_id, reason.verdict) == ("coffee", Verdict.BELOW_THRESHOLD)
    assert "99%" in reason.said


async def test_what_the_channel_may_not_see_is_not_told_and_why_knows_it(office):
    await office.scheduled()
    await office.access.bind("slack:T1/C1", read_allowed(["kitchen"], "test"), "slack:U1")
    await office.add(
        memo("tea", TEA.text, collections=("kitchen",)),
        memo("pay", "The pay of all rises.", collections=("hr",)),
    )
    digest = await delivered(office)
    assert [each.memo_id for each in items(digest, Part.NEW)] == ["tea"]
    assert "pay" not in digest.model_dump_json()
    [delivery] = await office.store.deliveries.of_schedule("s1")
    hidden = {each.memo_id for each in delivery.reasons if each.verdict is Verdict.NOT_IN_COLLECTIONS}
    assert hidden == {"pay"}


async def asked(office, text, number, where=GENERAL):
    question = IncomingQuestion(
        event_id=f"e{number}", conversation=where, asker="U2", text=text, asked_at=office.clock()
    )
    await office.store.questions.claim(question, office.clock(), office.clock())
    reply = Reply(answer_id=f"a{number}", answer=answer(office.library.index, text))
    await office.store.questions.answered(question, reply, office.clock(), office.clock())


async def test_what_was_quoted_most_and_what_stayed_open_is_told(office):
    await office.add(TEA)
    await office.scheduled()
    for number, text in enumerate([
        "When is the kettle descaled?", "Kettle descaled when?", "When is payday?", "payday when", "Who repairs bikes?",
        "When do beans arrive from the roastery?",
    ]):  # fmt: skip
        await asked(office, text, number)
    await office.add(COFFEE)
    digest = await delivered(office)
    [often] = items(digest, Part.MOST_QUOTED)
    assert (often.times, often.excerpt.citation.memo_id) == (2, "tea")
    still_open = items(digest, Part.OPEN_QUESTIONS)
    assert [(each.question, each.times) for each in still_open] == [
        ("payday when", 2),
        ("Who repairs bikes?", 1),
    ]


def test_thousands_of_long_questions_that_nothing_answers_are_grouped_in_bounded_time():
    index = build_index([TEA, COFFEE])
    nothing = answer(index, "zork")
    asked_often = [
        nothing.model_copy(update={"question": " ".join(f"w{number}x{word}" for word in range(60))})
        for number in range(MOST_GROUPED)
    ]
    never_grouped = nothing.model_copy(update={"question": "Who repairs bikes?"})
    found = open_questions([*[never_grouped] * 3, *asked_often], index)
    assert len(found) == MOST_OPEN
    assert "Who repairs bikes?" not in {each.question for each in found}


async def test_what_was_asked_and_quoted_elsewhere_is_not_told_here(office):
    await office.add(TEA)
    await office.scheduled()
    others = [
        GENERAL.model_copy(update=where)
        for where in ({"channel": "D1"}, {"channel": "C2"}, {"workspace": "T2"}, {"channel": "c1"})
    ]
    for number, where in enumerate(others):
        await asked(office, "When is the kettle descaled?", 2 * number, where)
        await asked(office, "When is payday?", 2 * number + 1, where)
    assert (await delivered(office)).is_empty


async def test_a_review_that_is_due_is_told_once_with_its_owner(office):
    await office.add(
        memo("tea", TEA.text, review=date(2024, 10, 7), owner="Ann"),
        memo("coffee", COFFEE.text, review=date(2024, 10, 9)),
    )
    await office.scheduled()
    [due] = items(await delivered(office), Part.REVIEW_DUE)
    assert (due.memo_id, due.owner) == ("tea", "Ann")
    assert items(await delivered(office, TUESDAY), Part.REVIEW_DUE) == ()
    [due] = items(await delivered(office, NINE + timedelta(days=2)), Part.REVIEW_DUE)
    assert due.memo_id == "coffee"


async def test_what_a_message_has_no_room_for_is_cut_and_why_says_so(office):
    await office.scheduled()
    await office.add(TEA, COFFEE, memo("fund", "The fund pays 30 million a year."))
    office.wall.room = 2
    digest = await delivered(office)
    assert len(items(digest, Part.NEW)) == 3
    [delivery] = await office.store.deliveries.of_schedule("s1")
    verdicts = {each.memo_id: each.verdict for each in delivery.reasons if each.part is Part.NEW}
    cut = items(digest, Part.NEW)[2].memo_id
    assert {memo_id for memo_id, verdict in verdicts.items() if verdict is Verdict.CUT} == {cut}


async def test_a_part_that_is_off_is_not_told(office):
    await office.scheduled(parts=(Part.CHANGED,))
    await office.add(COFFEE)
    assert (await delivered(office)).is_empty


async def test_of_very_many_new_memos_each_is_told_and_the_newest_with_a_sentence(office, monkeypatch):
    monkeypatch.setattr("bot.digests.compose.MOST_GISTS", 1)
    await office.scheduled()
    await office.add(
        memo("tea", TEA.text, published=date(2024, 10, 1)),
        memo("coffee", COFFEE.text, published=date(2024, 10, 2)),
    )
    told = items(await delivered(office), Part.NEW)
    assert [(each.memo_id, len(each.excerpts)) for each in told] == [("coffee", 1), ("tea", 0)]


async def test_reasons_about_very_many_topics_are_summed_up(office, monkeypatch):
    monkeypatch.setattr("bot.digests.compose.MOST_REASONS", 3)
    await office.scheduled(parts=(Part.TOPICS,))
    for number, question in enumerate(
        ["When are beans delivered?", "Who is paid on Mars?", "What do bees eat?"]
    ):
        await office.asks(question, f"t{number}")
    await office.add(TEA, COFFEE)
    await delivered(office)
    [delivery] = await office.store.deliveries.of_schedule("s1")
    assert [(each.memo_id, each.verdict, each.said) for each in delivery.reasons] == [
        ("coffee", Verdict.SHOWN, "for “When are beans delivered?”"),
        ("tea", Verdict.BELOW_THRESHOLD, "answers none of the 3 questions watched here surely enough"),
    ]


async def test_the_same_ground_gives_the_same_digest(office):
    schedule = await office.scheduled()
    await office.asks("When are beans delivered?")
    await office.add(TEA, COFFEE)
    one, other = [await office.digests.compose(schedule, "d", MONDAY, office.wall) for _ in range(2)]
    assert one == other
