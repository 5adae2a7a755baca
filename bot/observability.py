"""What is logged and counted, and under which names?

Events are named in the past tense and are few: question_received, question_answered, question_dropped,
reply_posted, reply_delayed, reply_lost, reply_refused, reply_simplified, reply_not_looked_up, asker_not_told,
questions_left, question_failed, memos_added, memo_removed, index_changed, index_rebuilt,
index_not_kept, offer_received, offer_dropped, offer_failed, memo_contributed, contribution_corrected,
contribution_undone, press_refused, receipt_posted, receipt_delayed, receipt_lost, receipt_not_shown, file_out_of_reach,
file_address_refused, file_not_handed_out, platform_connected, platform_lost, platform_refused, page_served,
page_refused, page_failed, digest_posted, digest_empty, digest_delayed, digest_failed, digests_sent,
digests_missed, digests_held_up, schedule_made, schedule_changed, schedule_paused, schedule_resumed,
schedule_removed, digest_command_refused, digest_command_failed, topic_made, topic_removed, topic_stricter, seeds_read,
folder_watched, folder_read, folder_gone, folder_back, folder_left, folder_not_claimed, folder_not_read,
folder_not_watched, file_refused, removal_held, removal_settled, started, stopped.
The words of a question, names of people and secrets are never logged.
"""

import logging
import sys
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
QUESTIONS = Counter(
    "quoth_questions", "Questions by platform and outcome.", ["platform", "outcome"], registry=REGISTRY
)
DROPPED = Counter(
    "quoth_events_dropped",
    "Events that were no question, by reason.",
    ["platform", "reason"],
    registry=REGISTRY,
)
POSTS = Counter("quoth_posts", "Replies by platform and fate.", ["platform", "fate"], registry=REGISTRY)
OFFERED = Counter(
    "quoth_files_offered", "Files offered as memos, by fate.", ["platform", "fate"], registry=REGISTRY
)
ANSWER_SECONDS = Histogram(
    "quoth_answer_seconds",
    "Time from question to answer, without posting.",
    ["platform"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5),
    registry=REGISTRY,
)
DIGESTS = Counter("quoth_digests", "Due digests, by fate.", ["fate"], registry=REGISTRY)
DIGEST_WAIT = Histogram(
    "quoth_digest_wait_seconds",
    "Time from when a digest was due until it was posted.",
    buckets=(1, 5, 15, 60, 300, 900, 3600, 12 * 3600),
    registry=REGISTRY,
)
PAGES = Counter("quoth_pages", "Pages served, by kind and status.", ["page", "status"], registry=REGISTRY)
MEMOS = Gauge("quoth_memos", "Memos in the index.", registry=REGISTRY)
PASSAGES = Gauge("quoth_passages", "Passages in the index.", registry=REGISTRY)

log: structlog.stdlib.BoundLogger = structlog.get_logger("quoth")
bound = structlog.contextvars.bound_contextvars


def set_up_logging(level: str = "info", form: str = "json") -> None:
    """Write events to standard error, one a line; libraries' own logs pass through the same door."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            # Tracebacks as plain text here too: with local variables in them they would show secrets.
            foreign_pre_chain=[*shared, structlog.processors.format_exc_info],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # What these say at "debug" holds tokens and people's words.
    for chatty in (
        "alembic",
        "slack_bolt",
        "slack_sdk",
        "discord",
        "uvicorn",
        "aiohttp",
        "aiosqlite",
        "sqlalchemy",
        "watchfiles",
    ):
        logging.getLogger(chatty).setLevel(max(logging.getLevelName(level.upper()), logging.WARNING))
