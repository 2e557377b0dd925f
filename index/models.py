"""A few embedding models worth taking, and which languages a model knows.

Facts are from the models' cards on Hugging Face. Every model here loads from safetensors and
runs no code of its own: those that need ``trust_remote_code`` (as Arctic Embed M 2.0) or have
only pickled weights are left out on purpose, for the program refuses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

DEFAULT = "all-MiniLM-L6-v2"
"""The packaged model."""

_CARD_LIMIT = 256 << 10


def _codes(written: str) -> frozenset[str]:
    return frozenset(written.split())


# Languages of XLM-RoBERTa's training text, as the card of multilingual-e5 lists them.
_XLM_R = _codes(
    "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha "
    "he hi hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl "
    "no om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi "
    "xh yi zh"
)
_PARAPHRASE = _codes(
    "ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id it ja ka ko ku lt lv mk mn "
    "mr ms my nb nl pl pt ro ru sk sl sq sr sv th tr uk ur vi zh"
)
_ARCTIC = _codes(
    "af ar az be bg bn ca cs cy da de el en es et eu fa fi fr gl gu he hi hr ht hu hy id is it "
    "ja jv ka kk km kn ko ky lo lt lv mk ml mn mr ms my ne nl pa pl pt qu ro ru si sk sl so sq "
    "sr sv sw ta te th tl tr uk ur vi yo zh"
)


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that ``mmsearch model`` lists.

    Attributes:
        name: What to give as the model's name.
        megabytes: Size of its weights in MB (10**6 bytes).
        dim: Length of a vector.
        max_tokens: Longest input in tokens.
        languages: ISO 639-1 codes.
        prompts: Which words the model wants in front of text; the program adds them.
        advice: When to take it, one line.
    """

    name: str
    megabytes: int
    dim: int
    max_tokens: int
    languages: frozenset[str]
    prompts: str
    advice: str


CATALOGUE = (
    KnownModel(
        DEFAULT,
        91,
        384,
        256,
        frozenset({"en"}),
        "none",
        "Comes with the program, quick, English only: the one for a laptop without internet.",
    ),
    KnownModel(
        "intfloat/multilingual-e5-small",
        471,
        384,
        512,
        _XLM_R,
        "'query: ' and 'passage: '",
        "The first to take for documents in several languages; runs on a small server.",
    ),
    KnownModel(
        "intfloat/multilingual-e5-base",
        1112,
        768,
        512,
        _XLM_R,
        "'query: ' and 'passage: '",
        "Better than small in several languages, and about three times slower.",
    ),
    KnownModel(
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
        471,
        384,
        128,
        _PARAPHRASE,
        "none",
        "For alike sentences more than for questions; passages are cut to 128 tokens.",
    ),
    KnownModel(
        "Snowflake/snowflake-arctic-embed-l-v2.0",
        2271,
        1024,
        8192,
        _ARCTIC,
        "'query: ' in front of questions",
        "The best here in several languages; slow without a large server.",
    ),
    KnownModel(
        "BAAI/bge-small-en-v1.5",
        133,
        384,
        512,
        frozenset({"en"}),
        "an instruction in front of questions",
        "English only, takes longer passages than the packaged one, half as quick.",
    ),
)


def known_model(model: str) -> KnownModel | None:
    """Return the catalogue's entry for a name, or for a folder that carries the name."""
    last = model.rstrip("/\\").replace("\\", "/").rpartition("/")[2].lower()
    for known in CATALOGUE:
        if known.name.rpartition("/")[2].lower() == last:
            return known
    return None


def languages_of(model: str, folder: Path | None = None) -> frozenset[str]:
    """Return the languages a model knows, as ISO 639-1 codes.

    Args:
        model: Its name or folder. The catalogue is asked first.
        folder: Where its files are, if not ``model`` itself. The ``language`` of its model
            card (``README.md``) is asked next; a model that says nothing is taken as English.
    """
    known = known_model(model)
    if known is not None:
        return known.languages
    return _card_languages((folder or Path(model).expanduser()) / "README.md") or frozenset({"en"})


def _card_languages(path: Path) -> frozenset[str]:
    """Read the languages in the YAML head of a model card; empty when it has none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(_CARD_LIMIT)
    except OSError:
        return frozenset()
    if not text.startswith("---"):
        return frozenset()
    try:
        head = yaml.safe_load(text[3:].partition("\n---")[0])
    except yaml.YAMLError:
        return frozenset()
    found = head.get("language") if isinstance(head, dict) else None
    listed = found if isinstance(found, list) else [found]
    codes = ["no" if code is False else code for code in listed]  # YAML 1.1 reads "no" so
    return frozenset(
        code.strip().lower() for code in codes if isinstance(code, str) and len(code.strip()) == 2
    )
