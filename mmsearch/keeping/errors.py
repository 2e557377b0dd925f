"""What can go wrong for the people who keep a library.

::

    KeepingError         base
    ├── UploadRefused    a file is not taken; the text says why and what to do
    │   ├── BadName      its name cannot be used
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
    """A file is not taken. The text is for the person who sent it."""


class BadName(UploadRefused):
    """A file's name cannot be used."""


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
