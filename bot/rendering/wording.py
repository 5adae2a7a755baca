"""Which sentences does the bot say?

Everything here is plain text: each surface escapes it, and sets it, in its own way.
"""

HELP = (
    "Ask me a question in your own words, and I answer with quotes from your team's memos, "
    "word for word, each with the memo and the place it stands in. "
    'For example: "What is the Squad?" '
    "Where the memos hold no answer I say so; I never make one up."
)


def too_fast(per_minute: int) -> str:
    """Say that somebody asked more than `per_minute` questions in a minute."""
    questions = "one question" if per_minute == 1 else f"{per_minute} questions"
    return f"That was quick! I take {questions} a minute from each person. Please ask again in a minute."


def question_too_long(limit: int) -> str:
    """Say that a question is longer than `limit` characters."""
    return (
        f"That question is too long for me: I read up to {limit:,} characters. Please ask it in fewer words."
    )


def went_wrong(answer_id: str) -> str:
    """Say that answering failed; `answer_id` finds the reason in the log."""
    return (
        "Sorry, something went wrong on my side, and your question was not answered. Please ask it again. "
        f"If that does not help, tell whoever runs me this number: {answer_id}."
    )


def could_not_post(reason: str) -> str:
    """Say that there is a reply which could not be posted where it was asked for; `reason` is the platform's word."""
    return (
        f"I have a reply for you, but I could not post it where you asked ({reason}). "
        "Invite me there, or ask me in a direct message."
    )
