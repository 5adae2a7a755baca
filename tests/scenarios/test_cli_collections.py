"""Can whoever runs the bot say who sees what, try it out, and find out why?"""

import json
import re
import shutil

import pytest

from tests.scenarios.test_cli import Quoth

CHANNEL, OTHER = "slack:T1/C01", "slack:T1/C02"
LEAVE = "How many days of leave?"
TAKEOVER = "Who buys the canteen?"


@pytest.fixture
def quoth(tmp_path):
    return Quoth(tmp_path)


@pytest.fixture
def memos(tmp_path):
    folder = tmp_path / "memos"
    for name in ("policy/hr", "board"):
        (folder / name).mkdir(parents=True)
    (folder / "policy/hr/leave.txt").write_text("Leave\n\nEmployees take thirty days of leave in a year.\n")
    (folder / "board/zebra.md").write_text(
        "---\ntitle: Takeover\ncollections: [secret]\n---\nZebra buys the canteen in September.\n"
    )
    return folder


@pytest.fixture
def library(quoth, memos):
    assert quoth("memos", "add", memos).returncode == 0
    return quoth


def test_folders_and_front_matter_make_collections_that_are_listed_with_what_they_hold(library):
    said = library.json("collections", "list")
    assert {row["name"]: row["memos"] for row in said["collections"]} == {
        "board": 1,
        "policy": 1,
        "policy/hr": 1,
        "secret": 1,
    }
    assert said["unbound"] == ["everything"]


def test_a_question_can_be_put_to_some_collections_alone(library, memos):
    assert library("ask", LEAVE, "--collections", "policy").returncode == 0
    assert library("ask", TAKEOVER, "--collections", "policy,policy/hr").returncode == 1
    assert library("ask", TAKEOVER, "--collections", "policy", "--collections", "secret").returncode == 0
    assert library("ask", TAKEOVER, "--memos", memos, "--collections", "policy").returncode == 1
    assert library("ask", TAKEOVER).returncode == 0


def test_an_answer_from_a_collection_is_that_of_a_library_without_the_rest(library, memos, tmp_path):
    (tmp_path / "other").mkdir()
    without_the_rest = Quoth(tmp_path / "other")
    shutil.copytree(memos / "policy", tmp_path / "other/memos/policy")
    assert without_the_rest("memos", "add", tmp_path / "other/memos").returncode == 0
    for question in (LEAVE, TAKEOVER, "What memos are there?", "leave author:zebr"):
        said = library.json("ask", question, "--collections", "policy")
        expected = without_the_rest.json("ask", question)
        assert {**said, "took_ms": 0} == {**expected, "took_ms": 0}


def test_a_bound_channel_is_tried_out_and_explained(library):
    bound = library("collections", "use", CHANNEL, "Policy")
    assert (bound.returncode, bound.stdout) == (0, f"{CHANNEL} sees policy from now on.\n")
    assert "channels that nobody binds see no memos" in bound.stderr
    assert library("ask", LEAVE, "--as", CHANNEL).returncode == 0
    assert library("ask", TAKEOVER, "--as", CHANNEL).returncode == 1
    assert library("ask", LEAVE, "--as", OTHER).returncode == 1
    seen = library("access", "explain", CHANNEL, "policy-hr-leave")
    assert seen.returncode == 0
    assert "policy (by folder)" in seen.stdout
    hidden = library("access", "explain", CHANNEL, "board-zebra", "--json")
    assert hidden.returncode == 1
    said = json.loads(hidden.stdout)
    assert (said["sees"], said["channel_sees"]) == (False, ["policy"])
    assert said["collections"] == {"board": ["folder"], "secret": ["front matter"]}


def test_a_memo_is_put_into_a_collection_for_good(library, memos):
    library("collections", "use", CHANNEL, "policy")
    assert library("memos", "collect", "board-zebra", "policy").returncode == 0
    (memos / "board/zebra.md").write_text("Takeover\n\nZebra buys the canteen in October.\n")
    assert library("memos", "add", memos).returncode == 0
    assert library("ask", TAKEOVER, "--as", CHANNEL).returncode == 0
    taken_out = library("memos", "collect", "--out", "board-zebra", "policy", "board")
    assert "It stays in board because of its folder" in taken_out.stderr
    assert library("ask", TAKEOVER, "--as", CHANNEL).returncode == 1


def test_what_was_said_is_kept_with_when_and_by_whom(library):
    library("collections", "use", CHANNEL, "policy")
    library("memos", "collect", "board-zebra", "news")
    library("collections", "clear", CHANNEL)
    lines = library("collections", "log").stdout.splitlines()
    assert [re.sub(r"^\S+ \S+ UTC  ", "", line) for line in lines] == [
        f"{CHANNEL} sees policy  (by command line)",
        "board-zebra into news  (by command line)",
        f"{CHANNEL} unbound  (by command line)",
    ]
    assert library.json("collections", "show", CHANNEL)["sees"] == ["nothing"]


def test_the_settings_win_and_are_named(library):
    given = {"ACCESS__CHANNELS": json.dumps({CHANNEL: ["board"]})}
    assert library("ask", TAKEOVER, "--as", CHANNEL, **given).returncode == 0
    refused = library("collections", "use", CHANNEL, "policy", **given)
    assert refused.returncode == 2
    assert "ACCESS__CHANNELS" in refused.stderr
    assert library.json("collections", "show", CHANNEL, **given)["because"] == "by ACCESS__CHANNELS"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (("collections", "use", "C01", "policy"), 2),
        (("ask", LEAVE, "--as", "C01"), 2),
        (("ask", LEAVE, "--as", CHANNEL, "--collections", "policy"), 2),
        (("ask", LEAVE, "--collections", "*,policy"), 2),
        (("memos", "collect", "board-zebra", "*"), 2),
        (("memos", "collect", "no-such-memo", "policy"), 66),
        (("access", "explain", CHANNEL, "no-such-memo"), 66),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(library, typed, code):
    refused = library(*typed)
    assert refused.returncode == code
    assert "Traceback" not in refused.stderr
    assert refused.stderr.strip()
    assert library.json("collections", "log") == {"assignments": [], "bindings": []}
