"""The words by which a follow-up is told, by language: data for ``follow_up``.

Sources are grammars of the five languages, not any document. "Opens" stands at the beginning
and is no part of what is asked; "about" asks for the same of something else; "points" refers
to what was said before; "weak" does so only where no noun stands in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one language.

    Attributes:
        opens: Connectives at the beginning ("and").
        about: Ways to ask for the same of something else ("what about").
        asks: Words that ask: with one, the follow-up brings its own question.
        defines: Questions for what something is, which stand on their own.
        points: Words that refer to what was said.
        weak: Words that do where no content word stands in front of them.
        inner: Where such a word stands for something in the question itself.
        before: "The year before".
        after: "The year after".
        fresh: "Another question:", which begins anew.
        prepositions: Those that may stand before what a follow-up replaces.
    """

    opens: re.Pattern[str]
    about: re.Pattern[str]
    asks: re.Pattern[str]
    defines: re.Pattern[str]
    points: re.Pattern[str]
    weak: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    fresh: re.Pattern[str]
    prepositions: tuple[str, ...]
    inner: re.Pattern[str] = re.compile(r"(?!)")


_EN = Cues(
    opens=re.compile(r"^(?:and|but|also|or|so|then|ok(?:ay)?|yes|no|thanks|well)\b[\s,:–-]*", _I),
    about=re.compile(
        r"^(?:(?:what|how) (?:about|of)|(?:the )?same (?:question )?(?:for|in|about)"
        r"|(?:is|was|were|are) (?:it|that|this|they) the same|as for)\b\s*",
        _I,
    ),
    asks=re.compile(
        r"\b(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have"
        r"|can|could|will|should|list|show|tell|name)\b",
        _I,
    ),
    defines=re.compile(
        r"^(?:what|who)(?:\s+(?:is|are|was|were)|['’]s)\s+(?!(?:responsible|in charge|next)\b)"
        r"|\bstands? for\b|\b(?:mean|defined)\b",
        _I,
    ),
    points=re.compile(
        r"\b(?:for|of|about|to|from|by|with|in|on|at|under|after|before|during|than|besides|why|when"
        r"|how|where|is|was|were|are|does|do|did|has|have|had|will|would|can|could|should)\s+"
        r"(?:that|this(?!\s+(?:year|month|week|library)\b)|those|these)\b"
        r"|\b(?:that|this|those|these|there|them|then|so|too|it)\s*[?.!]*\s*$"
        r"|^(?:this|that|these|those)\b(?!\s+(?:year|month|week)\b)"
        r"|\b(?:those|these)\s+\w+|\b(?:the )?(?:former|latter)\b|\bthe (?:same|others?)\b"
        r"|\b(?:else|ones?|thereof|such)\b|\b(?:any|some|how many|which) (?:others?|of them)\b"
        r"|^(?:why|how) not\b|\b(?:the|its) (?:second|third|first|last) one\b",
        _I,
    ),
    weak=re.compile(
        r"(?<!who )\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers)\b"
        r"(?!\s+(?:true|possible|necessary|important|(?:takes?|costs?)\s.*\bto)\b)",
        _I,
    ),
    before=re.compile(r"\b(?:the )?(?:year before|previous year|prior year)\b", _I),
    after=re.compile(r"\b(?:the )?(?:year after|next year|following year)\b", _I),
    fresh=re.compile(
        r"^(?:a(?:nother)? |new |different )+(?:question|topic|subject)\b[\s,:–-]*"
        r"|^(?:something else|on another subject)[\s,:–-]+",
        _I,
    ),
    prepositions=("in", "for", "by", "of", "from", "to", "with", "about", "at", "on"),
    inner=re.compile(r"\b(?:bring|take|carry|keep|have|brought|took)s?\b.*\bwith them\b", _I),
)

