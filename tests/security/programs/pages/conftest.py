"""The worlds of the pages of programmes, to attack."""

from tests.programs.pages.conftest import (
    application,
    approved,
    begun,
    books,
    clock,
    closed,
    funds,
    planned,
    proposed,
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
