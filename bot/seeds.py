"""Where are the memos that came with the program, and the synonyms that go with memos?"""

from pathlib import Path

from retrieval import Synonyms, read_synonyms

SYNONYMS = "synonyms.txt"
ROOT = Path(__file__).parents[1]


def seeds_folder() -> Path | None:
    """`seeds/` in the working folder, else beside the program's own code; None where there is neither."""
    return next((folder for base in (Path.cwd(), ROOT) if (folder := base / "seeds").is_dir()), None)


def synonyms_in(folder: Path | None) -> tuple[Synonyms, ...]:
    """The list `synonyms.txt` in a folder of memos; empty where there is none. Raises MalformedFile."""
    file = folder / SYNONYMS if folder else None
    return read_synonyms(file) if file and file.is_file() else ()


def library_synonyms(named: str | None) -> tuple[Synonyms, ...]:
    """The list that the settings name, else the one beside the seeds. Raises NoSuchPath, MalformedFile."""
    return read_synonyms(named) if named else synonyms_in(seeds_folder())
