"""A plugin: its attributes are all that it declares, its methods marked ``@hookimpl`` are its behaviour."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pluggy

from guyub.sdk.config import Config
from guyub.sdk.funding import FundingSource
from guyub.sdk.program import ProgramType
from guyub.sdk.text import Text

API_LEVEL = 1
"""The level of this SDK; the host also accepts the one before."""

hookimpl = pluggy.HookimplMarker("guyub")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a plugin keeps about people: what, why, and for how many years."""

    what: Text
    why: Text
    years: int


class NoConfig(Config):
    """For a plugin with nothing to configure."""


class Plugin:
    """Derive from this; the entry point of group ``guyub`` names an instance, under the name of its ``slug``."""

    slug: ClassVar[str]
    """Lower case with underscores: also the entry point's name, the database schema and the URL segment."""
    title: ClassVar[Text]
    summary: ClassVar[Text]
    api: ClassVar[int] = API_LEVEL
    config: ClassVar[type[Config]] = NoConfig
    config_version: ClassVar[int] = 1
    program_types: ClassVar[tuple[ProgramType[Any], ...]] = ()
    funding_sources: ClassVar[tuple[FundingSource[Any], ...]] = ()
    requires: ClassVar[tuple[str, ...]] = ()
    """Slugs of plugins without which this one does not run."""
    availability: ClassVar[Literal["open", "regional"]] = "open"
    """``regional``: only a regional office may activate it at a facility."""
    personal_data: ClassVar[tuple[PersonalData, ...]] = ()
