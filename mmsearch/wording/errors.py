"""What can go wrong with a language model. None of it stops an answer.

::

    WordingError            base; ``reason`` names the phrase that tells people
    ├── ModelTimeout        it did not answer in time
    ├── ModelLimited        it refuses for now (429): later it may answer
    ├── ModelUnreachable    no connection
    ├── ModelFailed         it answered what cannot be used
    └── ModelMisconfigured  the settings or the installation are wrong; the keeper must act
"""


class WordingError(Exception):
    """Base of everything that goes wrong with a language model."""

    reason = "failed"


class ModelTimeout(WordingError):
    """It did not answer in time."""

    reason = "timeout"


class ModelLimited(WordingError):
    """It refuses for now."""

    reason = "limit"


class ModelUnreachable(WordingError):
    """There is no connection to it."""

    reason = "unreachable"


class ModelFailed(WordingError):
    """It answered what cannot be used."""


class ModelMisconfigured(WordingError):
    """The settings or the installation are wrong."""
