"""A refusal's code with its sentences, declared once in the ``refusals.py`` of the room that says no."""

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
