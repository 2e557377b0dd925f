"""What an entry point opens from the settings: the library with its model, and the journal."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from index.cross_encoder import CrossEncoderReranker, load_reranker
from mmsearch.journal.journal import Journal
from mmsearch.knowledge import KnowledgeBase
from mmsearch.settings import Settings
from mmsearch.wording.client import ChatModel, OpenAIModel

if TYPE_CHECKING:
    from mmsearch.signin.flow import SignIn


def open_knowledge(settings: Settings) -> KnowledgeBase:
    """Open the library, with the language model and the cross-encoder where they are set.

    Raises:
        LibraryError: It cannot be opened, or the cross-encoder cannot be loaded.
        ModelMisconfigured: A language model is set and cannot be used.
    """
    return KnowledgeBase.open(
        settings.library,
        model=settings.chosen_model,
        cache=settings.cache,
        writer=language_model(settings),
        reranker=chosen_reranker(settings),
    )


def open_journal(settings: Settings) -> Journal:
    """Open the journal beside the library; it is made with its first entry."""
    return Journal.open(
        settings.library, recording=settings.record_questions, keep_days=settings.keep_days
    )


def language_model(settings: Settings) -> ChatModel | None:
    """Return the language model, or None where none is set."""
    if not settings.llm_url:
        return None
    return OpenAIModel(
        url=settings.llm_url,
        model=settings.llm_model,
        key=settings.llm_key.get_secret_value(),
        seconds=settings.llm_seconds,
    )


def chosen_reranker(settings: Settings) -> CrossEncoderReranker | None:
    """Load the cross-encoder, or return None where none is set.

    Raises:
        ModelError: It cannot be loaded.
    """
    return load_reranker(settings.reranker) if settings.reranker else None


def open_sign_in(settings: Settings) -> SignIn | None:
    """Return how people sign in with accounts of their organisation; None where none is set.

    Sessions are sealed with a key that follows from the client's secret: a new secret ends all
    of them. Without a secret they end with the process. Those that people ended are kept beside
    the library. Asks the provider nothing yet.
    """
    if not settings.oidc_issuer:
        return None
    # Not at the top: cryptography and an HTTP client, which nothing else here needs.
    from mmsearch.signin.ended import FILE as SIGNED_OUT
    from mmsearch.signin.ended import EndedSessions
    from mmsearch.signin.flow import SignIn
    from mmsearch.signin.provider import Client, Provider
    from mmsearch.signin.rights import GroupRights
    from mmsearch.signin.sessions import Seal, Sessions

    secret = settings.oidc_secret.get_secret_value()
    client = Client(settings.oidc_issuer, settings.oidc_client, secret, settings.oidc_scopes)
    bound = f"{secret or secrets.token_hex(32)}\n{client.issuer}\n{client.client_id}".encode()
    rights = GroupRights.parse(settings.oidc_rights)
    return SignIn(
        Provider(client),
        Sessions(
            bound,
            rights,
            settings.oidc_hours,
            idle_seconds=settings.oidc_idle_minutes * 60,
            ended=EndedSessions(settings.library / SIGNED_OUT),
        ),
        Seal(bound, "sign-in"),
        groups_claim=settings.oidc_groups_claim,
    )
