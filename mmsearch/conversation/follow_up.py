"""Understanding a follow-up from the questions before it, without a language model. Pure.

Three things are done, in this order. A follow-up that names only an entity ("and in
Tunisia?") is the question before with that entity in the place of the one of its type. One
that refers ("who is responsible for that?") or lacks its subject ("since when?") keeps its own
words and carries over the content words of the question before. Everything else stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.analysis import words
from ingest.language import LANGUAGES, detect_question
from ingest.metadata_countries import local_name
from mmsearch.conversation.content import Content, content
from mmsearch.conversation.cues import CHATTER, CUES, EVERYWHERE, Cues
from mmsearch.conversation.entities import Entity, EntityType, entities

MOST_TURNS = 8
"""How many questions before this one are read; older ones say nothing about it."""
LONGEST_FOLLOW_UP = 300
"""Characters: a longer question says all it needs."""
LONGEST_TURN = 600
"""Characters that are read of an earlier question."""
MOST_CARRIED = 12
"""How many words are carried over."""
FEW = 2
"""A follow-up that opens with a connective leans on the thread when it has at most so many
content words of its own."""
SHARED = 0.5
"""A question that shares this much of its words with the one before, and names no entity,
is about the same country and year."""
PLACED = frozenset({EntityType.COUNTRY, EntityType.YEAR})
_YEAR_WORD = re.compile(r"years?|ann[ée]es?|años?|год\w{0,3}|г|عام|سنة", re.IGNORECASE)
LONGEST_PREPOSITION = 24
"""Characters in front of a word in which its preposition and article stand."""
_END = " \t\n?!.؟…"


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched for.

    Attributes:
        question: As asked.
        query: What is searched for: the question itself where it stands alone.
        language: ISO 639-1 code of the question; of the thread where it is too short to tell.
        carried: Words that came from the thread.
    """

    question: str
    query: str
    language: str
    carried: tuple[str, ...] = ()


def understand(question: str, history: Sequence[str] = ()) -> Understood:
    """Read a question in the light of those asked before it.

    Args:
        question: As asked.
        history: The questions of the thread before it, oldest first; what cannot be read
            as a question is passed over.
    """
    before: Understood | None = None
    for earlier in history[-MOST_TURNS:]:
        if words(earlier) and not CHATTER.search(earlier):
            before = _turn(earlier.strip()[:LONGEST_TURN], before)
    return _turn(question.strip(), before)


@dataclass(frozen=True, slots=True)
class _Read:
    """A question taken apart: what opens it is cut off."""

    body: str
    cues: Cues
    language: str
    opened: bool
    about: bool
    entities: tuple[Entity, ...]
    content: tuple[Content, ...]

    @property
    def own(self) -> list[Content]:
        """Content words outside every entity; "year" beside a year says nothing."""
        years = EntityType.YEAR in self.types
        return [
            c
            for c in self.content
            if not _inside(c, self.entities) and not (years and _YEAR_WORD.fullmatch(c.text))
        ]

    @property
    def types(self) -> set[EntityType]:
        """The types of its entities."""
        return {e.type for e in self.entities}

    @property
    def asks(self) -> bool:
        return bool(self.cues.asks.search(self.body)) and not self.about


def _turn(question: str, before: Understood | None) -> Understood:
    language = detect_question(question, LANGUAGES)
    if before is None or len(question) > LONGEST_FOLLOW_UP:
        return Understood(question, question, language)
    language = _language(question, language, before.language)
    cues = CUES.get(language)
    alone = Understood(question, question, language)
    if cues is None or cues.fresh.search(question):
        return alone
    read = _read(question, language, cues)
    if not words(read.body):
        return replace(before, question=question)
    previous = _previous(before)
    if year := _other_year(read, previous):
        read = year
    if not read.asks and not _points(read) and not read.own and read.entities:
        return _substituted(question, read, previous)
    if not read.asks and (read.opened or read.about) and len(read.own) <= FEW + 1:
        return _swapped(question, read, previous) or _carrying(question, read, previous)
    if _leans(read):
        return _carrying(question, read, previous)
    if _same_subject(read, previous):
        return _carrying(question, read, previous, only=PLACED)
    return alone


