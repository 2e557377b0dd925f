"""The words that tell kinds of evidence in English, French and Spanish: data.

Headings are compared without their numbering and must begin with the pattern; what a heading is
merely about ("Status of recommendations") does not make its text a recommendation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.types import Evidence

_LEAD = (
    r"(?:(?:summary of|key|main|principal|major|general|specific|strategic|evaluation|thematic"
    r"|priority|overall|preliminary|emerging|selected|some|overarching|operational|and|the|cross-"
    r"cutting|les|las|los|principales?|principaux|quelques|synth[èe]se des|r[ée]sum[ée] des"
    r"|premi[èe]res?|resumen de(?: las| los)?)\s+)*"
)


def _begins(words: str) -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}(?:{words})", re.IGNORECASE)


NEUTRAL = re.compile(
    r"(?:annex|annexes?|appendi\w+|anexos?|ap[ée]ndices?|case stud|[ée]tudes? de cas|estudios? de"
    r"|method|m[ée]thod|metodolog|background|context|introduc|limitation|limitaciones|limites"
    r"|objecti|objetivo|purpose|scope|alcance|port[ée]e|matri[xzc]|terms of reference|termes de"
    r"|t[ée]rminos de|acronym|abbrev|sigles|siglas|abr[ée]v|bibliograph|bibliograf|references"
    r"|r[ée]f[ée]rences|evaluation questions|questions d|preguntas de|guide d['’]entretien"
    r"|interview guide|gu[íi]a de entrevista|table of contents|sommaire|[íi]ndice|acknowledg"
    r"|remerciement|agradecimiento|ethic|status of|follow-up|implementation of|analysis of"
    r"|overview of|suivi|seguimiento)",
    re.IGNORECASE,
)
"""Headings below which nothing above them counts any more."""

HEADINGS: tuple[tuple[Evidence, re.Pattern[str]], ...] = (
    (
        Evidence.MANAGEMENT_RESPONSE,
        _begins(
            r"management responses?\b|r[ée]ponses? (?:de la|du|des) (?:direction|management"
            r"|gestion)|respuestas? (?:de la (?:direcci[óo]n|administraci[óo]n|gerencia)|gerencial)"
        ),
    ),
    (
        Evidence.LESSON,
        _begins(
            r"lessons?\b(?! plan)|le[çc]ons? (?:apprises?|tir[ée]es?|retenues?)|enseignements?\b"
            r"|lecci(?:ones|[óo]n) aprendidas?|lecciones\b"
            r"|what (?:we (?:have )?|was |has been )learn\w+|what (?:did not|didn['’]t) work"
            r"|what worked and what|ce qu(?:e nous avons|i a [ée]t[ée]) appris"
            r"|ce qui (?:a moins bien|n['’]a pas(?: bien)?) (?:fonctionn[ée]|march[ée])"
            r"|(?:lo )?qu[ée] (?:aprendimos|hemos aprendido|no funcion[óo])"
        ),
    ),
    (
        Evidence.GOOD_PRACTICE,
        _begins(
            r"(?:good|best|promising|effective) practices?\b|success stor"
            r"|bonnes? pratiques?|pratiques? prometteuses?|buenas? pr[áa]cticas?"
            r"|what (?:has )?worked(?: well)?$|ce qui a (?:bien )?(?:fonctionn[ée]|march[ée])$"
            r"|(?:lo )?qu[ée] funcion[óo](?: bien)?$"
        ),
    ),
    (
        Evidence.RECOMMENDATION,
        _begins(
            r"recommendations?\b(?! (?:of the board of auditors|follow|status|tracking))"
            r"|(?:suggested|recommended) actions?\b|recommandations?\b|recomendaci(?:ones|[óo]n)\b"
        ),
    ),
    (
        Evidence.FINDING,
        _begins(
            r"findings?\b|conclusions?\b|observations? and findings|constats?\b|constatations?\b"
            r"|r[ée]sultats de l['’][ée]valuation|hallazgos?\b|conclusi(?:ones|[óo]n)\b"
            r"|resultados de la evaluaci[óo]n"
        ),
    ),
    (
        Evidence.GUIDANCE,
        _begins(
            r"(?:practical )?(?:advice|tips)\b|conseils?(?: pratiques?)?(?:$| (?:pour|aux|[àa])\b)"
            r"|consejos?\b"
        ),
    ),
)
"""In the order in which they are tried: "lessons and recommendations" are lessons."""

MIXED = re.compile(
    r"(?:conclusions?|findings?|constat\w*|conclusiones|hallazgos).{0,6}(?:and|et|y|&).{0,12}recom",
    re.IGNORECASE,
)
"""Headings of conclusions and recommendations at once; the wording decides there."""

RESPONSE_LABEL = (
    r"(?:responses?|r[ée]ponses?|respuestas?)\s*:|management (?:response|comments?)\b"
    r"|r[ée]ponse de la direction|respuesta de la (?:direcci"
    r"[óo]n|administraci[óo]n|gerencia)|respuesta gerencial|key actions?\b|actions? cl[ée]s?\b"
    r"|acciones clave"
)
RECOMMENDATION_LABEL = (
    r"(?:evaluation |audit )?recomm[ae]ndations?\s*(?:#|n[°oº]\.?\s*|no\.\s*)?\s*\d+"
    r"|recomendaci[óo]n\s*(?:#|n[°oº]\.?\s*)?\s*\d+|recommendations?\s*:|recommandations?\s*:"
    r"|recomendaci(?:ones|[óo]n)\s*:"
)
FORM_LABEL = (
    r"responsible unit|unit[ée]s? responsables?|unidad(?:es)? responsables?"
    r"|(?:final )?implementation monitoring status|(?:final )?comments on implementation"
    r"|suivi de la mise en|estado de la implementaci[óo]n"
)
FINDING_LABEL = (
    r"(?:key )?findings?\s*\d+(?:\.\d+)*\s*[.:–-]|findings?\s*:|constat(?:ation)?s?\s*(?:n[°o]\s*)?"
    r"\d+(?:\.\d+)*\s*[.:–-]|constat(?:ation)?s?\s*:|hallazgos?\s*(?:\d+(?:\.\d+)*\s*)?[.:–-]"
)
LESSON_LABEL = (
    r"lessons?(?: learn\w+)?\s*(?:#\s*)?\d*\s*[.:–-]|(?:le[çc]on|enseignement)s?"
    r"(?: (?:apprise|tir[ée]e?)s?)?\s*\d*\s*[.:–-]"
    r"|lecci[óo]n(?:es)?(?: aprendidas?)?\s*\d*\s*[.:–-]"
)
PRACTICE_LABEL = (
    r"(?:good|best|promising) practices?\s*\d*\s*[.:–-]|bonnes? pratiques?\s*\d*\s*[.:–-]"
    r"|buenas? pr[áa]cticas?\s*\d*\s*[.:–-]"
)
LABELS: tuple[tuple[Evidence, str], ...] = (
    (Evidence.MANAGEMENT_RESPONSE, RESPONSE_LABEL),
    (Evidence.RECOMMENDATION, RECOMMENDATION_LABEL),
    (Evidence.PLAIN, FORM_LABEL),
    (Evidence.FINDING, FINDING_LABEL),
    (Evidence.LESSON, LESSON_LABEL),
    (Evidence.GOOD_PRACTICE, PRACTICE_LABEL),
)
"""What begins a line and says what follows it; the empty form of a response says nothing."""

WORDING: tuple[tuple[Evidence, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        (
            Evidence.MANAGEMENT_RESPONSE,
            r"\bmanagement (?:fully |partially |partly )?(?:accept|agree|concur|reject)s?\b"
            r"|\b(?:accepts?|accepted|rejects?|agrees? with) (?:the|this) recommendation"
            r"|\bla direction (?:a )?(?:accept|approuv|rejet|souscri)|\bla (?:administraci[óo]n"
            r"|direcci[óo]n) (?:acept|rechaz|est[áa] de acuerdo)",
        ),
        (
            Evidence.LESSON,
            r"\b(?:a|one|another|an important|the (?:main|key|first|second))\b.{0,20} lessons?"
            r"(?: learn\w+)?\b.{0,40}\b(?:is|was|that)\b"
            r"|\blessons? learn\w+ (?:is|was|were|include)"
            r"|\b(?:une|l[ae]|autre).{0,20}(?:le[çc]on|enseignement)s?\b.{0,40}\b(?:est|que)\b"
            r"|\buna? (?:de las )?lecci(?:[óo]n|ones)\b.{0,40}\b(?:es|fue|que)\b",
        ),
        (
            Evidence.RECOMMENDATION,
            r"\b(?:evaluat\w+|review|team|audit\w*|inspectors?|report|we|committee|it is)"
            r"(?: \w+){0,2} recommend(?:s|ed)?\b(?! by)|\bil est recommand[ée]"
            r"|\b(?:l['’][ée]valuation|[ée]valuateurs?|nous)(?: \w+){0,2} recommand\w+"
            r"|\bse recomienda|\bla evaluaci[óo]n recomienda",
        ),
        (
            Evidence.FINDING,
            r"\b(?:evaluat\w+|evaluators?|review|assessment|audit|inspectors?)(?: team| also"
            r"| further| has){0,2}(?: found| finds| concluded| concludes| observed| revealed"
            r"| identified| confirmed| noted)\b"
            r"|\b(?:l['’][ée]valuation|l['’]audit|[ée]valuateurs?)(?: \w+){0,2} (?:constat|conclu"
            r"|relev|r[ée]v[ée]l|montr|observ|not)\w*"
            r"|\b(?:la evaluaci[óo]n|el equipo evaluador)(?: \w+){0,2} (?:encontr|constat|concluy"
            r"|observ|revel|identific)\w*",
        ),
    )
)
"""What a sentence says of itself, wherever it stands; the first that fits."""

STEMS: Mapping[Evidence, tuple[str, ...]] = {
    Evidence.MANAGEMENT_RESPONSE: (
        *("accept", "agree", "concur", "reject", "approuv", "rejet", "souscri"),
        *("acept", "rechaz", "de acuerdo"),
    ),
    Evidence.LESSON: ("lesson", "leçon", "lecon", "enseignement", "lecci"),
    Evidence.RECOMMENDATION: ("recom",),
    Evidence.FINDING: ("valua", "review", "assessment", "audit", "inspector"),
}
"""What every wording of a kind has in it, in lower case: without, no pattern need be tried."""

ADVICE = re.compile(
    r"\b(?:should|must|needs? to|has to|have to|ought to|ensure that|make sure|is essential to"
    r"|it is important to|consider\w* \w+ing|do not|never|always|doit|doivent|devra\w*|il faut"
    r"|il convient|veillez|assurez|deben?|debe?r[áa]n?|deber[íi]an?|hay que|es necesario"
    r"|aseg[úu]rese)\b",
    re.IGNORECASE,
)
"""Wording of advice, which guidance and recommendations are made of."""

IMPERATIVE = re.compile(
    r"(?:^|[.!?:;]\s+)(?:(?:\d{1,2}[.)]|[•▪–-])\s+)*(?:(?:do not|don['’]t|never|always|please)\b"
    r"|(?:step|[ée]tape|paso) \d+\s*:"
    r"|(?:add|agree|allow|appoint|ask|assign|avoid|begin|bring|build|check|choose|collect|compare"
    r"|consult|count|decide|define|describe|discuss|divide|draft|explain|find|follow|give|hand"
    r"|hold|identify|include|invite|keep|leave|limit|list|look|make|map|measure|meet|name|note"
    r"|offer|plan|prepare|print|provide|publish|read|record|remember|repeat|report|review|score"
    r"|select|send|set|share|show|start|take|tell|test|think|try|use|write)\b(?! of\b)"
    r"|[\w'’-]{2,}ez\b|(?:ne\s|n['’])\w+ez\b|\w{3,}(?:er|ir|re)\s(?=(?:les?|la|l['’]|une?|des|du"
    r"|ce|cet|cette|ces|chaque|tou[ts]|toute|deux|trois|quatre|en|à|aux?|dès)[\s'’]|l['’])"
    r"|(?:aseg[úu]re|busque|compare|comparta|compruebe|consulte|cuente|defina|deje|elija|empiece"
    r"|escriba|evite|explique|forme|haga|hable|identifique|incluya|invite|lea|limite|mantenga"
    r"|mida|nombre|ofrezca|pida|planifique|pregunte|prepare|publique|recuerde|revise|solicite"
    r"|tome|use|utilice|verifique|no \w+[ea]n?)\b)",
    re.IGNORECASE | re.MULTILINE,
)
"""The opening of a sentence that tells somebody what to do."""
