"""Do these words ask for the files beside them to be added?"""

import re

LONGEST = 100
_WORD = re.compile(r"[^\s,:;.!/]+")
_SMALL_WORDS = frozenset(
    "a an document documents file files it library memo memos my our quoth that the them these this those to".split()  # noqa: SIM905
)


def asks_to_add(text: str) -> bool:
    """Whether the whole of `text`, mentions left out, asks to add what was shared with it.

    Nothing else may be said: "add the numbers of both years" is a question.
    """
    words = [word for word in _WORD.findall(text[: LONGEST + 1].casefold()) if word != "please"]
    return len(text) <= LONGEST and words[:1] == ["add"] and _SMALL_WORDS.issuperset(words[1:])
