"""How is Word read?"""

import io
import zipfile
from datetime import date

import docx
import pytest

from retrieval import BlockKind, read_memo
from tests.retrieval.ingest.conftest import assert_sound, block, blocks
from tests.retrieval.ingest.formats.office_files import (
    cells_of,
    memo_of,
    packed,
    paragraph,
    reading_of,
    relations,
    row,
    saved,
    table,
    word,
    word_parts,
)

LONG = "This paragraph is long enough to be text, and it ends as sentences do."
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/>'
    '<w:basedOn w:val="berschrift1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Our heads"/><w:basedOn w:val="berschrift2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Titel"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Loop2"><w:name w:val="Loop2"/><w:basedOn w:val="Loop"/></w:style>'
    '<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
)
NOTE = '<w:footnote w:id="2"><w:p><w:r><w:t>See the treaty of 1951.</w:t></w:r></w:p></w:footnote>'


def styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def texts(body: str, **others: str) -> list[str]:
    return blocks(memo_of(word(body + paragraph(LONG), **others)))[:-1]


@pytest.fixture(scope="module")
def written():
    """A document as python-docx writes them."""
    made = docx.Document()
    made.core_properties.title = "Word Document"
    made.core_properties.author = "Ann Lee"
    made.core_properties.keywords = "ports; shipping"
    made.core_properties.content_status = "Final"
    made.add_heading("The northern plan", 0)
    made.add_paragraph("What the board decided", style="Subtitle")
    made.add_heading("Scope", 1)
    made.add_paragraph(LONG)
    made.add_heading("Harbours", 2)
    made.add_paragraph("Oslo first", style="List Bullet")
    made.add_paragraph("Bergen second", style="List Number")
    grid = made.add_table(3, 3)
    for place, text in enumerate(("Harbour", "2023", "2024", "Oslo", "12", "14", "Bergen", "7", "9")):
        grid.cell(place // 3, place % 3).text = text
    made.add_paragraph("Figure 1: Ships in port", style="Caption")
    made.sections[0].header.paragraphs[0].text = "Secret header"
    return saved(made)


@pytest.fixture(scope="module")
def memo(written):
    return memo_of(written)


def test_blocks_are_sound(memo):
    assert_sound(memo)


def test_a_word_file_is_read_through_the_door(written, tmp_path):
    path = tmp_path / "plan.docx"
    path.write_bytes(written)
    memo = read_memo(path)
    assert (memo.title, memo.author, memo.source) == ("The northern plan", "Ann Lee", "plan.docx")


def test_the_title_is_the_one_in_the_text(memo):
    assert memo.title == "The northern plan"
    assert memo.read_from["title"].of(memo.text) == "The northern plan"


def test_properties_give_author_tags_and_status(memo):
    assert (memo.author, memo.tags, memo.status) == ("Ann Lee", ("ports", "shipping"), "Final")


def test_headings_make_the_section_path(memo):
    assert block(memo, "This paragraph").section == ("Scope",)
    assert block(memo, "Oslo first").section == ("Scope", "Harbours")


def test_lists_captions_and_headers(memo):
    assert blocks(memo, BlockKind.LIST_ITEM) == ["Oslo first", "Bergen second"]
    assert blocks(memo, BlockKind.CAPTION) == ["Figure 1: Ships in port"]
    assert "Secret" not in memo.text


def test_cells_know_row_and_column(memo):
    assert cells_of(memo) == [
        ("12", "Oslo", "2023"),
        ("14", "Oslo", "2024"),
        ("7", "Bergen", "2023"),
        ("9", "Bergen", "2024"),
    ]


def test_a_program_is_no_author_and_its_template_no_date():
    memo = memo_of(saved(_with_text(docx.Document())))
    assert (memo.author, memo.published, memo.title) == (None, None, "memo")


def _with_text(made):
    made.add_paragraph(LONG)
    return made


def test_headings_are_known_by_name_by_rank_and_by_what_they_are_based_on():
    memo = memo_of(
        word(
            styled("Plan", "Titel")
            + styled("One", "berschrift1")
            + styled("Two", "Mine")
            + paragraph("Three", '<w:outlineLvl w:val="2"/>')
            + styled(LONG, "Loop"),
            styles=STYLES,
        )
    )
    assert memo.title == "Plan"
    assert block(memo, "This").section == ("One", "Two", "Three")


def test_a_paragraph_that_somebody_gave_a_rank_stays_a_paragraph():
    assert (
        memo_of(word(paragraph(LONG * 6, '<w:outlineLvl w:val="0"/>'))).blocks[0].kind is BlockKind.PARAGRAPH
    )


def test_bold_lines_are_headings_where_not_everything_is_bold():
    body = paragraph(LONG) + paragraph("Scope", run="<w:b/>") + paragraph(LONG + " Twice.")
    memo = memo_of(word(body))
    assert block(
        memo, "This paragraph is long enough to be text, and it ends as sentences do. Twice"
    ).section == ("Scope",)
    bold = "".join(paragraph(f"Bold {n}", run="<w:b/>") for n in range(8))
    assert not blocks(memo_of(word(bold + paragraph(LONG))), BlockKind.HEADING)


def test_a_heading_bears_the_number_that_word_draws_but_its_text_does_not():
    numbering = (
        '<w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>'
    )

    def numbered(text, style, depth):
        num = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="7"/></w:numPr>'
        return paragraph(text, f'<w:pStyle w:val="{style}"/>{num}')

    body = (
        numbered("Scope", "berschrift1", 0)
        + numbered("Ships", "berschrift2", 1)
        + numbered("Ports", "berschrift2", 1)
        + numbered("Costs", "berschrift1", 0)
        + numbered("Fuel", "berschrift2", 1)
        + paragraph(LONG)
    )
    memo = memo_of(word(body, styles=STYLES, numbering=numbering))
    assert [b.section for b in memo.blocks] == [
        ("III. Scope",),
        ("III. Scope", "3.1 Ships"),
        ("III. Scope", "3.2 Ports"),
        ("IV. Costs",),
        ("IV. Costs", "4.1 Fuel"),
        ("IV. Costs", "4.1 Fuel"),
    ]
    assert blocks(memo)[:2] == ["Scope", "Ships"]


def test_tracked_changes_are_accepted():
    body = (
        "<w:p><w:r><w:t>We </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>always </w:t></w:r></w:ins><w:r><w:t>pay.</w:t></w:r></w:p>"
        "<w:p><w:moveFrom><w:r><w:t>Moved words stand elsewhere.</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:moveTo><w:r><w:t>Moved words stand here.</w:t></w:r></w:moveTo></w:p>"
    )
    assert texts(body) == ["We always pay.", "Moved words stand here."]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next():
    body = (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>The first half </w:t></w:r></w:p>"
        + paragraph("and the second half.")
    )
    assert texts(body) == ["The first half and the second half."]
    last = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>The end.</w:t></w:r></w:p>"
    assert blocks(memo_of(word(paragraph(LONG) + last))) == [LONG, "The end."]


def test_deleted_rows_are_gone():
    body = table(
        row("Harbour", "Ships"),
        row("Oslo", "12"),
        row("Bergen", "7", properties="<w:del/>"),
        row("Molde", "3"),
    )
    assert cells_of(memo_of(word(body))) == [("12", "Oslo", "Ships"), ("3", "Molde", "Ships")]


@pytest.mark.parametrize(
    "run", ["<w:vanish/>", '<w:rStyle w:val="Secret"/>', "<w:webHidden/>"], ids=["direct", "style", "web"]
)
def test_hidden_text_is_left_out(run):
    assert texts(paragraph("Hidden.", run=run) + paragraph("Shown."), styles=STYLES) == ["Shown."]


def test_hidden_text_that_is_switched_off_is_shown():
    shown = paragraph("Shown after all.", run='<w:rStyle w:val="Secret"/><w:vanish w:val="0"/>')
    assert texts(shown, styles=STYLES) == ["Shown after all."]


def test_of_fields_the_result_is_read():
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    body = (
        f"<w:p><w:r><w:t>See page </w:t></w:r>{mark('begin')}<w:r><w:instrText>PAGEREF x</w:instrText></w:r>"
        f"{mark('begin')}<w:r><w:instrText>IF</w:instrText></w:r>{mark('separate')}<w:r><w:t>inner</w:t></w:r>{mark('end')}"
        f"{mark('separate')}<w:r><w:t>12</w:t></w:r>{mark('end')}<w:r><w:t xml:space='preserve'> of </w:t></w:r>"
        '<w:fldSimple w:instr="NUMPAGES"><w:r><w:t>30</w:t></w:r></w:fldSimple>'
        '<w:hyperlink r:id="x"><w:r><w:t xml:space="preserve"> in the annex</w:t></w:r></w:hyperlink><w:r><w:t>.</w:t></w:r></w:p>'
    )
    assert texts(body) == ["See page 12 of 30 in the annex."]


def test_tabs_breaks_hyphens_and_formulas():
    body = (
        "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t><w:noBreakHyphen/><w:t>four</w:t>"
        "<w:softHyphen/></w:r><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den>"
        "</m:f></m:oMath></w:p>"
    )
    assert texts(body) == ["One two\nthree-four1/2"]


def test_symbols_are_the_characters_that_they_are_drawn_as():
    symbol = '<w:sym w:font="{}" w:char="{}"/>'.format
    signs = [
        ("Symbol", "F0B3"),
        ("Symbol", "F06D"),
        ("Wingdings", "F0FE"),
        ("Arial", "2265"),
        ("Webdings", "F0FF"),
        ("", "x"),
    ]
    drawn = "".join(symbol(*sign) for sign in signs)
    assert texts(f"<w:p><w:r>{drawn}<w:t xml:space='preserve'> 5</w:t></w:r></w:p>") == ["≥μ☑≥ 5"]


def test_reading_aids_over_characters_are_left_out():
    body = (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>とうきょう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase>"
        "</w:ruby></w:r><w:r><w:t>の港は大きい。</w:t></w:r></w:p>"
    )
    assert texts(body) == ["東京の港は大きい。"]


def test_controls_give_what_was_filled_in():
    def control(inner, properties=""):
        return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    body = (
        control(paragraph("Filled in as a block."))
        + control(paragraph("Click here to enter text."), "<w:showingPlcHdr/>")
        + f"<w:p>{control('<w:r><w:t>Filled in a line.</w:t></w:r>')}</w:p>"
        + control(
            paragraph("1 Scope 3"),
            '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>',
        )
        + styled("2 Costs 7", "TOC1")
    )
    assert texts(body, styles=STYLES) == ["Filled in as a block.", "Filled in a line."]


def test_a_text_box_is_read_once_after_its_paragraph():
    box = f"<w:txbxContent>{paragraph('Words in a box.')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>Before.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}"
        f"</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t> After.</w:t></w:r></w:p>"
    )
    assert texts(body) == ["Before. After.", "Words in a box."]


