"""How do the rows look beside each other, and what changed since an earlier run?"""

from collections.abc import Iterable
from typing import Any

from tests.benchmarks.quality.columns import COLUMNS

LESS_IS_BETTER = frozenset({"typo", "foreign answered", "refused", "ECE", "wrong quotes"})
SHARES = frozenset({"OOD", "Cranfield", "CACM"})  # from 0 to 1; the others are in %

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
        cells = [
            _cell(each, row.get(each), bold=row.get(each) == best[each] and len(rows) > 1) for each in shown
        ]
        lines.append(f"| {row['engine']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def ours_only(row: Row) -> str:
    """What only a bot that may refuse is asked, and what only ours promises."""
    said = {
        "AE@3 of any": "AE@3 where up to three quotes may be of the same paragraph (`ANSWERS__PER_PASSAGE=3`)",
        "of any p50 ms": "... a whole answer then, median, ms",
        "foreign answered": "answered though foreign, at the shipped threshold, %",
        "refused": "refused though answerable, at the shipped threshold, %",
        "ECE": "distance of confidence from the share that was right (ECE)",
        "wrong quotes": "quotes that do not stand in their memo at their place, in all columns",
        "p50 ms": "a whole answer over the SQuAD paragraphs, median, ms",
        "p99 ms": "... 99 of 100, ms",
        "p99 processor ms": "... 99 of 100, processor time alone, ms",
        "speed p50 ms": "a whole answer over {passages} passages, median, ms",
        "speed p99 ms": "... 99 of 100, ms",
        "speed p99 processor ms": "... 99 of 100, processor time alone, ms",
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
    """What moved, for every engine that stands in both runs."""
    if {row["half"] for row in now} != {row["half"] for row in before}:
        return "Not compared: one run asked other questions (--half)."
    earlier = {row["engine"]: row for row in before}
    lines = [
        f"{row['engine']}: {moved}"
        for row in now
        for name, value in row.items()
        if (moved := _moved(name, earlier.get(row["engine"], {}).get(name), value))
    ]
    return "\n".join(lines) or "Nothing moved."


def _moved(name: str, before: object, now: object) -> str:
    """How the figure `name` moved; "" where it did not, or is none."""
    if not isinstance(before, int | float) or not isinstance(now, int | float) or abs(now - before) < 1e-9:
        return ""
    less_is_better = name in LESS_IS_BETTER or name.endswith((" ms", " s"))
    better = (now > before) != less_is_better
    return f"{name} {before} -> {now} ({now - before:+.4g}, {'better' if better else 'worse'})"


def _best(heading: str, values: list[float]) -> float:
    return min(values) if heading in LESS_IS_BETTER else max(values)


def _cell(heading: str, value: float | None, *, bold: bool) -> str:
    if value is None:
        return "-"
    text = f"{value:.3f}" if heading in SHARES else f"{value:.1f}"
    return f"**{text}**" if bold else text
