"""Requires a reason, which others can read later, for what staff decide against the usual course or take back."""

from guyub.db import limits
from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.errors import Invalid
from guyub.sdk.unseen import is_blank


def require_reason(code: RefusalCode, reason: str, *, most: int = limits.REASON, field: str = "reason") -> str:
    """Returns the reason without the spaces around it. Raises ``Invalid`` (``code``, at ``field``) when a reader would
    see none, or one of more than ``most`` letters."""
    stripped = reason.strip()
    if is_blank(stripped):
        raise code.invalid(field)
    if problem := limits.too_long(stripped, most):
        raise Invalid(code, *problem, field)
    return stripped
