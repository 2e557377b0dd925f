"""Where people sign in: addresses of the service."""

from __future__ import annotations

SIGN_IN = "/signin"
CALLBACK = "/signin/callback"
SIGN_OUT = "/signout"
