"""Our own sentences in French: data for ``mmsearch.phrases.catalogue``."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, str] = {
    "not_found": "Je n'ai pas trouvé cela dans la bibliothèque.",
    "empty_library": "La bibliothèque est encore vide.",
    "no_documents": "Il n'y a ici aucun document où chercher.",
    "looked_for": "Recherché : {words}.",
    "documents_searched": "Documents consultés : {count}.",
    "list_comma": ", ",
    "nearest": "Les passages les plus proches :",
    "nothing_near": "Aucun passage de la bibliothèque ne s'en approche.",
    "according_to": "selon {title}",
    "according_to_year": "selon {title} ({year})",
    "sources": "Sources",
    "also_in": "Aussi dans : {files}",
    "in_all": "En tout : {count}",
    "found_in": "Passages : {passages} ; documents : {documents}",
    "superseded": "Une version plus récente se trouve dans la bibliothèque : {title} ({year}).",
    "superseded_by": (
        "[{numbers}] Une version plus récente se trouve dans la bibliothèque : {title}."
    ),
    "superseded_plain": "Une version plus récente se trouve dans la bibliothèque.",
    "understood_as": "Compris comme : {query}",
    "also_searched": "Aussi cherché : {words}",
    "worded_by_model": (
        "Formulé par {model} ; chaque phrase a été vérifiée sur les passages qu'elle cite."
    ),
    "quoted_instead": "Ce sont les mots mêmes des documents : {reason}",
    "rest_quoted": "Le reste reprend les mots mêmes des documents : {reason}",
    "model_timeout": "le modèle de langue n'a pas répondu à temps.",
    "model_limit": "le modèle de langue a atteint sa limite pour le moment.",
    "model_unreachable": "le modèle de langue est injoignable.",
    "model_failed": "le modèle de langue n'a donné aucune réponse utilisable.",
    "model_unverified": "ce que le modèle de langue a écrit n'a pas résisté à la vérification.",
    "page": "p. {number}",
    "printed_page": "(numérotée {label})",
    "paragraph": "paragraphe {number}",
    "paragraphs": "paragraphes {number}",
    "line": "ligne {number}",
    "lines": "lignes {number}",
    "slide": "diapositive {number}",
    "slides": "diapositives {number}",
    "sheet": "feuille {sheet}",
    "row": "ligne {number}",
    "rows": "lignes {number}",
    "recognised": "lu sur une numérisation, sûr à {sure} %",
    "passage_same": "inchangé",
    "passage_moved": "les mêmes mots se trouvent maintenant ailleurs dans le document",
    "passage_changed": "modifié depuis",
    "passage_gone": "le document n'est plus dans la bibliothèque",
    "question_not_kept": "La question elle-même n'a pas été conservée.",
    "helpful": "Utile",
    "not_helpful": "Pas utile",
    "what_was_missing": "Que manquait-il ?",
    "thanks": "Merci.",
    "record_gap": "Signaler aux responsables de la bibliothèque",
    "gap_recorded": "Noté : les responsables de la bibliothèque verront cette question.",
    "gap_not_recorded": (
        "Cela n'a pas pu être noté. Veuillez prévenir vous-même les responsables de la "
        "bibliothèque."
    ),
    "show_passage": "Voir le passage",
    "more_results": "Plus de résultats",
    "narrow_down": "Affiner",
    "ask_a_person": "Demander à quelqu'un",
    "share": "Partager dans le canal",
    "more": "Plus",
    "searching": "Recherche en cours …",
    "another_question": "Posez une autre question, ou terminez avec Ctrl-D.",
    "error": (
        "Une erreur s'est produite. Réessayez ; si elle persiste, donnez ce numéro au "
        "responsable de la bibliothèque : {request_id}"
    ),
    "error_unavailable": (
        "La bibliothèque ne peut pas être lue pour le moment. Réessayez plus tard."
    ),
    "error_not_found": "Il n'y a rien ici que vous puissiez lire.",
    "error_empty": "La question est vide. Posez-la en quelques mots ou en une phrase.",
    "error_long": "La question est trop longue ; nombre maximal de caractères lus : {most}.",
    "error_words": "La question ne peut pas être recherchée. Posez-la autrement.",
    "error_no_rights": "Votre compte n'appartient à aucun groupe autorisé à lire ici. "
    "Adressez-vous à la personne qui gère la bibliothèque.",
    "error_token_needed": "Vous devez vous identifier pour lire ceci.",
    "error_token_unknown": (
        "Ce jeton est inconnu. Demandez-en un autre au responsable de la bibliothèque."
    ),
    "error_keepers_only": "Seul le responsable de la bibliothèque peut voir ceci.",
    "error_journal": "Les reçus et les lacunes ne peuvent être ni lus ni conservés pour le moment.",
    "error_filter": "Un filtre a une valeur qu'aucun document n'a ici.",
    "error_invalid": "La demande est incompréhensible.",
    "error_too_large": "La demande est trop volumineuse.",
    "no_hits": "Aucun passage ne correspond. Documents consultés : {count}.",
}
