"""Does the installed program keep its contract: what is printed where, and which exit code?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEEDS

QUOTH = Path(sys.executable).with_name("quoth")
SQUAD = "What is the Squad?"
KIMCHI = "What is the recipe for kimchi?"


class Quoth:
    """The program as a user starts it: a process of its own, with its own library and no settings but these."""

    def __init__(self, folder: Path) -> None:
        self.settings = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{folder}/library.db"}

    def __call__(
        self, *arguments: str | Path, cwd: Path = ROOT, **settings: str
    ) -> subprocess.CompletedProcess:
        return subprocess.run(
            [QUOTH, *arguments],
            cwd=cwd,
            env=self.settings | settings,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def json(self, *arguments: str | Path, **settings: str):
        return json.loads(self(*arguments, "--json", **settings).stdout)


@pytest.fixture
def quoth(tmp_path):
    return Quoth(tmp_path)


@pytest.fixture
def memos(tmp_path):
    folder = tmp_path / "memos"
    folder.mkdir()
    (folder / "a.txt").write_text("Harbour plan\n\nThe new harbour opens in May.\n", encoding="utf-8")
    return folder


def one_line_of_trouble(result: subprocess.CompletedProcess) -> str:
    assert result.returncode >= 3
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    return result.stderr


class TestAsk:
    def test_an_answer_quotes_and_cites_and_ends_with_0(self, quoth):
        result = quoth("ask", SQUAD, "--memos", SEEDS)
        assert result.returncode == 0
        assert '"Squad"' in " ".join(result.stdout.split())
        assert "Harris vs. Trump: Indo-Pacific Alliances" in " ".join(result.stdout.split())
        assert result.stderr == ""

    def test_nothing_found_says_so_and_ends_with_1(self, quoth):
        result = quoth("ask", KIMCHI, "--memos", SEEDS)
        assert result.returncode == 1
        assert "kimchi" in result.stdout

    def test_json_has_the_shape_of_the_contract(self, quoth):
        answer = quoth.json("ask", SQUAD, "--memos", SEEDS)
        wanted = ["question", "outcome", "confidence", "excerpts", "matched", "missing", "index", "took_ms"]
        assert [key for key in answer if key in wanted] == wanted
        excerpt = answer["excerpts"][0]
        wanted = ["quote", "span", "cut", "highlights", "score", "citation"]
        assert [key for key in excerpt if key in wanted] == wanted
        wanted = [
            "memo_id",
            "title",
            "author",
            "published",
            "source",
            "sha256",
            "section",
            "page",
            "passage",
            "link",
        ]
        assert [key for key in excerpt["citation"] if key in wanted] == wanted
        assert answer["question"] == SQUAD
        assert answer["outcome"] == "found"
        assert answer["matched"] == ["squad"]
        assert answer["index"]["memos"] == 2
        assert answer["took_ms"] == round(answer["took_ms"], 3)
        assert excerpt["citation"]["link"] == (
            f"/memos/{excerpt['citation']['memo_id']}#p{excerpt['citation']['passage']}"
        )

    def test_json_of_nothing_names_what_is_missing(self, quoth):
        answer = quoth.json("ask", KIMCHI, "--memos", SEEDS)
        assert answer["outcome"] == "nothing"
        assert answer["excerpts"] == []
        assert "kimchi" in answer["missing"]

    def test_the_same_question_gives_the_same_bytes(self, quoth):
        def asked() -> str:
            lines = quoth("ask", SQUAD, "--memos", SEEDS, "--json").stdout.splitlines()
            return "\n".join(line for line in lines if '"took_ms"' not in line)

        assert asked() == asked()

    def test_explain_says_what_the_score_is_made_of(self, quoth):
        answer = quoth.json("ask", SQUAD, "--memos", SEEDS, "--explain")
        assert len(answer["excerpts"][0]["explanation"]) > 1
        assert "explanation" not in quoth.json("ask", SQUAD, "--memos", SEEDS)["excerpts"][0]

    def test_quotes_are_as_many_and_as_long_as_was_said(self, quoth):
        how = ("--memos", SEEDS, "--at-most", "2", "--max-chars", "120")
        excerpts = quoth.json("ask", "Which alliances does the United States have?", *how)["excerpts"]
        assert len(excerpts) == 2
        assert all(len(excerpt["quote"]) <= 120 for excerpt in excerpts)

    def test_several_quotes_of_a_paragraph_only_where_that_is_said(self, quoth):
        def passages(*more, memos=("--memos", SEEDS), **settings):
            answer = quoth.json("ask", "What is AUKUS?", "--max-chars", "120", *more, *memos, **settings)
            return [excerpt["citation"]["passage"] for excerpt in answer["excerpts"]]

        apart = passages()
        assert len(apart) == len(set(apart)) > 1
        assert len(set(several := passages("--per-passage", "3"))) < len(several)
        assert passages(memos=(), ANSWERS__PER_PASSAGE="3") == several
        assert passages("--per-passage", "1", memos=(), ANSWERS__PER_PASSAGE="3") == apart

    def test_every_quote_stands_in_the_text_that_show_prints(self, quoth):
        for excerpt in quoth.json("ask", "Which alliances are there?", "--memos", SEEDS)["excerpts"]:
            text = quoth("memos", "show", excerpt["citation"]["memo_id"], "--text", "--memos", SEEDS).stdout
            start, end = excerpt["span"]
            assert text[start:end] == excerpt["quote"]

    def test_without_a_library_the_seeds_are_asked_and_no_library_is_made(self, quoth, tmp_path):
        result = quoth("ask", SQUAD)
        assert result.returncode == 0
        assert "seeds/" in result.stderr
        assert not (tmp_path / "library.db").exists()

    def test_the_seeds_are_found_from_anywhere(self, quoth, tmp_path):
        assert quoth("ask", SQUAD, cwd=tmp_path).returncode == 0

    def test_a_folder_without_memos_holds_no_answer(self, quoth, tmp_path):
        (tmp_path / "empty").mkdir()
        result = quoth("ask", SQUAD, "--memos", tmp_path / "empty", "--json")
        assert result.returncode == 1
        assert json.loads(result.stdout)["index"]["memos"] == 0

    @pytest.mark.parametrize("characters", [1_001, 100_000])
    def test_a_question_that_is_too_long_is_wrong_usage(self, quoth, characters):
        result = quoth("ask", "a" * characters)
        assert (result.returncode, result.stdout) == (2, "")
        assert "I read up to 1,000 characters" in " ".join(result.stderr.replace("│", " ").split())

    def test_a_folder_that_is_not_there_is_trouble(self, quoth, tmp_path):
        assert "nowhere: there is no such file or folder" in one_line_of_trouble(
            quoth("ask", SQUAD, "--memos", tmp_path / "nowhere")
        )

    def test_a_bad_file_is_named_and_the_others_are_asked(self, quoth, memos):
        (memos / "b.txt").write_bytes(b"\x00\x01\x02 harbour")
        result = quoth("ask", "When does the harbour open?", "--memos", memos, "--json")
        assert result.returncode == 0
        assert "b.txt" in result.stderr
        assert json.loads(result.stdout)["index"]["memos"] == 1

    @pytest.mark.parametrize("arguments", [[], [""], [SQUAD, "--at-most", "0"], [SQUAD, "--at-most", "x"]])
    def test_wrong_usage_ends_with_2(self, quoth, arguments):
        result = quoth("ask", *arguments)
        assert result.returncode == 2
        assert result.stdout == ""

    def test_a_wrong_setting_is_named_and_its_value_is_not_shown(self, quoth):
        said = one_line_of_trouble(quoth("ask", SQUAD, ANSWERS__AT_MOST="secret-99"))
        assert "ANSWERS__AT_MOST" in said
        assert "secret-99" not in said

    def test_a_question_that_is_not_utf8_is_answered(self, quoth):
        result = subprocess.run(
            [QUOTH, "ask", b"What is the Squad\xff?", "--memos", SEEDS, "--json"],
            env=quoth.settings,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert json.loads(result.stdout)["question"] == "What is the Squad\ufffd?"

    def test_quotes_survive_a_terminal_without_unicode(self, quoth):
        result = quoth("ask", SQUAD, "--memos", SEEDS, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert result.returncode == 0
        assert result.stderr == ""

    def test_a_reader_who_went_away_is_no_trouble(self, quoth):
        program = subprocess.Popen(
            [QUOTH, "ask", SQUAD, "--memos", SEEDS, "--json"],
            env=quoth.settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        program.stdout.close()
        assert program.stderr.read() == b""
        program.stderr.close()
        assert program.wait(60) == 141


class TestMemos:
    def test_added_memos_are_listed_shown_asked_and_removed(self, quoth, memos):
        added = quoth("memos", "add", memos)
        assert (added.returncode, added.stdout) == (0, "1 added.\n")
        [known] = quoth.json("memos", "list")
        assert known["source"] == "a.txt"
        assert known["memo_id"] in quoth("memos", "list").stdout
        assert "The new harbour opens in May." in quoth("memos", "show", known["memo_id"], "--text").stdout
        assert known["title"] in quoth("memos", "show", known["memo_id"]).stdout
        answer = quoth.json("ask", "When does the harbour open?")
        assert answer["excerpts"][0]["citation"]["memo_id"] == known["memo_id"]
        assert quoth("memos", "remove", known["memo_id"]).returncode == 0
        assert quoth.json("memos", "list") == []

    def test_a_bad_file_is_reported_and_the_rest_is_added(self, quoth, memos):
        (memos / "b.txt").write_bytes(b"\x00\x01")
        (memos / "c.txt").write_text("", encoding="utf-8")
        added = quoth("memos", "add", memos, memos / "nowhere.txt")
        assert added.returncode == 3
        assert added.stdout == "1 added, 3 failed.\n"
        assert "b.txt" in added.stderr
        assert "c.txt" in added.stderr
        assert "nowhere.txt" in added.stderr
        assert len(quoth.json("memos", "list")) == 1

    @pytest.mark.parametrize("command", ["show", "remove"])
    def test_an_unknown_memo_is_trouble(self, quoth, memos, command):
        quoth("memos", "add", memos)
        said = one_line_of_trouble(quoth("memos", command, "nothing-of-that-name"))
        assert (
            said == "quoth: There is no memo 'nothing-of-that-name'. List the memos with: quoth memos list.\n"
        )

    def test_the_text_is_printed_exactly(self, quoth, memos, tmp_path):
        [known] = quoth.json("memos", "list", "--memos", memos)
        printed = quoth("memos", "show", known["memo_id"], "--text", "--memos", memos).stdout
        assert len(printed) == known["characters"]

    def test_what_was_added_can_be_read_by_a_program(self, quoth, memos):
        (memos / "b.txt").write_bytes(b"\x00\x01")
        told = quoth.json("memos", "add", memos)
        assert told["added"] == ["a"]
        assert [Path(failed["path"]).name for failed in told["failed"]] == ["b.txt"]

    def test_a_memo_that_takes_the_place_of_another_is_named(self, quoth, memos, tmp_path):
        quoth("memos", "add", memos)
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "a.txt").write_text("Airport plan\n\nThe airport opens in June.\n")
        added = quoth("memos", "add", tmp_path / "other")
        assert added.stdout == "1 changed.\n"
        assert "changed: a\n" in added.stderr

    def test_a_path_that_is_not_there_is_called_that_whatever_its_name(self, quoth, tmp_path):
        assert "there is no such file or folder" in quoth("memos", "add", tmp_path / "nowhere").stderr

    def test_an_empty_library_lists_nothing_and_says_how_to_fill_it(self, quoth):
        result = quoth("memos", "list")
        assert (result.returncode, result.stdout) == (0, "")
        assert "quoth memos add" in result.stderr
        assert quoth.json("memos", "list") == []
        assert f"--memos {SEEDS}" in result.stderr


class TestVerify:
    @pytest.fixture
    def saved(self, quoth, memos, tmp_path):
        path = tmp_path / "answer.json"
        asked = quoth("ask", "When does the harbour open?", "--at-most", "1", "--memos", memos, "--json")
        path.write_text(asked.stdout, encoding="utf-8")
        return path

    def test_a_fresh_answer_stands(self, quoth, memos, saved):
        result = quoth("verify", saved, "--memos", memos)
        assert (result.returncode, result.stdout) == (0, "1 of 1 quote stands where cited.\n")

    def test_one_changed_character_is_found(self, quoth, memos, saved):
        text = (memos / "a.txt").read_text(encoding="utf-8")
        (memos / "a.txt").write_text(text.replace("May", "Mai"), encoding="utf-8")
        result = quoth("verify", saved, "--memos", memos)
        assert result.returncode == 1
        assert "0 of 1" in result.stdout
        told = quoth.json("verify", saved, "--memos", memos)
        assert told["quotes"] == 1
        assert [wrong["number"] for wrong in told["mismatches"]] == [1]

    def test_an_answer_can_be_piped_in(self, quoth, memos, saved):
        result = subprocess.run(
            [QUOTH, "verify", "-", "--memos", memos],
            input=saved.read_text(encoding="utf-8"),
            env=quoth.settings,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert result.stdout == "1 of 1 quote stands where cited.\n"

    def test_an_answer_that_is_not_there_is_trouble(self, quoth, memos):
        assert "no such file" in one_line_of_trouble(quoth("verify", "nowhere.json", "--memos", memos))

    def test_what_is_no_answer_is_trouble(self, quoth, memos, tmp_path):
        (tmp_path / "no.json").write_text("[1, 2]")
        assert "no.json" in one_line_of_trouble(quoth("verify", tmp_path / "no.json", "--memos", memos))


class TestEvaluate:
    @pytest.fixture
    def questions(self, tmp_path):
        path = tmp_path / "questions.jsonl"
        rows = [
            {"id": "1", "question": "When does the harbour open?", "document": "a.txt", "answers": ["May"]},
            {"id": "2", "question": KIMCHI, "document": None, "answers": []},
        ]
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return path

    def test_counts_are_of_questions(self, quoth, memos, questions):
        counts = quoth.json("evaluate", questions, "--memos", memos)
        expected = {"answerable": 1, "unanswerable": 1, "quoted_at_1": 1, "quoted_at_3": 1, "mrr": 1.0}
        expected |= {"false_answers": 0, "false_refusals": 0, "wrong_quotes": 0}
        assert {name: counts[name] for name in expected} == expected

    def test_people_read_lines(self, quoth, memos, questions):
        result = quoth("evaluate", questions, "--memos", memos)
        assert result.returncode == 0
        assert "quoted at 1" in result.stdout

    def test_what_a_file_holds_cannot_drive_the_terminal(self, quoth, memos, questions):
        hostile = {"id": "1\x1b[2J", "question": "Harbour?\nAll is well.\x1b]0;x\x07", "document": "gone.txt"}
        questions.write_text(json.dumps(hostile | {"answers": ["quay"]}), encoding="utf-8")
        result = quoth("evaluate", questions, "--memos", memos)
        assert r"1\x1b[2J  Harbour?\nAll is well.\x1b]0;x\x07" in result.stdout
        assert "\x1b" not in result.stdout

    def test_a_bad_line_is_named(self, quoth, memos, questions):
        questions.write_text('{"id": 1\n', encoding="utf-8")
        assert "line 1" in one_line_of_trouble(quoth("evaluate", questions, "--memos", memos))

    def test_a_file_without_questions_is_trouble(self, quoth, memos, questions):
        questions.write_text("\n", encoding="utf-8")
        assert "holds no questions" in one_line_of_trouble(quoth("evaluate", questions, "--memos", memos))


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "given", "said"),
        [
            ("LOG__LEVEL", "loud-99", "'debug', 'info', 'warning' or 'error'"),
            ("LOG", "loud-99", "LOG is no setting by itself"),
            ("WEB", "99", "WEB is no setting by itself"),
        ],
    )
    def test_what_is_not_understood_is_one_line(self, quoth, name, given, said):
        told = one_line_of_trouble(quoth("run", "web", **{name: given}))
        assert said in told
        assert given not in told
        assert ". Run: quoth doctor.\n" in told

    def test_an_env_file_that_is_no_text_is_one_line(self, quoth, tmp_path):
        (tmp_path / ".env").write_bytes(b"\xff\xfe")
        assert ".env is not UTF-8" in one_line_of_trouble(quoth("memos", "list", cwd=tmp_path))

    def test_the_level_may_be_written_in_capitals(self, quoth):
        assert quoth("memos", "list", LOG__LEVEL="INFO").returncode == 0

    def test_doctor_finds_a_name_with_one_underscore_too_few(self, quoth, tmp_path):
        (tmp_path / ".env").write_text("WEB__PRT=1\nslack_bot_token=xoxb-not-shown\n")
        result = quoth("doctor", cwd=tmp_path, WEB__PORT="0", LOG_LEVEL="of another program")
        assert result.returncode == 1
        assert "SLACK_BOT_TOKEN is set, and Quoth reads SLACK__BOT_TOKEN" in result.stdout
        assert "WEB__PRT is no setting" in result.stdout
        assert "LOG_LEVEL" not in result.stdout
        assert "xoxb-not-shown" not in result.stdout


class TestDatabase:
    def test_status_tells_whether_the_schema_is_the_one_needed(self, quoth):
        before = quoth("database", "status")
        assert before.returncode == 1
        assert "quoth database upgrade" in before.stdout
        assert quoth("database", "upgrade").returncode == 0
        assert quoth("database", "status").returncode == 0
        assert quoth("database", "upgrade").returncode == 0

    def test_a_database_that_is_not_there_is_trouble(self, quoth):
        one_line_of_trouble(quoth("database", "upgrade", DATABASE_URL="sqlite:////no/such/folder/q.db"))
        said = one_line_of_trouble(
            quoth("memos", "list", DATABASE_URL="postgresql://quoth:hidden-word@127.0.0.1:1/quoth")
        )
        assert "hidden-word" not in said


class TestTheRest:
    def test_chat_answers_line_by_line(self, quoth):
        result = subprocess.run(
            [QUOTH, "chat", "--memos", SEEDS],
            input=f"{SQUAD}\n{KIMCHI}\n",
            env=quoth.settings,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert result.returncode == 0
        assert '"Squad"' in " ".join(result.stdout.split())
        assert "kimchi" in result.stdout

    @pytest.mark.parametrize(("said", "quotes"), [({}, 2), ({"ANSWERS__PER_PASSAGE": "3"}, 3)])
    def test_the_bot_quotes_a_paragraph_as_often_as_the_settings_say(self, quoth, said, quotes):
        result = subprocess.run(
            [QUOTH, "chat", "--memos", SEEDS],
            input="What is AUKUS?\n",
            env={**quoth.settings, "ANSWERS__MAX_CHARS": "120", **said},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=True,
        )
        assert result.stdout.count("Harris vs. Trump") == quotes

    def test_chat_names_a_bad_file_once(self, quoth, memos):
        (memos / "b.txt").write_bytes(b"\x00\x01")
        result = subprocess.run(
            [QUOTH, "chat", "--memos", memos],
            input="",
            env=quoth.settings,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert (result.stdout + result.stderr).count("b.txt") == 1

    def test_run_with_an_unknown_role_is_wrong_usage(self, quoth):
        result = quoth("run", "fax")
        assert result.returncode == 2
        assert "slack" in result.stderr

    def test_doctor_finds_no_problem_in_an_empty_setting(self, quoth):
        result = quoth("doctor", WEB__PORT="0")
        assert result.returncode == 0, result.stdout
        assert all(line.startswith("ok — ") for line in result.stdout.splitlines())

    def test_doctor_names_a_problem_and_ends_with_1(self, quoth):
        found = quoth.json("doctor", WEB__PORT="0", DATABASE_URL="sqlite:////no/such/folder/quoth.db")
        assert next(finding["thing"] for finding in found if not finding["ok"]) == "write access"
        assert quoth("doctor", WEB__PORT="many").returncode == 1

    def test_the_slack_manifest_is_json_that_fits_the_settings(self, quoth):
        over_socket = json.loads(quoth("manifest", "slack", SLACK__APP_TOKEN="xapp-1").stdout)
        over_http = json.loads(quoth("manifest", "slack", WEB__PUBLIC_URL="https://q.example.org").stdout)
        assert over_socket["settings"]["socket_mode_enabled"] is True
        assert over_http["settings"]["socket_mode_enabled"] is False
        assert "https://q.example.org/slack/events" in json.dumps(over_http)

    def test_a_manifest_whose_address_is_still_to_be_filled_in_says_so(self, quoth):
        result = quoth("manifest", "slack", SLACK__SIGNING_SECRET="s")
        assert "YOUR-PUBLIC-URL" in json.dumps(json.loads(result.stdout))
        assert "WEB__PUBLIC_URL" in result.stderr

    def test_python_m_bot_is_the_same_program(self, quoth):
        result = subprocess.run(
            [sys.executable, "-m", "bot", "--version"],
            cwd=ROOT,
            env=quoth.settings,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert result.stdout == quoth("--version").stdout.encode()

    def test_asking_a_folder_loads_no_database_no_chat_and_no_settings(self, quoth):
        told = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "bot", "ask", SQUAD, "--memos", SEEDS, "--json"],
            cwd=ROOT,
            env=quoth.settings,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        ).stderr
        loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines()}
        heavy = {
            "sqlalchemy",
            "alembic",
            "structlog",
            "pydantic_settings",
            "slack_bolt",
            "discord",
            "aiohttp",
            "rich",
        }
        assert "retrieval" in loaded
        assert not loaded & heavy


@pytest.mark.parametrize("wrong", ["before:tomorrow", "autor:gonawela", "in:nothing-like-that", "author:"])
def test_a_malformed_filter_is_wrong_usage_told_in_one_line(quoth, wrong):
    told = quoth("ask", f"alliances {wrong}", "--memos", SEEDS)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith(f"quoth: '{wrong}' is not a filter I understand. Write it like this: ")
    assert told.stderr.count("\n") == 1


def test_filters_phrases_and_synonyms_work_in_the_terminal(quoth):
    assert "Global Times" not in quoth("ask", "allies author:gonawela", "--memos", SEEDS).stdout
    assert "mutual defense treaty" in quoth("ask", '"Mutual-Defense treaty"', "--memos", SEEDS).stdout.lower()
    told = quoth("ask", "What crisis is the Republic of Korea facing?", "--memos", SEEDS)
    assert "Also searched: Republic of Korea = South Korea" in " ".join(told.stdout.split())


def test_the_synonyms_beside_the_memos_are_used_and_the_settings_name_the_librarys(quoth, memos, tmp_path):
    (memos / "synonyms.txt").write_text("harbour, port\n", encoding="utf-8")
    question = "When does the new port open?"
    assert "Also searched: port = harbour." in quoth("ask", question, "--memos", memos).stdout
    assert quoth("memos", "add", memos).returncode == 0
    assert "Also searched" not in quoth("ask", question).stdout
    named = {"ANSWERS__SYNONYMS": str(memos / "synonyms.txt")}
    assert "Also searched: port = harbour." in quoth("ask", question, **named).stdout
    missing_list = quoth("ask", question, ANSWERS__SYNONYMS=str(tmp_path / "none.txt"))
    assert "none.txt" in one_line_of_trouble(missing_list)


def test_a_wrong_line_of_synonyms_is_told_by_its_number(quoth, memos):
    (memos / "synonyms.txt").write_text("# ours\nharbour\n", encoding="utf-8")
    assert "synonyms.txt: line 2:" in one_line_of_trouble(quoth("ask", "harbour", "--memos", memos))
