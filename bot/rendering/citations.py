"""How is it written down where a quote stands?"""

from bot.rendering import limits, wording
from bot.rendering.labels import isolated, label, one_line
from retrieval import Citation, Excerpt

BETWEEN = " · "
_STEP = " › "


def title(citation: Citation) -> str:
    """The memo's title, on one line, never empty."""
    return label(citation.title, limits.TITLE) or wording.UNTITLED


def who_and_when(citation: Citation) -> list[str]:
    """Author, date, and a status that a reader should know of, as far as they are known."""
    return [
        *filter(None, [label(citation.author or "", limits.AUTHOR)]),
        *([wording.day(citation.published)] if citation.published else []),
        *filter(None, [wording.WARNING_STATUS.get((citation.status or "").strip().casefold())]),
    ]


def title_and_day(citation: Citation) -> str:
    """The memo's title, and its date where it is known: enough to tell it from an older one of the same title."""
    return BETWEEN.join([title(citation), *([wording.day(citation.published)] if citation.published else [])])


def place(citation: Citation) -> list[str]:
    """Where in the memo: section path, row and column of a table cell, page, as far as they are known."""
    row, column = (
        label(citation.row or "", limits.CELL_NAME),
        label(citation.column or "", limits.COLUMN_NAMES),
    )
    return [
        *filter(None, [_section(citation), wording.cell(row, column)]),
        *([wording.page(citation.page)] if citation.page is not None else []),
    ]


def superseded(excerpt: Excerpt) -> list[str]:
    """A line that names the memos which supersede the quoted one; none where none does."""
    named = [title_and_day(successor.citation) for successor in excerpt.superseded_by]
    return [f"{wording.SUPERSEDED_BY} {', '.join(named)}"] if named else []


def details(citation: Citation) -> list[str]:
    """Everything but the title."""
    return [*who_and_when(citation), *place(citation)]


def line(citation: Citation) -> str:
    """The whole citation on one line."""
    return BETWEEN.join([title(citation), *details(citation)])


def _section(citation: Citation) -> str:
    """The section path; a first step that only repeats the memo's title is left out."""
    steps = citation.section
    if steps and one_line(steps[0]) == one_line(citation.title):
        steps = steps[1:]
    path = _STEP.join(limits.shortened(step, limits.HEADING) for step in filter(None, map(one_line, steps)))
    return isolated(limits.shortened(path, limits.SECTION_PATH))
