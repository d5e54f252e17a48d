"""A refusal's code with its sentences, declared once in the ``refusals.py`` of the room that says no."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Self, TypeVar

from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal
from guyub.sdk.text import Text

R = TypeVar("R", bound=Refusal)


class RefusalCode(StrEnum):
    """Derive once in a room. A member is a code, what happened, and the remedy; both sentences may have {names} to fill.

    A brace that is meant as one is written twice.
    """

    what: Text
    remedy: Text

    def __new__(cls, code: str, what: Text, remedy: Text) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.what = what
        member.remedy = remedy
        return member

    def sentences(self, **values: object) -> tuple[str, Text, Text]:
        """Returns code, what happened and remedy with ``values`` filled in: what any kind of refusal begins with."""
        return self, self.what.format(**values), self.remedy.format(**values)

    def of(self, kind: type[R], /, **values: object) -> R:
        return kind(*self.sentences(**values))

    def refusal(self, **values: object) -> Refusal:
        return Refusal(*self.sentences(**values))

    def not_found(self, **values: object) -> NotFound:
        return NotFound(*self.sentences(**values))

    def forbidden(self, **values: object) -> Forbidden:
        return Forbidden(*self.sentences(**values))

    def invalid(self, in_field: str = "", /, **values: object) -> Invalid:
        return Invalid(*self.sentences(**values), in_field)


class CollectedRefusals:
    """Collects what is wrong with a form, so that nobody meets one after the other::

    with refusals.collected():
        day = parse(...)
    refusals.demand_none()
    """

    def __init__(self) -> None:
        self.found: list[Invalid] = []

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Keeps an ``Invalid`` of its block, which then has not come to its end."""
        try:
            yield
        except Invalid as refusal:
            self.found.extend(refusal.all())

    def demand_none(self) -> None:
        """Raises all that was found, in one refusal."""
        demand_none(self.found)


def demand_none(refusals: Sequence[Invalid]) -> None:
    """Raises all of the refusals at once, if there are any."""
    if refusals:
        first, *others = refusals
        raise Invalid(first.code, first.what, first.remedy, first.field, others=others)