_FR = Cues(
    opens=re.compile(r"^(?:et|mais|ou|aussi|alors|donc|ok|oui|non|merci|sinon)\b[\s,:–-]*", _I),
    about=re.compile(
        r"^(?:qu['’]en (?:est|était)-il (?:de |du |des |d['’]|pour |en |au |aux )?"
        r"|quid (?:de |du |des |d['’])?|(?:la )?même question pour |(?:de|en) même pour "
        r"|en ce qui concerne |quant aux? )",
        _I,
    ),
    asks=re.compile(
        r"\b(?:qui|que|quoi|quels?|quelles?|quand|où|pourquoi|comment|combien|lequel|laquelle"
        r"|lesquels|lesquelles|est-ce|citez|donnez)\b|\bqu['’]",
        _I,
    ),
    defines=re.compile(
        r"\b(?:que|qu['’]est-ce que|c['’]est quoi|que veut dire|que signifie)\b.*\b(?:signifie"
        r"|veut dire|c['’]est)\b|^qu['’]est-ce qu|^qui (?:est|sont) (?=[A-ZÉ])|\bveut dire\b"
        r"|\bsignifie\b",
        _I,
    ),
    points=re.compile(
        r"\b(?:ça|cela|ceci|celui-(?:ci|là)|celle-(?:ci|là)|ceux-(?:ci|là)|celles-(?:ci|là)|là-bas"
        r"|là-dessus|ce dernier|cette dernière|ces derniers|d['’]autres|autrement)\b"
        r"|\b(?:cet|cette|ces)\s+(?!année|bibliothèque)\w+|\bce\s+(?!qu[ei']|sont|mois|fut)\w{3,}"
        r"|\b(?:les|la|le) mêmes?\b|\b(?:en|y) (?:est|sont|a|ont|était|avait)\b(?!-t-il)"
        r"|\by (?!a\b|a-t|avait|aura|ait)\w+"
        r"|\b(?:le|la|les|l['’])\s?\w+-(?:t-)?(?:on|ils?|elles?)\b"
        r"|^pourquoi pas\b|\bqui d['’]autre\b|\bquoi d['’]autre\b",
        _I,
    ),
    weak=re.compile(
        r"(?<!a-t-)(?<!agit-)\b(?:ils|elles|leurs?|lui|son|sa|ses)\b"
        r"|(?<!y a)-t?-?(?:ils?|elles?)\b|\b(?:elle|elles) (?:a|ont|est|sont)\b",
        _I,
    ),
    before=re.compile(r"\bl['’]année (?:précédente|d['’]avant)\b|\bun an avant\b", _I),
    after=re.compile(r"\bl['’]année (?:suivante|d['’]après)\b|\bun an après\b", _I),
    fresh=re.compile(r"^(?:une )?(?:autre|nouvelle) question\b[\s,:–-]*", _I),
    prepositions=("en", "au", "aux", "à la", "à", "pour", "par", "de la", "de l'", "de l’", "du",
                  "des", "de", "dans", "avec", "chez", "selon", "sur"),
    inner=re.compile(
        r"\b(?:les|la|le|l['’]|cette|ces|cet)\s?[\w'’-]+(?:\s[\w'’]+){0,3}\s\w+-(?:t-)?(?:ils?|elles?)\b",
        _I,
    ),
)  # fmt: skip

_ES = Cues(
    opens=re.compile(
        r"^[¿¡\s]*(?:y|e|pero|o|también|entonces|ok|sí|no|gracias|además)\b[\s,:–-]*", _I
    ),
    about=re.compile(
        r"^[¿\s]*(?:qué (?:hay|pasa|pasó|tal) (?:de |del |con |en |sobre )?|lo mismo (?:para |en )"
        r"|en cuanto a |la misma pregunta para )",
        _I,
    ),
    asks=re.compile(
        r"\b(?:quién|quiénes|qué|cuál|cuáles|cuándo|dónde|por qué|cómo|cuánt[oa]s?|quien|cuando"
        r"|donde|cuantos|cuantas|cual|cuales)\b",
        _I,
    ),
    defines=re.compile(
        r"^[¿\s]*(?:qué|quién) (?:es|son|era) |\bsignifica\b|\bquiere decir\b", _I
    ),
    points=re.compile(
        r"\b(?:eso|esto|ello|ellos|ellas|aquello|allí|allá|ahí|aquí|entonces)\b"
        r"|\b(?:es[ea]s?|estas?|estos|este|dich[oa]s?|aquel(?:la|los|las)?|tal(?:es)?)\s+"
        r"(?!año|mes|biblioteca)\w{3,}|\bl[oa]s? mism[oa]s?\b|\b(?:los|las) demás\b|\bpor qué no\b"
        r"|\b(?:qué|quién) más\b|\b(?:el|la) (?:segund|tercer|primer|últim)[oa]\s*\?",
        _I,
    ),
    weak=re.compile(r"\b(?:su|sus|él|ella|le|les)\b(?=\s+[a-záéíóúñ]+)", _I),
    before=re.compile(r"\b(?:el )?año (?:anterior|antes)\b|\bun año antes\b", _I),
    after=re.compile(r"\b(?:el )?año (?:siguiente|después)\b|\bun año después\b", _I),
    fresh=re.compile(r"^[¿\s]*(?:otra|nueva|una nueva) (?:pregunta|cosa|cuestión)\b[\s,:–-]*", _I),
    prepositions=("en", "para", "por", "de la", "del", "de", "a la", "al", "a", "con", "sobre",
                  "según", "desde"),
)  # fmt: skip

