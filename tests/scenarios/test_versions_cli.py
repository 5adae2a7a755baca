"""Do versions, as-of, supersedes, export, import, backup and restore work as typed?"""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ROOT

QUOTH = Path(sys.executable).with_name("quoth")
QUESTION = "What is the travel budget?"


class Quoth:
    """The program as a user starts it, with a library of its own."""

    def __init__(self, folder: Path, name: str = "library") -> None:
        self.file = folder / f"{name}.db"
        self.settings = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{self.file}"}

    def __call__(self, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [QUOTH, *arguments],
            cwd=ROOT,
            env=self.settings | settings,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def json(self, *arguments: str | Path, **settings: str):
        result = self(*arguments, "--json", **settings)
        assert result.stdout, result.stderr
        return json.loads(result.stdout)


@pytest.fixture
def quoth(tmp_path):
    return Quoth(tmp_path)


@pytest.fixture
def memos(tmp_path, quoth):
    """A memo that was changed once, in the library."""
    folder = tmp_path / "memos"
    folder.mkdir()
    for euros in (500, 700):
        (folder / "budget.txt").write_text(f"The travel budget is {euros} euros.\n", encoding="utf-8")
        assert quoth("memos", "add", folder).returncode == 0
    return folder


def quotes(answer):
    return [excerpt["quote"] for excerpt in answer["excerpts"]]


class TestAsOf:
    def test_before_the_first_memo_the_library_held_none(self, quoth, memos):
        result = quoth("ask", f"{QUESTION} as-of:2020-06")
        assert result.returncode == 1
        assert result.stdout == "At the end of 30 June 2020 (UTC) the library held no memos.\n"

    def test_a_day_that_is_not_over_is_answered_from_the_present(self, quoth, memos):
        answer = quoth.json("ask", f"{QUESTION} as-of:9999")
        assert quotes(answer) == ["The travel budget is 700 euros."]
        assert answer["as_of"] is None
        assert "is not over yet" in answer["notes"][0]

    def test_the_past_is_answered_from_and_verified(self, quoth, memos, tmp_path):
        yesterday = datetime.now(UTC) - timedelta(days=1)
        _moved_back(quoth.file)
        answer = quoth.json("ask", f"{QUESTION} as-of:{yesterday:%Y-%m-%d}")
        assert quotes(answer) == ["The travel budget is 500 euros."]
        assert answer["as_of"] == f"{yesterday:%Y-%m-%d}"
        saved = tmp_path / "saved.json"
        saved.write_text(json.dumps(answer))
        assert quoth("verify", saved).returncode == 0
        assert quoth("verify", saved, "--memos", memos).returncode == 1

    def test_a_folder_has_no_past(self, quoth, memos):
        result = quoth("ask", f"{QUESTION} as-of:2024", "--memos", memos)
        assert result.returncode == 2
        assert "a folder has none" in " ".join(result.stderr.split())

    def test_a_malformed_one_is_told_the_right_form(self, quoth, memos):
        result = quoth("ask", f"{QUESTION} as-of:soon")
        assert result.returncode == 2
        assert "Write it like this: as-of:2024-06-30" in result.stderr


def _moved_back(file: Path) -> None:
    """Let the first version have come two days ago and gone today, as if time had passed."""
    with sqlite3.connect(file) as connection:
        connection.execute(
            "UPDATE memo_versions SET came = datetime(came, '-2 days') || '.000000' WHERE went IS NOT NULL"
        )


class TestVersions:
    def test_they_are_listed_newest_first(self, quoth, memos):
        lines = quoth("memos", "versions", "budget").stdout.splitlines()
        assert len(lines) == 2
        assert "current" in lines[0]
        first, second = quoth.json("memos", "versions", "budget")
        assert (first["went"], second["went"]) == (None, first["came"])
        assert first["sha256"][:12] in lines[0]

    def test_of_an_unknown_memo_there_are_none(self, quoth, memos):
        result = quoth("memos", "versions", "none")
        assert (result.returncode, result.stdout) == (66, "")
        assert "There is no memo 'none'" in result.stderr

    def test_young_ones_stay_and_old_ones_go(self, quoth, memos):
        assert quoth("memos", "prune").stdout == "Dropped 0 old versions.\n"
        dry = quoth("memos", "prune", "--days", "0", "--dry-run").stdout
        assert dry.endswith("Would drop one old version.\n")
        assert len(quoth.json("memos", "versions", "budget")) == 2
        assert quoth("memos", "prune", VERSIONS_DAYS="0").stdout == "Dropped one old version.\n"
        assert len(quoth.json("memos", "versions", "budget")) == 1
        assert quotes(quoth.json("ask", QUESTION)) == ["The travel budget is 700 euros."]

    def test_any_number_of_days_is_understood(self, quoth, memos):
        assert quoth.json("memos", "prune", "--days", "1e300")["dropped"] == []
        assert quoth("memos", "prune", "--days", "-1").returncode == 2


class TestSupersedes:
    @pytest.fixture
    def newer(self, quoth, memos):
        text = "---\nid: new\nsupersedes: budget.txt\nstatus: draft\n---\n\n# New rules\n\nThe travel budget is 900 euros.\n"
        (memos / "new.md").write_text(text, encoding="utf-8")
        assert quoth("memos", "add", memos).returncode == 0

    def test_the_newer_memo_is_quoted_first_and_the_older_names_it(self, quoth, newer):
        answer = quoth.json("ask", QUESTION)
        assert quotes(answer) == ["The travel budget is 900 euros.", "The travel budget is 700 euros."]
        first, second = answer["excerpts"]
        assert first["superseded_by"] == []
        assert first["citation"]["status"] == "draft"
        [successor] = second["superseded_by"]
        assert successor["citation"]["memo_id"] == "new"
        people = quoth("ask", QUESTION).stdout
        assert "Superseded by New rules" in people
        assert "draft" in people

    def test_the_policy_can_hide_the_older(self, quoth, newer):
        answer = quoth.json("ask", QUESTION, ANSWERS__SUPERSEDED="Hide")
        assert quotes(answer) == ["The travel budget is 900 euros."]
        assert quoth("ask", QUESTION, ANSWERS__SUPERSEDED="never").returncode == 78


class TestMoving:
    def test_a_library_moves_with_its_past_and_answers_the_same(self, quoth, memos, tmp_path):
        there = Quoth(tmp_path, "there")
        assert quoth("memos", "export", tmp_path / "out").stdout.startswith(
            "Exported one memo, 2 versions in all"
        )
        assert there.json("memos", "import", tmp_path / "out") == {"added": ["budget"], "unchanged": []}
        assert there.json("memos", "versions", "budget") == quoth.json("memos", "versions", "budget")
        answers = [each.json("ask", QUESTION) for each in (quoth, there)]
        assert [{**answer, "took_ms": 0} for answer in answers] == [{**answers[0], "took_ms": 0}] * 2

    def test_what_was_tampered_with_is_one_line_of_trouble(self, quoth, memos, tmp_path):
        quoth("memos", "export", tmp_path / "out")
        path = tmp_path / "out" / "memos" / "budget.md"
        path.write_text(path.read_text().replace("700", "900"))
        result = Quoth(tmp_path, "there")("memos", "import", tmp_path / "out")
        assert (result.returncode, result.stdout, result.stderr.count("\n")) == (65, "", 1)
        assert "was changed since it was exported" in result.stderr

    def test_a_folder_that_is_taken_is_not_written_to(self, quoth, memos):
        result = quoth("memos", "export", memos)
        assert (result.returncode, result.stderr.count("\n")) == (73, 1)

    def test_a_backup_brings_everything_back(self, quoth, memos, tmp_path):
        copy = tmp_path / "copy.db"
        said = quoth("backup", copy)
        assert said.returncode == 0
        assert "holds secrets" in said.stdout
        assert quoth("memos", "remove", "budget").returncode == 0
        assert quoth("restore", copy).returncode == 73
        assert quoth("restore", copy, "--force").returncode == 0
        assert quotes(quoth.json("ask", QUESTION)) == ["The travel budget is 700 euros."]
