"""Packs in scripts of every sort, written and read back."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
import pptx
import pypdfium2
import pytest
from markdown_it import MarkdownIt

from index.types import StoredDocument
from ingest.types import AccessLevel, Locator, Metadata, PageArea, Unit
from mmsearch.packs import fonts
from mmsearch.packs.errors import CannotExport
from mmsearch.packs.markdown import markdown
from mmsearch.packs.outline import Outline, outline
from mmsearch.packs.pdf import pdf
from mmsearch.packs.script import is_rtl
from mmsearch.packs.slides import ON_A_SLIDE, slides
from mmsearch.packs.types import Pack, ReadPack, ReadSnippet, Snippet, SourceState
from mmsearch.packs.word import word
from tests.conftest import lacking

NOW = datetime(2024, 5, 2, tzinfo=UTC)
RUSSIAN = "Координатор пишет записку о передаче дел."
ARABIC = "تكتب جهة الاتصال مذكرة تسليم من صفحتين قبل المغادرة"
BANGLA = "প্রশিক্ষণ কেন্দ্র স্থাপন করা হয়েছে"
HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) **b** | `c`\n1. =cmd|' /C calc'!A0\x07"
)


def pack_of(*quotes: str, language: str = "en", title: str = "Guide") -> Outline:
    read = tuple(snippet(number, quote, title) for number, quote in enumerate(quotes, 1))
    pack = Pack("p_1", "Reading", "", tuple(one.snippet for one in read), NOW, NOW)
    return outline(ReadPack(pack, read), language=language, base="http://127.0.0.1:8000")


def snippet(number: int, quote: str, title: str) -> ReadSnippet:
    metadata = Metadata(title=title, year=2024, publisher=("Hub",), access=AccessLevel.PUBLIC)
    document = StoredDocument(f"d{number}", f"{number}.pdf", "0" * 64, 1, metadata, 1, (), NOW)
    place = Locator(Unit.PAGE, 4, 4, (), (PageArea(3, "iv"),))
    kept = Snippet(f"s{number}", f"d{number}", 0, len(quote), quote, "0" * 64)
    return ReadSnippet(kept, SourceState.SAME, document, place, 0, len(quote))


def test_the_direction_of_a_text_is_its_first_strong_characters() -> None:
    assert is_rtl("1. " + ARABIC)
    assert not is_rtl("1. Guide " + ARABIC)
    assert is_rtl("123", default=True)


def test_markdown_shows_a_quote_as_it_stands() -> None:
    tokens = MarkdownIt().parse(markdown(pack_of(HOSTILE)).decode())
    inline = [token for token in tokens if token.type == "inline"]
    quoted = next(token for token in inline if "script" in token.content)
    children = quoted.children or []
    assert {child.type for child in children} <= {"text", "softbreak", "text_special"}
    said = "".join("\n" if c.type == "softbreak" else c.content for c in children)
    assert said == HOSTILE.removesuffix("\x07")


def test_a_line_of_equal_signs_makes_no_heading_of_the_one_before() -> None:
    shown = MarkdownIt().render(markdown(pack_of("First line\n===\nlast line")).decode())
    assert shown.count("<h1>") == 1


def test_word_and_slides_hold_every_script_verbatim_and_mark_its_direction() -> None:
    pack = pack_of(RUSSIAN, ARABIC, BANGLA, HOSTILE)
    document = docx.Document(io.BytesIO(word(pack)))
    text = "\n".join(p.text for p in document.paragraphs)
    for quote in (RUSSIAN, ARABIC, BANGLA, HOSTILE.removesuffix("\x07")):
        assert quote in text
    arabic = next(p for p in document.paragraphs if p.text == ARABIC)
    assert arabic._p.pPr.xpath("w:bidi")
    show = pptx.Presentation(io.BytesIO(slides(pack)))
    frames = [s.text_frame for slide in show.slides for s in slide.shapes if s.has_text_frame]
    arabic_slide = next(frame for frame in frames if frame.text == ARABIC)
    assert arabic_slide.paragraphs[0]._p.pPr.get("rtl") == "1"


def test_a_long_quote_runs_on_over_slides_and_loses_nothing() -> None:
    quote = " ".join(f"word{n}" for n in range(400))
    show = pptx.Presentation(io.BytesIO(slides(pack_of(quote))))
    frames = [s.text_frame.text for slide in show.slides for s in slide.shapes if s.has_text_frame]
    parts = [text for text in frames if text.startswith("word")]
    assert "".join(parts) == quote
    assert all(len(part) <= ON_A_SLIDE for part in parts)


def test_a_pdf_writes_scripts_in_shapes_that_read_back() -> None:
    try:
        written = pdf(pack_of(RUSSIAN, ARABIC, BANGLA))
    except CannotExport:
        lacking("no font with Bangla and Arabic is installed")
    with pypdfium2.PdfDocument(written) as paper:
        said = "\n".join(page.get_textpage().get_text_bounded() for page in paper)
        assert RUSSIAN in said
        # Shaped letters are read back in the order and form of the font; whole words hold.
        assert "مذكرة تسليم" in said
        assert "2. Guide" in said
        names = {font for page in paper for font in _fonts(page)}
    assert any("Arabic" in name or "DejaVu" in name for name in names)


def _fonts(page: pypdfium2.PdfPage) -> set[str]:
    return {
        obj.get_font().get_base_name()
        for obj in page.get_objects()
        if isinstance(obj, pypdfium2.PdfTextObj)
    }


def test_a_script_without_a_font_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: ())
    with pytest.raises(CannotExport, match="install the Noto fonts"):
        pdf(pack_of(ARABIC))


def test_our_words_are_in_the_language_asked_for() -> None:
    said = markdown(pack_of("Quote.", language="ru")).decode()
    assert "## Содержание" in said
    assert "## Источники" in said
    assert "с. 4" in said


def test_a_title_cannot_turn_the_direction_of_a_reference() -> None:
    reference = pack_of("Quote.", title="evil\u202egnp.exe\nnext").entries[0].reference
    assert "\u202e" not in reference
    assert "\n" not in reference


def test_many_blank_lines_take_no_time_that_grows_with_their_square() -> None:
    said = markdown(pack_of("First." + "\n" * 300_000 + "1. Second.")).decode()
    assert "1\\. Second" in said
