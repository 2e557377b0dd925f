"""What a question's terms were called in other languages, for whoever shows an answer. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from index.translation import Translation
from index.types import Hit
from mmsearch.types import Answer

MOST_WORDS = 8
"""So many equivalents are named."""
NEAREST = 3
"""Where nothing was answered, so many of the nearest passages are looked at."""


def also_searched(answer: Answer) -> list[str]:
    """Return the equivalents by which an answer's sources were found, if any.

    Only those of languages in which a source is, and not the question's: whoever asks in the
    documents' language has no use for the others.
    """
    cited = {citation.passage_id for citation in answer.citations}
    hits = [hit for hit in answer.nearest if hit.passage.passage_id in cited]
    return searched_for(hits or answer.nearest[:NEAREST], answer.translation)


def searched_for(hits: Iterable[Hit], translation: Translation) -> list[str]:
    """Return the equivalents by which some hits were found that the question's words did not."""
    languages = {hit.passage.language for hit in hits}
    return equivalents(translation, languages - {translation.language})


def equivalents(translation: Translation, languages: Collection[str]) -> list[str]:
    """Return the best equivalent of each term in each of some languages, in order, each once."""
    found = [
        said[0].text
        for rendering in translation.renderings
        for language in sorted(languages)
        if (said := rendering.into(language)) and said[0].text.casefold() != rendering.text
    ]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def translation_shape(translation: Translation) -> list[dict[str, object]]:
    """Give each term that was also searched in other languages, with its equivalents."""
    return [
        {
            "term": rendering.text,
            "equivalents": [
                {"language": said.language, "text": said.text} for said in rendering.alternatives
            ],
        }
        for rendering in translation.renderings
    ]
