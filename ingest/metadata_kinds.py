"""What kind of document something is, by its title, its name and the labels on its cover."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.metadata_found import Found
from ingest.metadata_front import Front

#: Kind, and the words that name it in English, French and Spanish, the commonest in
#: the other languages too. The first that fits wins, so what is more particular comes
#: first: a brief about an evaluation is a brief.
_RULES: tuple[tuple[str, str], ...] = (
    (
        "management response",
        r"management responses?\b|r[ée]ponse de la (?:direction|gestion)"
        r"|respuesta (?:de la (?:direcci[óo]n|gerencia|administraci[óo]n)|gerencial)",
    ),
    (
        "inception report",
        r"inception report|inception note|rapport (?:initial|de d[ée]marrage)"
        r"|informe (?:inicial|de inicio|de arranque)",
    ),
    (
        "terms of reference",
        r"terms of reference|termes de r[ée]f[ée]rence|t[ée]rminos de referencia",
    ),
    (
        "lessons learned",
        r"lessons? (?:learn\w+|from)|le[çc]ons (?:apprises|tir[ée]es)|enseignements"
        r"|lecciones aprendidas|lec[țt]ii [îi]nv[ăa][țt]ate|nau[čc]ene lekcije"
        r"|извлеч[её]нные уроки|الدروس المستفادة",
    ),
    (
        "training material",
        r"training (?:material|manual|module|course|package|kit)|facilitator|trainer'?s"
        r"|(?:module|manuel|mat[ée]riel) de formation|m[óo]dulo de (?:formaci[óo]n|capacitaci[óo]n)"
        r"|material de (?:formaci[óo]n|capacitaci[óo]n)",
    ),
    ("glossary", r"glossar(?:y|ies)|glossaire|glosario"),
    (
        "brief",
        r"\bbriefs?\b|briefing (?:note|paper)|fact ?sheet|note d[e'’] ?(?:synth[èe]se|information)"
        r"|r[ée]sum[ée] d[e'’] ?[ée]valuation|fiche|\bficha|nota informativa"
        r"|resumen de (?:la )?evaluaci[óo]n",
    ),
    (
        "guideline",
        r"guidelines?\b|guidance|\bguide\b|guidebook|handbook|toolkit|manual\b|how-to"
        r"|lignes directrices|manuel|directrices|gu[íi]a\b",
    ),
    (
        "meeting notes",
        r"minutes of|meeting (?:notes|minutes|summary|report)|summary records?"
        r"|notes of (?:the )?[\w ]{0,40}meeting|compte[- ]rendu"
        r"|proc[èe]s-verbal|acta de (?:la )?reuni[óo]n",
    ),
    (
        "decision",
        r"draft decisions?\b|\bdecisions? (?:adopted|\d{4}/\d+)|^decisions?\b|^d[ée]cision",
    ),
    (
        "resolution",
        r"(?:draft )?resolutions? (?:adopted|\d+/\d+|submitted)|^draft resolution"
        r"|^resolutions?\b|^r[ée]solution\b|^resoluci[óo]n",
    ),
    (
        "annual report",
        r"annual (?:progress )?reports?\b|rapports? annuel|(?:informe|memoria) anual",
    ),
    (
        "evaluation",
        r"evaluations?\b(?! (?:policy|office|division|plan))|mid-?term review|[ée]valuation"
        r"|revue [àa] mi-parcours|evaluaci[óo]n|revisi[óo]n (?:de )?medio"
        r"|evaluarea|evaluacija|\bоценк[аи]\b|تقييم",
    ),
    (
        "policy",
        r"\bpolicy\b|politique (?:de|sur|nationale)|pol[íi]tica (?:de|sobre|nacional)"
        r"|national strategy",
    ),
    (
        "report",
        r"\breports?\b|\breview\b|\bupdate on\b|summary of the work|rapport|informe\b|\bstudy\b"
        r"|assessment|\bétude\b|estudio|\braport\b|izve[šs]taj|отч[её]т|تقرير",
    ),
)
KINDS: tuple[str, ...] = (*(kind for kind, _ in _RULES), "document")

_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _RULES)
#: Labels on a cover that say more than a title that only says "report" or "evaluation".
_PARTICULAR = frozenset(KINDS[:9])
_LABEL_LENGTH = 60


def read_kind(front: Front, *, title: str, file: str) -> Found[str] | None:
    """Return one of ``KINDS``, or None for a document of no known kind.

    The title decides, then the file's name, then short lines of the cover; a cover's
    "Inception report" or "Management response" goes before a title's mere "evaluation".
    """
    named = re.sub(r"[_\-./]+", " ", file)
    cover = front.cover[:25]
    labels = [
        (line.text, line.place)
        for line in cover
        if len(line.text) <= _LABEL_LENGTH and not line.text[0].islower()
    ]
    found = (
        _first([(title, "title")], "a word of the title"),
        _first([(named, "file name")], "a word of the file's name"),
        _first(labels, "a label on the cover"),
    )
    particular = (entry for entry in found if entry and entry.value in _PARTICULAR)
    return next(particular, None) or next(filter(None, found), None)


def _first(texts: Iterable[tuple[str, str]], rule: str) -> Found[str] | None:
    texts = list(texts)
    for kind, pattern in _PATTERNS:
        for text, place in texts:
            if match := pattern.search(text):
                return Found(kind, place, f"{rule}: {match[0]!r}", text)
    return None
