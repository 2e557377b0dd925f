from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from ingest.errors import DamagedFile, EncryptedFile, LimitExceeded, NoText, SourceError
from ingest.parsers import docx as parser
from ingest.parsers import docx_package, package_limits
from ingest.types import BlockKind, ParsedDocument
from tests.unit.ingest.parsers.laws import check_laws, texts

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def xml(name: str, inside: str, namespace: str = W) -> str:
    return f'<w:{name} xmlns:w="{namespace}" xmlns:mc="{MC}" xmlns:m="{MATH}">{inside}</w:{name}>'


def package(path: Path, body: str, *, namespace: str = W, **parts: str) -> Path:
    """Write a Word document from the XML in its body and in other parts."""
    links = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for name in parts
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr(
            "word/document.xml", xml("document", f"<w:body>{body}</w:body>", namespace)
        )
        written.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{RELATIONS}">{links}</Relationships>',
        )
        for name, content in parts.items():
            written.writestr(f"word/{name}.xml", xml(name, content))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "note.docx"


def parsed(path: Path) -> ParsedDocument:
    document = parser.parse(path)
    check_laws(document)
    return document


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: list[str]) -> str:
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def test_a_document_that_python_docx_writes(file: Path) -> None:
    made = docx.Document()
    made.core_properties.title = "A note"
    made.core_properties.author = "Ana"
    made.add_heading("Note", 0)
    made.add_heading("Findings", 2)
    made.add_paragraph("Text.")
    made.add_paragraph("point", style="List Bullet")
    made.add_paragraph("step", style="List Number")
    grid = made.add_table(2, 3)
    for cell, text in zip([*grid.row_cells(0), *grid.row_cells(1)], "ABC123", strict=True):
        cell.text = text
    made.save(str(file))
    document = parsed(file)
    assert texts(document) == [
        "Note",
        "Findings",
        "Text.",
        "point",
        "1. step",
        "A: 1 | B: 2 | C: 3",
    ]
    assert [b.level for b in document.blocks[:2]] == [1, 2]
    assert [b.kind for b in document.blocks[3:5]] == [BlockKind.LIST_ITEM] * 2
    assert [(b.first, b.last) for b in document.blocks[4:]] == [(5, 5), (9, 11)]
    assert document.properties["title"] == "A note"
    assert document.properties["author"] == "Ana"


def test_tracked_changes_are_accepted(file: Path) -> None:
    body = (
        f"<w:p>{r('We ')}<w:del>{r('did not ')}</w:del><w:ins>{r('agree')}</w:ins>"
        f"<w:moveFrom>{r(' gone')}</w:moveFrom><w:moveTo>{r(' here')}</w:moveTo></w:p>"
    )
    removed = f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('x')}</w:tc></w:tr></w:tbl>"
    document = parsed(package(file, body + removed + p("Next")))
    assert texts(document) == ["We agree here", "Next"]
    assert document.blocks[1].first == 3


def test_what_wraps_runs_is_read_and_codes_are_not(file: Path) -> None:
    body = (
        f"<w:p><w:hyperlink>{r('link')}</w:hyperlink> <w:smartTag>{r(' tag')}</w:smartTag>"
        f"<w:sdt><w:sdtPr/><w:sdtContent>{r(' control')}</w:sdtContent></w:sdt>"
        "<w:r><w:fldChar/><w:instrText>PAGEREF x</w:instrText></w:r>"
        f"{r(' hidden', '<w:vanish/>')}<w:fldSimple>{r(' field')}</w:fldSimple>"
        "<w:r><w:tab/><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:br/><w:t>c</w:t>"
        '<w:sym w:font="Wingdings" w:char="F0FC"/></w:r><m:oMath><m:r><m:t>=2</m:t></m:r></m:oMath>'
        "</w:p>"
    )
    block = f"<w:sdt><w:sdtContent>{p('Inside')}</w:sdtContent></w:sdt>"
    assert texts(parsed(package(file, body + block))) == [
        "link tag control field a-b\nc✓=2",
        "Inside",
    ]


def test_a_text_box_is_read_once_at_its_paragraph(file: Path) -> None:
    box = f"<w:txbxContent>{p('Box one')}{p('Box two')}</w:txbxContent>"
    body = (
        f"<w:p>{r('Anchor')}<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "</w:p>"
    )
    document = parsed(package(file, body + p("Next")))
    assert texts(document) == ["Anchor", "Box one", "Box two", "Next"]
    assert [b.first for b in document.blocks] == [1, 1, 1, 2]


def test_a_footnote_follows_its_paragraph(file: Path) -> None:
    call = f'<w:p>{r("Claim")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = "".join(
        f'<w:footnote w:id="{number}">{p(text)}</w:footnote>'
        for number, text in ((1, "other"), (2, "Source"))
    )
    document = parsed(package(file, call + p("Next"), footnotes=notes))
    assert texts(document) == ["Claim", "Source", "Next"]
    assert [b.first for b in document.blocks] == [1, 1, 2]


