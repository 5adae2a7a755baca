"""What can go wrong while reading and searching memos?

RetrievalError
├── UnreadableMemo        a file that cannot become a memo
│   ├── NoSuchPath        nothing stands at that path
│   ├── UnknownFormat     no reader for that kind of file
│   ├── EmptyMemo         the file holds no words
│   ├── BinaryMemo        the file is not text
│   └── BadlyEncoded      the file's bytes are not the encoding they should be
├── MalformedFilter       a filter of a question that cannot be understood
└── MalformedFile         a questions or answer file that cannot be understood
"""

from pathlib import PurePath


class RetrievalError(Exception):
    """Anything that reading or searching memos refuses. Says the thing, the rule and the next step."""

    remedy: str | None = None

    def __str__(self) -> str:
        """Say what went wrong and what to do."""
        said = super().__str__()
        return f"{said} {self.remedy}" if self.remedy else said


class UnreadableMemo(RetrievalError):
    """A file that cannot become a memo. `path` names it."""

    rule = "cannot be read as a memo."

    def __init__(self, path: PurePath | str, why: str | None = None) -> None:
        self.path = str(path)
        super().__init__(f"{printable(self.path)}: {why or self.rule}")


class NoSuchPath(UnreadableMemo):
    """Nothing stands at that path."""

    rule = "there is no such file or folder."
    remedy = "Check the path."


class UnknownFormat(UnreadableMemo):
    """No reader for that kind of file."""

    rule = "this kind of file is not read."
    remedy = "Save it as .txt, .md or .html."


class EmptyMemo(UnreadableMemo):
    """The file holds no words."""

    rule = "the file holds no words."
    remedy = "Add text, or leave it out."


class BinaryMemo(UnreadableMemo):
    """The file is not text, whatever its name says."""

    rule = "the file is binary, not text."
    remedy = "Export it as text, Markdown or HTML."


class BadlyEncoded(UnreadableMemo):
    """The file's bytes are not the encoding they should be."""

    rule = "the bytes are not valid UTF-8."
    remedy = "Save the file as UTF-8."


class MalformedFilter(RetrievalError):
    """A filter of a question that cannot be understood."""

    def __init__(self, given: str, right: str) -> None:
        self.given = given
        super().__init__(f"{given!r} is not a filter I understand. Write it like this: {right}")


class MalformedFile(RetrievalError):
    """A questions or answer file that cannot be understood."""

    def __init__(self, path: PurePath | str, why: str) -> None:
        self.path = str(path)
        super().__init__(f"{printable(self.path)}: {why}")


def printable(text: str) -> str:
    """Show control characters as escapes, so that a file's name cannot drive a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
