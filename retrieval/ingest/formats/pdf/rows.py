"""Which runs of words stand on one line?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from retrieval.ingest.formats.pdf.runs import WRAPPED, Run, raised

_SAME_LINE = 0.3  # of the font size
_MARK_SIZE, _MARK_RISE = 0.87, 0.6
_JOINS, _SPACE = 0.95, 0.12


@dataclass(slots=True)
class Row:
    """Runs on one baseline, in reading order. `after_furniture`: what stood before it on the page was left out."""

    page: int
    runs: list[Run]
    base: float
    size: float
    left: float = 0.0
    right: float = 0.0
    after_furniture: bool = False
    text: str = field(default="")

    def settle(self) -> "Row":
        """Take extent and text from the runs."""
        self.left = min(run.left for run in self.runs)
        self.right = max(run.right for run in self.runs)
        for run in self.runs[:-1]:
            run.text = run.text.replace(WRAPPED, "-")
        self.text = " ".join(run.text for run in self.runs)
        return self

    @property
    def is_bold(self) -> bool:
        """Whether nearly all of it is."""
        return all(run.is_bold for run in self.runs)

    @property
    def is_italic(self) -> bool:
        """Whether nearly all of it is."""
        return all(run.is_italic for run in self.runs)


def into_rows(runs: Iterable[Run], page: int) -> list[Row]:
    """Gather runs into rows, from the top of the page to its foot."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda run: -run.base):
        row = rows[-1] if rows else None
        if row and row.base - run.base <= _SAME_LINE * min(run.size, row.size):
            row.runs.append(run)
            if run.size > row.size:
                row.size, row.base = run.size, run.base
        elif row and row.size < _MARK_SIZE * run.size and row.base - run.base < _MARK_RISE * run.size:
            row.runs.append(run)  # marks that are raised over this line came first
            row.size, row.base = run.size, run.base
        else:
            rows.append(Row(page, [run], run.base, run.size))
    for row in rows:
        row.runs = _in_order(row.runs)
        row.settle()
    return rows


def is_rightward(text: str) -> bool:
    """Whether a text is written from left to right, judged by its first letters."""
    return not any(
        "\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufdff" or "\ufe70" <= c <= "\ufefc" for c in text[:8]
    )


def _in_order(runs: Sequence[Run]) -> list[Run]:
    """Order the runs of a row, and join those that touch though the file draws them apart."""
    if len(runs) < 2:
        return list(runs)
    rightward = 2 * sum(is_rightward(run.text) for run in runs) >= len(runs)
    ordered = sorted(runs, key=lambda run: run.left if rightward else -run.right)
    joined = [ordered[0]]
    for run in ordered[1:]:
        last = joined[-1]
        if rightward and run.size < _MARK_SIZE * last.size and run.right < last.right and " " not in run.text:
            _set_into(last, run)
            continue
        gap = run.left - last.right if rightward else last.left - run.right
        if -_SPACE * last.size < gap < _JOINS * max(run.size, last.size):
            if gap > _SPACE * last.size:
                last.text += f" {run.text}"
                last.lefts += run.lefts
            else:
                last.text += run.text
                last.lefts += run.lefts[1:]
            last.left, last.right = min(last.left, run.left), max(last.right, run.right)
            last.bold += run.bold
            last.italic += run.italic
            last.size = max(last.size, run.size)
        else:
            joined.append(run)
    return joined


def _set_into(run: Run, mark: Run) -> None:
    """Put a raised mark, which the file draws after the whole line, between the words where it stands."""
    words = run.text.split(" ")
    place = sum(left < mark.left for left in run.lefts)
    run.text = " ".join([*words[:place], raised(mark.text), *words[place:]])
    run.lefts.insert(place, mark.left)
