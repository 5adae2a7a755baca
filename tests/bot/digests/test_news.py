"""What is told to have come, changed and gone?"""

from hypothesis import given
from hypothesis import strategies as st

from bot.digests.differing import Place, shown
from bot.digests.news import Changed, changed_passages, new_passages, news, passage_key
from retrieval import Memo


def memo(memo_id, *paragraphs, **said):
    return Memo(id=memo_id, title=memo_id, text="\n\n".join(paragraphs), **said)


def changes(before, after):
    """The passages that differ, as words."""
    changed = Changed(memo("m", *before), memo("m", *after))
    return [
        (
            one and one.span.of(changed.before.text),
            other and other.span.of(changed.after.text),
        )
        for one, other in changed_passages(changed)
    ]


def test_memos_come_change_and_go():
    found = news(
        [memo("a", "One."), memo("b", "Two."), memo("c", "Three.")],
        [memo("b", "Two."), memo("c", "Four."), memo("d", "Five.")],
    )
    assert [each.id for each in found.came] == ["d"]
    assert [(each.before.text, each.after.text) for each in found.changed] == [("Three.", "Four.")]
    assert [each.id for each in found.gone] == ["a"]


def test_white_space_alone_changes_nothing():
    assert news([memo("a", "One two.", "Three.")], [memo("a", "One  two.\nThree.")]).changed == ()


def test_a_passage_is_told_with_what_it_became():
    assert changes(
        ["The fund pays 30 million.", "Nothing new here.", "Ships sail in May."],
        ["The fund pays 40 million.", "Nothing new here.", "A word of thanks.", "Ships sail in May."],
    ) == [("The fund pays 30 million.", "The fund pays 40 million."), (None, "A word of thanks.")]


def test_a_passage_that_only_stands_elsewhere_is_not_told():
    assert (
        changes(
            ["First of all.", "Second to none.", "Third and last."],
            ["Third and last.", "First of all.", "Second to none."],
        )
        == []
    )


def test_passages_that_have_nothing_in_common_are_gone_and_new():
    assert changes(["Ships sail in May."], ["The fund pays forty million to all."]) == [
        ("Ships sail in May.", None),
        (None, "The fund pays forty million to all."),
    ]


def test_only_other_passages_of_a_changed_memo_are_new():
    found = news([memo("a", "One.", "Two.")], [memo("a", "One.", "Three."), memo("b", "Two.")])
    assert new_passages(found) == {"a": {passage_key("Three.")}, "b": {passage_key("Two.")}}


def test_the_words_that_differ_are_marked_in_both_quotes():
    before, after = (
        memo("m", "The fund pays 30 million a year."),
        memo("m", "The new fund pays 40 million a year."),
    )
    [(one, other)] = changed_passages(Changed(before, after))
    found = shown(Place(before, one), Place(after, other), 300)
    assert [span.of(found.before.quote) for span in found.gone] == ["30"]
    assert [span.of(found.after.quote) for span in found.come] == ["new", "40"]


def test_a_long_passage_is_quoted_where_it_changed():
    filler = " ".join(f"Sentence number {number} says very little about anything." for number in range(30))
    before, after = memo("m", f"{filler} The fund pays 30."), memo("m", f"{filler} The fund pays 40.")
    [(one, other)] = changed_passages(Changed(before, after))
    found = shown(Place(before, one), Place(after, other), 120)
    assert found.before.quote.endswith("The fund pays 30.")
    assert found.after.quote.endswith("The fund pays 40.")
    assert [span.of(found.after.quote) for span in found.come] == ["40."]


paragraphs = st.lists(st.lists(st.sampled_from(["a", "b", "c.", "D", "e", "f"]), min_size=1, max_size=8).map(" ".join), min_size=1, max_size=5)  # fmt: skip


@given(paragraphs, paragraphs, st.integers(10, 60))
def test_what_is_told_stands_in_the_memos_and_what_is_untold_in_both(before, after, max_chars):
    changed = Changed(memo("m", *before), memo("m", *after))
    pairs = changed_passages(changed)
    gone = [one.span.of(changed.before.text) for one, _ in pairs if one]
    come = [other.span.of(changed.after.text) for _, other in pairs if other]
    left = sorted(set(before) - set(gone)), sorted(set(after) - set(come))
    assert set(left[0]) <= set(after)
    assert set(left[1]) <= set(before)
    for one, other in pairs:
        found = shown(
            Place(changed.before, one) if one else None,
            Place(changed.after, other) if other else None,
            max_chars,
        )
        for quote, spans, text in (
            (found.before, found.gone, changed.before.text),
            (found.after, found.come, changed.after.text),
        ):
            if quote:
                assert quote.quote == quote.span.of(text)
                assert len(quote.quote) <= max_chars
                assert all(0 <= span.start < span.end <= len(quote.quote) for span in spans)