def test_a_footnote_follows_the_paragraph_that_refers_to_it_and_is_cited_under_its_section():
    body = (
        styled("Law", "berschrift1")
        + '<w:p><w:r><w:t>The treaty binds.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        + '<w:p><w:r><w:t>Again.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    )
    memo = memo_of(
        word(body + styled("Costs", "berschrift1") + paragraph(LONG), styles=STYLES, footnotes=NOTE)
    )
    assert blocks(memo)[1:4] == ["The treaty binds.", "See the treaty of 1951.", "Again."]
    assert block(memo, "See the treaty").section == ("Law",)


def test_a_footnote_is_not_joined_to_the_paragraph_before_it():
    text = "This paragraph is long, and it ends without a mark of any kind at all"
    body = f'<w:p><w:r><w:t>{text}</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    note = NOTE.replace("See the treaty", "see the treaty")
    assert texts(body, footnotes=note) == [text, "see the treaty of 1951."]


def test_a_footnote_of_a_cell_follows_the_table():
    cell = '<w:p><w:r><w:t>12</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    memo = memo_of(word(table(row("Harbour", "Ships"), row("Oslo", cell)), footnotes=NOTE))
    assert cells_of(memo) == [("12", "Oslo", "Ships")]
    assert blocks(memo)[-1] == "See the treaty of 1951."


