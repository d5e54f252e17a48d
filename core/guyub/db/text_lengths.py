"""Checks how long a text is, at its field: for services, which all doors share."""

from guyub.db import limits
from guyub.db.refusals import DbRefusal
from guyub.sdk.errors import Invalid


def require_length(text: str, most: int, field: str) -> str:
    """Returns the text. Raises ``Invalid`` at ``field`` for more than ``most`` letters."""
    if problem := limits.too_long(text, most):
        raise Invalid(DbRefusal.TEXT_TOO_LONG, *problem, field)
    return text
