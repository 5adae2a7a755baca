"""How much of a digest does a surface show, and what is left to the full page?

Whole entries only. Every part gets its first entry before any gets its second, so that a long part crowds none out;
within a part the order stays, and once an entry does not fit, those after it are left to the page with it.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.rendering.digests.layout import Entry, Group


class Shown(NamedTuple):
    """A part, the entries that are shown, and how many more there are."""

    group: Group
    entries: tuple[Entry, ...]
    more: int


def fitted(
    groups: Sequence[Group],
    size: Callable[[Entry], int],
    title_size: Callable[[Group], int],
    room: int,
    most: int,
) -> tuple[Shown, ...]:
    """What is shown of `groups` where there is `room` in all, and for `most` pieces (titles and entries alike).

    `size` and `title_size` measure as the surface does; a title is to count what "and 12 more" takes under it.
    Parts of which not even one entry fits are left out, and count as more under the last that is shown.
    """
    shown = [0] * len(groups)
    open_ones = list(range(len(groups)))
    while open_ones:
        for place in list(open_ones):
            group, first = groups[place], shown[place] == 0
            if shown[place] == len(group.entries):
                open_ones.remove(place)
                continue
            needed = size(group.entries[shown[place]]) + (title_size(group) if first else 0)
            pieces = 2 if first else 1
            if needed > room or pieces > most:
                open_ones.remove(place)
                continue
            room, most = room - needed, most - pieces
            shown[place] += 1
    return tuple(
        Shown(group, group.entries[:count], len(group.entries) - count)
        for group, count in zip(groups, shown, strict=True)
    )
