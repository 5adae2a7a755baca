"""Do the answers about the seeds stay as good as they were?"""

import tomllib
from pathlib import Path

import pytest

from retrieval import Evaluation, Index, evaluate, read_questions
from tests.conftest import shared

EXPECTED = tomllib.loads(Path(__file__).with_name("expected.toml").read_text(encoding="utf-8"))["seed-dev"]


@pytest.fixture(scope="module")
def measured(seed_index: Index) -> Evaluation:
    return evaluate(seed_index, read_questions(shared("questions/seed-dev.jsonl")))


@pytest.mark.parametrize("count", ["quoted_at_1", "quoted_at_3"])
def test_no_answer_is_lost(measured, count):
    lost = [each.question for each in measured.questions if each.verdict in {"not quoted", "false refusal"}]
    assert getattr(measured, count) >= EXPECTED[count], lost


@pytest.mark.parametrize("count", ["false_answers", "wrong_quotes"])
def test_nothing_false_is_said(measured, count):
    said = [
        each.question for each in measured.questions if each.verdict == "false answer" or each.wrong_quotes
    ]
    assert getattr(measured, count) <= EXPECTED[count], said
