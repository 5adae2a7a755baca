"""How are mails read?"""

from datetime import date
from email.message import EmailMessage

import pytest

from retrieval import BlockKind, UnreadableMemo, answer, build_index, read_memos
from retrieval.errors import Damaged, Encrypted, TooLarge
from retrieval.ingest.formats import BINARY
from tests.conftest import shared
from tests.retrieval.ingest.conftest import assert_sound, block, blocks

HEAD = "From: Ann Lee <ann@example.org>\nTo: team@example.org\nDate: Fri, 3 May 2024 23:30:00 -0500\n"
REPLY = f"""{HEAD}Subject: Re: Travel budget
Content-Type: text/plain; charset=utf-8

We agreed on 120,000 euros for travel, and the board has
confirmed it.

On Thu, 2 May 2024 at 10:00, Bob Carter <bob@example.org>
wrote:

> Can we book the flights to Osaka?
>
> On Wed, 1 May 2024, Carl Jones wrote:
>> The auditors come in June.
>
> Please answer soon.

Only refundable ones.

--\x20
Ann Lee
Head of Travel
"""


def draft_of(text, path="mail.eml"):
    data = text if isinstance(text, bytes) else text.encode()
    return BINARY[".eml"](data, path)


def section_of(memo, start):
    return block(memo, start).section


def test_the_header_says_title_author_and_day_where_they_stand(reading):
    memo = reading(REPLY, "mail.eml")
    assert_sound(memo)
    assert (memo.title, memo.author, memo.published) == ("Re: Travel budget", "Ann Lee", date(2024, 5, 3))
    assert {what: place.of(memo.text) for what, place in memo.read_from.items()} == {
        "title": "Re: Travel budget",
        "author": "Ann Lee",
        "published": "Fri, 3 May 2024 23:30:00 -0500",
    }
    assert "To: team@example.org" in blocks(memo, BlockKind.FURNITURE)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who wrote the mail about the travel budget?", "From: Ann Lee <ann@example.org>"),
        ("Who sent the email on the travel budget?", "From: Ann Lee <ann@example.org>"),
        ("When was the email about the travel budget sent?", "Date: Fri, 3 May 2024 23:30:00 -0500"),
    ],
)
def test_who_wrote_a_mail_and_when_is_answered_by_its_header(reading, question, quote):
    found = answer(build_index([reading(REPLY, "mail.eml")]), question)
    assert [excerpt.quote for excerpt in found.excerpts] == [quote]


def test_nobody_is_quoted_for_the_words_of_another(reading):
    memo = reading(REPLY, "mail.eml")
    bob = ("On Thu, 2 May 2024 at 10:00, Bob Carter <bob@example.org> wrote:",)
    assert section_of(memo, "We agreed") == ()
    assert section_of(memo, "Can we book") == bob
    assert section_of(memo, "The auditors") == ("On Wed, 1 May 2024, Carl Jones wrote:",)
    assert section_of(memo, "Please answer") == bob
    assert section_of(memo, "Only refundable") == ()


def test_a_signature_is_about_the_mail(reading):
    memo = reading(REPLY, "mail.eml")
    assert block(memo, "Head of Travel").kind is BlockKind.FURNITURE
    assert "Can we book the flights to Osaka?" in blocks(memo, BlockKind.PARAGRAPH)


def test_no_word_is_lost(reading):
    words = reading(REPLY, "mail.eml").text.split()
    body = REPLY.partition("\n\n")[2].replace(">", " ")
    for word in body.split():
        assert word == "--" or word.strip("<>") in {one.strip("<>") for one in words}


def test_a_quotation_that_nobody_introduces_is_still_marked(reading):
    memo = reading(f"{HEAD}Subject: x\n\n> Shall we go?\n\nYes, of course we shall.\n", "m.eml")
    assert section_of(memo, "Shall") == ("Quoted",)
    assert section_of(memo, "Yes") == ()


def test_a_mail_forwarded_in_the_text_has_its_sender_for_a_section(reading):
    memo = reading(
        f"{HEAD}Subject: Fwd: Move\n\nSee below.\n\n---------- Forwarded message ---------\n"
        "From: Dan Brown <dan@example.org>\nDate: Sun, 5 May 2024\nSubject: Move\nTo: Ann\n\n"
        "The servers move to Frankfurt in July.\n",
        "m.eml",
    )
    assert (memo.author, memo.published) == ("Ann Lee", date(2024, 5, 3))
    assert section_of(memo, "The servers move") == ("From: Dan Brown <dan@example.org>",)
    assert section_of(memo, "See below.") == ()


