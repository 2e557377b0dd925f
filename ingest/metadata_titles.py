"""The title of a document, as a reader would cite it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import PurePosixPath

from ingest.metadata_found import Found
from ingest.metadata_front import Front, Line, headings
from ingest.metadata_joining import join_lines
from ingest.metadata_un import is_missing_document, is_un_document, symbol_of, un_title
from ingest.metadata_years import MONTHS
from ingest.types import ParsedDocument

LONGEST = 250

_FILE_LIKE = re.compile(
    r".*\.(?:docx?|pdf|pptx?|xlsx?|wpf?|wpd|rtf|odt|indd|qxd|tmp|txt|md|html?|pub|ai|eps)",
    re.IGNORECASE,
)
_MEANINGLESS = re.compile(
    r"(?:untitled|sans titre|sin título|document|dokument|documento|presentation|présentation"
    r"|powerpoint presentation|slide|title|titre|título|template|modèle|plantilla|unknown|none"
    r"|null|test|layout|draft|normal|blank|cover|page|full page( photo)?|un document|iom document"
    r"|report|microsoft|adobe|print|scan|scanned)[\s\d.()_-]*"
    r"|(?:microsoft (?:word|powerpoint|excel)|powerpoint)\s*-.*|.*\btemplate\b.*|image\d+|img.*",
    re.IGNORECASE,
)
_SYMBOL_ONLY = re.compile(r"[A-Z]{1,4}(?:/[\w.()\- ]+)+")
_DATE = re.compile(
    rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)? )?(?:de )?(?:{MONTHS})\.?(?: de| del)? (?:19|20)\d\d",
    re.IGNORECASE,
)
#: Lines that name what a document is, and not what it is about.
_LABEL = """
    draft final independent internal external mid-term summary executive policy annual report
    evaluation learning project country full synthesis of and the brief response management
    action plan matrix inception terms reference guideline guidelines guidance note toolkit
    manual handbook lesson lessons learned learnt factsheet minutes glossary
    résumé rapport initial finale de la le du d l évaluation synthèse réponse direction guide
    lignes directrices enseignements tirés termes référence
    informe evaluación resumen guía lecciones aprendidas respuesta gerencial
"""
_SKIP = re.compile(
    r"template version.*|version\b.*|page \d+.*|\d+|(?:table of )?contents"
    r"|table des matières|índice"
    r"|https?://.*|www\..*|.*@.*|.*\b(?:p\.?o\.? box|tel|tél|fax)\b.*|©.*|isbn.*"
    r"|(?:evaluator|author|évaluateur|evaluateur|prepared by|type d|evaluation type|date)s?\b.*:.*"
    r"|.*headquarters|confidential|internal use.*",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(
    r"\b(?:review|evaluation|guide|guidelines|lessons|report on|study|assessment|évaluation"
    r"|revue|étude|enseignements|evaluación|estudio|lecciones|guía)\b",
    re.IGNORECASE,
)


def read_title(parsed: ParsedDocument, front: Front, file: str) -> Found[str]:
    """Return a document's title; never empty.

    In order: the title under a United Nations masthead, the file's own title where it makes
    sense, the heading or line that opens the document, the file's name made readable.
    """
    if is_missing_document(front):
        return _by_name(file)
    place = front.lines[0].place if front.lines else ""
    title = un_title(front) if is_un_document(front, file) else ""
    if title and is_readable(title):
        return Found(_finish(title, parsed), place, "what stands under the masthead", title)
    said = " ".join(parsed.properties.get("title", "")[:1_000].split())
    if is_sensible(said, file):
        return Found(_finish(said, parsed), "property 'title'", "as the file says", said)
    if (title := _heading(parsed, front)) and is_readable(title):
        return Found(_finish(title, parsed), place, "the heading that opens the document", title)
    title = title or _opening_line(front)
    if title and is_readable(title):
        return Found(_finish(title, parsed), place, "the line that opens the document", title)
    return _by_name(file)


def _by_name(file: str) -> Found[str]:
    return Found(readable_name(file), "file name", "nothing in the file is a title", file)


def is_sensible(title: str, file: str) -> bool:
    """Tell whether a title from file properties is one a person meant."""
    plain = _plain(title)
    if len(plain) < 4 or not is_readable(title) or _FILE_LIKE.fullmatch(title):
        return False
    if _MEANINGLESS.fullmatch(title) or _SYMBOL_ONLY.fullmatch(title) or _is_label(title):
        return False
    if _plain(PurePosixPath(file).stem) == plain:
        return False
    return "_" not in title and (" " in title or not title.isascii() or len(title) > 3)


def is_readable(title: str) -> bool:
    """Tell whether a title has words: letters in the main, and one of three letters."""
    letters = sum(c.isalpha() or c.isspace() or ord(c) > 0x900 for c in title)
    return bool(re.search(r"\w{3}", title)) and letters >= 0.6 * len(title)


def readable_name(file: str) -> str:
    """Return a file's name as words: ``aap-evaluation_2025.pdf`` → "Aap evaluation 2025"."""
    if symbol := symbol_of(Front((), ""), file):
        return symbol
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", PurePosixPath(file).name)
    words = " ".join(re.split(r"[\s_+]+|(?<=[^\W\d_])-|-(?=[^\W\d_])", stem)).strip(" .-")
    return words[:1].upper() + words[1:LONGEST] if words else (file.strip() or "Untitled")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _heading(parsed: ParsedDocument, front: Front) -> str:
    """Return the heading that titles the document: a first-level one before any prose."""
    cover = {line.block for line in front.cover}
    found = [block for block in headings(parsed, 40) if block.level]
    if not found:
        return ""
    level = min(block.level for block in found)
    wanted = [block for block in found if block.level == level]
    if len(wanted) > 1 and level > 1:
        # Several headings of a lower level are sections; the title is set in another way.
        wanted = wanted[:0]
    near = [line for line in front.lines if line.level == level and line.block in cover]
    titles = [
        title for title in join_lines(_useful(near)) if len(title) > 3 and not _is_label(title)
    ]
    if not wanted or not titles:
        return ""
    label = _label(front)
    return _with_label(titles[0], label)


