"""What goes wrong when somebody signs in.

SignInError
├── ProviderUnavailable   the provider cannot be reached or answers nonsense: later, or a token
├── SignInCancelled       the person or the provider said no: nothing to mend
└── SignInRefused         what came back cannot be trusted: begin again

The texts are for the log: they name what was wrong and never a code, a token or a secret.
"""

from __future__ import annotations


class SignInError(Exception):
    """Base of what goes wrong when somebody signs in."""


class ProviderUnavailable(SignInError):
    """The provider cannot be reached, or what it says of itself cannot be used."""


class SignInCancelled(SignInError):
    """The provider sent the person back without letting them in."""


class SignInRefused(SignInError):
    """What the browser or the provider brought back is not what was begun here."""
