"""What can go wrong in the library.

::

    LibraryError
    ├── LibraryNotFound     there is no library in this folder
    ├── LibraryLocked       another process is writing to it
    ├── LibraryDamaged      the truth itself (SQLite) is damaged
    ├── LibraryFull         the disk is full; nothing was lost
    ├── WrongModel          it was made with another embedding model
    ├── WrongVersion        its format is newer, or older and cannot be brought up to date
    ├── ModelError          an embedding model is missing or is not what it should be
    ├── BadQuery            the question cannot be searched (empty, far too long)
    ├── BadFilter           a filter names something that does not exist
    └── NotFound            no such document, passage or page for this reader
"""


class LibraryError(Exception):
    """Base of everything the index layer raises."""


class LibraryNotFound(LibraryError):
    """There is no library in this folder."""


class LibraryLocked(LibraryError):
    """Another process holds the write lock."""


class LibraryDamaged(LibraryError):
    """The truth is damaged; restore it from a copy."""


class LibraryFull(LibraryError):
    """The disk is full. What was reported as added is safe."""


class WrongModel(LibraryError):
    """The library was embedded with another model."""


class WrongVersion(LibraryError):
    """The library has a format that this program cannot use as it is."""


class ModelError(LibraryError):
    """An embedding model cannot be loaded or its weights are not the expected ones."""


class BadQuery(LibraryError):
    """The question cannot be searched."""


class BadFilter(LibraryError):
    """A filter names a value that the library does not have."""


class NotFound(LibraryError):
    """No such document, passage or page, or none that this reader may see."""