STYLES = (
    '<w:style w:styleId="Titre2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Mine"><w:basedOn w:val="Titre2"/></w:style>'
    '<w:style w:styleId="Own"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:styleId="Body"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>'
    '</w:style><w:style w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    '<w:style w:styleId="Cap"><w:name w:val="caption"/></w:style>'
)


@pytest.mark.parametrize(
    ("properties", "level"),
    [
        ('<w:pStyle w:val="Titre2"/>', 2),
        ('<w:pStyle w:val="Mine"/>', 2),
        ('<w:pStyle w:val="Own"/>', 1),
        ('<w:pStyle w:val="Body"/>', 0),
        ('<w:pStyle w:val="Loop"/>', 0),
        ('<w:pStyle w:val="Heading3"/>', 3),
        ('<w:outlineLvl w:val="3"/>', 4),
        ("<w:rPr><w:b/></w:rPr>", 0),
    ],
)
def test_headings_by_style(file: Path, properties: str, level: int) -> None:
    document = parsed(package(file, p("Words", properties), styles=STYLES))
    assert document.blocks[0].level == level


def test_a_caption_is_the_context_of_its_table(file: Path) -> None:
    body = p("Who does what", '<w:pStyle w:val="Cap"/>') + table([p("a"), p("b")], [p("c"), p("d")])
    document = parsed(package(file, body, styles=STYLES))
    assert document.blocks[0].kind is BlockKind.CAPTION
    assert [b.context for b in document.blocks[1:]] == ["Who does what"] * 2


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="7"/></w:lvlOverride></w:num>'
)


def item(number: int, depth: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def test_list_items_have_the_numbers_that_word_shows(file: Path) -> None:
    marks = [item(1), item(1, 1), item(1, 1), item(1), item(1, 1), item(2), item(3), item(0)]
    document = parsed(package(file, "".join(p("x", mark) for mark in marks), numbering=NUMBERING))
    assert texts(document) == ["1. x", "1.a) x", "1.b) x", "2. x", "2.a) x", "x", "7. x", "x"]
    assert document.blocks[5].kind is BlockKind.LIST_ITEM
    assert document.blocks[7].kind is BlockKind.PARAGRAPH


def test_merged_cells_and_a_marked_header(file: Path) -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"

    wide = '<w:gridSpan w:val="2"/>'
    merged, going_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        f"<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('Theme')}"
        f"{cell('Act', wide)}</w:tr>"
        f"<w:tr>{cell('Data', merged)}{cell('ask')}{cell('tell')}</w:tr>"
        f"<w:tr>{cell('', going_on)}{cell('use', wide)}</w:tr></w:tbl>"
    )
    document = parsed(package(file, body))
    assert texts(document) == ["Theme: Data | Act: ask | Act: tell", "Theme: Data | Act: use"]
    assert [(b.first, b.last) for b in document.blocks] == [(3, 5), (6, 7)]


def test_a_table_in_a_cell_is_read_in_its_place(file: Path) -> None:
    inner = table([p("a"), p("b")], [p("c"), p("d")])
    document = parsed(package(file, table([p("left"), p("above") + inner + p("below")])))
    assert texts(document) == ["left\nabove\na | b\nc | d\nbelow"]


def test_a_table_that_only_frames_text_is_read_through(file: Path) -> None:
    framed = p("Title", '<w:pStyle w:val="Heading1"/>') + p("Text")
    assert texts(parsed(package(file, table([framed])))) == ["Title", "Text"]
    assert texts(parsed(package(file, table([p("Box") + p("Text")])))) == ["Box\nText"]


def test_responses_carry_the_recommendation_they_answer(file: Path) -> None:
    body = table(
        [p("Recommendation 1: Train the staff. It is needed.") + p("More.")],
        [p("")],
        [p("Management response: accepted") + p("Key actions:")],
        [p("Recommendation 2: Plan.")],
        [p("Management response: rejected")],
    )
    document = parsed(package(file, body))
    assert [b.context for b in document.blocks] == [
        "",
        "Recommendation 1: Train the staff.",
        "",
        "Recommendation 2: Plan.",
    ]
    assert texts(document)[1] == "Management response: accepted\nKey actions:"
    assert (document.blocks[1].first, document.blocks[1].last) == (4, 5)


def test_the_strict_variant_is_read(file: Path) -> None:
    assert parsed(package(file, p("Text"), namespace=STRICT)).text == "Text"


def test_an_embedded_file_is_reported(file: Path) -> None:
    document = parsed(package(file, p("Text") + "<w:altChunk/>"))
    assert document.warnings == ("A part of another file is embedded; it was left out.",)


def test_a_document_without_text_says_so(file: Path) -> None:
    with pytest.raises(NoText, match="holds no text"):
        parser.parse(package(file, "<w:p/>"))


def test_a_missing_file(file: Path) -> None:
    with pytest.raises(SourceError, match="Cannot read"):
        parser.parse(file)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"words"])
