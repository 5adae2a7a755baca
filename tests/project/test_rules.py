"""Does every source file keep the project's rules: imports, questions, names, sizes, nothing unfinished?"""

import ast
import inspect
import re
import tomllib
from pathlib import Path

import pytest

import retrieval
from tests.project.documents import ROOT, first_line, sources

LAYERS = (  # top first; names on one line do not know each other
    {"bot.cli", "bot.__main__"},
    {"bot.app"},
    {"bot.platforms.slack", "bot.platforms.discord", "bot.platforms.console", "bot.web"},
    {"bot.questions", "bot.folders", "bot.digests", "bot.contributions"},
    {"bot.access"},
    {"bot.library"},
    {"bot.views", "bot.past", "bot.moving", "bot.keeping", "bot.held"},
    {"bot.rendering", "bot.storage", "bot.platforms.base"},
    {"bot.settings", "bot.observability"},
    {"bot.digest"},
    {"bot.models", "bot.errors", "bot.seeds", "bot.reading", "bot.opening"},
    {"retrieval"},
)
MAY_ENTER = {("bot.__main__", "bot.cli")}
"""The one step sideways: `python -m bot` is the command line."""

READ_SETTINGS = ("bot.settings", "bot.app", "bot.cli")

LONGEST = 300
LONGER_FOR_A_REASON: dict[str, str] = {}
"""Path → why this file is one room all the same."""

NOT_OUR_WORDS = re.compile(r"chunk|snippet|context|manager|helper|util|service|processor")
SOMEBODY_ELSES_NAMES: set[str] = set()
"""Names that a library makes us define although they hold such a word."""

FILES = sources()
PYTHON = [*FILES, *sorted((ROOT / "tests").rglob("*.py"))]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer_of(module: str) -> tuple[int, str] | None:
    """How far from the top `module` lives, and in which room; None for what is not ours (and for bare packages)."""
    for depth, rooms in enumerate(LAYERS):
        for room in rooms:
            if module == room or module.startswith(f"{room}."):
                return depth, room
    return None


def imports_of(path: Path) -> list[str]:
    """Every module that `path` imports anywhere, absolute; `from a import b` counts as `a.b` where that is a module."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module
            found += [f"{node.module}.{name.name}" for name in node.names]
    return found


def names_of(path: Path) -> list[str]:
    """The module's own name and every function and class that it defines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [path.stem, *(node.name for node in ast.walk(tree) if isinstance(node, kinds))]


each_file = pytest.mark.parametrize("path", FILES, ids=module_of)


@each_file
def test_imports_point_one_way(path):
    here = layer_of(module_of(path))
    for name in imports_of(path):
        there = layer_of(name)
        if there is None or here == there or (here and (here[1], there[1]) in MAY_ENTER):
            continue
        assert here, f"{module_of(path)} stands in no layer, so it may import nothing of ours, not {name}"
        assert here[0] < there[0], f"{module_of(path)} imports {name}, which is not below it"


@each_file
def test_retrieval_is_entered_through_its_door_only(path):
    if path.is_relative_to(ROOT / "retrieval"):
        return
    for name in imports_of(path):
        if name.startswith("retrieval."):
            what = name.removeprefix("retrieval.")
            assert what in retrieval.__all__, (
                f"{module_of(path)} imports {name}: write `from retrieval import ...`"
            )


@each_file
def test_settings_are_read_at_the_top_only(path):
    if not module_of(path).startswith(READ_SETTINGS):
        assert not [name for name in imports_of(path) if name.startswith("bot.settings")]


def test_the_door_of_retrieval_is_what_it_says():
    public = {n for n, v in vars(retrieval).items() if not n.startswith("_") and not inspect.ismodule(v)}
    assert public == set(retrieval.__all__)


@each_file
def test_the_first_line_of_a_module_is_the_question_that_it_answers(path):
    assert re.fullmatch(r"[A-Z`][^.]*\?( .+)?", first_line(path))


@each_file
def test_a_file_is_read_at_one_sitting(path):
    length = len(path.read_text(encoding="utf-8").splitlines())
    if str(path.relative_to(ROOT)) not in LONGER_FOR_A_REASON:
        assert length <= LONGEST, (
            "split it by what its parts answer, or give the reason in LONGER_FOR_A_REASON"
        )


@each_file
def test_names_come_from_the_glossary(path):
    strange = [n for n in names_of(path) if NOT_OUR_WORDS.search(n.lower()) and n not in SOMEBODY_ELSES_NAMES]
    assert not strange, f"{strange}: the words are listed at the end of the glossary in README.md"


@each_file
def test_the_product_needs_nothing_from_beside_the_repository(path):
    assert "../shared" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PYTHON, ids=module_of)
def test_nothing_is_left_unfinished(path):
    marks = re.findall(rf"\b({'TO' + 'DO'}|{'FIX' + 'ME'}|{'XX' + 'X'})\b", path.read_text(encoding="utf-8"))
    assert not marks


@each_file
def test_nothing_in_the_product_is_a_stub(path):
    assert "raise NotImplementedError" not in path.read_text(encoding="utf-8")


def test_every_file_of_the_product_is_packed_when_it_is_installed():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    sources = [source for part in settings["ext-modules"] for source in part["sources"]]
    packed = [*settings["package-data"]["*"], *sources]
    for top in ("bot", "retrieval"):
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and path.suffix not in {".py", ".pyc", ".so"}:
                assert any(path.match(pattern) for pattern in packed), (
                    f"{path}: name its kind in pyproject.toml"
                )
