"""How good are the answers, and does every saved quote still stand in its memo?"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, MemosFolder

if TYPE_CHECKING:
    from retrieval import Evaluation


STANDARD_INPUT = Path("/dev/stdin")


def evaluate(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS.jsonl", help="One question a line, with its right answers.")
    ],
    *,
    memos: MemosFolder = None,
    as_json: AsJson = False,
) -> None:
    """Measure quality on your own questions. Exit code 1 when a quote did not stand in its memo."""
    import retrieval
    from bot.cli.output import print_json
    from bot.cli.sources import index_of, usual

    labelled = retrieval.read_questions(_there(questions))
    if not labelled:
        raise retrieval.MalformedFile(questions, "holds no questions. Write one JSON object a line.")
    how = usual(memos)
    measured = retrieval.evaluate(
        index_of(memos),
        labelled,
        per_passage=how.per_passage,
        max_chars=how.max_chars,
        threshold=how.threshold,
    )
    if as_json:
        print_json(measured.model_dump(mode="json"))
    else:
        typer.echo("\n".join(_lines(measured)))
    raise typer.Exit(1 if measured.wrong_quotes else 0)


def _lines(measured: "Evaluation") -> Iterator[str]:
    """The counts, then every question that went wrong, each on one line whatever its file holds."""
    from retrieval import printable

    for name, value in measured.model_dump(exclude={"questions"}).items():
        yield f"{name.replace('_', ' '):<16}{value:>7}"
    for one in measured.questions:
        if one.verdict not in {"quoted", "refused"}:
            yield f"{one.verdict}: {printable(one.id)}  {printable(one.question)}"


def verify(
    answer: Annotated[
        Path,
        typer.Argument(
            metavar="ANSWER.json", help="What `quoth ask --json` printed, saved; - for standard input."
        ),
    ],
    *,
    memos: MemosFolder = None,
    as_json: AsJson = False,
) -> None:
    """Prove that every quote of a saved answer still stands in its memo at its place. Exit code 1 when one does not."""
    import retrieval
    from bot.cli.output import print_json
    from bot.cli.sources import memos_of

    saved = retrieval.read_answer(STANDARD_INPUT if str(answer) == "-" else _there(answer))
    excerpts = saved["excerpts"]
    quotes = len(excerpts) if isinstance(excerpts, list) else 0
    mismatches = retrieval.check_quotes(saved, memos_of(memos, None if memos else _day(saved)))
    if as_json:
        print_json({"quotes": quotes, "mismatches": [m.model_dump(mode="json") for m in mismatches]})
    else:
        for wrong in mismatches:
            typer.echo(f"quote {wrong.number}: {wrong.why}\n  {retrieval.printable(wrong.quote)}")
        stand = quotes - len({wrong.number for wrong in mismatches})
        typer.echo(f"{stand} of {quotes} {'quote stands' if quotes == 1 else 'quotes stand'} where cited.")
    raise typer.Exit(1 if mismatches else 0)


def _day(saved: Mapping[str, object]) -> date | None:
    """The day at whose end the library was asked about."""
    said = saved.get("as_of")
    try:
        return date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _there(path: Path) -> Path:
    """`path`, where something stands there; NoSuchPath where nothing does."""
    from retrieval import NoSuchPath

    if not path.exists():
        raise NoSuchPath(path)
    return path