def test_a_file_that_cannot_be_unpacked(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(DamagedFile, match="cannot be unpacked"):
        parser.parse(file)


def test_any_broken_byte_gives_text_or_one_clear_error(file: Path) -> None:
    data = package(file, p("Text") + table([p("a"), p("b")]), styles=STYLES).read_bytes()
    errors = 0
    for place in range(0, len(data), 5):
        file.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        try:
            parser.parse(file)
        except (DamagedFile, EncryptedFile, LimitExceeded, NoText):
            errors += 1
    assert errors > 20


@pytest.mark.parametrize(
    ("document", "match"),
    [
        ("<w:p>", "not well-formed"),
        ("<a/>", "has no body"),
        (
            f'<!DOCTYPE x [<!ENTITY e "boom">]>{xml("document", "<w:body>&e;</w:body>")}',
            "document type",
        ),
        ("<a>" * 300 + "</a>" * 300, "not well-formed"),
    ],
)
def test_broken_or_hostile_xml(file: Path, document: str, match: str) -> None:
    with zipfile.ZipFile(file, "w") as written:
        written.writestr("word/document.xml", document)
    with pytest.raises(DamagedFile, match=match):
        parser.parse(file)


def test_a_zip_without_a_document(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as written:
        written.writestr("other.xml", "<a/>")
    with pytest.raises(DamagedFile, match="no main part"):
        parser.parse(file)


def test_an_outside_entity_is_not_read(file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hush")
    document = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>{xml("document", "&e;")}'
    with zipfile.ZipFile(file, "w") as written:
        written.writestr("word/document.xml", document)
    with pytest.raises(DamagedFile, match="declares a document type"):
        parser.parse(file)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(file: Path) -> None:
    package(file, p("Text"))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as written:
        written.writestr("word/media/image1.png", bytes(30_000_000))
    with pytest.raises(LimitExceeded, match="may be a zip bomb"):
        parser.parse(file)


@pytest.mark.parametrize(
    ("name", "limit", "match"),
    [
        ("MAX_ENTRIES", 1, "holds 2 parts, the limit is 1"),
        ("MAX_UNPACKED", 10, "unpacks from .* to .* bytes"),
        ("MAX_PART", 10, "has [0-9,]+ bytes, the limit is 10"),
    ],
)
def test_the_limits(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int, match: str
) -> None:
    monkeypatch.setattr(docx_package if name == "MAX_PART" else package_limits, name, limit)
    with pytest.raises(LimitExceeded, match=match):
        parser.parse(package(file, p("Text")))


@pytest.mark.shared
def test_a_real_management_response(shared_data: Path) -> None:
    path = shared_data / "programme" / "iom" / "aap-management-response-2025.docx"
    document = parsed(path)
    rows = [b for b in document.blocks if b.kind is BlockKind.TABLE_ROW]
    labels = [b for b in rows if document.text[b.start : b.end].startswith("Evaluation recomm")]
    assert len(labels) == 9
    responses = [b for b in rows if document.text[b.start : b.end].startswith("Management resp")]
    assert [b.context[:29] for b in responses] == [
        f"Evaluation recommendation # {n}" for n in range(1, 10)
    ]


def test_a_formula_reads_in_a_line(file: Path) -> None:
    def t(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    half = f"<m:f><m:num>{t('1')}</m:num><m:den>{t('2')}</m:den></m:f>"
    square = f"<m:sSup><m:e>{t('x')}</m:e><m:sup>{t('2')}</m:sup></m:sSup>"
    bracket = f"<m:d><m:e>{t('y')}</m:e></m:d>"
    body = f"<w:p>{r('f = ')}<m:oMath>{half}{square}{t('log')}{bracket}</m:oMath></w:p>"
    assert texts(parsed(package(file, body))) == ["f = 1/2x^2log(y)"]


def test_a_charts_values_follow_its_paragraph(file: Path) -> None:
    space = "http://schemas.openxmlformats.org/drawingml/2006/chart"

    def points(name: str, *values: str) -> str:
        inside = "".join(
            f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values)
        )
        return f"<c:{name}><c:numRef><c:numCache>{inside}</c:numCache></c:numRef></c:{name}>"

    series = "".join(
        f"<c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>{name}</c:v></c:pt></c:strCache>"
        f"</c:strRef></c:tx>{points('cat', '2020', '2021')}{points('val', *values)}</c:ser>"
        for name, values in (("Women", ("10", "12.5")), ("Men", ("8.000000000000001", "9")))
    )
    drawing = f'<w:r><w:drawing><c:chart xmlns:c="{space}" xmlns:o="{OFFICE}" o:id="chart"/>'
    path = package(file, f"<w:p>{r('As shown')}{drawing}</w:drawing></w:r></w:p>", chart="")
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["word/chart.xml"] = f'<c:chartSpace xmlns:c="{space}">{series}</c:chartSpace>'.encode()
    with zipfile.ZipFile(path, "w") as whole:
        for name, data in parts.items():
            whole.writestr(name, data)
    assert texts(parsed(path)) == [
        "As shown",
        "2020 | Women: 10 | Men: 8",
        "2021 | Women: 12.5 | Men: 9",
    ]
