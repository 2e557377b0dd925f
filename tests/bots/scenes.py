"""Messages and views as people see them, of a made-up library in our own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bots.slack import forms, helping, home, render, views
from bots.slack.channels import ChannelSettings
from bots.slack.links import Links
from bots.slack.messages import Message, sentence
from bots.slack.passages import around
from bots.slack.phrases.catalogue import say
from bots.slack.render import Frame
from bots.slack.turns import Turn
from index.types import Filters, Hit, Reader, StoredDocument, StoredPassage
from ingest.types import Block, BlockKind, Locator, Metadata, Page, PageArea, Rect, Unit
from mmsearch.knowledge import Status
from mmsearch.types import Answer, Citation, Sentence

LINKS = Links("https://library.example.org")
TURN = "turn-of-the-scene"
HOSTILE = (
    "<!channel> click <https://evil.example|here> or https://evil.example now :tada: *bold* "
    "_under_ ~gone~ `code` &lt;@U123&gt; <@U999> @here\u202e reversed \x07 [link](https://evil)"
)


def document(number: int, title: str, **more: Any) -> StoredDocument:
    """Return a document of ten pages."""
    given: dict[str, Any] = {"year": 2023, "kind": "evaluation report", "languages": ("en",)}
    pages = tuple(Page(index, str(index + 1), 595.0, 842.0) for index in range(10))
    return StoredDocument(
        doc_id=f"d_{number:04x}",
        file=f"reports/{number}.pdf",
        sha256=f"{number:064x}",
        size=1000,
        metadata=Metadata(title=title, **{**given, **more}),
        n_passages=12,
        pages=pages,
        added=datetime(2024, 3, number % 28 + 1, 9, 30, tzinfo=UTC),
    )


REVIEW = document(1, "Mid-term review of the programme on migration and local development")
BRIEF = document(
    2, "Country brief: Moldova", kind="brief", year=2024, countries=("Republic of Moldova",)
)
GUIDE = document(
    3,
    "Guide pour les points focaux : passer le relais",
    kind="guideline",
    year=2022,
    languages=("fr",),
)
LONG = document(
    4,
    "Report of the joint evaluation of support to national development planning, its "
    "institutional arrangements, partnerships and sustainability in eight participating countries",
    year=None,
)


def locator(page: int) -> Locator:
    """Return a place on one page."""
    area = PageArea(page - 1, str(page), (Rect(72, 100, 400, 112),))
    return Locator(Unit.PAGE, page, page, ("Findings", "Turnover of staff"), (area,))


def cited(n: int, about: StoredDocument, page: int, quote: str) -> Citation:
    """Return a citation."""
    return Citation(n, f"{about.doc_id}.{n}", about, quote, 10, 10 + len(quote), locator(page))


def hit(rank: int, about: StoredDocument, page: int, text: str) -> Hit:
    """Return a hit."""
    passage = StoredPassage(
        f"{about.doc_id}.{rank}",
        about.doc_id,
        rank,
        0,
        len(text),
        text,
        "en",
        "paragraph",
        locator(page),
    )
    return Hit(rank, 1.0 / rank, passage, about)


def answer(question: str, said: Sequence[tuple[str, Citation]], **more: Any) -> Answer:
    """Return an answer of sentences with one citation each."""
    sentences = tuple(Sentence(text, (one.n,)) for text, one in said)
    citations = tuple({one.n: one for _, one in said}.values())
    given: dict[str, Any] = {"language": "en", "n_documents": 53}
    return Answer(question, True, 0.9, sentences, citations, (), 3, **{**given, **more})


ONE = answer(
    "How many officials had been trained in Moldova?",
    [
        (
            "By the end of 2023 the programme had trained 655 officials in Moldova, 243 of them "
            "in that year.",
            cited(1, BRIEF, 1, "trained 655 officials"),
        )
    ],
)
THREE = answer(
    "Why are lessons lost, and what does the review suggest?",
    [
        (
            "Most focal points had been in their post for less than two years, and what they "
            "had learned left with them.",
            cited(1, REVIEW, 14, "less than two years"),
        ),
        (
            "The review suggests a depository that every country team feeds twice a year.",
            cited(2, REVIEW, 31, "a depository"),
        ),
        (
            "Moldova keeps a handover note of two pages for each post.",
            cited(3, BRIEF, 3, "a handover note"),
        ),
    ],
    query="Why are the lessons of the programme lost, and what does the review suggest?",
)
LIST = answer(
    "Which recommendations does the review make?",
    [
        (f"Recommendation {n}: {what}.", cited(n, REVIEW, 30 + n, what))
        for n, what in enumerate(
            (
                "Set up a hub that answers the questions of country teams within two days",
                "Plan with local authorities before budgets are fixed",
                "Share what does not work as readily as what does",
                "Give each focal point a deputy",
                "Publish country briefs in the language of the country",
                "Agree on ten indicators that all countries report",
            ),
            start=1,
        )
    ],
    total=6,
)
LONG_ANSWER = answer(
    "What is said about partnerships?",
    [
        (
            f"Partners of kind {n} met three times a year and agreed on who reports what, with "
            "whom the figures are shared, which of them are published, and what happens when a "
            "partner leaves the group before its term has ended, as it did in two countries. " * 2,
            cited(n, LONG, n, "Partners"),
        )
        for n in range(1, 10)
    ],
)
FRENCH = answer(
    "Que contient la note de passation ?",
    [
        (
            "La note de passation nomme les tâches en cours, les personnes à connaître et "
            "l’endroit où se trouvent les documents.",
            cited(1, GUIDE, 4, "La note de passation"),
        )
    ],
    language="fr",
)
ARABIC = answer(
    "كم عدد الموظفين الذين تم تدريبهم؟",
    [("تم تدريب 655 موظفًا في مولدوفا حتى نهاية عام 2023.", cited(1, BRIEF, 1, "655"))],
    language="ar",
)
NEAR = (
    hit(
        1,
        REVIEW,
        12,
        "Turnover is high in all countries.\nTeams in three of them keep a register "
        "of what was tried, what came of it and who can be asked about it.",
    ),
    hit(
        2,
        BRIEF,
        2,
        "Two districts plan with diaspora associations and report to the council each spring.",
    ),
    hit(3, LONG, 44, "Budgets for translation were cut in half, and nobody was told in time. " * 6),
    *(hit(n, GUIDE, n, f"Le relais passe par une visite de {n} services.") for n in range(4, 9)),
)
UNKNOWN = Answer(
    "What does the programme say about zebra quotas in Tunisia?",
    False,
    0.1,
    (),
    (),
    NEAR,
    3,
    language="en",
    n_documents=53,
)
NOTHING = Answer("Zebras?", False, 0.0, (), (), (), 3, language="en", n_documents=53)
HOSTILE_ANSWER = answer(
    HOSTILE, [(HOSTILE, cited(1, document(5, HOSTILE, kind=HOSTILE[:40]), 1, HOSTILE))]
)
FACETS = {
    "country": {"Haiti": 4, "Republic of Moldova": 7, "Tunisia": 3},
    "kind": {"brief": 6, "evaluation report": 9, "guideline": 4},
    "language": {"en": 15, "fr": 4},
    "year": {"2019": 3, "2022": 7, "2024": 9},
}
BEFORE = "Staff of government bodies and of the programme change often."
PARAGRAPH = (
    "Turnover was named in every interview. Most focal points had been in their post for less "
    "than two years, and what they had learned left with them. Only Moldova asks for a note."
)
AFTER = "The next section says what teams do about it."
QUOTE = "Most focal points had been in their post for less than two years"


def shown() -> views.Shown:
    """Return a passage with its neighbours."""
    text = f"{BEFORE}\n\n{PARAGRAPH}\n\n{AFTER}"
    blocks, at = [], 0
    for paragraph in (BEFORE, PARAGRAPH, AFTER):
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(paragraph), 14, 14))
        at += len(paragraph) + 2
    start = text.index(QUOTE)
    paragraphs = around(text, blocks, start, start + len(QUOTE))
    return views.Shown(REVIEW, locator(14), "d_0001.1", paragraphs)


def messages() -> dict[str, Message]:
    """Return every kind of message."""
    frame = Frame(TURN, links=LINKS)
    private = Frame(TURN, links=LINKS, private=True)
    haiti = Frame(TURN, links=LINKS, filters=Filters(countries=("Haiti",), year_from=2019))
    shared = Frame(TURN, links=LINKS, shared_by="UANA1", question=ONE.question)
    turn = Turn(THREE.question, language="en")
    return {
        "answer": render.answer(ONE, frame),
        "answer_of_three_sources": render.answer(THREE, frame),
        "answer_without_links": render.answer(ONE, Frame(TURN)),
        "answer_that_lists": render.answer(LIST, frame),
        "answer_that_is_cut": render.answer(LONG_ANSWER, frame),
        "answer_for_one_person": render.answer(ONE, private),
        "answer_shared": render.answer(ONE, shared),
        "answer_in_french": render.answer(FRENCH, Frame(TURN, "fr", LINKS)),
        "answer_in_arabic": render.answer(ARABIC, Frame(TURN, "ar", LINKS)),
        "answer_from_a_hostile_document": render.answer(HOSTILE_ANSWER, frame),
        "not_found": render.answer(UNKNOWN, haiti),
        "not_found_and_nothing_near": render.answer(NOTHING, frame),
        "help": home.help_message("en"),
        "somebody_is_asked": helping.call(("UBO11", "SHELP"), "UANA1", turn),
        "failed": sentence(say("error", "en", request_id="1f2e3d4c")),
        "busy": sentence(say("busy", "en")),
    }


def all_views() -> dict[str, Any]:
    """Return every kind of view."""
    hits = NEAR[: views.PAGE]
    settings = ChannelSettings(
        "CHAITI",
        collection="guides",
        own=Filters(countries=("Haiti",), year_from=2019),
        may_read=Reader(internal=True, groups=frozenset({"haiti"})),
        ask=("UBO11", "SHELP"),
    )
    recent = (BRIEF, REVIEW, GUIDE, LONG)
    return {
        "passage": views.passage(shown(), LINKS, "en", picture="F1"),
        "passage_without_picture": views.passage(shown(), Links(), "en"),
        "more_results": views.results(hits, TURN, LINKS, "en", first=1, more=True),
        "no_more_results": views.results((), TURN, LINKS, "en", first=6, more=False),
        "sources_for_a_message": views.sources(hits[:3], TURN, LINKS, "en"),
        "whole_answer": views.whole(LONG_ANSWER, TURN, LINKS, "en"),
        "narrow_down": forms.narrow(FACETS, Filters(countries=("Haiti",)), TURN, "en"),
        "nothing_to_narrow": forms.narrow({}, Filters(), TURN, "en"),
        "what_was_missing": forms.missing(TURN, "en"),
        "settings": forms.settings(settings, ("briefs", "guides"), FACETS, "en"),
        "refused": views.told(say("passage", "en"), say("cannot_read", "en"), "en"),
        "home": home.home(Status(3, 53, 4210, "model"), recent, LINKS, "en"),
    }
