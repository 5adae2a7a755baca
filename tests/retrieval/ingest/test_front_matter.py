"""What does front matter say, and what is said to whoever wrote it wrong?"""

from datetime import date

import pytest

from retrieval import UnreadableMemo
from retrieval.errors import MalformedFrontMatter

BODY = "Some text stands here, and it is a whole sentence.\n"


@pytest.mark.parametrize("name", ["memo.md", "memo.txt", "memo.markdown"])
def test_every_key_is_read(reading, name):
    memo = reading(
        "---\nid: alliances-2024\ntitle: 'Alliances: a memo'\nauthor: [Ann Lee, Bob Roe]\ndate: 2024-10-03\n"
        "source_url: https://example.org/a\nstatus: final\nsupersedes: older-one\ntags: [asia, 'trade']\n"
        "review: 2025-10-03\nowner: [Ann Lee]\n"
        f"unknown: {{a: [1]}}\n---\n# Another title\n\n{BODY}",
        name,
    )
    assert (memo.id, memo.title, memo.author) == ("alliances-2024", "Alliances: a memo", "Ann Lee, Bob Roe")
    assert (memo.published, memo.url, memo.status) == (date(2024, 10, 3), "https://example.org/a", "final")
    assert (memo.supersedes, memo.tags) == (("older-one",), ("asia", "trade"))
    assert (memo.review, memo.owner) == (date(2025, 10, 3), "Ann Lee")
    assert "---" not in memo.text
    assert "alliances-2024" not in memo.text
    assert memo.read_from == {}


def test_values_are_taken_as_written(reading):
    memo = reading(f"---\nid: 007\ntitle: yes\ndate: October 3, 2024\ntags: a, b\nstatus: ~\n---\n{BODY}")
    assert (memo.id, memo.title, memo.published) == ("007", "yes", date(2024, 10, 3))
    assert (memo.tags, memo.status) == (("a", "b"), None)


def test_a_time_of_day_is_passed_over(reading):
    assert reading(f"---\ndate: 2024-10-03T08:30:00Z\n---\n{BODY}").published == date(2024, 10, 3)


@pytest.mark.parametrize(
    ("front", "key", "right"),
    [
        ("date: 03/10/2024", "date", "date: 2024-10-03"),
        ("date: 2024-02-30", "date", "date: 2024-10-03"),
        ("id: ../../etc", "id", "letters, digits"),
        ("id: [a]", "id", "letters, digits"),
        ("url: javascript:alert(1)", "url", "https://example.org/page"),
        ("tags: {a: b}", "tags", "[one, two]"),
        ("title: [a, b]", "title", "A title"),
        ("title: A: b", "title", 'title: "A: title"'),
        ("author: {a: b}", "author", "A name"),
    ],
)
def test_a_wrong_value_is_named_with_the_right_form(reading, front, key, right):
    with pytest.raises(MalformedFrontMatter) as wrong:
        reading(f"---\n{front}\n---\n{BODY}")
    assert wrong.value.key == key
    assert right in str(wrong.value)
    assert "memo.txt" in str(wrong.value)


@pytest.mark.parametrize(
    "front",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\ntags: *b",
        "title: " + "[" * 5000,
        "tags: [" + "a, " * 20_000 + "]",
        "title: !!python/object/apply:os.system [id]",
        "title: a\n\x07: b",
        "title: 'open",
        "- just\n- a list\ntitle: x",
    ],
    ids=["aliases", "deep", "long", "object", "control", "open quote", "list"],
)
def test_bombs_and_broken_yaml_are_refused_or_harmless(reading, front):
    try:
        memo = reading(f"---\n{front}\n---\n{BODY}", "bomb.md")
    except UnreadableMemo as refused:
        if "bomb.md" not in str(refused):
            pytest.fail(f"the error does not name the file: {refused}")
    else:
        assert BODY.strip() in memo.text


@pytest.mark.parametrize("title", ["[Plan", "'Plan", '"Plan', "A: plan"])
def test_broken_yaml_is_told_by_the_key_that_breaks_it(reading, title):
    with pytest.raises(MalformedFrontMatter, match="key 'title' is malformed"):
        reading(f"---\nstatus: final\ntitle: {title}\ndate: 2024-10-03\ntags: a\n---\n{BODY}")


def test_front_matter_that_is_never_closed_is_told(reading):
    with pytest.raises(MalformedFrontMatter, match="---"):
        reading(f"---\ntitle: A title\n\n{BODY}")


@pytest.mark.parametrize("text", [f"---\n\n{BODY}\n---\n", f"---\n{BODY}", f"{BODY}\n---\ntitle: x\n---\n"])
def test_a_rule_of_dashes_is_no_front_matter(reading, text):
    assert BODY.strip() in reading(text).text


def test_the_rest_is_found_in_the_text(reading):
    memo = reading(f"---\ntags: a\n---\nThe plan\n\nBy Ann Lee\n\n{BODY}")
    assert (memo.title, memo.author, memo.tags) == ("The plan", "Ann Lee", ("a",))


def test_half_a_character_in_a_title_can_be_written_down(reading):
    memo = reading('---\ntitle: "half \\ud83d here"\nauthor: "\\udc00"\n---\nThe Squad is here.\n', "memo.md")
    assert (memo.title, memo.author) == ("half \ufffd here", "\ufffd")
    assert memo.model_dump_json()
