"""Which answers are the surfaces tried with?"""

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from bot.models import Reply
from retrieval import Answer, BlockKind, Citation, Excerpt, IndexInfo, Memo, Outcome, Passage, Span, Successor

INDEX = IndexInfo(memos=2, passages=41, version="5f2c9a")

# What memos, titles and questions may hold that means something to a surface.
HOSTILE = (
    *(
        "<!channel>",
        "<@U123>",
        "<@&9>",
        "<#C1|x>",
        "<t:1700000000:R>",
        "<:a:1>",
        "</ask:7>",
        "@everyone",
        "@here",
    ),
    *("&amp;", "&lt;", "<http://a.example|b>", "https://a.example/b_c", "[x](https://a.example)", ":smile:"),
    *("*a*", "**b**", "_c_", "__d__", "~~e~~", "||f||", "`g`", "```\nh\n```", "\\", "\\*", "¯\\_(ツ)_/¯"),
    *("# a", "## b", "-# c", "- d", "+ e", "* f", "1. g", "23) h", "> i", ">>> j"),
    *(
        "\x1b[31m",
        "\x1b]8;;http://a.example\x07",
        "\x9b2J",
        "\x00",
        "\r",
        "\r\n",
        "\t",
        "\n",
        "\n\n",
        "\u2028",
        "\x85",
    ),
    *(
        "\u202eabc",
        "\u2066d",
        "\u200b",
        "\ufeff",
        "\u00a0",
        "\u00ad",
        "שלום",
        "مرحبا",
        "漢字かな",
        "ไทยกำ",
        "क्षत्रिय",
    ),
    *(
        "e\u0301",
        "\u0301\u0301",
        "👩\u200d👩\u200d👧",
        "🇩🇪🇫🇷🇩",
        "👍🏽",
        "🏴\U000e0067\U000e0062\U000e007f",
        "❤\ufe0f",
        "각",
    ),
    *("</mark><script>alert(1)</script>", '" onload="x', "</td></table>", "<!--", "]]>", "{{ x }}"),
    *(
        "⟨U+0041⟩",
        "⟨",
        "↵",
        "␛",
        "│ ",
        "┊",
        "…",
        " ",
        "  ",
        "word",
        "a word",
        "x" * 5000,
        "\ud83d",
        "\U0010ffff",
    ),
)


def excerpt(memo: Memo, quote: str, *matched: str, **known) -> Excerpt:
    """Quote `quote` from `memo`, where it first stands; `matched` words are highlighted wherever they stand in it."""
    start = memo.text.index(quote)
    span = Span(start, start + len(quote))
    return Excerpt(
        quote=span.of(memo.text),
        span=span,
        cut=known.pop("cut", (False, False)),
        superseded_by=known.pop("superseded_by", ()),
        highlights=tuple(_places(memo.text, span, matched)),
        score=11.25,
        citation=Citation.of(
            memo, Passage(memo_id=memo.id, ordinal=known.pop("passage", 17), span=span, **known)
        ),
    )


def successor(memo: Memo) -> Successor:
    """`memo` as one that supersedes another."""
    span = Span(0, len(memo.text))
    return Successor(citation=Citation.of(memo, Passage(memo_id=memo.id, ordinal=1, span=span)), span=span)


def found(question: str, *excerpts: Excerpt, **known) -> Answer:
    """An answer with `excerpts`."""
    return Answer(
        **{
            "question": question,
            "outcome": Outcome.FOUND,
            "confidence": 0.93,
            "excerpts": excerpts,
            "matched": ("squad",),
            "missing": (),
            "index": INDEX,
            **known,
        }
    )


def nothing(question: str, **known) -> Answer:
    """An answer without excerpts."""
    return found(question, **{"outcome": Outcome.NOTHING, "confidence": 0.04, "matched": (), **known})


def reply(answer: Answer) -> Reply:
    return Reply(answer_id="01JQUOTH", answer=answer)


def no_link(citation: Citation, span: Span) -> None:
    """Where there is no reading room."""


def link(citation: Citation, span: Span) -> str:
    """Where there is one."""
    return f"https://quoth.example.org/memos/m?passage={citation.passage}&key=abc#quote"