def test_lines_that_flow_are_joined(reading):
    memo = reading(
        f"{HEAD}Subject: x\nContent-Type: text/plain; format=flowed\n\nOne long \nparagraph \nhere.\nAnother.\n",
        "m.eml",
    )
    assert blocks(memo)[4:] == ["One long paragraph here.", "Another."]


def test_html_is_read_where_there_is_no_plain_text(reading):
    memo = reading(
        f"{HEAD}Subject: x\nContent-Type: text/html\n\n<p>The launch moves to March.</p><p>On Monday Bob wrote:</p>"
        "<blockquote><p>It is in May.</p></blockquote><p>That was <b>before</b>.</p>"
        "<div>From: Dan<br>Sent: Monday<br>To: Ann<br>Subject: Launch</div><p>Confirm the venue.</p>",
        "m.eml",
    )
    assert section_of(memo, "The launch") == ()
    assert section_of(memo, "It is in May") == ("On Monday Bob wrote:",)
    assert section_of(memo, "That was before.") == ()
    assert section_of(memo, "Confirm") == ("From: Dan",)


def alternatives(plain, html):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Ann <a@example.org>", "x"
    mail.set_content(plain)
    mail.add_alternative(html, subtype="html")
    return mail


def test_plain_text_goes_before_html(reading):
    memo = reading(alternatives("Plain words.\n", "<p>Rich words.</p>").as_bytes(), "m.eml")
    assert "Plain words." in memo.text
    assert "Rich" not in memo.text


def test_plain_text_that_says_nothing_does_not(reading):
    html = f"<p>{'Many words stand here. ' * 30}</p>"
    memo = reading(alternatives("This mail is in HTML.\n", html).as_bytes(), "m.eml")
    assert "Many words" in memo.text
    assert "is in HTML" not in memo.text


def full_mail():
    mail = alternatives("See the list.\n", "<p>See <img src='cid:a'></p>")
    mail.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<a>")
    mail.add_attachment(b"Item,Count\nBolts,12\nNuts,15\n", "text", "csv", filename="../../stöck\x07.csv")
    mail.add_attachment(b"GIF8", "image", "gif", filename="photo.gif")
    mail.add_attachment(b"sig", "application", "pgp-signature", filename="sig.asc")
    inner = EmailMessage()
    inner["From"], inner["Subject"], inner["To"] = "Eve <e@example.org>", "Cooling/plan", "b@example.org"
    inner.set_content("Two more units are needed.\n")
    mail.add_attachment(inner)
    return mail.as_bytes()


def test_enclosed_files_and_mails_are_memos_of_their_own(tmp_path):
    (tmp_path / "m.eml").write_bytes(full_mail())
    results = list(read_memos([tmp_path]))
    assert [result.memo.source for result in results] == [
        "m.eml",
        "m.eml/stöck.csv",
        "m.eml/Cooling-plan.eml",
    ]
    assert results[1].memo.text.endswith("Nuts\n\n15")
    assert results[2].memo.author == "Eve"
    assert "Two more units are needed." in results[2].memo.text


def test_pictures_are_told_and_signatures_left_out():
    draft = draft_of(full_mail())
    assert draft.notes == ("enclosed pictures, sounds and films are not read: photo.gif",)


def test_the_body_of_a_mail_with_a_text_file_is_not_that_file():
    mail = EmailMessage()
    mail["From"] = "a@example.org"
    mail.set_content("Body.\n")
    mail.add_attachment("Notes of the meeting.\n", filename="notes.txt")
    draft = draft_of(mail.as_bytes())
    assert [piece.text for piece in draft.pieces][-1] == "Body."
    assert [(one.name, one.data.strip()) for one in draft.attachments] == [
        ("notes.txt", b"Notes of the meeting.")
    ]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("=?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <j@example.org>", "Jürgen Müller"),
        ("=?iso-8859-1?Q?J=FCrgen?= =?iso-8859-1?Q?_M=FCller?= <j@example.org>", "Jürgen Müller"),
        ("=?utf-8?b?SsM=?= =?utf-8?b?vHJnZW4=?= <j@example.org>", "Jürgen"),  # a character over two words
        ("=?gb2312?B?zfXQobbg?= <w@example.org>", "王小多"),
        ("=?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <y@example.org>", "山田"),
        ('"Lee, Ann" <ann@example.org>, bob@example.org', "Lee, Ann"),
        ("ann@example.org (Ann Lee)", "Ann Lee"),
        ("ann@example.org", "ann@example.org"),
        ("ann@example.org, bob@example.org", "ann@example.org"),
        ("<ann@example.org>", "ann@example.org"),
        ("Jürgen Müller <j@example.org>", "Jürgen Müller"),
        ("=?unknown-set?q?J=C3=BCrgen?= <j@example.org>", "Jürgen"),
        ("=?utf-8?b?%%%?= <j@example.org>", "=?utf-8?b?%%%?="),
    ],
)
def test_a_sender_is_named(header, name):
    draft = draft_of(f"From: {header}\nSubject: x\n\nHello there.\n")
    assert draft.details.author == name
    piece = draft.pieces[0]
    assert [(what, span.of(piece.text)) for what, span in piece.found] == [("author", name)]


