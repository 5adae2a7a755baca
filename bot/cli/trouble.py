"""What does the user see, and which exit code is given, when a command cannot do its work?

| code | meaning                                                                    |
|------|----------------------------------------------------------------------------|
| 0    | done, or answered                                                          |
| 1    | nothing found, or a check that found something wrong                       |
| 2    | wrong usage                                                                |
| 3    | a file, a memo or a request that cannot be used                            |
| 65.. | settings, database, platform, disk: `exit_code` of the class in bot.errors |
| 70   | a fault of this program                                                    |
| 74   | the disk or the network refused                                            |
| 130  | Ctrl-C                                                                     |
| 141  | whoever read the output went away, as for any program in a pipe            |

Trouble is one line on standard error, never a traceback; `QUOTH_DEBUG=1` shows the traceback as well.
"""

import os
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

WRONG_USAGE, TROUBLE, PROGRAM_FAULT, INPUT_OUTPUT, INTERRUPTED, READER_GONE = 2, 3, 70, 74, 130, 141
ROOT = Path(__file__).parents[2]


class Guard(TyperGroup):
    """The root command: the one place where an exception becomes a line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # here, so that a reader who went away is noticed while it can be handled
        except (typer.TyperException, typer.Exit, typer.Abort):
            _flush_quietly()
            raise
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            _leave_without_reader()
        except Exception as error:  # noqa: BLE001 - nothing gets past this place as a traceback
            code, line = told(error)
            if os.environ.get("QUOTH_DEBUG"):
                traceback.print_exc()
            typer.echo(f"quoth: {line}", err=True)
            raise typer.Exit(code) from None
        return result


def told(error: Exception) -> tuple[int, str]:
    """The exit code and the one line for `error`.

    What an unforeseen exception says is not repeated: a library may put a token or an address into it.
    """
    from bot.errors import BotError
    from retrieval import MalformedFilter, RetrievalError

    if isinstance(error, BotError):
        return error.exit_code, _one_line(str(error))
    if isinstance(error, MalformedFilter):
        return WRONG_USAGE, _one_line(str(error))
    if isinstance(error, RetrievalError):
        return TROUBLE, _one_line(str(error))
    if isinstance(error, OSError) and error.strerror:
        name = f"{error.filename}: " if error.filename else ""
        return INPUT_OUTPUT, _one_line(f"{name}{error.strerror}. Check that it is there and may be used.")
    return PROGRAM_FAULT, (
        f"{type(error).__name__} at {_place(error)}: this is a fault of the program. "
        "Run it again with QUOTH_DEBUG=1 to see everything, and report it."
    )


def _one_line(text: str) -> str:
    from retrieval import printable

    return printable(" ".join(text.split()))


def _place(error: Exception) -> str:
    """Where in our own code it happened: the innermost frame that is ours."""
    ours = [
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT / "bot")
        or Path(frame.filename).is_relative_to(ROOT / "retrieval")
    ]
    return ours[-1] if ours else "an unknown place"


def _flush_quietly() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_without_reader()


def _leave_without_reader() -> NoReturn:
    """End as a program in a pipe does; what is still buffered goes nowhere, so that Python's exit stays silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(READER_GONE) from None
