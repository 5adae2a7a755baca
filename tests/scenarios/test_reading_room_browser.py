"""Is the quote in view, and can it be read, in a real browser?"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Memo, Span, answer, build_index, split, superseded_by
from tests.conftest import SNAPSHOTS
from tests.servers.chromium import Browser, browser
from tests.servers.reading_room import TODAY, open_room

PICTURE = SNAPSHOTS / "reading-room.png"
DESKTOP, PHONE = (1000, 700), (360, 640)

IN_VIEW = """
  const marks = [...document.querySelectorAll("mark")];
  const boxes = marks.flatMap(mark => [...mark.getClientRects()]);
  return {
    top: Math.min(...boxes.map(box => box.top)), bottom: Math.max(...boxes.map(box => box.bottom)),
    left: Math.min(...boxes.map(box => box.left)), right: Math.max(...boxes.map(box => box.right)),
    width: innerWidth, height: innerHeight, page: document.documentElement.scrollWidth,
    seen: document.elementFromPoint(boxes[0].left + 2, boxes[0].top + 2).closest("mark") !== null,
  };
"""

CONTRAST = """
  const numbers = color => color.match(/[0-9.]+/g).map(Number);
  const light = color => {
    const [r, g, b] = numbers(color).slice(0, 3).map(c => c / 255)
      .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if (numbers(color)[3] !== 0) return color;
    }
    throw new Error("the page has no colour of its own");
  };
  return [...document.querySelectorAll("p, span, li, td, th, h1, h2, h3, a, mark, footer, time, code, del, ins")]
    .filter(element => element.innerText.trim())
    .map(element => {
      const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort().reverse();
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.outerHTML.slice(0, 80)];
    });
"""


async def look(do: Callable[[Browser], object], size=DESKTOP):
    """Do something in a browser, without holding up the server that it looks at."""

    def with_browser():
        with browser(*size) as window:
            return do(window)

    return await asyncio.to_thread(with_browser)


def places(memos: list[Memo]) -> list[tuple[Memo, Span]]:
    """The first passage of each memo, the last, and every fifth between: paragraphs, headings, cells."""
    return [
        (memo, passage.span)
        for memo in memos
        for passages in [split(memo)]
        for passage in [*passages[::5], passages[-1]]
    ]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_quote_is_in_view_when_the_page_opens(seed_memos, size):
    quoted = places(seed_memos)
    assert len(quoted) > 5
    async with open_room(seed_memos) as room:

        def visit(window: Browser):
            for memo, span in quoted:
                window.open(room.url(memo, span))
                yield span.of(memo.text), window.evaluate(IN_VIEW)

        seen = await look(lambda window: list(visit(window)), size)
    for quote, box in seen:
        assert box["seen"], quote
        assert 0 <= box["top"] < box["height"], quote
        assert box["bottom"] <= box["height"] or box["bottom"] - box["top"] > box["height"] / 2, quote
        assert 0 <= box["left"] < box["right"] <= box["width"], quote
        assert box["page"] <= box["width"], "the page scrolls sideways"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_can_be_read_in_light_and_dark(seed_memos, scheme):
    memo = seed_memos[0].model_copy(update={"url": "https://example.org/", "status": "final"})
    async with open_room([memo]) as room:

        def visit(window: Browser):
            window.emulate(prefers_color_scheme=scheme)
            window.open(room.url(memo, split(memo)[5].span))
            background = window.evaluate("return getComputedStyle(document.documentElement).backgroundColor")
            return background, window.evaluate(CONTRAST)

        background, found = await look(visit)
    assert (sum(map(int, background.strip("rgb()").split(","))) < 384) is (scheme == "dark")
    assert len(found) > 10
    assert [element for contrast, element in found if contrast < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_of_a_newer_version_is_said_in_view_and_what_changed_can_be_read(scheme, size):
    old = Memo(id="m", title="Fleet", text="Preface.\n\n" * 40 + "Two submarines sail.", sha256="12" * 32)
    new = old.model_copy(update={"text": old.text.replace("Two", "Three"), "sha256": "34" * 32})
    after = Memo(id="after", title="After", text="Words.", supersedes=("m",), sha256="56" * 32)
    quoted = Span(old.text.index("Two"), len(old.text))
    index = build_index([old, after])
    async with open_room([old, after], successors=lambda memo_id: superseded_by(index, memo_id)) as room:
        await room.store.memos.add([new], TODAY)

        def visit(window: Browser):
            window.emulate(prefers_color_scheme=scheme)
            window.open(room.url(old, quoted))
            badge = window.evaluate(
                "const box = document.querySelector('a.stale').getBoundingClientRect();"
                " return [box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth,"
                " document.documentElement.scrollWidth <= innerWidth]"
            )
            return badge, window.evaluate(CONTRAST)

        badge, found = await look(visit, size)
    assert badge == [True, True]
    assert {"<del>", "<ins>"} <= {element[:5] for _, element in found}
    assert [element for contrast, element in found if contrast < 4.5] == []


async def test_a_memo_cannot_run_anything_in_the_readers_browser():
    bad = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'
    memo = Memo(id="m", title=bad, text=f"{bad}\n\nQuoted words.", author=bad, sha256="12" * 32)
    async with open_room([memo]) as room:

        def visit(window: Browser):
            window.open(room.url(memo, Span(len(bad) + 2, len(memo.text))))
            return window.evaluate("return [window.hacked ?? null, document.images.length, document.title]")

        assert await look(visit) == [None, 0, bad]


async def test_a_printed_page_shows_the_mark_and_no_controls(seed_memos):
    memo = seed_memos[0]
    async with open_room([memo]) as room:

        def visit(window: Browser):
            window.media("print")
            window.open(room.url(memo, split(memo)[5].span))
            return window.evaluate(
                "return [getComputedStyle(document.querySelector('mark')).borderBlockEndStyle,"
                " getComputedStyle(document.querySelector('.skip')).display]"
            )

        assert await look(visit) == ["solid", "none"]


async def test_the_picture_of_the_reading_room_can_be_taken(seed_index, seed_memos, tmp_path: Path):
    """The README shows it; `ACCEPT=1` takes it anew."""
    excerpt = answer(seed_index, "What is the Squad?").excerpts[0]
    memo = seed_index.memos[excerpt.citation.memo_id]
    path = PICTURE if os.environ.get("ACCEPT") else tmp_path / PICTURE.name
    async with open_room(seed_memos) as room:

        def visit(window: Browser):
            window.open(room.url(memo, excerpt.span))
            window.screenshot(path)

        await look(visit, (900, 560))
    assert 10_000 < path.stat().st_size < 150_000
    assert PICTURE.stat().st_size < 150_000