def test_header_bytes_of_an_old_program_are_read():
    assert draft_of("From: Jürgen <j@example.org>\n\nx\n".encode("cp1252")).details.author == "Jürgen"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Fri, 3 May 2024 23:30:00 -0500", date(2024, 5, 3)),
        ("3 May 2024 10:00", date(2024, 5, 3)),
        ("2024-05-03T10:00:00Z", date(2024, 5, 3)),
        ("yesterday", None),
        ("Thu, 1 Jan 1970 00:00:00 +9999", None),
        ("Fri, 32 May 2024 23:30:00", None),
    ],
)
def test_a_day_is_the_writers(said, day):
    found = draft_of(f"From: a\nDate: {said}\n\nx\n").details.published
    assert found == day or (day is None and found in {None, date(1970, 1, 1)})


@pytest.mark.parametrize(
    ("label", "data"),
    [
        ("iso-8859-1", "Grüße".encode("latin-1")),
        ("us-ascii", "Grüße".encode()),
        ("us-ascii", "Grüße".encode("cp1252")),
        ("utf-8", "Grüße".encode("cp1252")),
        ("iso-8859-1", "Grüße".encode()),
        ("x-nothing", "Grüße".encode()),
        ("utf-16", "Grüße".encode("utf-16")),
        (None, "Grüße".encode("cp1252")),
    ],
)
def test_characters_are_right_also_where_the_label_is_wrong(label, data):
    content = f"Content-Type: text/plain; charset={label}\n".encode() if label else b""
    draft = draft_of(b"From: a\n" + content + b"\n" + data)
    assert draft.pieces[-1].text == "Grüße"


def test_a_mail_without_a_subject_is_titled_by_its_file(reading):
    memo = reading(
        "From: Ann <a@example.org>\nTo: b@example.org\n\nHello Bob,\n\nwe meet at noon.\n", "noon_meeting.eml"
    )
    assert memo.title == "noon_meeting"


def test_the_separator_of_a_mailbox_is_passed_over():
    assert draft_of("From ann@example.org Fri May 3 2024\nFrom: Ann <a@b.c>\n\nx\n").details.author == "Ann"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("just some words\nand more of them\n", Damaged),
        ("From: a\nContent-Type: multipart/encrypted; boundary=x\n\n--x--\n", Encrypted),
        ("From: a\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB\n", Encrypted),
        (
            "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(3000)),
            UnreadableMemo,
        ),
        ("From: a\n" + "Content-Type: message/rfc822\n\n" * 3000, TooLarge),
        ("From: a\nContent-Type: text/html\n\n" + "<blockquote>" * 3000 + "x", TooLarge),
    ],
    ids=["no mail", "encrypted", "sealed", "nested parts", "nested mails", "nested quotes"],
)
def test_what_cannot_be_read_is_refused(reading, text, error):
    with pytest.raises(error):
        reading(text, "m.eml")


def test_a_mail_of_very_many_parts_is_read_in_part():
    part = "--x\nContent-Disposition: attachment; filename=a.txt\n\nhello\n"
    draft = draft_of("From: a\nContent-Type: multipart/mixed; boundary=x\n\n" + part * 3000)
    assert draft.notes == ("enclosed and left out: more than 2,000 parts",)


@pytest.mark.parametrize(
    ("name", "title", "author", "words"),
    [
        ("testThunderbirdEml.eml", "JUnit test message", "Vladimir L.", "Dear Vladimir ....."),
        ("testRFC822_multipart_attachments.eml", "EML 1", "Bugs Bunny", "This is test email for EML1"),
        ("test-incremental-updates.eml", "test incremental updates", "Tim Allison", "an embedded pdf"),
        ("testLotusEml.eml", "Message body", "X" * 3 + "." + "X" * 3 + "@" + "X" * 4 + ".de", "Message body"),
    ],
)
def test_real_mails_are_read(reading, name, title, author, words):
    memo = reading(shared(f"data/documents/tika/{name}").read_bytes(), name)
    assert_sound(memo)
    assert (memo.title, memo.author) == (title, author)
    assert words in memo.text
