"""What can go wrong with packs.

::

    PackError            base; nothing of the library itself is touched by it
    ├── NoSuchPack       there is no pack with this id
    ├── NotYours         it can be read with its id, and changed only with its key
    ├── PackConflict     it was changed elsewhere since it was read: read it again first
    ├── PackRefused      what it should hold is too much; the text says how much is held
    ├── PacksUnavailable the file cannot be opened or written at the moment
    └── CannotExport     a format cannot show this pack here; the text says what to do
"""


class PackError(Exception):
    """Base of everything that packs raise."""


class NoSuchPack(PackError):
    """There is no such pack."""


class NotYours(PackError):
    """The key does not belong to the pack."""


class PackConflict(PackError):
    """The pack was changed since it was read."""


class PackRefused(PackError):
    """It holds more than is kept."""


class PacksUnavailable(PackError):
    """Packs cannot be read or kept at the moment."""


class CannotExport(PackError):
    """A pack cannot be exported in a format."""
