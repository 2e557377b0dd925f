from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, NoText
from ingest.locate import locate
from ingest.parsers import html
from ingest.types import BlockKind, ParsedDocument
from tests.unit.ingest.parsers.laws import check_laws, texts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def parsed(file: Path, markup: str) -> ParsedDocument:
    file.write_text(markup, encoding="utf-8")
    document = html.parse(file)
    check_laws(document, places=markup.count("\n") + 1)
    return document


def test_the_frame_of_a_page_is_left_out(file: Path) -> None:
    document = parsed(
        file,
        "<html><head><title>A  page</title><script>var x='no';</script></head><body>"
        "<nav>Menu</nav><header>Logo</header><p>Text &amp; more.</p><aside>Ad</aside>"
        "<div hidden>secret<div>deeper</div></div><p style='display: none'>gone<p>Last."
        "<footer>Imprint</footer></body></html>",
    )
    assert texts(document) == ["Text & more.", "Last."]
    assert document.properties == {"title": "A page"}


def test_main_is_preferred_and_keeps_its_own_header(file: Path) -> None:
    document = parsed(
        file, "<body><p>Around</p><main><header><h1>Title</h1></header><p>Inside</p></main></body>"
    )
    assert texts(document) == ["Title", "Inside"]


def test_a_small_article_does_not_stand_for_the_page(file: Path) -> None:
    long = "A long text about the programme. " * 10
    assert len(texts(parsed(file, f"<article>Teaser</article><p>{long}</p>"))) == 2
    assert texts(parsed(file, f"<article><p>{long}</p></article><p>Else</p>")) == [long.strip()]


def test_a_page_of_nothing_but_navigation_is_read(file: Path) -> None:
    assert texts(parsed(file, "<nav><a href=x>One</a> <a>Two</a></nav>")) == ["One Two"]


def test_headings_lists_and_places(file: Path) -> None:
    document = parsed(
        file,
        "<h2>What\n <b>we</b> saw</h2>\n<ul><li>one\n<li>two<ol start=3><li>deep</ol></ul>\n"
        "<p>line<br>break</p>\n<pre>a\n  b</pre>",
    )
    assert texts(document) == ["What we saw", "one", "two", "3. deep", "line\nbreak", "a\n  b"]
    assert [(b.first, b.last) for b in document.blocks] == [
        (1, 2),
        (3, 3),
        (4, 4),
        (4, 4),
        (5, 5),
        (6, 7),
    ]
    assert document.blocks[0].level == 2
    assert [b.kind for b in document.blocks[1:4]] == [BlockKind.LIST_ITEM] * 3


def test_a_table_with_spans_and_without_end_tags(file: Path) -> None:
    document = parsed(
        file,
        "<table><caption>Offices</caption><tr><th>Country<th>Office<th>Staff\n"
        "<tr><td rowspan=2>Serbia<td>Belgrade<td>4\n<tr><td colspan=2>Niš</table><p>After",
    )
    assert texts(document) == [
        "Offices",
        "Country: Serbia | Office: Belgrade | Staff: 4",
        "Country: Serbia | Office: Niš",
        "After",
    ]
    assert document.blocks[1].context == "Offices"
    assert [b.first for b in document.blocks[1:3]] == [2, 3]


def test_a_table_that_only_lays_out_the_page_is_read_through(file: Path) -> None:
    document = parsed(file, "<table><tr><td><h1>Title</h1><p>Text</p></td></tr></table>")
    assert texts(document, BlockKind.HEADING) == ["Title"]
    assert texts(document, BlockKind.PARAGRAPH) == ["Text"]


def test_text_misplaced_between_cells_is_kept(file: Path) -> None:
    assert "lost" in parsed(file, "<table>lost<tr><td>a<td>b</table>").text


def test_properties(file: Path) -> None:
    document = parsed(
        file,
        "<html lang=fr><meta name=author content='A. N.'><meta name=Description content='On it'>"
        "<meta property='article:published_time' content='2024-05-01'><p>Texte",
    )
    assert document.properties == {
        "language": "fr",
        "author": "A. N.",
        "subject": "On it",
        "created": "2024-05-01",
    }


def test_a_declared_encoding(file: Path) -> None:
    file.write_bytes("<meta charset=koi8-r><p>Да".encode("koi8_r"))
    assert html.parse(file).text == "Да"


@pytest.mark.parametrize("opening", ["<div>", "<ul><li>", "<table><tr><td>", "<b>", "<p>", "<q>"])
def test_deep_nesting_is_read(file: Path, opening: str) -> None:
    assert "deep words" in parsed(file, opening * 10_000 + "deep words").text


