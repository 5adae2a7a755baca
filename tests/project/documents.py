"""Which parts of the documents are made from the code? `make docs` writes them; a test compares."""

import ast
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from pydantic import BaseModel

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
ENV_EXAMPLE = ROOT / ".env.example"
QUESTION = "What is the Squad?"


def documents() -> dict[Path, str]:
    """Every document with its generated parts as they should be now."""
    return {README: with_parts(README.read_text(encoding="utf-8")), ENV_EXAMPLE: env_example()}


def with_parts(readme: str) -> str:
    """`readme` with what stands between `<!-- NAME -->` and `<!-- end NAME -->` made anew."""
    for name, make in {
        "answer": answer,
        "commands": commands_table,
        "settings": settings_table,
        "files": file_map,
    }.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        made = make()
        readme, places = between.subn(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", readme)
        assert places == 1, (
            f"README.md needs <!-- {name} --> ... <!-- end {name} --> once, it has it {places} times"
        )
    return readme


def answer() -> str:
    """What `make ask` prints in a fresh clone, where there is no library yet."""
    with tempfile.TemporaryDirectory() as nowhere:
        made = subprocess.run(
            [sys.executable, "-m", "bot", "ask", QUESTION],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "DATABASE_URL": f"sqlite:///{nowhere}/none.db",
                "PYTHONUTF8": "1",
            },
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert made.returncode == 0, made.stderr
    return f'```console\n$ make ask Q="{QUESTION}"\n{made.stdout.rstrip()}\n```'


def commands() -> Iterator[tuple[str, Any]]:
    """Every command as it is typed, with what typer knows about it."""

    def walk(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from walk(f"{prefix} {name}", command)
            else:
                yield f"{prefix} {name}", command

    yield from walk("quoth", typer.main.get_command(app))


def commands_table() -> str:
    """A table row for each command."""
    rows = []
    for typed, command in commands():
        arguments = [p.metavar or p.name.upper() for p in command.params if p.param_type_name == "argument"]
        rows.append(f"| `{' '.join([typed, *arguments])}` | {' '.join(command.help.split())} |")
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def settings(group: type[BaseModel] = Settings, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Name in the environment, default and description of every setting; none has a group without a docstring."""
    for name, field in group.model_fields.items():
        typed = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings(field.annotation, f"{typed}__")
        else:
            yield typed, _written(field.default), field.description or ""


def _written(default: Any) -> str:
    """A default as one writes it in the environment; one that stands in the code is no secret."""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple | dict):
        return ",".join(default)
    return "" if default is None else str(getattr(default, "get_secret_value", lambda: default)())


def settings_table() -> str:
    """A table row for each setting."""
    rows = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {said} |" for name, default, said in settings()
    ]
    return "\n".join(["| setting | default | what it is |", "|---|---|---|", *rows])


def env_example() -> str:
    """A `.env` to start from: every setting, commented out, with its default."""
    lines = [
        "# Copy this to .env and set what you need. Nothing here is needed for `make ask` and `make chat`."
    ]
    for name, default, said in settings():
        lines += ["", f"# {said}", f"# {name}={default}"]
    return "\n".join(lines) + "\n"


def sources() -> list[Path]:
    """Every module of the product, in the order of the map."""
    return sorted(
        (path for top in ("bot", "retrieval") for path in (ROOT / top).rglob("*.py")),
        key=lambda path: (path.parent.parts, path.name != "__init__.py", path.name),
    )


def first_line(path: Path) -> str:
    """The first line of a module's docstring, empty where there is none."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0]


def file_map() -> str:
    """Each folder and module with the question that it answers."""
    lines = []
    for path in sources():
        if "versions" in path.parts:  # one migration after another: their folder says what they are
            continue
        named = path.relative_to(ROOT)
        folder = path.name == "__init__.py"
        depth = len(named.parts) - 1 - folder
        label = f"{'  ' * depth}{f'{named.parent.name}/' if folder else named.name}"
        question, mark, _ = first_line(path).partition("?")
        lines.append(f"{label:<32} {question}{mark}".rstrip())
    return "\n".join(["```", *lines, "```"])


def main() -> None:
    """Write what should stand in the documents."""
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
