"""Is a question taken apart as its asker meant it, and left alone where it is plain?"""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval import MalformedFilter
from retrieval.syntax import FILTERS, LONGEST_SEARCH, Asked, Excluded, Filter, as_of, parse

plain_words = st.text(
    st.characters(exclude_characters='"“”„«»:-', exclude_categories=["Cs"]), min_size=1, max_size=12
)


@given(st.lists(plain_words, max_size=30).map(" ".join))
@example("What is the five-year plan?")
def test_a_question_without_syntax_is_itself(question):
    assert parse(question) == Asked(question)


@pytest.mark.parametrize(
    "question",
    [
        "note: this",
        "Re: budget",
        "at 10:30 in Tokyo",
        "see https://example.org/author:x",
        "the U.S.-China five-year plan",
        "- item",
        "what is -5 degrees",
        'a 5" pipe and a 6" pipe',
        "x:y",
        "std::string",
        "first\n-General Uncertainty\n-Personnel",
        'an unclosed "quote',
        "",
    ],
)
def test_what_only_looks_like_syntax_is_left_alone(question):
    assert parse(question) == Asked(question)


@pytest.mark.parametrize(
    "quoted", ['"free rider"', "“free rider”", "„free rider“", "«free rider»", '“free rider"']
)
def test_a_phrase_stands_between_quotation_marks_of_any_kind(quoted):
    assert parse(f"What is a {quoted}?") == Asked(f"What is a {quoted}?", phrases=("free rider",))


@pytest.mark.parametrize(
    ("question", "left", "excluded"),
    [
        ("allies -japan", "allies ", Excluded("japan", exact=False)),
        ("-japan allies", " allies", Excluded("japan", exact=False)),
        ("allies -“trade war” now", "allies  now", Excluded("trade war", exact=True)),
        ("allies -cost-sharing?", "allies ", Excluded("cost-sharing", exact=False)),
    ],
)
def test_a_minus_before_a_word_excludes_it(question, left, excluded):
    assert parse(question) == Asked(left, excluded=(excluded,))


def test_a_minus_that_stands_so_in_a_memo_excludes_nothing():
    pasted = 'a U.S. -China "trade war"'
    assert parse(pasted, "U.S. -China".__eq__) == Asked(pasted, phrases=("trade war",))
    assert parse(pasted).excluded == (Excluded("China", exact=False),)


def test_a_minus_for_half_a_german_word_excludes_nothing():
    assert parse("Privatpersonen und -organisationen").excluded == ()


def test_in_a_long_question_quotation_marks_and_minus_signs_are_prose():
    long = " ".join(["word"] * LONGEST_SEARCH) + ' "free rider" -japan'
    assert parse(long) == Asked(long, prose=True)
    assert parse(f"{long} tag:x").filters == (Filter("tag", "x", negated=False, given="tag:x"),)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("author:gonawela", "gonawela"),
        ("Author:O'Brien,", "O'Brien"),
        ('author:"A\'ndre Gonawela"', "A'ndre Gonawela"),
        ("author:“A’ndre Gonawela”", "A’ndre Gonawela"),
    ],
)
def test_a_filter_is_a_name_and_a_value(written, value):
    asked = parse(f"Squad {written}")
    assert [(each.name, each.value) for each in asked.filters] == [("author", value)]
    assert asked.text == "Squad "
    assert asked.phrases == ()


@given(st.sampled_from(FILTERS), st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), st.booleans())
def test_every_filter_can_stand_anywhere_and_be_turned_around(name, value, negated):
    given_ = f"{'-' * negated}{name}:{value}"
    for question in (given_, f"{given_} squad", f"squad {given_}", f"what {given_} squad"):
        assert parse(question).filters == (Filter(name, value, negated, given_),)


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("author:", 'author:"'),
        ("author: gonawela", "author:gonawela"),
        ('title: "two words" x', 'title:"two words"'),
        ("before: soon", "before:2024-10-03"),
        ('tag:""', "tag:budget"),
        ('author:"open', "author:"),
        ("autor:gonawela", "author:gonawela"),
        ("befor:2024", "before:2024"),
        ("tags:x", "tag:x"),
        ("in:!", "in:ID"),
    ],
)
def test_a_malformed_filter_is_told_with_the_right_form(question, right):
    with pytest.raises(MalformedFilter) as told:
        parse(question)
    assert f"Write it like this: {right}" in str(told.value)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("as-of:2024-06-30", date(2024, 6, 30)),
        ("As-Of:2024-6-3.", date(2024, 6, 3)),
        ("as-of:2024-02", date(2024, 2, 29)),
        ('as-of:"2023"', date(2023, 12, 31)),
    ],
)
def test_as_of_names_the_day_at_whose_end_the_library_is_meant(written, day):
    asked = parse(f"what {written} tag:x squad")
    assert (asked.as_of, [each.name for each in asked.filters], asked.plain) == (day, ["tag"], False)
    assert as_of(f"Squad {written}") == day
    assert as_of("Squad") is None


@pytest.mark.parametrize(
    "written",
    [
        "as-of:soon",
        "as-of:2024-13",
        "as-of:2024-02-30",
        "as-of: 2024",
        "as-of:",
        "-as-of:2024",
        "as-of:2023 as-of:2024",
    ],
)
def test_a_malformed_as_of_is_told_with_the_right_form(written):
    with pytest.raises(MalformedFilter, match=r"Write it like this: as-of:2024-06-30 \(or as-of:2024-06"):
        as_of(f"Squad {written} x")


@pytest.mark.parametrize("written", ["asof:2024", "as_of:2024", "ASOF:2024"])
def test_as_of_in_another_spelling_is_told_the_right_one(written):
    with pytest.raises(MalformedFilter, match="Write it like this: as-of:2024"):
        as_of(written)


def test_a_filter_of_another_program_is_named():
    assert parse("from:alice Squad").unknown == ("from",)
    assert parse("from: alice").unknown == ()


@given(st.text(max_size=80))
def test_any_text_is_taken_apart_or_told(question):
    try:
        asked = parse(question)
    except MalformedFilter:
        return
    assert set(asked.text) <= set(question)
