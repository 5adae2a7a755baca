"""How is the bot started, on its command `quoth` or without it? (`python -m bot` is `quoth`)"""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run `quoth`. Ctrl-C ends it in silence even while its modules are loaded, before there is a command."""
    try:
        from bot.cli import main as quoth

        quoth()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
