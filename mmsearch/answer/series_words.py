"""Words for the numbered things that reports hold, and for what management says to them. Pure.

A response matrix labels its cells in one language and fills them in another, so labels and
verdicts are recognised in every language of the library at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from mmsearch.answer.question import keys


class Sort(Enum):
    """What a series is made of."""

    RECOMMENDATION = "recommendation"
    LESSON = "lesson"
    FINDING = "finding"
    CONCLUSION = "conclusion"


class Verdict(Enum):
    """What management said to a recommendation."""

    ACCEPTED = "accepted"
    PARTLY = "partly accepted"
    REJECTED = "rejected"


NOUNS: Mapping[Sort, str] = {
    Sort.RECOMMENDATION: r"recomm[ae]ndations?|recommandations?|recomendaci(?:ón|on|ones)"
    r"|рекомендаци[яиюей]+|recomandări(?:le)?|recomandare[a]?|preporuk[aeiu]|препорук[аеиу]"
    r"|(?:ال)?توصي(?:ة|ات)|সুপারিশ\w*",
    Sort.LESSON: r"lessons?(?:\s+learn(?:ed|t))?|leçons?(?:\s+tirées)?|enseignements?(?:\s+tirés)?"
    r"|lecci(?:ón|ones)(?:\s+aprendidas?)?|урок[иов]*|lecți[ei]i?(?:le)?|lekcij[ae]|лекциј[ае]"
    r"|(?:ال)?در(?:س|وس)",
    Sort.FINDING: r"findings?|constat(?:s|ations?)?|hallazgos?|наблюдени[яе]|constatări(?:le)?"
    r"|nalaz[ai]?|налаз[аи]?",
    Sort.CONCLUSION: r"conclusions?|conclusi(?:ón|ones)|вывод[ыов]*|concluzi[ei]i?(?:le)?"
    r"|zaključ(?:ak|ci)|закључ(?:ак|ци)|(?:ال)?استنتاجات",
}
"""The noun of each sort, singular and plural, as a pattern without anchors."""

LEARNED = re.compile(
    r"what\s+(?:was|has\s+been|we(?:\s+have)?)\s+learn(?:ed|t)|ce\s+que\s+nous\s+avons\s+appris"
    r"|ce\s+qui\s+a\s+été\s+appris|lo\s+(?:que\s+)?(?:se\s+|hemos\s+)?aprend\w+|чему\s+.*научил\w+"
    r"|ما\s+تعلمنا\w*",
    re.IGNORECASE,
)
"""A heading above lessons that does not call them so."""

PLURAL = re.compile(
    r"\b(?:recommendations|recommandations|recomendaciones|рекомендаци(?:и|й)|recomandări(?:le)?"
    r"|preporuke|препоруке|(?:ال)?توصيات|lessons|leçons|enseignements|lecciones|урок(?:и|ов)"
    r"|lecții(?:le)?|lekcije|лекције|(?:ال)?دروس|findings|constats?|constatations|hallazgos"
    r"|conclusions|conclusiones|выводы|(?:ال)?استنتاجات)\b",
    re.IGNORECASE,
)
"""A sort in the plural: a question with one asks for a set."""

SAYING: Mapping[Sort, re.Pattern[str]] = {
    Sort.RECOMMENDATION: re.compile(
        r"\brecommend(?:s|ed|ing)?\b|\brecommand(?:e|é|ée|és|ées|ent|ait|er|ons)\b"
        r"|\brecom(?:iend|end)(?:a|an|ó|aron|ado|ada|ados|adas|amos)\b"
        r"|\bрекоменд(?:ует|уют|уется|овал\w*|ован\w*)\b|\brecomand(?:ă|at|ată|ate)\b"
        r"|\bpreporuč\w+|\bпрепоруч\w+|\b(?:[يت]وصي|أوص[ىت]|أوصوا|[يت]وصى)\b|সুপারিশ\s+কর\w*",
        re.IGNORECASE,
    ),
    Sort.LESSON: re.compile(
        r"\bwhat\s+(?:(?:has|have|had)\s+been|was|did\b[^?]{1,60}|have\s+we|can\s+we)\s+learn(?:ed|t)?\b"
        r"|\bqu(?:e|['’])[^?]{1,60}\bappris(?:e|es)?\b|\bqué\b[^?]{1,60}\baprend\w+",
        re.IGNORECASE,
    ),
}
"""Verbs that ask for a sort without its noun: "what did the review recommend about …"."""

ASKS_SET = re.compile(
    r"\b(?:which|what|list|all|every|name|enumerate|show|give|tell)\b"
    r"|\b(?:quel(?:le)?s|que|qu['’]|liste[rz]?|tou(?:te)?s|énumère[rz]?|donne[rz]?|cite[rz]?)\b"
    r"|\b(?:cuáles|qué|lista|todas|enumera|muestra|dime)\b"
    r"|\b(?:какие|что|каковы|перечисли\w*|все|назови\w*|список)\b"
    r"|(?:\bما\b|\bاذكر|\bجميع|\bكل\b|\bأي\b|\bعدد\b)"
    r"|\b(?:care|ce|toate|enumeră|koje|sve|šta|које|све|шта)\b|কী|কোন",
    re.IGNORECASE,
)
"""A question that wants things named, not said whether or how many."""

_HOW_MANY = re.compile(
    r"\bhow many\b|\bcombien\b|\bcu[aá]nt[oa]s\b|\bсколько\b|\bكم\b|\bcâte\b|\bkoliko\b|\bколико\b",
    re.IGNORECASE,
)

_ONE = re.compile(
    r"\b(?:which|what)\s+recommendation\b|\bquelle\s+recommandation\b|\b(?:qué|cuál)\b.{0,12}\brecomendación\b"
    r"|\bкакая\s+рекомендация\b|\bcare\s+recomandare\b|\bkoja\s+preporuka\b|\bкоја\s+препорука\b"
    r"|(?:\bأي|ما\s+هي)\s+(?:ال)?توصية\b",
    re.IGNORECASE,
)

VERDICTS: Mapping[Verdict, re.Pattern[str]] = {
    Verdict.PARTLY: re.compile(
        r"\bpart(?:ial(?:ly)?|ly|iellement)\s+(?:accept|agree|accord)\w*"
        r"|\b(?:accept|agree)\w*\s+(?:in part|partially|partly|partiellement|en partie)"
        r"|\baccept\w*[^.\n]{0,12}\ben partie|\bparcialmente\s+\w*acept\w*|\bacept\w*\s+en parte"
        r"|\bчастично\s+\w*прин\w*|\bacceptat\w*\s+parțial|قبول جزئي|جزئيا",
        re.IGNORECASE,
    ),
    Verdict.REJECTED: re.compile(
        r"\breject\w*|\bnot\s+(?:accept|agree)\w*|\bdeclin\w+|\brejet\w+|\brefus\w+"
        r"|n['’]a\s+pas\s+accept\w*|\bpas\s+accept\w*|\brechaz\w+|\bno\s+acept\w*"
        r"|\bотклон\w+|\bотверг\w+|\bне\s+прин\w+|\brespins\w*|\bodbi\w+|\bодби\w+|رفض",
        re.IGNORECASE,
    ),
    Verdict.ACCEPTED: re.compile(
        r"\baccept\w*|\bagree[ds]?\b|\bacept\w+|\bпринят\w*|\bпринял\w*|\bprihva\w+|\bприхва\w+"
        r"|قبل|قبول|مقبول",
        re.IGNORECASE,
    ),
}
"""How a verdict is worded; the first that fits is the one."""

_CHOICES = re.compile(
    r"\(?\b(?:accept|accepter|aceptar)\s*/\s*(?:partially|partly|partiellement|parcialmente)?"
    r"[\s\w]*/\s*(?:reject|rejeter|rechazar)\w*\)?",
    re.IGNORECASE,
)

RESPONSE = re.compile(
    r"^\W*(?:management(?:['’]s)?\s+response|response\s+(?:of|from|by)\s+(?:the\s+)?management"
    r"|r[ée]ponse\s+de\s+(?:la\s+direction|l['’]administration)"
    r"|respuesta\s+de\s+la\s+(?:dirección|administración|gerencia)"
    r"|ответ\s+(?:руководства|администрации)|răspunsul\s+conducerii|odgovor\s+rukovodstva"
    r"|одговор\s+руководства|رد\s+الإدارة|استجابة\s+الإدارة)",
    re.IGNORECASE,
)
"""The label of the cell where management answers."""

RESPONSE_CELL = re.compile(
    r"^\W*(?:management(?:['’]s)?\s+)?(?:response|réponse|respuesta|ответ|răspuns|odgovor|одговор"
    r"|(?:ال)?رد|استجابة)\b[^:\n]{0,30}:",
    re.IGNORECASE,
)
"""The label of that cell in a row that also has what it answers."""

ACTIONS = re.compile(
    r"^\W*(?:key\s+actions?|actions?\s+cl[ée]s?|actions?\s+planned|planned\s+actions?"
    r"|mesures?\s+(?:prévues|clés)|medidas?\s+(?:clave|previstas)|acciones\s+clave"
    r"|ключевые\s+(?:меры|действия)|acțiuni\s+cheie|ključne\s+aktivnosti|الإجراءات\s+الرئيسية)\b",
    re.IGNORECASE,
)
"""The label in front of what will be done."""


def verdict(text: str) -> Verdict | None:
    """Return what a response or a question says of a recommendation, or None.

    A form's list of choices ("accept/partially accept/reject") is no verdict.
    """
    said = _CHOICES.sub(" ", text)
    return next((which for which, pattern in VERDICTS.items() if pattern.search(said)), None)


def asks_for_one(question: str) -> bool:
    """Say whether a question wants the one recommendation that is about something."""
    if PLURAL.search(question):
        return False
    named = re.search(NOUNS[Sort.RECOMMENDATION], question, re.IGNORECASE)
    detail = WHOM_ASKED.search(question) or ACTIONS_ASKED.search(question)
    return bool(_ONE.search(question) or (named and detail))


def asked_sort(question: str) -> Sort | None:
    """Return what a question wants all of, or None when it does not ask for a set.

    Args:
        question: As asked. "How many …" asks for a figure and not for the set.
    """
    if not ASKS_SET.search(question) or _HOW_MANY.search(question):
        return None
    plural = PLURAL.search(question)
    if plural is None:
        return next((sort for sort, verb in SAYING.items() if verb.search(question)), None)
    return next(
        (
            sort
            for sort, noun in NOUNS.items()
            if re.fullmatch(rf"(?:{noun})", plural.group(), re.IGNORECASE)
        ),
        None,
    )


WHY = re.compile(
    r"\bwhy\b|\breasons?\b|\bpourquoi\b|\braisons?\b|\bpor qué\b|\brazón\b|\bпочему\b|\bпричин"
    r"|\bde ce\b|\bzašto\b|\bзашто\b|لماذا|سبب",
    re.IGNORECASE,
)
"""A question for a reason."""

ACTIONS_ASKED = re.compile(
    r"\b(?:be|been|being|was) done\b"
    r"|\bactions?\b|\bsteps?\b|\bmeasures?\b|\bwill\b.*\bdo\b|\bplan(?:s|ned)?\b|\bdoing\b"
    r"|\bmesures?\b|\bva\b.*\bfaire\b|\bprévu|\bmedidas\b|\bacciones\b|\bhará\b"
    r"|\bмеры\b|\bдействия\b|\bсдела\w+|إجراءات|ستفعل",
    re.IGNORECASE,
)
"""A question for what will be done."""

WHOM_ASKED = re.compile(
    r"\bwhom?\b|\bresponsible\b|\bin charge\b|\bby when\b|\bdeadlines?\b"
    r"|\baddress(?:ed|ees?)\b|\bphases?\b|\bà qui\b|\bresponsables?\b"
    r"|\badressée?s?\b|\ba quién(?:es)?\b|\bdirigid[ao]s?\b|\bкому\b|\bответствен\w+|\bcui\b"
    r"|\bkome\b|\bкоме\b|لمن|المسؤول",
    re.IGNORECASE,
)
"""A question for those who are to act, and when."""

ADDRESSEES = re.compile(
    r"^\W*(?:(?:mainly\s+|principally\s+)?(?:addressed|directed)\s+to\b|addressees?\b|responsib\w+"
    r"|(?:units?|persons?)\s+in\s+charge|entit(?:y|ies)\s+responsible|due\b|deadline|time\s?frame|échéance"
    r"|délai|calendrier|plazo|срок|(?:unité|entité)s?\s+responsables?|responsables?\b|destinataires?\b"
    r"|adressée?s?\s+à|unidad(?:es)?\s+responsables?|dirigid[ao]s?\s+a|destinatari[ao]s?\b"
    r"|ответственн\w+|адресат\w*|الجهات?\s+المسؤولة|موجهة\s+إلى)",
    re.IGNORECASE,
)
"""The label in front of those who are to act."""

_GENERIC: Mapping[str, str] = {
    "en": "recommendation recommendations recommended lesson lessons learned learnt finding"
    " findings conclusion conclusions accept accepted accepts acceptance agree agreed reject"
    " rejected rejects partially partly management response respond responded evaluation evaluators"
    " report"
    " review document make made give given put forward issue issued contain main key principal"
    " adopted formulated list tell action actions plan step steps do does done draw drawn"
    " exactly people person recommend recommends"
    " address addressed responsible phase concern concerns concerning deal deals relate relates",
    "fr": "recommandation recommandations leçon leçons tirées enseignements constat constats"
    " conclusion conclusions accepter accepte acceptée acceptées accepté acceptés rejeter rejetée"
    " rejetées partiellement partie direction administration réponse évaluation évaluateurs rapport"
    " document faire fait faites formuler formulées principales principaux clé clés liste action"
    " actions mesures prévues personnes recommande recommandé tirer adressée destinataire"
    " responsable porte portent concerne concernent",
    "es": "recomendación recomendaciones lección lecciones aprendidas hallazgos conclusión"
    " conclusiones aceptar aceptó aceptada aceptadas rechazar rechazó rechazada rechazadas"
    " parcialmente dirección administración gerencia respuesta evaluación informe documento hacer"
    " principales clave lista acciones medidas recomienda recomendó recomendado"
    " responsable dirigida trata tratan refiere",
    "ru": "рекомендация рекомендации рекомендаций урок уроки выводы приняло приняты принятые"
    " отклонены отклонило частично извлечены извлекли сделаны даны вынесены рекомендует"
    " руководство ответ оценка доклад отчет документ основные меры",
    "ar": "مستفادة المستفادة مستخلصة توصية توصيات التوصيات دروس الدروس قبلت قبول رفضت"
    " الإدارة استجابة رد تقييم التقييم تقرير"
    " التقرير وثيقة الرئيسية إجراءات",
    "ro": "învățate desprinse recomandă recomandare recomandări recomandările lecții"
    " concluzii acceptat acceptate respins"
    " respinse conducerea răspuns evaluare raport document principalele",
    "sr": "naučene izvučene preporučuje preporuka preporuke lekcije zaključci"
    " prihvaćene odbijene rukovodstvo odgovor evaluacija"
    " izveštaj dokument glavne",
}


class _Generic(dict[str, frozenset[str]]):
    """Keys of the words that name series and verdicts, by language; of all where unknown."""

    def __missing__(self, language: str) -> frozenset[str]:
        codes = [language] if language in _GENERIC else sorted(_GENERIC)
        found = frozenset().union(*(keys(_GENERIC[code], code) for code in codes))
        self[language] = found
        return found


GENERIC: Mapping[str, frozenset[str]] = _Generic()
"""By language: words of such questions that do not say what the question is about."""
