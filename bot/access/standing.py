"""What was said about collections so far, by the settings and by people: what does each channel see now?"""

from functools import cached_property
from typing import NamedTuple

from bot.access.allowed import EVERYTHING, NOTHING, Allowed
from bot.access.names import STAR
from bot.access.rules import Rules
from bot.storage import Binding, Said


class Seen(NamedTuple):
    """What a channel sees, and why: by the settings, by what `binding` says, or (neither) because it is unbound."""

    allowed: Allowed
    by_settings: bool = False
    binding: Binding | None = None

    @property
    def bound(self) -> bool:
        """Whether anybody bound the channel."""
        return self.by_settings or self.binding is not None


class Standing:
    """How things stand at one moment. Made anew whenever anything is said."""

    def __init__(self, rules: Rules, said: Said) -> None:
        self._rules, self._said = rules, said
        self._bindings = {binding.channel: binding for binding in said.bindings}  # the last one counts

    @cached_property
    def given(self) -> dict[str, frozenset[str]]:
        """The collections that memos are in by command, by memo id."""
        held: dict[str, set[str]] = {}
        for one in self._said.assignments:
            names = held.setdefault(one.memo_id, set())
            (names.add if one.belongs else names.discard)(one.name)
        return {memo_id: frozenset(names) for memo_id, names in held.items() if names}

    @property
    def divided(self) -> bool:
        """Whether collections are, or ever were, used to say who sees what.

        Once used, always used: what was unbound again does not open the library to everybody.
        """
        return self._rules.divide or bool(self._said.bindings or self._said.assignments)

    @property
    def unbound(self) -> Allowed:
        """What channels see that nobody bound."""
        if self._rules.unbound is not None:
            return self._rules.unbound
        return NOTHING if self.divided else EVERYTHING

    def seen_in(self, channel: str) -> Seen:
        """What the channel of this key sees."""
        if channel in self._rules.channels:
            return Seen(self._rules.channels[channel], by_settings=True)
        binding = self._bindings.get(channel)
        if binding is None or binding.names is None:
            return Seen(self.unbound)
        return Seen(allowed_by(binding.names), binding=binding)

    def bound_channels(self) -> dict[str, Seen]:
        """Every channel that is bound, by key, with what it sees."""
        keys = sorted({*self._rules.channels, *self._bindings})
        return {key: seen for key in keys if (seen := self.seen_in(key)).bound}

    @property
    def same_for_all(self) -> bool:
        """Whether every channel sees everything, so that nobody's membership matters."""
        everywhere = (self.unbound, *(seen.allowed for seen in self.bound_channels().values()))
        return all(allowed.everything for allowed in everywhere)


def allowed_by(names: tuple[str, ...]) -> Allowed:
    """What a kept binding allows: * stands for everything."""
    return EVERYTHING if names == (STAR,) else Allowed(names=frozenset(names))
