"""How is text taken out of each kind of file? One module a format.

A reader is a function from a file's characters to a `Draft`. Its module is imported when the first such file is read.
"""

from collections.abc import Callable

from retrieval.ingest.pieces import Draft

Reader = Callable[[str], Draft]


def read_plain(text: str) -> Draft:
    """Read plain text."""
    from retrieval.ingest.formats import plain  # noqa: PLC0415 - imported when needed, so that the program starts fast

    return plain.read(text)


def read_markdown(text: str) -> Draft:
    """Read Markdown."""
    from retrieval.ingest.formats import markdown  # noqa: PLC0415

    return markdown.read(text)


def read_html(text: str) -> Draft:
    """Read HTML."""
    from retrieval.ingest.formats import hypertext  # noqa: PLC0415

    return hypertext.read(text)


READERS: dict[str, Reader] = {
    ".txt": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
}
"""The reader for each suffix, in lower case."""
