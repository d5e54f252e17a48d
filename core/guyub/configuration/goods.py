"""Offers the goods of a facility in forms of configuration: packages are made of what its catalogue has.

The catalogue is kept by a room above this one, which registers what it answers (``guyub.operations.consequences``).
"""

from collections.abc import Callable
from typing import Any

from guyub.db.unit_of_work import Work
from guyub.ui.forms import FieldEntry, PickList

_OFFERS: list[Callable[[Work], PickList]] = []


def register(offer: Callable[[Work], PickList]) -> None:
    """Registers who answers what is in the catalogue of the facility in view."""
    if offer not in _OFFERS:
        _OFFERS.append(offer)


def offering(work: Work, entry: FieldEntry[Any]) -> FieldEntry[Any]:
    """Returns the form with goods and units to pick from, where it asks for some."""
    kinds = {column.kind for field in entry.fields for column in (field, *field.columns)}
    for offer in _OFFERS if kinds & {"goods", "unit"} else ():
        entry = entry.offering(offer(work))
    return entry
