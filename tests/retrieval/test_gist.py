"""Are the sentences that carry a memo found, word for word?"""

from hypothesis import given
from hypothesis import strategies as st

from retrieval import BlockKind, Memo, build_index, gist

ALLIANCES, TRILATERAL = "000_fda723d3293bac72", "003_5e006fa00fd930bc"
BOILERPLATE = "This weekly briefing on alliances and alliances is for subscribers of the alliances desk only."


def test_the_sentences_that_carry_the_seeds(seed_index):
    [first] = gist(seed_index, ALLIANCES)
    assert first.quote.startswith("President Trump's approach to alliances in the Indo-Pacific reflected")
    [first] = gist(seed_index, TRILATERAL)
    assert first.quote.startswith("The US-Japan-South Korea trilateral relationship is a key part")


def test_several_come_from_different_passages_best_first(seed_index):
    found = gist(seed_index, ALLIANCES, at_most=4)
    assert len({excerpt.citation.passage for excerpt in found}) == 4
    assert [excerpt.score for excerpt in found] == sorted((e.score for e in found), reverse=True)


def test_a_sentence_that_stands_in_another_memo_too_carries_neither():
    one = f"{BOILERPLATE}\n\nThe budget of the alliances fund rose, and the fund now pays for every budget round."
    other = f"{BOILERPLATE}\n\nThe harbour was dredged twice, and the harbour now takes ships of any draught."
    index = build_index([Memo(id="a", title="Fund", text=one), Memo(id="b", title="Harbour", text=other)])
    assert [excerpt.quote for excerpt in gist(index, "a", 3)] == [one.partition("\n\n")[2]]
    assert [excerpt.quote for excerpt in gist(index, "b", 3)] == [other.partition("\n\n")[2]]


def test_headings_captions_questions_and_lead_ins_are_never_taken(seed_index):
    for memo_id in seed_index.memos:
        for excerpt in gist(seed_index, memo_id, 100):
            passage = seed_index.passages_of(memo_id)[excerpt.citation.passage - 1]
            assert passage.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}
            assert excerpt.quote[-1] not in "?:"


def test_a_memo_without_prose_has_none():
    index = build_index([Memo(id="a", title="A", text="Yes.\n\nNo.")])
    assert gist(index, "a") == ()


words = st.sampled_from(
    [
        "treaty",
        "treaties",
        "ship",
        "ships.",
        "Seoul?",
        "fund:",
        "pays",
        "2024,",
        "the",
        "of",
        "and\n\n",
        "This",
    ]
)


@given(st.lists(st.lists(words, max_size=60).map(" ".join), min_size=1, max_size=4), st.integers(20, 300))
def test_whatever_a_memo_holds_its_sentences_are_quoted_whole_and_within_the_limit(texts, max_chars):
    memos = [Memo(id=str(number), title="Ships", text=text) for number, text in enumerate(texts)]
    index = build_index(memos)
    for memo in memos:
        for excerpt in gist(index, memo.id, 3, max_chars):
            assert excerpt.quote == memo.text[excerpt.span.start : excerpt.span.end]
            assert len(excerpt.quote) <= max_chars
            assert excerpt.citation.memo_id == memo.id
