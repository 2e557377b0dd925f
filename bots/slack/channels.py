"""Settings per channel, as one readable file has them: checked here, plain values after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bots.slack.errors import BadChannelSettings
from index.types import PUBLIC, Filters, Reader
from mmsearch.access import BadRights, parse_rights
from mmsearch.phrases.catalogue import CATALOGUES

AUTO = "auto"
EVERYTHING = Filters()
Id = Annotated[str, Field(pattern=r"^[CGDUWS][A-Z0-9]{2,20}$")]
"""An id of Slack's: a channel (C, G, D), a person (U, W) or a user group (S)."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=False)


class Only(_Strict):
    """Which documents are searched."""

    countries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    year_from: int | None = Field(default=None, ge=1000, le=9999)
    year_to: int | None = Field(default=None, ge=1000, le=9999)
    years: tuple[Annotated[int, Field(ge=1000, le=9999)], ...] = ()

    def filters(self) -> Filters:
        """Return them as the search takes them."""
        return Filters(
            kinds=self.kinds,
            countries=self.countries,
            languages=self.languages,
            publishers=self.publishers,
            year_from=self.year_from,
            year_to=self.year_to,
            years=self.years,
        )


class _Defaults(_Strict):
    language: str = AUTO
    mention_only: bool = False
    ask: tuple[Id, ...] = ()

    @field_validator("language")
    @classmethod
    def _spoken(cls, value: str) -> str:
        if value not in (AUTO, *CATALOGUES):
            raise ValueError(f"expected {AUTO} or one of {', '.join(CATALOGUES)}")
        return value


class _Channel(_Strict):
    name: str = ""
    collection: str | None = None
    only: Only | None = None
    may_read: str = "public"
    language: str | None = None
    mention_only: bool | None = None
    ask: tuple[Id, ...] | None = None
    managers: tuple[Id, ...] = ()

    _known_language = field_validator("language")(
        lambda value: None if value is None else _Defaults(language=value).language
    )
    _known_rights = field_validator("may_read")(lambda value: _rights(value))


class _Person(_Strict):
    email: str | None = None
    usergroup: Id | None = None
    user: Id | None = None
    may_read: str
    guests: bool = False

    _known_rights = field_validator("may_read")(lambda value: _rights(value))

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if sum(v is not None for v in (self.email, self.usergroup, self.user)) != 1:
            raise ValueError("name exactly one of email, usergroup and user")
        return self


class _File(_Strict):
    collections: dict[str, Only] = Field(default_factory=dict)
    defaults: _Defaults = Field(default_factory=_Defaults)
    channels: dict[Id, _Channel] = Field(default_factory=dict)
    people: tuple[_Person, ...] = ()
    managers: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _known_collections(self) -> Self:
        named = {c.collection for c in self.channels.values() if c.collection}
        if unknown := sorted(named - self.collections.keys()):
            raise ValueError(f"no collection is called {', '.join(map(repr, unknown))}")
        return self


def _rights(text: str) -> str:
    try:
        reader = parse_rights(text)
    except BadRights as exc:
        raise ValueError(str(exc)) from None
    if reader.everything:
        raise ValueError('"keeper" cannot be given through Slack')
    return text


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What holds in one channel.

    Attributes:
        channel_id: The channel.
        only: Which documents are searched there, collection and filters together.
        collection: The name of its collection, or "".
        own: Its own filters, beside the collection's.
        may_read: What a private channel may see beside public documents.
        language: Language of our own sentences, or "auto" for the question's.
        mention_only: Answer in threads only when mentioned.
        ask: Whom "Ask a person" calls.
        managers: Who may change these settings beside the workspace's administrators.
    """

    channel_id: str
    only: Filters = EVERYTHING
    collection: str = ""
    own: Filters = EVERYTHING
    may_read: Reader = PUBLIC
    language: str = AUTO
    mention_only: bool = False
    ask: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Rights of the people whom one line of the file names."""

    may_read: Reader
    email: str = ""
    usergroup: str = ""
    user: str = ""
    guests: bool = False

    def fits_email(self, email: str) -> bool:
        """Say whether a confirmed address matches; "*" stands for anything before the @."""
        return bool(self.email and email) and fnmatchcase(email, self.email.casefold())


class Channels:
    """The settings of every channel, from the parsed file."""

    def __init__(self, content: Mapping[str, Any] | None = None) -> None:
        """Check the content of the file.

        Raises:
            BadChannelSettings: Naming every mistake and its place.
        """
        try:
            self._file = _File.model_validate(content or {})
        except ValidationError as exc:
            raise BadChannelSettings(_explain(exc)) from None
        self.rules = tuple(
            Rule(
                parse_rights(one.may_read),
                one.email or "",
                one.usergroup or "",
                one.user or "",
                one.guests,
            )
            for one in self._file.people
        )

    def channel(self, channel_id: str) -> ChannelSettings:
        """Return what holds in a channel, named in the file or not."""
        defaults, named = self._file.defaults, self._file.channels.get(channel_id, _Channel())
        whole = self._file.collections.get(named.collection or "", Only()).filters()
        own = (named.only or Only()).filters()
        return ChannelSettings(
            channel_id=channel_id,
            only=both(whole, own),
            collection=named.collection or "",
            own=own,
            may_read=parse_rights(named.may_read),
            language=named.language or defaults.language,
            mention_only=_first(named.mention_only, defaults.mention_only),
            ask=named.ask if named.ask is not None else defaults.ask,
            managers=named.managers + self._file.managers,
        )

    @property
    def collections(self) -> tuple[str, ...]:
        """The names of the collections, sorted."""
        return tuple(sorted(self._file.collections))

    @property
    def named(self) -> tuple[str, ...]:
        """The channels that the file names, sorted."""
        return tuple(sorted(self._file.channels))


def both(first: Filters, second: Filters) -> Filters:
    """Join two filters; where both name values of one field, those in both count.

    Where they share none, the first's stand: a question never widens what a channel searches.
    """
    years_from = [y for y in (first.year_from, second.year_from) if y is not None]
    years_to = [y for y in (first.year_to, second.year_to) if y is not None]
    return Filters(
        kinds=_common(first.kinds, second.kinds),
        countries=_common(first.countries, second.countries),
        languages=_common(first.languages, second.languages),
        publishers=_common(first.publishers, second.publishers),
        year_from=max(years_from, default=None),
        year_to=min(years_to, default=None),
        years=_shared(first.years, second.years),
    )


def _common(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    if not first or not second:
        return first or second
    wanted = {value.casefold() for value in second}
    return tuple(value for value in first if value.casefold() in wanted) or first


def _shared(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(year for year in first if year in second) or first or second


def _first(value: bool | None, otherwise: bool) -> bool:
    return otherwise if value is None else value


def _explain(error: ValidationError) -> str:
    lines = []
    for mistake in error.errors(include_url=False, include_context=False):
        place = ".".join(str(part) for part in mistake["loc"]) or "the file"
        message = re.sub(r"^Value error, ", "", mistake["msg"])
        lines.append(f"  {place}: {message}")
    return "\n".join(lines)
