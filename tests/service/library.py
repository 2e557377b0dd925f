"""The documents of the fake library: some public, some hidden, one hostile."""

from __future__ import annotations

from pathlib import Path

from ingest.types import AccessLevel, Evidence, Metadata
from tests.service.fake import FakeDocument, make_document

HOSTILE = (
    'Hostile <img src=x onerror="window.hacked=1"> <script>window.hacked=1</script> paragraph',
    "with javascript:alert(1) and &lt;b&gt; about mangrove nurseries.",
)

GUIDE = (
    (
        ("Handover guide for focal points",),
        (
            "A focal point who leaves the programme writes a handover note of two pages",
            "and walks the successor through the shared folder before the last day.",
            "The note names open tasks, people to know and where the documents are.",
        ),
        (
            "Country teams keep one register of what was learned. Each entry says what was",
            "tried, what came of it and who can be asked about it.",
        ),
    ),
    (
        (
            "The hub answers questions within two working days. Questions that come back",
            "often become a page of the depository.",
        ),
        (
            "Training for new focal points takes place twice a year, once online and once",
            "in the region. Trainers use the same cases in every country.",
        ),
    ),
)

DIASPORA = (
    (
        ("Lessons on working with diaspora associations",),
        (
            "Associations answer sooner when a named person writes to them. The team in",
            "Ecuador kept a list of such persons and saw replies within a week.",
        ),
    ),
)

PUBLIC = Metadata(
    title="Handover guide",
    year=2023,
    kind="guideline",
    languages=("en",),
    countries=("Ecuador", "Serbia"),
    publisher=("Support hub",),
)

SECRETS = {
    "internal": ("d-internal", "Zinnober", "Atlantis"),
    "haiti": ("d-haiti", "Quetzal", "Haiti"),
    "nobody": ("d-nobody", "Obsidian", "Lemuria"),
}
"""By who may read it: id, a word that stands in every part of it, and a country of its own."""


def hidden(folder: Path, who: str, access: AccessLevel, groups: tuple[str, ...]) -> FakeDocument:
    """Make a document whose every part holds a word by which it is known anywhere."""
    doc_id, word, country = SECRETS[who]
    pages = (
        (
            (f"{word} budget note",),
            (
                f"The handover note about {word} names the tasks of focal points who leave",
                f"the programme, and says what {word} costs.",
            ),
        ),
    )
    metadata = Metadata(
        title=f"{word} note",
        year=1991,
        kind=f"{word.lower()} kind",
        languages=("sr",),
        countries=(country,),
        publisher=(f"{word} office",),
        access=access,
        groups=groups,
    )
    name = f"hidden/{word}.pdf"
    return make_document(folder, doc_id, name, pages, metadata, Evidence.RECOMMENDATION)


def make_library(folder: Path) -> list[FakeDocument]:
    """Write the files of the library into a folder and return its documents."""
    page = Metadata(title="Nurseries <b>page</b>", kind="web page", languages=("en",), year=2020)
    lessons = Metadata(
        title="Working with diaspora associations",
        year=2021,
        kind="lessons learned",
        languages=("en",),
        countries=("Ecuador",),
        publisher=("Support hub",),
    )
    return [
        make_document(folder, "d-guide", "guides/handover — «guide».pdf", GUIDE, PUBLIC),
        make_document(folder, "d-lessons", "lessons.pdf", DIASPORA, lessons, Evidence.LESSON),
        make_document(folder, "d-hostile", 'bad"\r\nname.html', ((HOSTILE,),), page),
        hidden(folder, "internal", AccessLevel.INTERNAL, ()),
        hidden(folder, "haiti", AccessLevel.RESTRICTED, ("haiti",)),
        hidden(folder, "nobody", AccessLevel.RESTRICTED, ()),
    ]