def test_a_chart_is_a_table_of_what_it_shows():
    def points(name, kind, *values):
        pts = "".join(f'<c:pt idx="{n}"><c:v>{v}</c:v></c:pt>' for n, v in enumerate(values))
        return f"<c:{name}><c:{kind}>{pts}</c:{kind}></c:{name}>"

    series = "".join(
        f"<c:ser><c:tx>{points('strRef', 'strCache', name)}</c:tx>{points('cat', 'strCache', 'Oslo', 'Bergen')}"
        f"{points('val', 'numCache', *values)}</c:ser>"
        for name, values in (("2023", ("12", "7.2999999999999998")), ("2024", ("14", "9")))
    )
    chart = f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart>{series}</c:chart></c:chartSpace>'
    shown = '<w:drawing><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="chart"/></w:drawing>'
    parts = word_parts(f"<w:p><w:r><w:t>{LONG}</w:t></w:r><w:r>{shown}</w:r></w:p>")
    parts["word/_rels/document.xml.rels"] = relations(chart="charts/chart1.xml")
    parts["word/charts/chart1.xml"] = chart
    assert cells_of(memo_of(packed(parts))) == [
        ("12", "Oslo", "2023"),
        ("14", "Oslo", "2024"),
        ("7.3", "Bergen", "2023"),
        ("9", "Bergen", "2024"),
    ]


