from __future__ import annotations

from dataclasses import replace

from index.types import SearchResult
from mmsearch.answer.question import read
from mmsearch.answer.select import EMBEDDED, MOST, coverage, idf, in_reading_order, select
from tests.unit.mmsearch.answer.shelf import PROGRAMME, Shelf, WordEmbedder


def chosen(shelf: Shelf, question: str) -> list[str]:
    result = shelf.search(question)
    selection = select(
        read(question, shelf.language), result, embedder=shelf.embedder, text=shelf.text
    )
    return [e.text for e in selection.chosen]


def test_the_sentence_that_answers_comes_first() -> None:
    assert chosen(PROGRAMME, "How many patients did the mobile clinic treat?")[0].startswith(
        "The mobile clinic in Kenya treated 4,200 patients"
    )


def test_a_repeated_sentence_is_said_once() -> None:
    line = "The council lends nets to every new fisher for one season."
    shelf = Shelf({"report": f"{line} Boats are checked in May.", "brief": f"{line} Tea is free."})
    assert chosen(shelf, "What does the council lend to a new fisher?").count(line) == 1


def test_a_second_sentence_must_add_words_of_the_question() -> None:
    found = chosen(PROGRAMME, "What is the ceiling of a loan and who decides on it?")
    assert any("900 dollars" in text for text in found)
    assert len(found) <= MOST


def test_without_a_known_language_nothing_is_embedded() -> None:
    shelf = Shelf(
        {"a": "Pokretna klinika je lečila 4.200 pacijenata. Put je dug."},
        language="sr",
        embedder=WordEmbedder(),
    )
    result = shelf.search("Koliko pacijenata je klinika lečila?")
    selection = select(
        read("Koliko pacijenata je klinika lečila?", "sr"),
        result,
        embedder=shelf.embedder,
        text=shelf.text,
    )
    assert "4.200" in selection.chosen[0].text
    assert selection.chosen[0].cosine is None
    assert shelf.embedder.embedded == []


def test_at_most_so_many_sentences_are_embedded() -> None:
    many = {
        f"d{n}": " ".join(f"Clinic {n} of row {i} is open." for i in range(9)) for n in range(9)
    }
    shelf = Shelf(many)
    chosen(shelf, "Which clinic is open?")
    assert len(shelf.embedder.embedded) == EMBEDDED


def test_no_hits_give_an_empty_selection() -> None:
    question = read("Where is the clinic?", "en")
    empty = SearchResult((), 1, 0)
    selection = select(question, empty, embedder=WordEmbedder(), text=PROGRAMME.text)
    assert selection.chosen == ()


def test_reading_order_follows_the_documents_then_the_text() -> None:
    result = PROGRAMME.search("loan clinic")
    question = read("loan clinic", "en")
    ranked = select(question, result, embedder=PROGRAMME.embedder, text=PROGRAMME.text).ranked
    ordered = in_reading_order(ranked)
    places = [(e.hit.rank, e.start) for e in ordered]
    assert places == sorted(places)


def test_a_rare_word_weighs_more_and_coverage_is_a_share() -> None:
    words = read("clinic nets", "en").words
    weights = idf(words, [frozenset({"clinic"}), frozenset({"clinic"}), frozenset({"net"})])
    assert weights[1] > weights[0]
    assert coverage(words, weights, frozenset({"clinic", "net"})) == 1
    assert coverage(words, weights, frozenset()) == 0
    assert coverage((), (), frozenset()) == 0


def test_the_wrong_country_scores_lower() -> None:
    shelf = Shelf(
        {
            "peru": "The clinic in Peru treated 50 patients in spring.",
            "chad": "The clinic in Chad treated 70 patients in spring.",
        }
    )
    question = "How many patients did the clinic treat in Chad?"
    result = shelf.search(question)
    swapped = replace(
        result, hits=tuple(replace(h, rank=3 - h.rank, score=0.5) for h in reversed(result.hits))
    )
    selection = select(read(question, "en"), swapped, embedder=shelf.embedder, text=shelf.text)
    assert "70 patients" in selection.chosen[0].text
