"""Conditions that look for a part of a name: spaces, apostrophes, accents and large letters make no difference."""

from sqlalchemy import ColumnElement, SQLColumnExpression, func

from guyub.sdk.searching import folded, search_key


def contains(name: SQLColumnExpression[str], part: str) -> ColumnElement[bool]:
    """Returns the condition that ``part`` stands in the name. A part without letters and digits is taken as it is: ``%`` is
    a sign like any other."""
    place: ColumnElement[int]
    if search_key(part):
        place = func.strpos(func.guyub.search_key(name), func.guyub.search_key(part))
    else:
        place = func.strpos(func.guyub.folded(name), folded(part).strip())
    return place > 0
