"""How do the rows look beside each other, and what changed since an earlier run?"""

from collections.abc import Iterable
from typing import Any

from tests.benchmarks.quality.columns import COLUMNS

LESS_IS_BETTER = frozenset({"typo", "foreign answered", "refused", "ECE", "wrong quotes", "p50 ms", "p99 ms"})

Row = dict[str, Any]


def headings(rows: Iterable[Row]) -> list[str]:
    """The headings of all columns that any row has, in their order."""
    rows = list(rows)
    return [each for column in COLUMNS for each in column.headings if any(each in row for row in rows)]


def table(rows: list[Row]) -> str:
    """One row an engine; the best of each column in bold."""
    shown = headings(rows)
    best = {each: _best(each, [row[each] for row in rows if each in row]) for each in shown}
    lines = [f"| engine | {' | '.join(shown)} |", f"|---|{'--:|' * len(shown)}"]
    for row in rows:
        cells = [_cell(row.get(each), bold=row.get(each) == best[each] and len(rows) > 1) for each in shown]
        lines.append(f"| {row['engine']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def ours_only(row: Row) -> str:
    """What only a bot that may refuse is asked, and what only ours promises."""
    said = {
        "foreign answered": "answered though foreign, at the shipped threshold, %",
        "refused": "refused though answerable, at the shipped threshold, %",
        "ECE": "distance of confidence from the share that was right (ECE)",
        "wrong quotes": "quotes that do not stand in their memo at their place, in all columns",
        "p50 ms": "a whole answer over the SQuAD paragraphs, median, ms",
        "p99 ms": "... 99 of 100, ms",
        "speed p50 ms": "a whole answer over {passages} passages, median, ms",
        "speed p99 ms": "... 99 of 100, ms",
        "speed build s": "... building that index, s",
        "mean XQuAD": "mean of the five languages",
    }
    passages = f"{row.get('passages', 0):,}"
    lines = ["| ours only | |", "|---|--:|"]
    lines += [
        f"| {what.format(passages=passages)} | {row[name]} |" for name, what in said.items() if name in row
    ]
    return "\n".join(lines)


def reliability_table(row: Row) -> str:
    """Confidence beside how often it was right."""
    lines = ["| confidence | mean | answerable | questions |", "|---|--:|--:|--:|"]
    lines += [
        f"| {low:.1f} to {high:.1f} | {confidence:.3f} | {right:.3f} | {count} |"
        for low, high, confidence, right, count in row["reliability"]
    ]
    return "\n".join(lines)


def compared(now: list[Row], before: list[Row]) -> str:
    """What moved, for every engine that stands in both runs; + is better."""
    earlier = {row["engine"]: row for row in before}
    lines = []
    for row in now:
        old = earlier.get(row["engine"], {})
        for name in row:
            if isinstance(row[name], int | float) and isinstance(old.get(name), int | float):
                moved = row[name] - old[name]
                if abs(moved) > 1e-9:
                    mark = (
                        "better"
                        if (moved > 0) != (name in LESS_IS_BETTER or name.startswith("speed"))
                        else "worse"
                    )
                    lines.append(f"{row['engine']}: {name} {old[name]} -> {row[name]} ({moved:+.4g}, {mark})")
    return "\n".join(lines) or "Nothing moved."


def _best(heading: str, values: list[float]) -> float:
    return min(values) if heading in LESS_IS_BETTER else max(values)


def _cell(value: float | None, *, bold: bool) -> str:
    if value is None:
        return "-"
    text = f"{value:.3f}" if isinstance(value, float) and abs(value) <= 1 and value else f"{value:.1f}"
    return f"**{text}**" if bold else text
