"""Does a link open what it was made for, as long as it is good, and nothing else?"""

import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer

from bot.web.links import Grant, LinkExpired, LinkForged, LinkRefused, Links
from retrieval import Citation, Memo, Passage, Span, fingerprint

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHA = "ab" * 32
IDS = st.text(min_size=1, max_size=40)


def links(*, secret="a secret", public_url="https://quoth.example.org", days=30, now=NOON):
    return Links(secret, public_url, days, lambda: now)


def token_of(url):
    (token,) = parse_qs(urlsplit(url).query)["token"]
    return token


PLACE = Span(10, 20)


def cited(memo_id="squad", span=PLACE):
    memo = Memo(id=memo_id, title="Title", text="x" * 100, sha256=SHA)
    return Citation.of(memo, Passage(memo_id=memo_id, ordinal=3, span=Span(0, 50)), span), span


def test_a_link_leads_to_the_memo_and_the_quote():
    url = urlsplit(links()(*cited()))
    assert (url.scheme, url.netloc, url.path, url.fragment) == (
        "https",
        "quoth.example.org",
        "/memos/squad",
        "quote",
    )


def test_a_link_below_a_path_keeps_the_path():
    assert links(public_url="https://example.org/quoth/")(*cited()).startswith(
        "https://example.org/quoth/memos/squad?token="
    )


def test_without_a_reading_room_there_is_no_link():
    assert links(public_url=None)(*cited()) is None


def test_a_link_opens_the_version_and_the_place_it_was_made_for():
    assert links().open("squad", token_of(links()(*cited()))) == Grant(
        "squad", SHA, Span(10, 20), NOON + timedelta(days=30), fingerprint("x" * 10)
    )


def test_a_link_that_was_made_before_links_knew_the_quoted_words_still_opens():
    signed = Signer(
        "a secret", salt=b"quoth.memo-link.1:squad", key_derivation="hmac", digest_method=hashlib.sha256
    )
    until = NOON + timedelta(days=1)
    token = signed.sign(f"{SHA}-10-20-{int(until.timestamp())}").decode()
    assert links().open("squad", token) == Grant("squad", SHA, Span(10, 20), until)


def test_a_link_made_from_another_ends_with_it():
    until = NOON + timedelta(hours=1)
    path = links().path("squad", SHA, Span(10, 20), until=until)
    assert links().open("squad", token_of(path)).expires == until


@given(IDS, st.integers(0, 10**9), st.integers(0, 10**9))
def test_every_link_opens(memo_id, start, end):
    url = links()(*cited(memo_id, Span(start, end)))
    name = unquote(urlsplit(url).path.removeprefix("/memos/"))
    grant = links().open(Links.memo_id_at(name), token_of(url))
    assert (grant.memo_id, grant.sha256, grant.span) == (memo_id, SHA, (start, end))


@pytest.mark.parametrize("memo_id", [".", "..", "~", "~.", "~~..", "a/../b", "%2e%2e"])
def test_no_link_leads_a_browser_to_another_folder(memo_id):
    path = urlsplit(links()(*cited(memo_id))).path
    [name] = path.removeprefix("/memos/").split("/")
    assert name.lower().replace("%2e", ".") not in {".", ".."}
    assert Links.memo_id_at(unquote(name)) == memo_id


def test_a_link_is_good_until_its_time_is_over():
    token = token_of(links(days=2)(*cited()))
    links(now=NOON + timedelta(days=2, seconds=-1)).open("squad", token)
    with pytest.raises(LinkExpired, match=r"expired\. Ask the bot again"):
        links(now=NOON + timedelta(days=2)).open("squad", token)


def test_a_clock_that_is_behind_opens_the_link_too():
    links(now=NOON - timedelta(minutes=5)).open("squad", token_of(links()(*cited())))


def test_another_secret_opens_nothing():
    with pytest.raises(LinkForged):
        links(secret="another").open("squad", token_of(links()(*cited())))


@given(IDS, IDS)
def test_a_link_opens_no_other_memo(one, other):
    token = token_of(links()(*cited(one)))
    if one == other:
        links().open(other, token)
    else:
        with pytest.raises(LinkForged):
            links().open(other, token)


TOKEN = token_of(links()(*cited()))
PLACES = st.integers(0, len(TOKEN) - 1)


@given(PLACES, st.characters())
def test_a_token_with_one_character_changed_opens_nothing(place, character):
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    if changed != TOKEN:
        with pytest.raises(LinkForged):
            links().open("squad", changed)


@given(PLACES, st.text(max_size=5), st.integers(0, 5))
def test_a_token_with_a_stretch_replaced_opens_nothing(place, inserted, dropped):
    changed = TOKEN[:place] + inserted + TOKEN[place + dropped :]
    if changed != TOKEN:
        with pytest.raises(LinkForged):
            links().open("squad", changed)


@given(st.text())
def test_whatever_else_is_given_as_token_opens_nothing(token):
    with pytest.raises(LinkForged, match="Ask the bot again"):
        links().open("squad", token)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**11))
def test_a_token_with_another_span_or_time_opens_nothing(start, end, expires):
    signature = TOKEN.rsplit(".", 1)[1]
    changed = f"{SHA}-{start}-{end}-{expires}.{signature}"
    if changed != TOKEN:
        with pytest.raises(LinkForged):
            links().open("squad", changed)


def test_no_refusal_repeats_the_token_or_the_secret():
    with pytest.raises(LinkRefused) as refused:
        links().open("squad", TOKEN + "x")
    assert TOKEN not in str(refused.value)
    assert "a secret" not in str(refused.value)
