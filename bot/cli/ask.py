"""How is one question answered in the terminal, or as JSON for a program?"""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, MemosFolder
from bot.cli.views import AsChannel, Collections, view_of

if TYPE_CHECKING:
    from retrieval import Answer


def ask(
    question: Annotated[
        str,
        typer.Argument(
            help="The question, in quotes; after -- where it begins with a minus.", metavar="QUESTION"
        ),
    ],
    *,
    as_json: AsJson = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say what each score is made of.")] = False,
    at_most: Annotated[
        int | None, typer.Option(min=1, max=100, metavar="N", help="Quotes, at most (3).")
    ] = None,
    per_passage: Annotated[
        int | None, typer.Option(min=1, max=100, metavar="N", help="Quotes of one paragraph, at most (1).")
    ] = None,
    max_chars: Annotated[
        int | None, typer.Option(min=40, metavar="N", help="Characters in one quote, at most (300).")
    ] = None,
    memos: MemosFolder = None,
    collections: Collections = None,
    as_channel: AsChannel = None,
) -> None:
    """Answer QUESTION by quoting the memos. Exit code 0 when answered, 1 when the memos hold no answer."""
    from bot.cli.output import print_json
    from bot.cli.sources import index_of, remarked, usual
    from bot.models import LONGEST_QUESTION
    from bot.rendering import wording
    from retrieval import Outcome, answer, as_of

    question = _readable(question)
    if not question:
        raise typer.BadParameter("the question is empty.", param_hint="QUESTION")
    if len(question) > LONGEST_QUESTION:
        raise typer.BadParameter(wording.question_too_long(LONGEST_QUESTION), param_hint="QUESTION")
    day = as_of(question)
    if day and memos:
        raise typer.BadParameter(
            "as-of: asks about the library's past, and a folder has none. Ask without --memos.",
            param_hint="QUESTION",
        )
    view = view_of(memos, collections, as_channel)
    index = index_of(memos, day, view.only if view else None)
    how = usual(memos)
    began = time.perf_counter()
    value = answer(
        index,
        question,
        at_most=at_most or how.at_most,
        per_passage=per_passage or how.per_passage,
        max_chars=max_chars or how.max_chars,
        threshold=how.threshold,
        explain=explain,
    )
    took_ms = (time.perf_counter() - began) * 1000
    value = remarked(value) if day else value
    if as_json:
        print_json(document(value, took_ms, explain=explain))
    else:
        _show(value, explain=explain)
    raise typer.Exit(0 if value.outcome is Outcome.FOUND else 1)


def document(answer: "Answer", took_ms: float, *, explain: bool) -> dict[str, Any]:
    """The answer as `--json` prints it; `explanation` is a list of lines, only where it was asked for."""
    saved = answer.model_dump(mode="json")
    for excerpt, dumped in zip(answer.excerpts, saved["excerpts"], strict=True):
        del dumped["explanation"]
        if explain and excerpt.explanation:
            dumped["explanation"] = excerpt.explanation.lines()
    return {**saved, "took_ms": took_ms}


def _show(answer: "Answer", *, explain: bool) -> None:
    from bot.cli.output import colour, width
    from bot.rendering import terminal

    typer.echo(terminal.answer(answer, colour=colour(), width=width(), explain=explain))


def _readable(text: str) -> str:
    """`text` without the stand-ins that Python puts for bytes of an argument that are not valid UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
