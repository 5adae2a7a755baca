"""Which options do several commands share, and what do they mean?"""

from pathlib import Path
from typing import Annotated

import typer

MemosFolder = Annotated[
    Path | None,
    typer.Option(
        "--memos",
        metavar="DIR",
        help="Read the memos in this folder (or this one file); needs no set-up. "
        "Without it: the library, and where that is empty, seeds/.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
