"""Do the README and .env.example say what the code does?"""

import re

import pytest

from tests.project import documents

README = documents.README.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [documents.README, documents.ENV_EXAMPLE], ids=lambda path: path.name)
def test_generated_parts_are_what_the_code_says_now(path):
    assert path.read_text(encoding="utf-8") == documents.documents()[path], "run: make docs"


@pytest.mark.parametrize(("name", "default", "said"), list(documents.settings()))
def test_every_setting_is_described(name, default, said):
    assert said.endswith("."), f"{name} needs a description: whole sentences"


@pytest.mark.parametrize("typed", [typed for typed, _ in documents.commands()])
def test_every_command_is_in_the_readme(typed):
    assert f"`{typed}" in README


@pytest.mark.parametrize("command", [command for _, command in documents.commands()], ids=lambda c: c.name)
def test_every_command_and_option_says_what_it_is(command):
    assert command.help
    for parameter in command.params:
        assert parameter.help, f"{command.name} {parameter.name} has no help"


def test_an_answer_stands_in_the_first_screen_of_the_readme():
    first_screen = "\n".join(README.splitlines()[:30])
    assert f'make ask Q="{documents.QUESTION}"' in first_screen
    assert "“" in first_screen or '"Squad"' in first_screen


def test_every_file_that_the_readme_points_to_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (documents.ROOT / target).exists(), f"README.md points to {target}"
