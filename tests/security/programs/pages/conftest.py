"""The worlds of the pages of programmes, to attack."""

from tests.conftest import approved, closed, proposed
from tests.programs.pages.conftest import (
    application,
    begun,
    books,
    clock,
    funds,
    planned,
    scored,
    selected,
    steps_of_month,
    visitor,
)

__all__ = [
    "application",
    "approved",
    "begun",
    "books",
    "clock",
    "closed",
    "funds",
    "planned",
    "proposed",
    "scored",
    "selected",
    "steps_of_month",
    "visitor",
]
