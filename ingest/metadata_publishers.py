"""Who published a document: known organisations, by symbol, properties and first page."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.metadata_found import Found
from ingest.metadata_front import Front

#: Symbol prefixes; the longest that fits decides.
_BY_SYMBOL: tuple[tuple[str, str], ...] = (
    ("DP/FPA/", "UNFPA"),
    ("DP/OPS/", "UNOPS"),
    ("DP/", "UNDP"),
    ("E/ICEF/", "UNICEF"),
    ("E/ESCAP/", "ESCAP"),
    ("E/", "ECOSOC"),
    ("UNW/", "UN Women"),
    ("JIU/", "JIU"),
    ("TD/", "UNCTAD"),
    ("A/HRC/", "UN Human Rights Council"),
    ("A/", "UN General Assembly"),
    ("S/", "UN Security Council"),
    ("ST/", "UN Secretariat"),
)

#: Names in English, French and Spanish; abbreviations count in capitals only.
_NAMES: Mapping[str, tuple[str, str]] = {
    "IOM": (
        r"IOM|OIM",
        r"International Organization for Migration"
        r"|Organisation internationale pour les migrations"
        r"|Organizaci[óo]n Internacional para las Migraciones",
    ),
    "UNDP": (
        r"UNDP|PNUD",
        r"United Nations Development Programme"
        r"|Programme des Nations Unies pour le d[ée]veloppement"
        r"|Programa de las Naciones Unidas para el Desarrollo",
    ),
    "UNICEF": (
        r"UNICEF",
        r"United Nations Children['’]s Fund|Fonds des Nations Unies pour l['’]enfance"
        r"|Fondo de las Naciones Unidas para la Infancia",
    ),
    "UN Women": (
        r"UN[- ]Women|ONU[- ]Femmes|ONU[- ]Mujeres",
        r"United Nations Entity for Gender Equality and the Empowerment of Women",
    ),
    "UNFPA": (r"UNFPA", r"United Nations Population Fund"),
    "UNOPS": (r"UNOPS", r"United Nations Office for Project Services"),
    "UNCDF": (r"UNCDF|FENU", r"United Nations Capital Development Fund"),
    "UNHCR": (r"UNHCR", r"United Nations High Commissioner for Refugees"),
    "ILO": (r"ILO", r"International Labou?r Organi[sz]ation"),
    "UNESCO": (r"UNESCO", r"United Nations Educational, Scientific and Cultural Organization"),
    "WHO": (r"(?!)", r"World Health Organization|Organisation mondiale de la sant[ée]"),
    "FAO": (r"FAO", r"Food and Agriculture Organization"),
    "WFP": (r"WFP", r"World Food Programme|Programme alimentaire mondial"),
    "UNCTAD": (r"UNCTAD|CNUCED", r"United Nations Conference on Trade and Development"),
    "UN DESA": (r"UN ?DESA", r"Department of Economic and Social Affairs"),
    "World Bank": (r"(?!)", r"World Bank|Banque mondiale|Banco Mundial"),
    "OECD": (r"OECD", r"Organisation for Economic Co-operation and Development"),
    "GMG": (r"(?!)", r"Global Migration Group"),
    "JIU": (r"(?!)", r"Joint Inspection Unit"),
}
_PATTERNS = {
    name: re.compile(rf"\b(?:{short})\b|(?i:\b(?:{full})\b)")
    for name, (short, full) in _NAMES.items()
}
#: A page names its publisher at the head; others are partners or are mentioned.
_HEAD = 1_500
#: Failing that, the organisations that the beginning of the text speaks of most.
_BEGINNING = 20_000
_LEAST_MENTIONS = 5
_LEAST_SHARE = 0.3


def read_publishers(
    front: Front, *, symbol: str, title: str, properties: Mapping[str, str], text: str
) -> Found[tuple[str, ...]] | None:
    """Return the publishing organisations, in the order they are named; often one or two.

    A symbol says who publishes. Otherwise the properties' publisher, then the title and
    the cover, then the head of the first page, then those the text speaks of most.
    """
    for prefix, name in _BY_SYMBOL:
        if symbol.startswith(prefix):
            return Found((name,), "symbol", f"symbols that begin with {prefix}", symbol)
    said = properties.get("publisher", "").strip()
    if said:
        named = organisations_in(said) or (said,)
        return Found(named, "property 'publisher'", "as the file says", said)
    cover = "\n".join(line.text for line in front.cover)
    place = front.lines[0].place if front.lines else ""
    if named := organisations_in(f"{title}\n{cover}"):
        return Found(named, place, "named in the title or on the cover", f"{title} {cover}")
    if named := organisations_in(front.text[:_HEAD]):
        return Found(named, place, "named at the head of the first page", front.text[:_HEAD])
    if named := _most_named(text[:_BEGINNING]):
        return Found(named, "text", "named most in the beginning of the text", ", ".join(named))
    return None


def _most_named(text: str) -> tuple[str, ...]:
    """Return the one or two organisations with at least 30 % of all mentions."""
    times = {name: len(pattern.findall(text)) for name, pattern in _PATTERNS.items()}
    least = max(_LEAST_MENTIONS, _LEAST_SHARE * sum(times.values()))
    often = [name for name, n in times.items() if n >= least]
    return tuple(sorted(often, key=lambda name: (-times[name], name)))


def organisations_in(text: str) -> tuple[str, ...]:
    """Return the known organisations that a text names, by first mention."""
    # A name that a line break splits is one name.
    text = " ".join(text.split())
    places = {
        name: found.start()
        for name, pattern in _PATTERNS.items()
        if (found := pattern.search(text))
    }
    return tuple(sorted(places, key=lambda name: (places[name], name)))
