"""What can go wrong in the bot, and what should the reader do?

BotError                    exit 3
├── SetupError              wrong or missing settings                  exit 78
├── UnknownMemo             no such memo in the library                exit 66
├── UnknownSchedule         no such schedule                           exit 66
├── MalformedTimes          words that name no time                    exit 2
├── TooMany                 a place holds as many as it may            exit 65
├── MalformedArchive        an export or backup that cannot be trusted exit 65
├── AlreadyThere            what would be overwritten                  exit 73
├── DatabaseTrouble         the database cannot be used                exit 69
├── PlaceUnknown            nobody can say who reads along            exit 69
├── FileRefused             a shared file that cannot be fetched       exit 65
└── PlatformRefused         Slack or Discord said no                   exit 69
"""

from collections.abc import Sequence


class BotError(Exception):
    """Anything the bot refuses or cannot do. Says the thing, the rule and the next step."""

    exit_code = 3
    remedy: str | None = None

    def __init__(self, said: str, remedy: str | None = None) -> None:
        super().__init__(said)
        self.remedy = remedy or self.remedy

    def __str__(self) -> str:
        """Say what went wrong and what to do."""
        said = super().__str__()
        return f"{said} {self.remedy}" if self.remedy else said


class SetupError(BotError):
    """Wrong or missing settings."""

    exit_code = 78
    remedy = "Run: quoth doctor."


class UnknownMemo(BotError):
    """No such memo in the library."""

    exit_code = 66
    remedy = "List the memos with: quoth memos list."

    def __init__(self, memo_id: str) -> None:
        self.memo_id = memo_id
        super().__init__(f"There is no memo {memo_id!r}.")


class UnknownSchedule(BotError):
    """No such schedule."""

    exit_code = 66
    remedy = "List the schedules with: digest list."

    def __init__(self, schedule_id: str) -> None:
        super().__init__(f"There is no digest {schedule_id!r}.")


class MalformedTimes(BotError):
    """Words that are to say when something is due, and do not."""

    exit_code = 2
    remedy = (
        "Write for example: weekdays at 9 · Mondays and Thursdays at 8:30 · first Monday of the month at 9am · "
        "every day at noon in Europe/Berlin · 0 9 * * 1-5"
    )


class TooMany(BotError):
    """A place holds as many digests or topics as it may."""

    exit_code = 65

    def __init__(self, most: int, what: str, remedy: str) -> None:
        super().__init__(f"There are {most} {what} here already, and there can be no more.", remedy)


class DatabaseTrouble(BotError):
    """The database cannot be opened, or its schema is not the one needed."""

    exit_code = 69
    remedy = "Run: quoth database status."


class PlaceUnknown(BotError):
    """It cannot be found out who reads along where a question was asked, or what its asker is a member of."""

    exit_code = 69
    remedy = "Run: quoth doctor."

    def __init__(self, said: str, *, not_a_member: bool = False) -> None:
        self.not_a_member = not_a_member
        super().__init__(said)


class FileRefused(BotError):
    """A file that somebody shared cannot be fetched, and trying again will not help."""

    exit_code = 65


class PlatformRefused(BotError):
    """Slack or Discord said no, and will say so again."""

    exit_code = 69
    remedy = "Run: quoth doctor."


class MalformedArchive(BotError):
    """An exported folder, or a backup, that cannot be read or was changed since it was made."""

    exit_code = 65
    remedy = "Make it again where it came from."


class AlreadyThere(BotError):
    """Memos, a file or a folder that would be overwritten."""

    exit_code = 73
    remedy = "Import into a library without them, or take the same version of both."

    def __init__(self, memo_ids: Sequence[str] = (), said: str = "", remedy: str | None = None) -> None:
        named = ", ".join(map(repr, memo_ids[:3])) + (
            f" and {len(memo_ids) - 3} more" if memo_ids[3:] else ""
        )
        super().__init__(
            said or f"The library holds other versions of {named}, so nothing was imported.", remedy
        )