@pytest.mark.parametrize(
    "markup", ["<![if x]>a<![endif]>", "<!foo>a", "</>a", "<?pi ?>a", "<!-->a"]
)
def test_odd_declarations_are_skipped(file: Path, markup: str) -> None:
    assert "a" in parsed(file, f"<p>b</p>{markup}<p>c</p>").text


def test_an_unfinished_tag_at_the_end_is_text(file: Path) -> None:
    assert parsed(file, "<p>five < six <a ").text == "five < six <a"


def test_a_page_without_text_says_so(file: Path) -> None:
    file.write_text("<html><body><img src=x></body></html>")
    with pytest.raises(NoText, match="holds no text"):
        html.parse(file)


def test_a_fragment_counts_lines_from_where_it_stands() -> None:
    assert [(p.text, p.first) for p in html.pieces("<p>a</p>\n<p>b</p>", 10)] == [
        ("a", 10),
        ("b", 11),
    ]
    assert html.fragment_text("<p><b>A:</b> b</p> <ul><li>c</li><li>d</li></ul>") == "A: b\nc\nd"


TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<ul>",
        "<li>",
        "</ul>",
        "<table>",
        "<tr>",
        "<td>",
        "<td rowspan=2>",
        "</table>",
        "<th colspan=3>",
        "<h1>",
        "</h1>",
        "<nav>",
        "</nav>",
        "<main>",
        "</main>",
        "<article>",
        "<br>",
        "<pre>",
        "<!--",
        "-->",
        "<title>",
        "</title>",
        "<caption>",
        "<script>",
        "&amp;",
        "&#xD800;",
        "&#0;",
        "<div hidden>",
        "</div>",
        "<ol>",
        "</td>",
        "<",
        "\n",
    ]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TAGS | st.text(max_size=8), max_size=40))
def test_any_markup_gives_lawful_blocks(file: Path, parts: list[str]) -> None:
    markup = "".join(parts).encode("utf-8", "replace").decode()
    file.write_bytes(b"\xef\xbb\xbf<p>start</p>" + markup.encode())
    try:
        document = html.parse(file)
    except (DamagedFile, NoText):  # control characters, or nothing shown
        return
    check_laws(document)


def test_headings_keep_the_anchor_that_leads_to_them(tmp_path: Path) -> None:
    page = """<body><h1 id="top">Title</h1><p>One</p><h2><span id="seed">Seeds</span></h2><p>Two</p>
    <a name="old"></a><h2>Tools</h2><p id="p7">Three</p><section id="part"><h3>Part</h3></section>
    <h2>Bare</h2><p>Four</p></body>"""
    path = tmp_path / "a.html"
    path.write_text(page)
    document = html.parse(path)
    check_laws(document)
    anchors = {
        document.text[block.start : block.end]: block.anchor
        for block in document.blocks
        if block.level
    }
    assert anchors == {"Title": "top", "Seeds": "seed", "Tools": "old", "Part": "part", "Bare": ""}
    start = document.text.index("Two")
    where = locate(start, start + 3, text=document.text, blocks=document.blocks, unit=document.unit)
    assert where.anchor == "seed"


def test_menus_are_known_by_their_names_too(tmp_path: Path) -> None:
    text = "The council pays for the buses of the town. " * 5
    page = f"""<div class="Navbar top"><a>Home</a></div><div role="navigation">Menu</div>
    <div id="content"><p>{text}</p><ul class="breadcrumbs"><li>You are here</li></ul></div>
    <div class="site-footer">Imprint</div>"""
    path = tmp_path / "a.html"
    path.write_text(page)
    assert html.parse(path).text == text.strip()


def test_a_name_that_takes_the_page_away_is_not_believed(tmp_path: Path) -> None:
    text = "The council pays for the buses of the town. " * 5
    path = tmp_path / "a.html"
    path.write_text(f'<div class="menu"><p>{text}</p></div><p>Short.</p>')
    assert html.parse(path).text == f"{text.strip()}\n\nShort."


@pytest.mark.parametrize(
    ("opening", "language"), [("<html>", "fr"), ("<html lang=''>", "fr"), ("<html lang=es>", "es")]
)
def test_the_language_is_what_the_page_or_its_head_says(
    file: Path, opening: str, language: str
) -> None:
    head = f"{opening}<head><meta name='dc.language' content='fr'></head>"
    assert parsed(file, f"{head}<body><p>Eau.</body>").properties["language"] == language
