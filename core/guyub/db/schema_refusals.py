"""The refusals that keep everything from starting on a database: what is wrong with its schema or its roles, and what
helps."""

from collections.abc import Sequence
from importlib.metadata import version

from guyub.db.refusals import DbRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

_NAMED = 3
"""How many of the objects that differ the refusal names; ``guyub db status`` names more."""


def differs(database: str, problems: Sequence[Text]) -> Refusal:
    named = Text.join("; ", problems[:_NAMED])
    if (more := len(problems) - _NAMED) > 0:
        named = Text(id="{named}; dan {more} lainnya", en="{named}; and {more} more").format(named=named, more=more)
    return DbRefusal.DIFFERS.refusal(database=database, named=named)


def too_powerful(problems: Sequence[Text]) -> Refusal:
    named = Text.join("; ", problems)
    return DbRefusal.ROLE_RIGHTS.refusal(named=named)


def newer(database: str, revision: str) -> Refusal:
    return DbRefusal.NEWER.refusal(database=database, revision=revision)


def upgraded_by_newer(database: str, newer: str) -> Refusal:
    return DbRefusal.UPGRADED_BY_NEWER.refusal(database=database, newer=newer, own=version("guyub"))


def other_roles(database: str, owner: str, wanted: str) -> Refusal:
    if owner.endswith("_owner"):
        name = owner.removesuffix("_owner")
        return DbRefusal.OTHER_ROLES.refusal(database=database, owner=owner, wanted=wanted, name=name)
    return DbRefusal.MISSING_ROLE.refusal(database=database, owner=owner, wanted=wanted)