def _opening_line(front: Front) -> str:
    cover = _useful(front.cover)
    titles = [_strip_date(title) for title in join_lines(cover)]
    real = [title for title in titles if len(title) > 3 and not _is_label(title)]
    if not real:
        return next((title for title in titles if len(title) > 3), "")
    title = real[0]
    if len(real) > 1 and len(real[1].split()) > 3 and len(title) + len(real[1]) < LONGEST:
        second = real[1]
        if _SUBTITLE.search(second) and not _SUBTITLE.search(title) and second[-1] not in ".:":
            title = f"{title}: {second}"
    return _with_label(title, _label(front))


def _useful(lines: Sequence[Line]) -> list[Line]:
    return [
        line
        for line in lines
        if not (_SKIP.fullmatch(line.text) or _is_date(line.text) or " | " in line.text)
    ]


def _label(front: Front) -> str:
    """Return the line of the cover that says what the document is, such as "Inception report"."""
    for line in front.cover[:25]:
        text = _strip_date(line.text)
        if _is_label(text) and 1 < len(text.split()) < 8:
            return text
    return ""


@cache
def _label_words() -> frozenset[str]:
    return frozenset(_LABEL.split())


def _is_label(text: str) -> bool:
    words = re.findall(r"[\w-]+", text.lower())
    return 0 < len(words) < 12 and _label_words().issuperset(words)


def _with_label(title: str, label: str) -> str:
    if not label or _plain(label) in _plain(title) or len(title) > 200:
        return title
    return f"{title}: {label.lower()}"


def _is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text))


def _strip_date(text: str) -> str:
    for found in _DATE.finditer(text):
        if found.end() == len(text):
            return text[: found.start()].strip() or text
    return text


def _finish(title: str, parsed: ParsedDocument) -> str:
    title = re.sub(r"\s*(?:\*+|\[\d+\])$", "", " ".join(title.split())).strip(" :;–-")
    # A footnote's mark after a year: "11 February 2025 1".
    title = re.sub(r"(?<=\b20\d\d) \d$", "", title)
    title = _uncapitalise(title, parsed.text[:60_000])
    if len(title) <= LONGEST:
        return title
    end = title.rfind(" ", 0, LONGEST)
    return title[: end if end > 0 else LONGEST].rstrip(" ,;:") + "…"


def _uncapitalise(title: str, text: str) -> str:
    """Give a title in capitals the case that its words have in the text."""
    head, _, tail = title.partition(": ")
    letters = [c for c in head if c.isalpha()]
    if len(head.split()) < 3 or sum(c.isupper() for c in letters) < 0.8 * len(letters):
        return title
    seen = Counter(re.findall(r"\w+", text))
    words = re.sub(r"\w+", lambda match: _as_seen(match[0], seen), head)
    words = re.sub(r"(?:^\W*|[«“]\s*)\w", lambda match: match[0].upper(), words)
    return f"{words}: {tail}" if tail else words


def _as_seen(word: str, seen: Counter[str]) -> str:
    if not word.isupper():
        return word
    if word.lower() in seen:
        return word.lower()
    if word.capitalize() in seen:
        return word.capitalize()
    return word if len(word) <= 5 or seen[word] > 3 else word.lower()
