"""What can go wrong while files become passages.

::

    IngestError
    ├── ParseError                  this file cannot be read; the run goes on
    │   ├── UnsupportedFile         no parser for what the file is
    │   │   ├── OldFormat           an office program can turn it into one there is
    │   │   └── NeedsOffice         and that program, LibreOffice, is not there
    │   ├── DamagedFile             it is broken
    │   │   └── NotAsNamed          it is not what its name says
    │   ├── EncryptedFile           it needs a password
    │   ├── NoText                  it was read, but holds no text
    │   │   ├── EmptyFile           it has no bytes
    │   │   └── NeedsRecognition    its text stands on pictures, and nothing is there to read them
    │   └── LimitExceeded           it ran into a limit on its size
    │       ├── TooSlow             on time
    │       └── TooMuchMemory       on memory
    ├── ManifestError               the manifest is wrong: names row and column
    ├── EditError                   what a keeper wants to edit cannot be: names the fields
    └── SourceError                 a path that was asked for cannot be read
"""

from __future__ import annotations

from collections.abc import Sequence


class IngestError(Exception):
    """Base of everything ingest raises."""


class ParseError(IngestError):
    """A file cannot become a document. The text says why and what to do.

    Attributes:
        failure: The same in a word that stays: it is stored with the text, and says it to people
            in their language.
    """

    failure = "unreadable"


class UnsupportedFile(ParseError):
    """There is no parser for this kind of file."""

    failure = "unsupported"


class OldFormat(UnsupportedFile):
    """The file is of an old Office format; an office program can save it in the one after it.

    Attributes:
        successor: Suffix of the format to save it in, without a dot: "docx", "pptx", "xlsx".
    """

    def __init__(self, message: str, successor: str = "") -> None:
        super().__init__(message)
        self.successor = successor


class NeedsOffice(UnsupportedFile):
    """The file is of an old Office format, and LibreOffice is not installed."""

    failure = "needs-libreoffice"


class DamagedFile(ParseError):
    """The file is broken."""

    failure = "damaged"


class NotAsNamed(DamagedFile):
    """The file is not what its name says."""

    failure = "not-as-named"


class EncryptedFile(ParseError):
    """The file needs a password."""

    failure = "encrypted"


class NoText(ParseError):
    """The file holds no text."""

    failure = "no-text"


class EmptyFile(NoText):
    """The file has no bytes."""

    failure = "empty"


class NeedsRecognition(NoText):
    """The file's text stands on pictures, and there is no tesseract to read them with."""

    failure = "needs-tesseract"


class LimitExceeded(ParseError):
    """The file ran into a limit on its size, or on what is in it."""

    failure = "too-large"


class TooSlow(LimitExceeded):
    """Reading the file took longer than one file may take."""

    failure = "timed-out"


class TooMuchMemory(LimitExceeded):
    """Reading the file needed more memory than one file may have."""

    failure = "memory"


def failure_codes() -> frozenset[str]:
    """Return every code that a failed file can have."""
    found: set[str] = set()
    kinds = [ParseError]
    while kinds:
        kind = kinds.pop()
        found.add(kind.failure)
        kinds += kind.__subclasses__()
    return frozenset(found)


class ManifestError(IngestError):
    """The manifest cannot be used. The text names every wrong row and column."""


class SourceError(IngestError):
    """A path that was asked for does not exist or cannot be read."""


class EditError(IngestError):
    """An edit of a document's metadata cannot be made.

    Attributes:
        mistakes: Field and what is wrong with it, all of them.
    """

    def __init__(self, mistakes: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {what}" for name, what in mistakes))
        self.mistakes = tuple(mistakes)
