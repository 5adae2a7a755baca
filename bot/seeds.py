"""Where are the memos that came with the program?"""

from pathlib import Path

ROOT = Path(__file__).parents[1]


def seeds_folder() -> Path | None:
    """`seeds/` in the working folder, else beside the program's own code; None where there is neither."""
    return next((folder for base in (Path.cwd(), ROOT) if (folder := base / "seeds").is_dir()), None)
