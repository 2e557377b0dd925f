"""What can go wrong with the journal.

::

    JournalError            base; nothing of the library itself is touched by it
    ├── JournalUnavailable  it cannot be opened, is locked, or the disk is full: try again later
    ├── JournalDamaged      the file is not a journal, or a damaged one
    └── NoSuchEntry         no receipt or gap with this id, or none that this reader may see
"""


class JournalError(Exception):
    """Base of everything the journal raises."""


class JournalUnavailable(JournalError):
    """The journal cannot be read or written at the moment."""


class JournalDamaged(JournalError):
    """The journal's file is damaged."""


class NoSuchEntry(JournalError):
    """There is no such receipt or gap for this reader."""