def seed_answers(memos: Sequence[Memo]) -> dict[str, Reply]:
    """One reply of each kind, about the seed memos, whatever their reader made of their structure."""
    tag = _known_as(
        memos, "Squad", "Harris vs. Trump: Indo-Pacific Alliances", "A'ndre Gonawela", date(2024, 10, 3)
    )
    observer = "The US-Japan-South Korea alliance unstable, ‘strange bedfellows’"
    times = _known_as(memos, "strange bedfellows", observer, "Global Times", date(2025, 1, 7))
    compared = ("The Candidates in Comparison", "Biden-Harris")
    squad = excerpt(
        tag,
        'A newer "mini-lateral" is the "Squad" with Australia, Japan, and the Philippines.',
        "Squad",
        section=compared,
    )
    part = excerpt(
        tag,
        "emphasizing unilateral action over cooperation with allies in confronting China and other threats",
        "allies",
        section=("The Candidates in Comparison", "Trump"),
        cut=(True, True),
        passage=9,
    )
    cell = excerpt(
        tag,
        "Sought intra-regional cohesion by encouraging allies to cross-link",
        "intra-regional",
        "cohesion",
        kind=BlockKind.CELL,
        section=("Key Takeaways",),
        row="Motivations",
        column="Biden-Harris",
        page=1,
        passage=5,
    )
    bedfellows = excerpt(
        times, "They seem to be sleeping in the same bed, but each has a different agenda", "bed"
    )
    return {
        "found_one": reply(found("What is the Squad?", squad)),
        "found_three": reply(
            found(
                "How do alliances differ?",
                squad,
                part,
                bedfellows,
                missing=("kimchi",),
                notes=("Memos say different things about this; compare their dates.",),
            )
        ),
        "cut_quote": reply(found("Which allies?", part)),
        "table_quote": reply(found("Who sought cohesion?", cell)),
        "superseded": reply(
            found(
                "How do they sleep?",
                excerpt(
                    times.model_copy(update={"status": "Superseded"}),
                    "They seem to be sleeping in the same bed",
                    "sleeping",
                    superseded_by=(
                        successor(tag),
                        successor(Memo(id="m-9", title="Beds & *pillows* <new>", text="A bed.")),
                    ),
                ),
                as_of=date(2025, 3, 31),
            )
        ),
        "nothing": reply(
            nothing(
                "What is the recipe for kimchi?",
                missing=("recipe", "kimchi"),
                closest=(tag.title, times.title),
            )
        ),
        "notice": Reply(
            answer_id="01JQUOTH", notice='Write a filter like this: author:"A\'ndre Gonawela" <or> *him*'
        ),
    }


def _known_as(memos: Sequence[Memo], words: str, title: str, author: str, published: date) -> Memo:
    memo = next(memo for memo in memos if words in memo.text)
    known = {"title": title, "author": author, "published": published, "id": "m-1", "sha256": ""}
    return memo.model_copy(update=known)


def _places(text: str, span: Span, words: Sequence[str]):
    for word in words:
        at = text.find(word, span.start, span.end)
        while at >= 0:
            yield Span(at, at + len(word))
            at = text.find(word, at + len(word), span.end)


def texts(most: int = 12) -> st.SearchStrategy[str]:
    """Anything that a file may hold, thick with what surfaces react to."""
    fragment = st.sampled_from(HOSTILE) | st.text(max_size=8)
    return st.lists(fragment, max_size=most).map("".join) | st.lists(fragment, max_size=most).map(" ".join)


@st.composite
def excerpts(draw, quotes: st.SearchStrategy[str] | None = None) -> Excerpt:
    """A quote out of a hostile memo, with highlights anywhere."""
    quote = draw(quotes or texts().filter(bool))
    before = draw(texts(2))
    start, end = len(before), len(before) + len(quote)
    places = st.tuples(st.integers(max(0, start - 3), end + 3), st.integers(0, 12))
    memo = Memo(
        id="m",
        title=draw(texts(4)),
        text=before + quote + draw(texts(2)),
        author=draw(st.none() | texts(3)),
        published=draw(st.none() | st.dates()),
        source=draw(texts(3)),
    )
    passage = Passage(
        memo_id=memo.id,
        ordinal=3,
        span=Span(start, end),
        section=tuple(draw(st.lists(texts(3), max_size=4))),
        page=draw(st.none() | st.integers(1, 9999)),
        row=draw(st.none() | texts(3)),
        column=draw(st.none() | texts(3)),
    )
    return Excerpt(
        quote=quote,
        span=Span(start, end),
        cut=draw(st.tuples(st.booleans(), st.booleans())),
        highlights=tuple(Span(a, a + n) for a, n in draw(st.lists(places, max_size=6))),
        score=1.0,
        citation=Citation.of(memo, passage),
        superseded_by=tuple(
            successor(Memo(id="n", title=title, text="Words."))
            for title in draw(st.lists(texts(4), max_size=3))
        ),
    )


@st.composite
def answers(draw) -> Answer:
    """An answer with up to twelve quotes, or none, and hostile words around them."""
    made = draw(st.lists(excerpts(), max_size=4)) * draw(st.integers(1, 3))
    make = found if made else nothing
    names = st.lists(texts(3), max_size=12).map(tuple)
    return make(
        draw(texts(4)),
        *made,
        missing=draw(names),
        matched=draw(names),
        closest=draw(st.lists(texts(3), max_size=2).map(tuple)),
        notes=draw(names),
    )
