"""What staff decide against the usual course, or take back, needs a reason that others can read later."""

from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text


def demand(code: str, reason: str, what: Text, remedy: Text) -> str:
    """The reason without the spaces around it. Raises ``Invalid`` (``code``, field ``reason``) when there is none."""
    given = reason.strip()
    if not given:
        raise Invalid(code, what, remedy, "reason")
    return given
