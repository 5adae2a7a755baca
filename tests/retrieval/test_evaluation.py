"""Are questions counted as the contract says?"""

import json

import pytest

from retrieval import MalformedFile, build_index, evaluate, read_questions
from retrieval.evaluation import LabelledQuestion, holds

QUESTIONS = [
    {
        "id": "1",
        "question": "What is the Squad?",
        "document": "a",
        "answers": ['"Squad" with Australia, Japan'],
    },
    {"id": "2", "question": "What is the Squad?", "document": "a", "answers": ["stands in no quote"]},
    {"id": "3", "question": "What is the recipe for kimchi?", "document": "a", "answers": ["salt"]},
    {"id": "4", "question": "What is the Quad?", "document": None, "answers": []},
    {"id": "5", "question": "How do I reset my VPN password?", "document": None, "answers": []},
]


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in QUESTIONS) + "\n\n", encoding="utf-8")
    return read_questions(path)


def test_every_verdict_is_counted_once(questions, seed_index):
    counted = evaluate(seed_index, questions)
    assert [one.verdict for one in counted.questions] == [
        "quoted",
        "not quoted",
        "false refusal",
        "false answer",
        "refused",
    ]
    assert (counted.answerable, counted.unanswerable) == (3, 2)
    assert (counted.quoted_at_1, counted.quoted_at_3) == (1, 1)
    assert (counted.false_answers, counted.false_refusals, counted.wrong_quotes) == (1, 1, 0)
    assert counted.mrr == pytest.approx(1 / 3, abs=1e-4)


def test_an_empty_library_answers_nothing_falsely(questions):
    counted = evaluate(build_index([]), questions)
    assert (counted.false_answers, counted.false_refusals, counted.mrr) == (0, 3, 0.0)


@pytest.mark.parametrize(
    ("quote", "wanted", "stands"),
    [
        ("the “Squad” with Japan’s help", '"squad" with japan\'s', True),
        ("2019–2020", "2019-2020", True),
        ("the Quad", "", False),
        ("the Quad", "Squad", False),
    ],
)
def test_kinds_of_quotation_marks_do_not_matter(quote, wanted, stands):
    assert holds(quote, [wanted]) is stands


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", '{"id": "1"}', '{"id": 1, "question": "q", "document": null}']
)
def test_a_malformed_line_is_named(tmp_path, line):
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(QUESTIONS[0]) + "\n" + line, encoding="utf-8")
    with pytest.raises(MalformedFile, match=r"line 2: .*Each line is"):
        read_questions(path)


def test_an_id_that_stands_there_twice_is_named(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join([json.dumps(QUESTIONS[0])] * 2), encoding="utf-8")
    with pytest.raises(MalformedFile, match="'1' stands there twice"):
        read_questions(path)


def test_a_document_without_an_answer_cannot_be_judged(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({**QUESTIONS[0], "answers": [" "]}), encoding="utf-8")
    with pytest.raises(MalformedFile, match="needs a string that a right quote holds"):
        read_questions(path)


def test_a_malformed_filter_is_a_question_that_nothing_answers(seed_index):
    question = LabelledQuestion(id="1", question="before:tomorrow squad", document=None)
    assert evaluate(seed_index, [question]).questions[0].verdict == "refused"


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MalformedFile, match=r"absent.jsonl: cannot be read"):
        read_questions(tmp_path / "absent.jsonl")
