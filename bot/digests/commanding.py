"""What is said to commands about digests, and to the buttons under them?

The same in every chat service and at the console.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from bot.access import Access, Refused, View
from bot.digest import PREVIEW, Part, Quiet, Schedule, Verdict, place_of
from bot.digests import wording
from bot.digests.managing import Managing, following
from bot.digests.reading import ID, Refusal, parted, parts, quiet_days, wanted, without_id
from bot.digests.runner import Digests
from bot.errors import BotError
from bot.models import IncomingQuestion, PlatformName
from bot.observability import log
from bot.platforms.base import Membership, PostsDigests, TopicPress
from bot.rendering.labels import one_line
from retrieval import MalformedFilter, as_of, asked_words

LONGEST_TOPIC = 500
"""Characters of a question that is watched: it stands over each of its answers, and in lists of fifty."""


class Asked(NamedTuple):
    """A command: what to do, with what, who asks, who knows the people there, and what may be seen there."""

    verb: str
    rest: str
    question: IncomingQuestion
    who: Membership
    view: View

    @property
    def by(self) -> str:
        """Who asks, as the log names people."""
        return f"{self.question.conversation.platform.value}:{self.question.asker}"


class Commanding:
    """Answers commands about digests. Where nobody is named in ACCESS__MANAGERS everybody may give them."""

    def __init__(
        self,
        managing: Managing,
        digests: Digests,
        access: Access,
        posters: Mapping[PlatformName, PostsDigests],
    ) -> None:
        self._managing, self._digests, self._access, self._posters = managing, digests, access, posters

    async def answered(self, question: IncomingQuestion, view: View, who: Membership) -> str | None:
        """What is said to `question`, None where it is no command. `view` is what may be seen where it was asked."""
        command = _read(question, who, view)
        if command is None:
            return None
        try:
            return await self._steps[command.verb](self, command)
        except Refusal as refusal:
            log.info("digest_command_refused", verb=command.verb)
            return refusal.said
        except BotError as error:
            return str(error)

    async def pressed(self, press: TopicPress) -> str:
        """Do what a button under a topic says, for whoever made the topic or may change digests there."""
        by = f"{press.conversation.platform.value}:{press.asker}"
        try:
            if press.action == "why":
                return await self._why_all(press)
            topic = next(
                (
                    each
                    for each in await self._managing.topics(press.conversation)
                    if each.topic_id == press.topic_id
                ),
                None,
            )
            if topic is None:
                return wording.NOT_WATCHED
            if topic.asker != press.asker and not self.may(self._as_question(press)):
                return wording.NOT_YOURS
            if press.action == "unwatch":
                await self._managing.unwatch(topic.topic_id, by)
                return wording.unwatched(topic)
            changed = await self._managing.less_like_this(topic.topic_id, by)
            return wording.stricter(changed) if changed else wording.NOT_WATCHED
        except BotError as error:
            log.error("digest_command_failed", error=str(error))
            return str(error)

    async def _why_all(self, press: TopicPress) -> str:
        """Why each memo was, or was not, in a digest; for those who may change digests there."""
        pressed = self._as_question(press)
        if not self.may(pressed):
            return wording.NOT_ALLOWED
        delivery = await self._managing.delivery(press.topic_id, press.conversation)
        if delivery is None:
            return wording.NO_REASONS
        # Where nobody is named everybody may change digests, but nobody may hear of what is not seen here.
        told = [
            reason
            for reason in delivery.reasons
            if reason.verdict is not Verdict.NOT_IN_COLLECTIONS or self._access.may_manage(pressed)
        ]
        return wording.why_all(delivery.model_copy(update={"reasons": tuple(told)}))

    def _as_question(self, press: TopicPress) -> IncomingQuestion:
        return IncomingQuestion(
            event_id=press.topic_id,
            conversation=press.conversation,
            asker=press.asker,
            text="",
            asked_at=self._digests.now(),
        )

    def may(self, question: IncomingQuestion) -> bool:
        """Whether its asker may change what is posted where it was asked."""
        return not self._access.rules.managers or self._access.may_manage(question)

    async def _help(self, command: Asked) -> str:  # noqa: ARG002 - every step is called alike
        return wording.HELP

    async def _make(self, command: Asked) -> str:
        self._check(command)
        asked_for = wanted(command.rest)
        schedule = await self._managing.make(
            command.question.conversation,
            command.question.asker,
            asked_for.words,
            parts=asked_for.parts or tuple(Part),
            quiet=asked_for.quiet or Quiet.FIRST,
        )
        return wording.made(schedule, following(schedule))

    async def _list(self, command: Asked) -> str:
        schedules = await self._managing.all(command.question.conversation)
        lines = [wording.status(each, following(each), await self._managing.last(each)) for each in schedules]
        return "\n".join(lines) if lines else wording.NO_SCHEDULE

    async def _preview(self, command: Asked) -> str:
        schedule = await self._meant(command)
        poster = self._poster(schedule)
        composed = await self._digests.compose(schedule, PREVIEW, self._digests.now(), poster)
        if isinstance(composed, Refused):
            return composed.said
        await poster.preview(command.question, composed.digest)
        return wording.previewed(schedule)

    async def _now(self, command: Asked) -> str:
        self._check(command)
        schedule = await self._meant(command)
        self._poster(schedule)
        return wording.sent(await self._digests.send_now(schedule.schedule_id), schedule.zone)

    async def _pause(self, command: Asked) -> str:
        self._check(command)
        schedule = await self._meant(command)
        return wording.paused(await self._managing.pause(schedule.schedule_id, command.by))

    async def _resume(self, command: Asked) -> str:
        self._check(command)
        schedule = await self._managing.resume((await self._meant(command)).schedule_id, command.by)
        return wording.made(schedule, following(schedule))

    async def _remove(self, command: Asked) -> str:
        self._check(command)
        schedule = await self._meant(command)
        await self._managing.remove(schedule.schedule_id, command.by)
        return wording.removed(schedule)

    async def _change(self, command: Asked) -> str:
        self._check(command)
        schedule = await self._meant(command)
        asked_for = wanted(without_id(command.rest))
        changed = await self._managing.change(
            schedule.schedule_id,
            command.by,
            words=asked_for.words or None,
            parts=asked_for.parts or None,
            quiet=asked_for.quiet,
        )
        return wording.made(changed, following(changed))

    async def _show(self, command: Asked) -> str:
        self._check(command)
        schedule = await self._meant(command)
        named = parts(without_id(command.rest))
        if named:
            schedule = await self._managing.change(schedule.schedule_id, command.by, parts=named)
        return wording.parts(schedule)

    async def _quiet(self, command: Asked) -> str:
        self._check(command)
        schedule = await self._meant(command)
        named = quiet_days(without_id(command.rest))
        changed = await self._managing.change(schedule.schedule_id, command.by, quiet=named)
        return wording.quiet(changed.quiet)

    async def _why(self, command: Asked) -> str:
        memo_id, _, day = command.rest.strip().rpartition(" ")
        date = wording.day(day)
        if not memo_id or date is None:
            raise Refusal(wording.WHY_FORM)
        # Where nobody is named everybody may change digests, but nobody may hear of what is not seen here.
        sees_all = self._access.may_manage(command.question)
        if not sees_all and not any(memo.id == memo_id for memo in command.view.memos):
            raise Refusal(wording.not_seen(memo_id))
        found = await self._managing.why(memo_id, date, command.question.conversation)
        return wording.why(memo_id, date, found)

    async def _watch(self, command: Asked) -> str:
        question = one_line(command.rest)
        if not question:
            raise Refusal(wording.WATCH_FORM)
        if len(question) > LONGEST_TOPIC:
            raise Refusal(wording.too_long_to_watch(LONGEST_TOPIC))
        await self._check_topic(question, command.view)
        topic, schedule = await self._managing.watch(
            command.question.conversation, command.question.asker, question
        )
        return wording.watching(topic, schedule, following(schedule))

    async def _unwatch(self, command: Asked) -> str:
        topics = await self._managing.topics(command.question.conversation)
        named = one_line(command.rest)
        meant = [each for each in topics if named in {each.topic_id, each.question}] or (
            list(topics) if len(topics) == 1 and not named else []
        )
        if not meant:
            raise Refusal(wording.which_topic(topics))
        self._check_own(command, meant[0].asker)
        await self._managing.unwatch(meant[0].topic_id, command.by)
        return wording.unwatched(meant[0])

    async def _topics(self, command: Asked) -> str:
        return wording.topics(await self._managing.topics(command.question.conversation))

    def _check(self, command: Asked) -> None:
        if not self.may(command.question):
            raise Refusal(wording.NOT_ALLOWED)

    def _check_own(self, command: Asked, maker: str) -> None:
        if command.question.asker != maker:
            self._check(command)

    async def _check_topic(self, question: str, view: View) -> None:
        """Refuse a question that could never be answered anew."""
        try:
            if as_of(question) is not None:
                raise Refusal(wording.NO_PAST_TOPIC)
            if not asked_words(await self._access.index(view), question):
                raise Refusal(wording.WATCH_FORM)
        except MalformedFilter as wrong:
            raise Refusal(str(wrong)) from None

    async def _meant(self, command: Asked) -> Schedule:
        """The schedule that is named, or the only one of the place."""
        schedules = await self._managing.all(command.question.conversation)
        named = ID.match(command.rest.strip())
        meant = [each for each in schedules if named and each.schedule_id == named[0]] or (
            list(schedules) if len(schedules) == 1 and not named else []
        )
        if not meant:
            raise Refusal(wording.which_schedule(schedules))
        return meant[0]

    def _poster(self, schedule: Schedule) -> PostsDigests:
        poster = self._posters.get(schedule.conversation.platform)
        if poster is None:
            raise Refusal(wording.elsewhere(place_of(schedule.conversation)))
        return poster

    _steps: Mapping[str, Callable[["Commanding", Asked], Awaitable[str]]] = {
        "help": _help,
        "make": _make,
        "list": _list,
        "status": _list,
        "preview": _preview,
        "now": _now,
        "pause": _pause,
        "resume": _resume,
        "remove": _remove,
        "change": _change,
        "show": _show,
        "quiet": _quiet,
        "why": _why,
        "watch": _watch,
        "unwatch": _unwatch,
        "topics": _topics,
    }


def _read(question: IncomingQuestion, who: Membership, view: View) -> Asked | None:
    found = parted(question.text)
    return Asked(*found, question, who, view) if found else None