def _language(question: str, detected: str, before: str) -> str:
    """Take the thread's language where the question is too short to have one of its own."""
    cues = CUES.get(before)
    if detected in ("und", before) or cues is None:
        return before if detected == "und" else detected
    known = cues.opens.search(question) or cues.about.search(question)
    return before if known and len(words(question)) <= 4 and detected not in CUES else detected


def _read(question: str, language: str, cues: Cues) -> _Read:
    body, opened, about = question.strip(), False, False
    while match := cues.opens.search(body):
        if match.end() == 0 or not words(body[match.end() :]):
            break
        body, opened = body[match.end() :], True
    if match := cues.about.search(body):
        body, about = body[match.end() :], True
    found = entities(body, language, careless=opened or about or len(words(body)) <= 3)
    return _Read(body, cues, language, opened, about, tuple(found), tuple(content(body, language)))


def _previous(before: Understood) -> _Read:
    """Take the thread's last query apart, in its own language."""
    language = detect_question(before.query, LANGUAGES)
    language = before.language if language == "und" else language
    return _Read(
        before.query,
        CUES.get(language, CUES["en"]),
        language,
        opened=False,
        about=False,
        entities=tuple(entities(before.query, language)),
        content=tuple(content(before.query, language)),
    )


def _points(read: _Read) -> bool:
    """Say whether a question refers to something outside itself."""
    if read.cues.inner.search(read.body):
        return False
    if read.cues.points.search(read.body):
        return True
    match = read.cues.weak.search(read.body)
    if match is None:
        return False
    return not any(c.end <= match.start() and _is_noun(c, read) for c in read.content)


def _is_noun(word: Content, read: _Read) -> bool:
    """Guess whether a content word may be what a pronoun behind it stands for.

    What directly follows the asking word is mostly its verb or its object: "who funded
    them?", "how many plans did it adopt?".
    """
    if word is not read.content[0]:
        return True
    entity = _inside(word, read.entities)
    return entity is not None and entity.type not in (EntityType.GROUP, EntityType.YEAR)


def _leans(read: _Read) -> bool:
    """Say whether a question cannot be understood without those before it."""
    if _points(read):
        return True
    named = {EntityType.NAME, EntityType.ORGANISATION, EntityType.KIND} & read.types
    if read.cues.defines.search(read.body) and (read.entities or read.own):
        return False
    if named and not read.opened:
        return False
    n_groups = sum(e.type is EntityType.GROUP for e in read.entities)
    most = FEW if read.opened else 1
    return len(read.own) + n_groups <= most and EntityType.NAME not in named


def _same_subject(read: _Read, previous: _Read) -> bool:
    """Say whether a question goes on about the subject of the one before, and names no place."""
    elsewhere = {EntityType.COUNTRY, EntityType.NAME, EntityType.ORGANISATION} & read.types
    if elsewhere or EVERYWHERE.search(read.body) or EntityType.COUNTRY not in previous.types:
        return False
    subject = [c for c in read.content if not _placed(c, read)]
    shared = sum(any(not c.keys.isdisjoint(p.keys) for p in previous.content) for c in subject)
    return len(subject) >= FEW and shared >= SHARED * len(subject) and shared >= FEW


def _substituted(question: str, read: _Read, previous: _Read) -> Understood:
    """Put the entities of a follow-up in the place of those of their types."""
    text, extra = previous.body, list[str]()
    for entity in read.entities:
        surface = read.body[entity.start : entity.end]
        same = [
            e
            for e in entities(text, previous.language)
            if e.type is entity.type and _parallel(entity, read, e, text, previous)
        ]
        if not same:
            extra.append(_phrase(read, entity))
            continue
        target = same[-1]
        phrase = _phrase(read, entity)
        if entity.type is EntityType.COUNTRY and (
            read.language != previous.language or surface.islower()
        ):
            surface = phrase = local_name(entity.key, previous.language)
        text = _put(text, target, surface, phrase, previous)
        for other in reversed(same[:-1]):
            text = _without(text, other)
    text = _append(text, extra)
    carried = tuple(c.text for c in previous.content if c.text in text)
    return Understood(question, text, read.language, carried)


def _parallel(entity: Entity, read: _Read, other: Entity, text: str, previous: _Read) -> bool:
    """Say whether one entity may stand in the place of another of its type.

    A name may be of anything, so it only takes the place of one behind the same preposition.
    """
    if entity.type is not EntityType.NAME:
        return True
    mine = _phrase(read, entity).casefold().partition(" ")[0]
    at = _preposition(text[: other.start], previous.cues)
    return at is not None and text[at:].casefold().partition(" ")[0] == mine