def test_a_title_in_two_paragraphs_is_one():
    memo = memo_of(
        word(styled("The northern", "Titel") + styled("plan", "Titel") + paragraph(LONG), styles=STYLES)
    )
    assert memo.title == "The northern plan"
    assert memo.blocks[0].kind is BlockKind.TITLE


def test_merged_cells_label_all_that_they_span():
    def cell(text, properties):
        return f"<w:tcPr>{properties}</w:tcPr>{paragraph(text)}"

    body = table(
        row("", cell("2024", '<w:gridSpan w:val="2"/>'), properties="<w:tblHeader/>"),
        row("Region", "Q1", "Q2", properties="<w:tblHeader/>"),
        row(cell("Asia", '<w:vMerge w:val="restart"/>'), "1.5", "2.5"),
        row(cell("", "<w:vMerge/>"), "3.5", "4.5"),
    )
    assert cells_of(memo_of(word(body))) == [
        ("1.5", "Asia", "2024 Q1"),
        ("2.5", "Asia", "2024 Q2"),
        ("3.5", "Asia", "2024 Q1"),
        ("4.5", "Asia", "2024 Q2"),
    ]


def test_a_table_in_a_table_is_read_as_a_table_and_the_outer_one_as_layout():
    inner = table(row("Harbour", "Ships"), row("Oslo", "12"))
    memo = memo_of(word(table(row("Left side of the page.", f"{inner}<w:p/>"), row("Below.", "Right."))))
    assert cells_of(memo) == [("12", "Oslo", "Ships")]
    assert blocks(memo)[0] == "Left side of the page."


def test_the_header_of_a_memo_may_be_a_table():
    body = table(
        row("TO:", "The board"),
        row("FROM:", "Ann Lee"),
        row("DATE:", "3 October 2024"),
        row("SUBJECT:", "Ports"),
    )
    memo = memo_of(word(body + paragraph(LONG)))
    assert (memo.title, memo.author, memo.published) == ("Ports", "Ann Lee", date(2024, 10, 3))


def core(created="2024-03-01T10:00:00Z", modified="2024-03-05T10:00:00Z", more=""):
    return (
        f"<dcterms:created>{created}</dcterms:created><dcterms:modified>{modified}</dcterms:modified>{more}"
    )


def test_the_day_of_creation_counts_where_the_file_was_finished_soon():
    assert memo_of(word(paragraph(LONG), core=core())).published == date(2024, 3, 1)


@pytest.mark.parametrize(
    "properties",
    [
        core(modified="2025-01-01T00:00:00Z"),
        core(created="1601-01-01T00:00:00Z", modified="1601-01-01T00:00:00Z"),
        core(created="2013-12-23T23:15:00Z", modified="2013-12-23T23:15:00Z"),
        core(modified="2024-02-01T00:00:00Z"),
        core(created="2024-13-45T00:00:00Z"),
    ],
    ids=["lived on", "never", "template", "changed before it was made", "no day"],
)
def test_no_date_is_better_than_a_wrong_one(properties):
    assert memo_of(word(paragraph(LONG), core=properties)).published is None


def test_the_text_says_more_than_the_properties():
    body = paragraph("Ports") + paragraph("By Ann Lee") + paragraph("3 October 2024") + paragraph(LONG)
    memo = memo_of(word(body, core=core(more="<dc:creator>Bob Roe</dc:creator>")))
    assert (memo.author, memo.published) == ("Ann Lee", date(2024, 10, 3))


