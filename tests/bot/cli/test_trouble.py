"""Does every kind of trouble end in its exit code and one line, with no secret and no traceback?"""

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.output import exact
from bot.cli.trouble import Guard, _place
from bot.errors import DatabaseTrouble, PlatformRefused, SetupError, UnknownMemo
from retrieval import MalformedFilter, NoSuchPath

SECRET = "xoxb-not-to-be-seen"


def quoth_that_meets(trouble: BaseException) -> typer.Typer:
    app = typer.Typer(cls=Guard, rich_markup_mode=None, pretty_exceptions_enable=False)

    @app.callback()
    def group() -> None:
        pass

    @app.command()
    def meet() -> None:
        raise trouble

    return app


@pytest.mark.parametrize(
    ("trouble", "code", "line"),
    [
        (UnknownMemo("x7"), 66, "There is no memo 'x7'. List the memos with: quoth memos list."),
        (SetupError("PORT: not a number."), 78, "PORT: not a number. Run: quoth doctor."),
        (DatabaseTrouble("No."), 69, "No. Run: quoth database status."),
        (PlatformRefused("Slack says invalid_auth."), 69, "Slack says invalid_auth. Run: quoth doctor."),
        (NoSuchPath("memos"), 3, "memos: there is no such file or folder. Check the path."),
        (MalformedFilter("after:x", "after:2024-10-03"), 2, "'after:x' is not a filter I understand."),
        (PermissionError(13, "Permission denied", "quoth.db"), 74, "quoth.db: Permission denied."),
        (KeyError(SECRET), 70, "KeyError at bot/cli/trouble.py:"),
        (UnknownMemo("a\nb\x1b[2J"), 66, "There is no memo 'a\\nb\\x1b[2J'."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_trouble_is_one_line_and_an_exit_code(trouble, code, line):
    result = CliRunner().invoke(quoth_that_meets(trouble), ["meet"])
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.startswith(f"quoth: {line}")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    assert SECRET not in result.stderr


def test_the_traceback_is_shown_to_who_asks_for_it(monkeypatch):
    monkeypatch.setenv("QUOTH_DEBUG", "1")
    result = CliRunner().invoke(quoth_that_meets(KeyError("k")), ["meet"])
    assert result.exit_code == 70
    assert "Traceback" in result.stderr


def test_the_place_in_our_own_code_is_named():
    with pytest.raises(AttributeError) as met:
        exact(None)
    assert _place(met.value).startswith("bot/cli/output.py:")


def test_an_interrupt_is_quiet():
    result = CliRunner().invoke(quoth_that_meets(KeyboardInterrupt()), ["meet"])
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "")


@pytest.mark.parametrize("arguments", [["no-such-command"], ["meet", "--no-such-option"]])
def test_wrong_usage_is_exit_code_2(arguments):
    result = CliRunner().invoke(quoth_that_meets(KeyError()), arguments)
    assert result.exit_code == 2
    assert "--help" in result.stderr
