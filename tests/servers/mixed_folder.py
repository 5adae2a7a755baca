"""How do tests get a folder of 2,000 real files of many kinds? From public collections, some converted by LibreOffice."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.conftest import SHARED, missing, shared

FILES = 2000
CONVERTED = {"docx": 120, "pdf": 120, "odt": 10}
"""How many texts become a file of each kind."""

PATIENCE = 120


def make_mixed_folder(folder: Path) -> Path:
    """Fill `folder` with 2,000 files in folders of their own: texts, Markdown, HTML, office files, PDF, odd ones."""
    shared("data/cranfield/corpus.jsonl")
    folder.mkdir()
    _documents(folder / "documents")
    _converted(folder)
    left = FILES - sum(path.is_file() for path in folder.rglob("*"))
    texts = _texts("cacm", "squad-tune", "xquad-de", "xquad-es", "xquad-ru", "xquad-zh")
    for number, (title, text) in enumerate(islice(texts, left)):
        _write(
            folder / f"texts{number % 20:02}",
            f"{number:04}",
            (".txt", ".md", ".html")[number % 3],
            title,
            text,
        )
    return folder


def _documents(folder: Path) -> None:
    """Files as people have them, many odd or broken."""
    folder.mkdir()
    for path in sorted((SHARED / "data/documents").rglob("*")):
        if path.is_file():
            shutil.copyfile(path, folder / f"{path.parent.name}-{path.name}")


def _converted(folder: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        missing("LibreOffice", "Run: apt-get install --no-install-recommends libreoffice-writer")
    texts = _texts("cranfield")
    for kind, count in CONVERTED.items():
        plain = folder.parent / f"for-{kind}"
        plain.mkdir()
        for number, (title, text) in enumerate(islice(texts, count)):
            (plain / f"{kind}{number:03}.txt").write_text(f"{title}\n\n{text}\n", encoding="utf-8")
        subprocess.run(
            [
                soffice,
                f"-env:UserInstallation=file://{folder.parent}/profile",
                *("--headless", "--convert-to", kind, "--outdir", folder / kind),
                *sorted(plain.iterdir()),
            ],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )


def _texts(*collections: str) -> Iterator[tuple[str, str]]:
    """Title and text of each entry, one collection after another."""
    for name in collections:
        with (SHARED / "data" / name / "corpus.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                yield entry["title"] or "Untitled", entry["text"] or entry["title"]


def _write(folder: Path, name: str, suffix: str, title: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    said = {
        ".txt": f"{title}\n\n{text}\n",
        ".md": f"# {title}\n\n{text}\n",
        ".html": f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{text}</p>",
    }
    (folder / f"{name}{suffix}").write_text(said[suffix], encoding="utf-8")