@pytest.mark.parametrize(
    "name", ["Windows User", "Administrator", "EJ04325S", "dsx", "python-docx", "Steve Canny", ""]
)
def test_programs_and_roles_are_no_authors(name):
    assert memo_of(word(paragraph(LONG), core=f"<dc:creator>{name}</dc:creator>")).author is None


@pytest.mark.parametrize(
    "title", ["PowerPoint Presentation", "Document1", "Microsoft Word - old.doc", "plan_v2.docx", "1"]
)
def test_a_title_that_a_program_wrote_is_none(title):
    assert memo_of(word(paragraph(LONG), core=f"<dc:title>{title}</dc:title>")).title == "memo"


def test_a_title_that_somebody_wrote_is_taken_where_the_text_has_none():
    body = paragraph("Acme Shipping") + paragraph(LONG)
    assert memo_of(word(body, core="<dc:title>The northern plan</dc:title>")).title == "The northern plan"


def test_a_language_is_told_where_the_words_are_in_it():
    german = "Der Hafen wird im nächsten Jahr erweitert, und die Kosten sind nicht so hoch wie die des alten."
    marked = paragraph(german, run='<w:lang w:val="de-AT"/>')
    assert memo_of(word(marked, core="<dc:language>en-US</dc:language>")).language == "de-AT"
    assert memo_of(word(paragraph(german), core="<dc:language>en-US</dc:language>")).language is None
    assert memo_of(word(paragraph(german), core="<dc:language>de</dc:language>")).language == "de"


BREAK = "<w:r><w:lastRenderedPageBreak/><w:t xml:space='preserve'>{}</w:t></w:r>".format
PAGED = (
    f"<w:p><w:r><w:t xml:space='preserve'>{LONG} It goes on </w:t></w:r>{BREAK('on the second page.')}</w:p>"
    f"<w:p>{BREAK('The third page begins here.')}</w:p>"
)


def test_pages_are_told_where_the_file_was_drawn_as_it_is():
    memo = memo_of(word(PAGED, app="<Pages>3</Pages><Characters>130</Characters>"))
    first, second = memo.blocks
    assert (first.page, second.page) == (1, 3)
    (turn,) = first.turns
    assert (turn.page, memo.text[turn.at :].startswith("on the second page.")) == (2, True)


@pytest.mark.parametrize(
    "app",
    ["<Pages>5</Pages><Characters>130</Characters>", "<Pages>3</Pages>", ""],
    ids=["other count", "uncounted", "none"],
)
def test_pages_are_not_told_where_the_file_was_changed_since(app):
    assert {(b.page, b.turns) for b in memo_of(word(PAGED, app=app)).blocks} == {(None, ())}


def test_pages_are_not_told_where_words_were_added_since():
    grown = PAGED + paragraph(LONG * 10)
    memo = memo_of(word(grown, app="<Pages>3</Pages><Characters>130</Characters>"))
    assert {b.page for b in memo.blocks} == {None}


def test_what_is_not_read_is_told():
    body = (
        paragraph(LONG)
        + '<w:altChunk r:id="x"/>'
        + "<w:p><w:r><w:object><o:OLEObject/></w:object></w:r></w:p>"
    )
    assert len(reading_of(word(body)).notes) == 2
    changed = paragraph(LONG) + "<w:p><w:ins><w:r><w:t>More.</w:t></w:r></w:ins></w:p>"
    assert reading_of(word(changed)).notes == ("Its tracked changes are read as if they were accepted.",)
    assert reading_of(word(paragraph(LONG))).notes == ()


@pytest.mark.parametrize("suffix", [".docm", ".dotx", ".dotm"])
def test_templates_and_files_with_macros_are_read_alike(written, suffix):
    assert memo_of(written, f"plan{suffix}").title == "The northern plan"


def test_the_strict_variant_of_the_standard_is_read():
    strict = word(styled("Law", "berschrift1") + paragraph(LONG), styles=STYLES)
    assert blocks(memo_of(_as_strict(strict))) == ["Law", LONG]


def _as_strict(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    usual, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    for kind in (b"wordprocessingml", b"officeDocument"):
        parts = {name: xml.replace(usual + kind + b"/2006", strict + kind) for name, xml in parts.items()}
    assert b"purl.oclc.org" in parts["word/document.xml"]
    return packed(parts)