def _put(text: str, target: Entity, surface: str, phrase: str, previous: _Read) -> str:
    """Replace an entity, with its preposition where both have one."""
    start = target.start
    mine = _preposition(text[:start], previous.cues)
    inflects = previous.language != "en" and target.type is not EntityType.YEAR
    if mine is not None and phrase != surface and inflects:
        start, surface = mine, phrase
    return f"{text[:start]}{surface}{text[target.end :]}"


def _without(text: str, entity: Entity) -> str:
    return re.sub(r"\s{2,}", " ", f"{text[: entity.start]}{text[entity.end :]}")


def _phrase(read: _Read, entity: Entity) -> str:
    """Return an entity with the preposition that stands before it."""
    at = _preposition(read.body[: entity.start], read.cues)
    return read.body[entity.start if at is None else at : entity.end]


def _preposition(head: str, cues: Cues) -> int | None:
    """Return where the preposition begins with which a text ends, or None."""
    skipped = max(0, len(head) - LONGEST_PREPOSITION)
    head = head[skipped:]
    for word in cues.prepositions:
        space = "" if word.endswith(("'", "’")) else r"\s+"
        match = re.search(rf"(?<!\w){re.escape(word)}{space}(?:(?:l['’]|la\s+|le\s+|les\s+|el\s+"
                          r"|los\s+|las\s+|the\s+))?$", head, re.IGNORECASE)  # fmt: skip
        if match:
            return skipped + match.start()
    return None


def _swapped(question: str, read: _Read, previous: _Read) -> Understood | None:
    """Put "for parents" in the place of "for teachers": one noun behind the same preposition."""
    body = read.body.strip(_END)
    for word in read.cues.prepositions:
        match = re.match(rf"{re.escape(word)}\s+", body, re.IGNORECASE)
        if match is None:
            continue
        places = list(re.finditer(rf"(?<!\w){re.escape(word)}\s+", previous.body, re.IGNORECASE))
        if not places:
            return None
        start = places[-1].end()
        behind = next((c for c in previous.content if c.start >= start), None)
        if behind is None or _inside(behind, previous.entities):
            return None
        text = f"{previous.body[:start]}{body[match.end() :]}{previous.body[behind.end :]}"
        carried = tuple(c.text for c in previous.content if c is not behind)
        return Understood(question, text, read.language, carried)
    return None


def _carrying(
    question: str, read: _Read, previous: _Read, *, only: frozenset[EntityType] | None = None
) -> Understood:
    """Keep a follow-up's words and add what it lacks of the question before."""
    types = read.types & PLACED
    known = frozenset().union(*(c.keys for c in read.content)) if read.content else frozenset()
    carried: list[str] = []
    said: set[str] = set(known)
    for word in previous.content:
        entity = _inside(word, previous.entities)
        if entity is not None and entity.type in types:
            continue
        if only is not None and (entity is None or entity.type not in only):
            continue
        if said.isdisjoint(word.keys):
            carried.append(word.text)
            said |= word.keys
    carried = carried[:MOST_CARRIED]
    body = read.body[:1].upper() + read.body[1:]
    query = f"{body} ({' '.join(carried)})" if carried else body
    return Understood(question, query, read.language, tuple(carried))


def _other_year(read: _Read, previous: _Read) -> _Read | None:
    """Turn "the year before" into a year, where the question before has one."""
    years = [e for e in previous.entities if e.type is EntityType.YEAR]
    for cue, step in ((read.cues.before, -1), (read.cues.after, 1)):
        match = cue.search(read.body)
        if match and years:
            year = str(int(years[-1].key[:4]) + step)
            body = f"{read.body[: match.start()]}{year}{read.body[match.end() :]}"
            return _read(body, read.language, read.cues)
    return None


def _append(text: str, extra: Sequence[str]) -> str:
    if not extra:
        return text
    bare = text.rstrip(_END)
    return f"{bare} {' '.join(extra)}{text[len(bare) :]}"


def _placed(word: Content, read: _Read) -> bool:
    entity = _inside(word, read.entities)
    return entity is not None and entity.type in PLACED


def _inside(word: Content, found: Sequence[Entity]) -> Entity | None:
    return next((e for e in found if e.start <= word.start and word.end <= e.end), None)
