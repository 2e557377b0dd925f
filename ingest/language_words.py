"""Small words that tell languages apart: data for ``ingest.language``.

Closed-class words (articles, pronouns, prepositions, auxiliaries) and the words that open
questions. They are what a short question has even when everything else in it is a name.
Each is known as it stands and without its accents, so ``cuales`` counts as ``cuáles`` does,
while Spanish ``será`` does not count as French ``sera``. Serbian is listed in Latin script;
Cyrillic text is transliterated before it is compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

_WORDS: Mapping[str, str] = {
    "en": """
        the of and to in is that for it was on are as with his they at be this from have or by
        had not but what all were when we there can an your which their said if do will each
        about how up out them then she many some so these would other into has more her two him
        could than been who its now did get may over new any only where why whom whose does
        should must between under during after before because while against without within
        through most also such no my me our us you he i
        list show tell give explain describe find
    """,
    "fr": """
        le la les de des du un une et est en que qui dans pour pas sur au aux avec ce cette ces
        il elle ils elles nous vous je se sa son ses leur leurs ne plus par sont ont ou mais
        comme été être avoir fait faire quel quelle quels quelles combien comment pourquoi quand
        quoi où lequel laquelle lesquels lesquelles dont donc selon entre sous sans lors depuis
        afin ainsi aussi cela celui celle ceux chez contre vers notre votre nos vos tous toutes
        tout toute peut peuvent doit doivent était étaient avait sera seront a-t-il a-t-elle
        est-ce qu l d n s c j m t si même très après avant pendant jusqu cet on
        quelqu expliquez décrivez citez donnez
    """,
    "es": """
        el la los las de del un una unos unas y e o u es en que qué con por para no se su sus al lo
        como cómo más o pero le les ha han fue fueron ser está están este esta estos estas ese
        esa eso entre cuando cuándo muy sin sobre también me hasta hay donde dónde quien quién
        quiénes desde todo todos toda todas nos durante uno ni contra otros otras ante ellos
        ellas esto antes algunos qué cuál cuáles cuánto cuántos cuánta cuántas porque tiene
        tienen había era eran según mediante hacia tras son debe deben puede pueden qué a
        será serán hizo tuvo dijo según cada cuyo cuya
        explique describa indique
    """,
    "ro": """
        și în din la cu pe de a al ale ai cel cea cei cele un o unei unui unor este sunt era erau
        fost fi fie care ce că să se sa său nu mai pentru prin despre după între până când unde
        cum cât câte câți câtă cine cui ca dar sau ori dacă deci iar fără asupra către acest
        această acești aceste acea acel acestea acestui acestei lui ei lor îl îi le i-a s-a
        l-a au avea avut are am poate pot trebuie fiecare toate toți tot alt alte alți încă
        doar chiar foarte atunci aici acolo prima primul ce-i într într-un într-o dintre printre
        cărui cărei căror nici numai spre sub numit numește
        explicați descrieți
    """,
    "sr": """
        je su da se na u i za od do sa s o po iz ne ni nije nisu biti bio bila bilo bili bile će
        ću ćemo koji koja koje kojih kojem kojoj kojim koga kome što šta ko kako kada kad gde
        gdje zašto koliko zbog kroz između pre prije posle poslije nakon ili ali ako jer te pa
        ovaj ova ovo ove ovi taj ta to tog toga tome tim one oni ona ono njegov njen njihov
        svi sve svaki svaka svako svakog svih svoj svoje svojih svoju svom nego već još samo
        kao pod nad bez prema protiv tokom može mogu treba mora moraju ima imaju li bi smo ste
        sam ga mu ih im joj nas vas nam čega čemu čime čiji kakav kakva kakvo
        objasnite opišite navedite
    """,
    "ru": """
        и в не на что он с как это по но они к у из за от о так же ты вы мы она его её их для до
        если или бы был была было были быть есть нет когда где кто чем чего кого кому почему
        сколько какой какая какое какие каким каком какую каких который которая которое которые
        которых котором зачем куда откуда при под над без между через после перед также только
        этот эта эти этого этой этом того той том те то все всех всё ещё уже может могут должен
        должны со во об ли чтобы потому себя свой своих
    """,
    # Not the product's own: they keep a German or Portuguese text from passing as English
    # or Spanish.
    "de": """
        der die das und ist in zu den mit von für auf des dem ein eine einer einen im nicht sich
        auch es an werden aus er hat dass sie nach wird bei um am sind noch wie über zum zur
        haben nur oder aber vor durch wer was welche welcher welches warum wann wo kann können
    """,
    "pt": """
        o a os as de do da dos das um uma e é em que não com para por se no na nos nas ao aos à
        às mais como mas foi são ser tem seu sua seus suas ou quando muito há já está também
        pelo pela pelos pelas até isso entre depois sem mesmo quem qual quais onde porquê ele
        ela eles elas foram você
    """,
    "it": """
        il lo la i gli le di del della dei degli delle un una uno e è in che non per con si da
        dal dalla nel nella nei sono al alla ai come più ma ha anche o se ci questo questa
        quale quali chi dove quando perché quanto quanti essere stato sua suo loro
    """,
    "nl": """
        de het een en van is in op te dat die voor met zijn aan niet er ook als door om maar
        naar bij uit dan nog wat wie waar welke hoe waarom wordt worden heeft hebben kan deze
        dit over tot zij
    """,
}

#: Letters that only some of the languages write, each worth a word. Compared before folding.
LETTERS: Mapping[str, str] = {
    "fr": "çèêùœ",
    "es": "ñ¿¡íóú",
    "ro": "ășțşţ",
    "sr": "čćšžđ",
    "de": "ßäö",
    "pt": "ãõíóú",
}

_CYRILLIC_TO_LATIN = str.maketrans(
    {
        **dict(zip("абвгдежзијклмнопрстћуфхцчш", "abvgdežzijklmnoprstćufhcčš", strict=True)),
        "ђ": "đ",
        "љ": "lj",
        "њ": "nj",
        "џ": "dž",
    }
)


def fold(text: str) -> str:
    """Return lower-case text without accents; ``đ`` becomes ``dj``, as people type it."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "dj"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def serbian_latin(text: str) -> str:
    """Return Serbian Cyrillic text in Latin letters, lower case."""
    return text.lower().translate(_CYRILLIC_TO_LATIN)


@cache
def words_of(language: str) -> frozenset[str]:
    """Return a language's small words, with and without accents; empty without a list."""
    listed = _WORDS.get(language, "")
    return frozenset(listed.split()) | frozenset(fold(listed).split())


@cache
def shares() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Return for each small word of a Latin-script language who has it, and how much it tells.

    A word that n languages share is worth 1/n to each of them.
    """
    owners: dict[str, list[str]] = {}
    for language in _WORDS:
        if language != "ru":
            for word in words_of(language):
                owners.setdefault(word, []).append(language)
    return {
        word: tuple((language, 1 / len(langs)) for language in langs)
        for word, langs in owners.items()
    }