_RU = Cues(
    opens=re.compile(r"^(?:а|и|но|или|ну|также|тогда|хорошо|да|нет|спасибо)\b[\s,:–-]*", _I),
    about=re.compile(
        r"^(?:(?:что|как) (?:насчёт|насчет|касается|про|относительно|о|об)\b\s*"
        r"|как обстоит дело\s*(?:с|в)?\b\s*|то же (?:самое )?(?:для|про|о|в)\b\s*)",
        _I,
    ),
    asks=re.compile(
        r"\b(?:кто|кого|кому|кем|что|чего|чему|чем|как|какой|какая|какое|какие|каких|каким|какую"
        r"|когда|где|куда|откуда|почему|зачем|сколько|чей|чья|чьё|чьи|ли)\b",
        _I,
    ),
    defines=re.compile(r"^что такое\b|^кто так(?:ой|ая|ие)\b|\b(?:означает|значит)\b", _I),
    points=re.compile(
        r"\b(?:это|этого|этому|этим|этом|этих|эти|этими|этой|эту|этот|эта)\b"
        r"(?!\s+(?:году|год|библиотек))"
        r"|\b(?:там|туда|оттуда|тогда|такие|таких|такой|тот же|та же|те же|то же|остальн\w+)\b"
        r"|\bкто ещё\b|\bчто ещё\b|\bпочему нет\b",
        _I,
    ),
    weak=re.compile(r"\b(?:он|она|оно|они|его|её|ее|их|ему|ей|им|ими|ней|нему|нём|них|ними)\b", _I),
    before=re.compile(r"\b(?:годом раньше|(?:в )?предыдущ\w+ год\w*|за год до)\b", _I),
    after=re.compile(r"\b(?:годом позже|(?:в )?следующ\w+ год\w*|через год)\b", _I),
    fresh=re.compile(r"^(?:другой|новый|ещё один) вопрос\b[\s,:–-]*", _I),
    prepositions=("в", "во", "для", "о", "об", "про", "у", "от", "с", "со", "из", "на", "по", "за"),
)

_AR = Cues(
    opens=re.compile(
        r"^(?:و(?=(?:في|ماذا|من|كم|متى|أين|اين|لماذا|كيف|هل|ما|بال|لل|عن|على|ب|ل)[\w\s])"
        r"|ثم\b|لكن\b|أيضا\b|طيب\b|شكرا\b|حسنا\b)[\s،,:–-]*"
    ),
    about=re.compile(r"^و?(?:ماذا عن|ما بال|بالنسبة (?:إلى|الى)|نفس السؤال (?:عن|في))\s*"),
    asks=re.compile(r"\b(?:من|ما|ماذا|متى|أين|اين|لماذا|كيف|كم|أي|أية|هل)\b"),
    defines=re.compile(r"^ما (?:هو|هي|معنى)\b|^من (?:هو|هي)\b|\b(?:يعني|تعني|معنى)\b"),
    points=re.compile(
        r"\b[وفبلك]?(?:هذا|هذه|ذلك|تلك|هؤلاء|أولئك|هنالك|نفسه|نفسها)\b|(?<!هل )\bهناك\b"
        r"|\b(?:عن|من|في|علي|ب|ل|إلي|الي|مع|عند|لدي|بين)(?:ه|ها|هم|هما|هن)\b"
    ),
    weak=re.compile(r"(?<!ما )(?<!من )\b(?:هو|هي|هم|هن)\b"),
    before=re.compile(r"\b(?:السنة|العام) (?:السابقة|السابق|الماضية|الماضي)\b|\bقبل ذلك بعام\b"),
    after=re.compile(r"\b(?:السنة|العام) (?:التالية|التالي|اللاحقة|اللاحق)\b|\bبعد ذلك بعام\b"),
    fresh=re.compile(r"^سؤال (?:آخر|جديد)[\s،,:–-]*"),
    prepositions=("في", "عن", "من", "إلى", "على", "لدى"),
)

CHATTER = re.compile(
    r"^\W*(?:(?:many |ok(?:ay)?,? )?thanks?(?: you)?|thx|great|perfect|good|merci|super|parfait"
    r"|gracias|perfecto|vale|спасибо|отлично|хорошо|شكرا|شكراً|جيد|ممتاز|ok(?:ay)?|hi|hello|bonjour"
    r"|hola|привет|مرحبا)\b(?:\W+\w+){0,3}\W*$",
    _I,
)
"""What people say between questions."""
EVERYWHERE = re.compile(
    r"\b(?:all (?:the |eight |of the )?countries|overall|in all|altogether|worldwide|globally"
    r"|programme|program|tous les pays|l['’]ensemble|au total|en tout|todos los países|en total"
    r"|programa"
    r"|все[хм]? стран\w*|программ\w+|всего|جميع البلدان|كل البلدان|البرنامج)\b",
    _I,
)
"""A question about everywhere is not about the country before."""

CUES: Mapping[str, Cues] = {"en": _EN, "fr": _FR, "es": _ES, "ru": _RU, "ar": _AR}
