"""Refusals: every expected "no" says what happened and where, and how to fix it, in both languages."""

from collections.abc import Callable, Sequence

from guyub.sdk.text import Text


class Refusal(Exception):
    """The operation was refused and nothing was changed.

    ``code`` is stable and short ("funds.shortfall"); ``what`` says what happened and where; ``remedy`` says what to do
    next; ``status`` is the HTTP status of the answer.
    """

    status = 409

    def __init__(self, code: str, what: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {what.en} {remedy.en}")
        self.code = code
        self.what = what
        self.remedy = remedy


class NotFound(Refusal):
    """The thing does not exist or is out of this person's reach: no answer tells the two apart."""

    status = 404


class Forbidden(Refusal):
    """The person may not do this."""

    status = 403


class Invalid(Refusal):
    """A value is wrong; ``field`` names it as the form or file does.

    ``others`` are further values of the same form that are wrong as well, so that nobody meets them one by one.
    """

    status = 422

    def __init__(
        self, code: str, what: Text, remedy: Text, field: str = "", *, others: Sequence["Invalid"] = ()
    ) -> None:
        super().__init__(code, what, remedy)
        self.field = field
        self.others = tuple(others)

    def all(self) -> tuple["Invalid", ...]:
        """Returns this refusal and the others, without those."""
        return (self, *self.others)


def refuse_together(*checks: Callable[[], object]) -> None:
    """Runs every check and raises all that they refuse as one ``Invalid``: nobody meets the faults of a form one by one."""
    refused: list[Invalid] = []
    for check in checks:
        try:
            check()
        except Invalid as refusal:
            refused.extend(refusal.all())
    if refused:
        first, *others = refused
        raise Invalid(first.code, first.what, first.remedy, first.field, others=others)
