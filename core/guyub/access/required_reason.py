"""Requires a reason, which others can read later, for what staff decide against the usual course or take back."""

from guyub.db import limits
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.sdk.unseen import is_blank


def require_reason(
    code: str, reason: str, what: Text, remedy: Text, *, most: int = limits.REASON, field: str = "reason"
) -> str:
    """Returns the reason without the spaces around it. Raises ``Invalid`` (``code``, at ``field``) when a reader would see
    none, or one of more than ``most`` letters."""
    given = reason.strip()
    if is_blank(given):
        raise Invalid(code, what, remedy, field)
    if found := limits.too_long(given, most):
        raise Invalid(code, *found, field)
    return given
