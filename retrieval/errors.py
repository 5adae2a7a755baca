"""What can go wrong while reading and searching memos?

RetrievalError
├── UnreadableMemo        a file that cannot become a memo
│   ├── NoSuchPath        nothing stands at that path
│   ├── UnknownFormat     no reader for that kind of file
│   ├── EmptyMemo         the file holds no words
│   ├── BinaryMemo        the file is not text
│   ├── BadlyEncoded      the file's bytes are not the encoding they should be
│   ├── NotAFile          a folder, a pipe or a device where a file should be
│   ├── NotPermitted      the file or folder may not be opened
│   ├── LeadsOutside      a link out of the folder that is being read
│   ├── TooLarge          more bytes, or deeper nested, than is read
│   ├── Encrypted         the file asks for a password
│   ├── Damaged           the file is cut short, or not what its name says
│   ├── Misnamed          the file is of another kind than its name says
│   ├── OddName           control characters stand in the file's name
│   ├── TooSlow           reading it takes longer than is allowed
│   ├── ReaderDied        reading it ended the process that read
│   ├── Scanned           the pages are pictures without text
│   ├── MalformedFrontMatter  a front matter key that cannot be understood
│   └── DuplicateId       the id of another memo
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
        self.why = why or self.rule
        super().__init__(f"{printable(self.path)}: {self.why}")


class NoSuchPath(UnreadableMemo):
    """Nothing stands at that path."""

    rule = "there is no such file or folder."
    remedy = "Check the path."


class UnknownFormat(UnreadableMemo):
    """No reader for that kind of file."""

    rule = "this kind of file is not read."
    remedy = "Save it as .pdf, .docx, .txt, .md or .html."


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


class NotAFile(UnreadableMemo):
    """A folder, a pipe or a device where a file should be."""

    rule = "this is not a regular file."
    remedy = "Name a file."


class NotPermitted(UnreadableMemo):
    """The file or folder may not be opened."""

    rule = "reading it is not permitted."
    remedy = "Change its permissions, or leave it out."


class LeadsOutside(UnreadableMemo):
    """A link out of the folder that is being read: what lies there was not offered."""

    rule = "the link leads out of the folder that is being read."
    remedy = "Put the file itself into the folder, or name its path."


class TooLarge(UnreadableMemo):
    """More bytes, or deeper nested, than is read."""

    remedy = "Split it into several memos."


class Encrypted(UnreadableMemo):
    """The file asks for a password."""

    rule = "the file is protected with a password."
    remedy = "Save it without a password."


class Damaged(UnreadableMemo):
    """The file is cut short, or not what its name says."""

    rule = "the file is damaged."
    remedy = "Open it in the program that wrote it, and save it again."


class Misnamed(BinaryMemo):
    """The file is of another kind than its name says; `remedy` names the ending that it should have."""

    rule = "the file is of another kind than its name says."

    def __init__(self, path: PurePath | str, why: str | None = None, remedy: str | None = None) -> None:
        super().__init__(path, why)
        if remedy:
            self.remedy = remedy


class OddName(UnreadableMemo):
    """Control characters stand in the file's name, or in that of a folder below the one given."""

    rule = "control characters stand in its name."
    remedy = "Rename it."


class TooSlow(UnreadableMemo):
    """Reading it takes longer than is allowed."""

    remedy = "Split it into several memos, or save it anew."


class ReaderDied(UnreadableMemo):
    """Reading it ended the process that read: the file is damaged, or made to do that."""

    rule = "reading it ended the process that read it."
    remedy = "Save it anew, or leave it out."


class Scanned(UnreadableMemo):
    """The pages are pictures without text."""

    rule = "it is a scan: its pages are pictures without text."
    remedy = "Have the text recognised (OCR, for example with ocrmypdf), and add the result."


class MalformedFrontMatter(UnreadableMemo):
    """A front matter key that cannot be understood; `key` is None where the whole of it cannot."""

    def __init__(self, path: PurePath | str, key: str | None, right: str) -> None:
        self.key = key
        where = f"front matter key {printable(key)!r}" if key else "the front matter"
        super().__init__(path, f"{where} is malformed. Write it like this: {right}")


class DuplicateId(UnreadableMemo):
    """A front matter id that another memo already has. `first` is that memo's source."""

    remedy = "Give one of the two another id."

    def __init__(self, path: PurePath | str, memo_id: str, first: str) -> None:
        self.memo_id = memo_id
        self.first = first
        super().__init__(path, f"the id {memo_id!r} is that of {printable(first)}; an id names one memo.")


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
