"""What can go wrong for the people who keep a library.

::

    KeepingError         base
    ├── UploadRefused    a file is not taken; the text says why and what to do
    │   ├── BadName      its name cannot be used
    │   ├── EmptyUpload  it has no bytes
    │   ├── CutOff       it arrived only in part
    │   ├── TooLarge     it is larger than is taken
    │   ├── TooMany      so many files wait, or are being received, that another has to wait
    │   └── NoRoom       the disk is full, or would be
    ├── NoSuchEntry      there is nothing with this id in the queue
    ├── EntryBusy        it is being read just now
    └── KeepingUnavailable  the queue cannot be read or written at the moment
"""

from __future__ import annotations


class KeepingError(Exception):
    """Base of everything that keeping raises."""


class UploadRefused(KeepingError):
    """A file is not taken. The text is for the person who sent it.

    Attributes:
        code: The same in a word that stays, for those who say it in other languages; "" where
            the problem's name says it.
    """

    code = ""


class BadName(UploadRefused):
    """A file's name cannot be used."""

    code = "bad-name"


class EmptyUpload(UploadRefused):
    """A file has no bytes."""

    code = "empty"


class CutOff(UploadRefused):
    """A file arrived only in part."""

    code = "cut-off"


class TooLarge(UploadRefused):
    """A file is larger than is taken."""


class TooMany(UploadRefused):
    """Too much waits already."""


class NoRoom(UploadRefused):
    """There is no room on the disk."""


class NoSuchEntry(KeepingError):
    """There is no such entry in the queue."""


class EntryBusy(KeepingError):
    """An entry that is being read cannot be changed."""


class KeepingUnavailable(KeepingError):
    """The queue cannot be read or written at the moment."""
