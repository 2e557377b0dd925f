"""What can go wrong while files become passages.

::

    IngestError
    ├── ParseError                  this file cannot be read; the run goes on
    │   ├── UnsupportedFile         no parser for what the file is
    │   │   └── OldFormat           an office program can turn it into one there is
    │   ├── DamagedFile             it is not what its name says, or it is broken
    │   ├── EncryptedFile           it needs a password
    │   ├── NoText                  it was read, but holds no text (a scan)
    │   └── LimitExceeded           it ran into a limit on time, memory or size
    ├── ManifestError               the manifest is wrong: names row and column
    ├── EditError                   what a keeper wants to edit cannot be: names the fields
    └── SourceError                 a path that was asked for cannot be read
"""

from __future__ import annotations

from collections.abc import Sequence


class IngestError(Exception):
    """Base of everything ingest raises."""


class ParseError(IngestError):
    """A file cannot become a document. The text says why and what to do."""


class UnsupportedFile(ParseError):
    """There is no parser for this kind of file."""


class OldFormat(UnsupportedFile):
    """The file is of an old Office format; an office program can save it in the one after it.

    Attributes:
        successor: Suffix of the format to save it in, without a dot: "docx", "pptx", "xlsx".
    """

    def __init__(self, message: str, successor: str = "") -> None:
        super().__init__(message)
        self.successor = successor


class DamagedFile(ParseError):
    """The file is not what its name says, or it is broken."""


class EncryptedFile(ParseError):
    """The file needs a password."""


class NoText(ParseError):
    """The file holds no text, as a scan without OCR."""


class LimitExceeded(ParseError):
    """The file ran into a limit on time, memory or size."""


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
